/*
 * Where bytes come from, in layers: a descriptor, what gzip or zstd unpacks from the layer below, the members of a tar
 * or zip archive. Each layer gives parts (a file is one part, an archive's member is one), and each part gives bytes
 * until its end. None holds more than a small buffer, whatever comes in.
 *
 * Input is read(2), not mapped: a mapped file that somebody cuts short kills its reader (SIGBUS), a descriptor that is
 * a pipe can't be mapped, and reading 256 KiB at a time stays in the processor's cache, so that mapping would win
 * nothing.
 */
#ifndef FETCH_BYTES_H
#define FETCH_BYTES_H

#include <newswire/record.h>

enum bytes_step {
    BYTES_SOME = 0, /* at least one byte; of next: a part */
    BYTES_WAIT,     /* nothing yet: the descriptor will be readable some day */
    BYTES_END,      /* of read: the part is over; of next: no parts are left */
    BYTES_BAD,      /* can't be read, is broken or past a bound: `why` says how; the part is over */
};

struct window;

struct bytes {
    const struct bytes_kind *kind;
    struct window *below; /* NULL for a descriptor */
    uint64_t most;        /* bytes that a packed layer may give in all; past them it is BAD */
    uint64_t came;        /* packed layers: bytes read from below */
    uint64_t gave;        /* bytes given */
    bool resumed;         /* of next: this part goes on behind a damaged piece of the one before */
    char name[256];       /* of the part: an archive's member; else "" */
    char why[NW_WHY];
};

struct bytes_kind {
    const char *name; /* "gzip", … */
    bool packs, archives;
    bool (*fits)(struct nw_str head); /* NULL for a descriptor; head may be short of BYTES_HEAD */
    int (*open)(struct window *below, struct bytes **bytes); /* 0 or -ENOMEM */
    enum bytes_step (*next)(struct bytes *bytes);
    enum bytes_step (*read)(struct bytes *bytes, char *p, size_t room, size_t *n); /* room > 0 */
    void (*free)(struct bytes *bytes);
};

enum {
    BYTES_MAGIC = 4,             /* bytes that tell a packed file, but for tar */
    BYTES_HEAD = 512,            /* bytes that tell any */
    BYTES_RATIO = 250,           /* unpacked to packed beyond BYTES_RATIO_FROM: more is no text but a bomb */
    BYTES_RATIO_FROM = 64 << 20, /* bytes unpacked from which the ratio counts */
};

/* A descriptor, which is closed with it unless it is 0. Reading never waits: a pipe without bytes gives BYTES_WAIT. */
int bytes_fd(int fd, struct bytes **bytes);

/* The kind of packed file or archive that begins with head; NULL for none. */
const struct bytes_kind *bytes_choose(struct nw_str head);

void bytes_free(struct bytes **bytes); /* accepts NULL, nulls the pointer */

/* For the kinds: BYTES_BAD with a sentence; and BYTES_BAD when counters are past a bound, else BYTES_SOME. */
enum bytes_step bytes_bad(struct bytes *bytes, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum bytes_step bytes_bounded(struct bytes *bytes);

/* The name of a member, as far as it fits; what is no UTF-8 or no text in it becomes '?'. */
void bytes_name(struct bytes *bytes, struct nw_str name);

extern const struct bytes_kind bytes_gzip, bytes_zstd, bytes_tar, bytes_zip;

#endif
