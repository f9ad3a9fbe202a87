/*
 * The files in LOG.memory, beside an output log: what its stage remembers of each record (newswire/stage.h, save), so
 * that a restart takes it back at the speed of memory instead of reading every text again. They are no second truth:
 * all of it can be learned of the log, and is where they are missing, torn, of another build or configuration, or do
 * not fit the log. So they are written without a sync, and only of records that are durable in the log.
 *
 * A file holds what all records before it left, then entries; it is deleted once neither stage nor log hold one of
 * its records any more.
 */
#ifndef RUN_MEMORY_H
#define RUN_MEMORY_H

#include "run/memory_file.h"

#include <stdbool.h>

struct memory;

/* What is read, in order; each returns 0, MEMORY_BAD where it is not to be believed, or a negative fault. */
struct memory_visitor {
    void *user;
    int (*rest)(void *user, struct nw_str saved); /* once, first */
    int (*entry)(void *user, const struct memory_entry *entry);
    int (*check)(void *user, const struct memory_entry *entry); /* a file's last one, whether the log has its record */
};

/* Opens LOG.memory, LOG being the output log's folder; makes it. 0 or a negative fault with a line in the log. */
int memory_open(const char *log, const struct memory_owner *owner, struct memory **memory);
void memory_close(struct memory **memory); /* accepts NULL, nulls the pointer */

/*
 * Reads what is there, from the file in which entry `from` stands, through entry `last`, the log's. *through: the last
 * one that was read, and to which entries may be added; 0: none, no file is left. MEMORY_BAD as 0, but the visitor got
 * something that is not to be believed: it begins anew. Else a negative fault.
 */
int memory_read(struct memory *memory, uint64_t from, uint64_t last, const struct memory_visitor *visitor,
                uint64_t *through);

/* Whether a file is to be begun before the next entry. */
bool memory_is_full(const struct memory *memory);

/* Begins a file whose first entry will be `first` or a later one; adds an entry. Nothing is written yet. 0 or a
 * negative fault. */
int memory_begin(struct memory *memory, uint64_t first, struct nw_str rest);
int memory_add(struct memory *memory, const struct memory_entry *entry);

/* Writes the entries through `durable`; deletes files that hold none at or above `needed`. 0 or a negative errno, after
 * which nothing more is to be added. */
int memory_write(struct memory *memory, uint64_t durable, uint64_t needed);

/* Deletes all files. */
void memory_clear(struct memory *memory);

#endif
