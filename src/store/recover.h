/*
 * What a writer does with a folder before its first append: finds which log it is, cuts what a crash left half written,
 * mends what is damaged, and tells what is missing. README.md has the reasons.
 */
#ifndef STORE_RECOVER_H
#define STORE_RECOVER_H

#include "store/disk.h"
#include "store/log.h"
#include "store/segment.h"

/* The segment that is appended to. */
struct store_active {
    bool open;       /* false: the next append begins a segment */
    uint64_t first;  /* number of its first entry */
    uint64_t offset; /* where the next frame goes */
    uint64_t limit;  /* its size: nothing is written behind */
    uint64_t mark;   /* offset of the last mark, or of its beginning */
    int64_t made;    /* wall clock, ms */
    struct store_spots spots;
};

struct store_recovered {
    struct store_identity identity;
    struct store_segments segments; /* in order, without overlap */
    struct store_active active;
    int fd;        /* of the active segment, for writing; -1 */
    uint64_t next; /* number of the next entry; all below are durable */
};

/* On failure *recovered holds nothing. A log line has said why. The caller syncs the folder before it tells anybody
 * that something is durable. */
int store_recover(const struct store_disk *disk, const struct nw_store_options *options,
                  struct store_recovered *recovered);
void store_recovered_free(struct store_recovered *recovered);

/*
 * Replaces a damaged plain segment by what of it is good: each run of good entries becomes a closed segment of its own,
 * the original stays beside as NAME.corrupt; so gaps are only ever between segments. Damage behind `promised`, the last
 * entry known to have been durable, is a crash's: nothing is looked for behind it. Entries behind `end` are left out.
 * The segments that now stand are appended to `out`. Killed at any point, the next open finishes it.
 */
int store_mend(const struct store_disk *disk, const char *folder, const struct store_identity *identity,
               const struct store_segment *segment, uint64_t promised, uint64_t end, struct store_segments *out);

/* Gives a damaged file the name NAME.corrupt, so that the log goes on without it. */
int store_quarantine(const struct store_disk *disk, const char *folder, const struct store_segment *segment);

#endif
