/* The state of a drop folder, and what becomes of its files: see source_folder.c. */
#ifndef FETCH_FOLDER_H
#define FETCH_FOLDER_H

#include "ledger.h"
#include "source.h"
#include "walk.h"
#include "watch.h"

enum after { AFTER_LEAVE, AFTER_MOVE, AFTER_DELETE };

/* A file from its plan until it has landed: what becomes of it is done. */
struct flight {
    int64_t id; /* its row's */
    char *path; /* below the folder */
    struct identity identity;
    uint64_t skip;  /* items that an earlier life has delivered */
    uint64_t first; /* number of its first record, at the receiver; 0: not opened yet */
    uint64_t last;  /* number of its last record, in this life; 0: it has none that is not accepted */
    uint64_t items;
    bool read;   /* to its end */
    bool forget; /* it was not the planned file any more */
};

struct folder {
    struct source source;
    const struct nw_conf *conf;
    struct nw_str root; /* the folder */
    enum after after;
    bool recursive;
    int64_t settle_ms, poll_ms;
    char done[WALK_PATH]; /* where `move` puts files */
    const char *skip;     /* its name, where it is in the folder; else NULL */

    struct watch watch;
    char watched[WALK_PATH]; /* the folder below that was watched last */
    struct walk walk;
    bool scanning, unlisted;
    int64_t scan_at, prune_at; /* monotonic ms */

    struct flight *flights; /* head..next: opened; next..tail: planned */
    size_t head, next, tail, room;
    uint64_t accepted; /* records of this life that are durable */
    char path[2 * WALK_PATH];
};

/* Identity of a regular file below the folder, and when it was last changed (wall ms; may be NULL). False when it is
 * none. */
bool folder_stat(const struct folder *folder, const char *path, struct identity *identity, int64_t *changed);

/* Whether `after: move` can work: 0, or SOURCE_COMPLAINT with a sentence. */
int folder_done_check(const struct folder *folder, char why[NW_WHY]);

/* Files at the head whose records are all durable are moved, deleted or kept. 0 or a negative fault. */
int folder_land(struct folder *folder);

/* Drops what is known of files that are gone. 0 or a negative fault. */
int folder_prune(struct folder *folder);

#endif
