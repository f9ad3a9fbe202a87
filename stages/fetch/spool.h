/*
 * What came over the network and is not yet accepted: one WARC file for each batch, in a folder beside the ledger,
 * whole on the disk before the ledger plans it. A crash reads it again from there; nothing has to be fetched twice.
 */
#ifndef FETCH_SPOOL_H
#define FETCH_SPOOL_H

#include <newswire/buf.h>
#include <newswire/record.h>

enum { SPOOL_PATH = 4096, SPOOL_NAME = 64 };

struct spool {
    char folder[SPOOL_PATH];
    uint64_t *serial; /* of the last file: one count for all that write there */
};

/* Texts have no line ends. */
struct spool_page {
    struct nw_str url, type, body;   /* of the page */
    struct nw_str entry_type, entry; /* the feed with the one entry */
};

/* DATA/spool, made where it is missing. 0, or 1 with a sentence. */
int spool_open(struct spool *spool, struct nw_str data_dir, uint64_t *serial, char why[NW_WHY]);

/* Appends what came, as a WARC resource, to what will be the file; url and type may have n 0. 0 or out->error. */
int spool_add(struct nw_buf *out, struct nw_str url, struct nw_str type, struct nw_str body);

/* Appends a page with the feed's entry that led to it: WARC in WARC, a metadata record with the entry, then the page as
 * a response. Clean reads the two as one article. 0 or out->error. */
int spool_add_page(struct nw_buf *out, const struct spool_page *page);

/* Writes the file, durably, under a new name. 0 or a negative errno (logged). */
int spool_write(struct spool *spool, struct nw_str bytes, char name[SPOOL_NAME]);

void spool_path(const struct spool *spool, const char *name, char path[SPOOL_PATH]);
void spool_drop(const struct spool *spool, const char *name);

/* Drops every file that `keeps` does not know: what a crash left between the file and its plan, or after it landed. */
void spool_sweep(const struct spool *spool, bool (*keeps)(const void *user, const char *name), const void *user);

#endif
