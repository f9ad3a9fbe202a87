/* The state of a drop folder, and what becomes of its files: see source_folder.c. */
#ifndef FETCH_FOLDER_H
#define FETCH_FOLDER_H

#include "flights.h"
#include "watch.h"

enum after { AFTER_LEAVE, AFTER_MOVE, AFTER_DELETE };

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

    struct flights flights;
};

/* Whether `after: move` can work: 0, or SOURCE_COMPLAINT with a sentence. */
int folder_done_check(const struct folder *folder, char why[NW_WHY]);

/* What `after` says is done with a file that has landed (flights.h). */
bool folder_finish(struct source *source, const struct flight *flight, const char *whole);

#endif
