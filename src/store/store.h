/*
 * Inside of a store, shared by log.c (what its owner calls), pending.c (what is appended and not yet written), commit.c
 * (the thread that writes) and maintain.c. Each member belongs to the owner's thread, to the committer's, or to whoever
 * holds the mutex; it says which.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/blocks.h"
#include "store/log.h"
#include "store/reader.h"
#include "store/recover.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum {
    STORE_CHUNK = 1 << 20, /* bytes of a chunk, unless one entry alone needs more */
    STORE_CHUNKS_KEPT = 8, /* empty chunks kept for reuse: twice what one commit takes */
    STORE_READ = 8 << 20,  /* bytes kept in chunks though all of them is durable, to be read */
    STORE_PIECES = 64,     /* chunks that one commit takes at most */
    STORE_USED = 16,       /* segment files kept to be written anew, at most, */
    STORE_ROOMY = 4,       /* while so many times their bytes are free on the disk */
    STORE_RETRY_MS = 200,  /* between two looks whether a full disk has room again */
};

/*
 * Bytes appended and not yet known to be durable: frames of one segment, one behind the other, whole. The owner fills
 * it and hands it over by raising `handed`; the committer writes what is handed, while the owner goes on behind that.
 * The owner takes a chunk back when all of it, and of enough behind it, is durable.
 */
struct store_chunk {
    struct store_chunk *next;
    uint64_t segment;    /* first number of its segment */
    uint64_t offset;     /* of p[0] in the segment's file */
    uint64_t seq, count; /* its first entry's number, and how many there are: the owner's */
    size_t start;        /* where the first frame is: behind the header in a segment's first chunk */
    size_t n;            /* filled: the owner's */
    size_t handed;       /* mutex */
    uint64_t handed_seq; /* mutex: the last entry in what is handed */
    size_t written;      /* mutex: durable */
    bool opens, closes;  /* mutex: first, last chunk of its segment */
    int64_t made;        /* opens: when */
    size_t cap;
    unsigned char p[];
};

/* The next segment, preallocated. */
enum store_spare {
    STORE_SPARE_WANTED,  /* the committer is to make one */
    STORE_SPARE_READY,   /* the owner may begin a segment in it */
    STORE_SPARE_TAKEN,   /* the owner has begun one; the committer has not yet named it */
    STORE_SPARE_NO_ROOM, /* the disk was too full; the owner asks again at times */
    STORE_SPARE_AGAIN,   /* the committer is to look whether it still is */
};

struct nw_store {
    struct nw_store_options options; /* with defaults filled in */
    char *folder;
    struct store_disk disk;
    struct store_identity identity;
    int lock_fd, event_fd;

    /* the owner's */
    struct store_active active;
    uint64_t next;                       /* number of the next entry */
    struct store_chunk *oldest, *newest; /* chunks in order; next pointers under the mutex */
    struct store_chunk *found;           /* where the last nw_store_read from memory left off */
    size_t found_offset;
    uint64_t found_seq;
    size_t unhanded;              /* bytes appended since the last commit */
    uint64_t appended;            /* bytes ever appended */
    struct nw_store_reader *past; /* for nw_store_read of what is no longer in memory */
    struct store_chunk *empty;
    size_t empties;
    int64_t asked; /* monotonic ms of the last look for room */

    /* any thread's */
    _Atomic uint64_t durable;
    _Atomic uint64_t first;   /* of the oldest segment */
    _Atomic uint64_t written; /* bytes of `appended` that are durable */
    _Atomic int failed;       /* 0, or the error for ever */

    pthread_mutex_t sweep; /* held while a segment is deleted; taken before the mutex */

    /* under the mutex */
    pthread_mutex_t mutex;
    pthread_cond_t wake; /* the committer has work */
    pthread_cond_t done; /* more is durable, a spare was made or not, or failed */
    bool running, quit;
    bool gathering; /* the committer waits for its time: */
    bool hurry;     /* somebody waits for it, or there is enough */
    enum store_spare spare;
    uint64_t drop_before;
    bool retain;                    /* look what is too old or too much */
    unsigned used;                  /* which of the files used-0 … there are, a bit each */
    bool upkept;                    /* nw_store_maintain looks, else the committer */
    struct store_segments segments; /* all that have their names, in order; the last one is in use or was */
    char why[256];
    pthread_t thread;

    /* the committer's */
    int fd, spare_fd, head_fd;
    struct store_blocks blocks; /* of fd */
    struct timespec due;        /* of the next commit, at the earliest: monotonic */
    uint64_t fd_segment;

    struct store_press *press; /* nw_store_maintain's */
};

/* pending.c: the owner's thread */

/* The newest chunk, with room for n bytes more of the segment in use; NULL without memory. */
struct store_chunk *store_chunk_for(struct nw_store *store, size_t n);

/* A chunk of its own that is not yet in the list. */
struct store_chunk *store_chunk_new(struct nw_store *store, size_t n);
void store_chunk_put(struct nw_store *store,
                     struct store_chunk *chunk); /* behind all others; the store's from now on */
void store_chunk_free(struct nw_store *store, struct store_chunk *chunk); /* one that is in no list; NULL is accepted */

/* Hands all that is appended to the committer. `closes`: nothing more comes into the newest chunk's segment. */
void store_hand_over(struct nw_store *store, bool closes);

/* Finds a pending entry: 0, or NW_STORE_END when it is in no chunk. */
int store_pending_read(struct nw_store *store, uint64_t seq, struct nw_str *payload);
void store_pending_free(struct nw_store *store);

/* commit.c: starts, and stops when all that was handed over is durable or the store has failed */
int store_committer_start(struct nw_store *store);
void store_committer_stop(struct nw_store *store);
void store_fail(struct nw_store *store, int error, const char *what, const char *name); /* first one counts */
void store_signal(struct nw_store *store);                                              /* makes event_fd readable */

/* used.c. put: instead of removing a segment that left the list; one thread at a time (`sweep`). take: the committer's;
 * the file has the name `spare` then; -ENOENT: there is none. 0 or a negative error. */
void store_used_load(struct nw_store *store);
int store_used_put(struct nw_store *store, const char *segment);
int store_used_take(struct nw_store *store, int *fd);
uint64_t store_used_bytes(struct nw_store *store);

/* retain.c: the committer's thread, or the one of upkeep.c. Deletes one segment that is not kept; true: did, there may
 * be more. */
bool store_retain_step(struct nw_store *store);

/* reader.c: reads the log of a store in this process, up to its own durable number */
int store_reader_open_inside(struct nw_store *store, struct nw_store_reader **reader);

/* press.c */
void store_press_free(struct nw_store *store);

#endif
