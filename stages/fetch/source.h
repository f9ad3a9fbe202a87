/*
 * A source: where documents come from. One file source_KIND.c for each kind, all with this interface; which documents
 * there are, in which order, and what becomes of them once all their records are durable, is a kind's matter; reading
 * and splitting them is the reader's.
 *
 * To add a kind: source_NAME.c with a `struct source_kind`, its line in the table of source.c, its keys in
 * fetch_conf.c.
 */
#ifndef FETCH_SOURCE_H
#define FETCH_SOURCE_H

#include <newswire/conf.h>
#include <newswire/record.h>
#include <newswire/stage.h>

struct ledger;
struct ledger_row;

/* What all sources of one process share. */
struct commons {
    struct nw_str data_dir;
    struct ledger *ledger; /* what was taken; opened by the first source that needs it */
    uint64_t before;       /* records that the receiver had of us before this life */
    bool connects;         /* a source connects to other machines */
    uint64_t spooled;      /* files written to the spool in this life */
    uint64_t emitted;      /* records emitted in this life; the next one has the number before + emitted + 1 */
};

/* A file or stream to be read to its end. */
struct document {
    struct nw_str path;      /* NUL-terminated; lives until the source's `done` */
    int fd;                  /* the reader closes it, unless it is 0 */
    uint64_t size;           /* of a regular file; else 0 */
    struct nw_str container; /* what it is, whatever the source's format says of its items; n 0: that */
    uint64_t skip;           /* items at its beginning that the receiver has, from an earlier life */
    bool planned;            /* in the ledger: its records are numbered, so no other may come between them */
};

/* How the reading of a document ended. */
struct outcome {
    bool read;           /* it could be opened */
    uint64_t items;      /* found, with those that were skipped */
    uint64_t complaints; /* sentences told */
    uint64_t last;       /* number in this life of its last record (as `accepted` counts); 0 when it gave none */
};

enum source_step {
    SOURCE_DOCUMENT = 0, /* document */
    SOURCE_COMPLAINT,    /* path and why; go on */
    SOURCE_BUSY,         /* nothing yet, but it was not all looked at: go on */
    SOURCE_IDLE,         /* nothing now: again when `fd` is readable, or after idle_ms */
    SOURCE_ENDED,        /* nothing ever again */
};

struct source {
    const struct source_kind *kind;
    struct commons *commons;
    struct nw_str name, format; /* out of the config; n 0 for none, but where the kind knows better */
    struct nw_str key;          /* in the ledger; n 0 for a source that writes nothing there */
    struct nw_str path;         /* of SOURCE_COMPLAINT */
    int fd;                     /* readable when it has something to do, from `open` on; 0: the clock alone tells */
    int64_t idle_ms;
    uint64_t errors; /* in a row, since what it asked or read last was good */
    int64_t next_ms; /* when it asks next, wall ms; 0 for a source that does not ask */
    bool wanted;     /* somebody wants it to ask now; the kind takes it back */
    bool whole_turn; /* its next document is planned: it must be read before another source's */
    char why[NW_WHY];
};

struct source_kind {
    const char *name;
    const char *doc; /* one line */
    bool once;       /* it comes to an end: how far it is can be told */
    /* Makes a source by its row of the config. 0, SOURCE_COMPLAINT (the row is wrong: `why`), or a negative fault. The
     * source is freed by the caller in any case, when it was made. */
    int (*open)(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY]);
    int (*next)(struct source *source, struct document *document); /* a source_step or a negative fault */
    int (*done)(struct source *source, const struct outcome *outcome);
    int (*accepted)(struct source *source, uint64_t accepted); /* NULL for none */
    /* A row of an earlier life that was not finished: with LEDGER_PLANNED, `next` gives its document again, of which
     * `skip` items were delivered. NULL for a kind that uses no ledger. */
    int (*resume)(struct source *source, const struct ledger_row *row, uint64_t skip);
    /* Calls `tell` with what has gone quiet of it. NULL for a kind whose rhythm is that of the source as a whole. */
    void (*alarms)(const struct source *source, nw_tell_alarm *tell, void *user);
    void (*free)(struct source *source);
};

/* The kind by name; NULL if there is none. Names: for the config's table, ended by NULL. */
const struct source_kind *source_kind(struct nw_str name);
extern const char *const source_kind_names[];

extern const struct source_kind source_files, source_stdin, source_folder, source_feeds, source_listen, source_imap;

/* Opens a path for reading, without waiting for anybody. SOURCE_DOCUMENT, or SOURCE_COMPLAINT with a sentence;
 * *folder is true, and no descriptor given, when it is one. */
int source_open_path(const char *path, struct document *document, bool *folder, char why[NW_WHY]);

#endif
