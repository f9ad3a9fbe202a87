/*
 * One document (a file, standard input) read to its end: unpacked, split, item by item. Everything of it that can't be
 * read is one complaint, and the rest goes on. Holds one item at most, and small buffers.
 */
#ifndef FETCH_READER_H
#define FETCH_READER_H

#include "bytes.h"
#include "split.h"
#include "window.h"

enum {
    READER_LAYERS = 4,      /* descriptor, packed, archive, packed member */
    READER_COMPLAINTS = 10, /* told of a document's items, and of its parts; the rest is told as a number */
    READER_WHY = 2 * NW_WHY,
};

enum read_step {
    READ_ITEM = 0,  /* item */
    READ_COMPLAINT, /* why */
    READ_PASSED,    /* nothing to report: called again at once it goes on; so a caller may do other things between */
    READ_WAIT,      /* fd has nothing for now */
    READ_END,       /* the document is over */
};

struct reader {
    struct {
        struct bytes *bytes;
        struct window window;
    } layer[READER_LAYERS];
    size_t layers;
    struct split split;
    struct nw_str name, format; /* borrowed from the caller of reader_open */
    int fd;
    uint64_t most; /* bytes that packed layers may give */
    uint64_t size; /* of the document, where known */
    uint64_t items, bad_items, bad_parts, untold, passed;
    enum reader_state { READER_PART, READER_HEAD, READER_SPLIT, READER_DONE } state;
    bool broken; /* the part's bytes ended in damage, which is told when the splitter has had what came before */
    char why[READER_WHY];
};

/* A zeroed reader is a closed one. */
void reader_init(struct reader *reader, uint64_t most);

/* fd is closed with the document, unless it is 0. `size`: of a regular file, else 0. The name (the path) is a hint on
 * what it is; format: what the user says that it is, or n 0. 0 or -ENOMEM. */
int reader_open(struct reader *reader, int fd, uint64_t size, struct nw_str name, struct nw_str format);

/* A step; an item lives until the next. A negative fault: no memory, or a fault of the program. */
int reader_next(struct reader *reader, struct item *item);

/* Bytes of the document that have been read so far; 0 when it is closed. */
uint64_t reader_gave(const struct reader *reader);

/* Whatever is open is closed; big buffers are freed. */
void reader_close(struct reader *reader);
void reader_free(struct reader *reader);

#endif
