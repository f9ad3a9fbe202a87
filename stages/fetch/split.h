/*
 * Splitters: the bytes of a container in, single items out, as views. Pure: a splitter reads and allocates nothing (but
 * the scratch below, where an item does not stand in the container as it is), and it sees the container through a
 * window that grows at its end, so that standard input, a file and what comes out of gzip are one thing to it.
 *
 *     step = split->kind->next(split, view, &item)      look at the window
 *     …use item…; drop split->taken bytes from the window's front; more bytes into it after SPLIT_MORE; again
 *
 * The same container gives the same items whatever the pieces in which it comes: a crash is survived by reading it
 * again and passing over the items that were delivered. So no decision may hang on how far the window happens to reach.
 *
 * To add one: a file split_NAME.c with a `struct splitter`, and its line in the table of split.c.
 */
#ifndef FETCH_SPLIT_H
#define FETCH_SPLIT_H

#include <newswire/record.h>

enum {
    ITEM_MAX = NW_RECORD_MAX - (64 << 10), /* bytes of one item: what a record can carry beside its other fields */
    SPLIT_SLACK = 256 << 10, /* bytes of headers and context around an item that a window must hold as well */
    SPLIT_WINDOW = ITEM_MAX + SPLIT_SLACK, /* a window of this size suffices: no splitter asks for more with it full */
};

/* The part of the container that is in memory and not yet taken. */
struct view {
    struct nw_str bytes;
    uint64_t at; /* place of bytes.p in the container */
    bool last;   /* nothing comes behind it */
    bool cut;    /* what comes behind it is damaged, and will be told: an item that is whole may end here */
};

/* Lives until the window changes or `next` is called again. */
struct item {
    struct nw_str bytes;
    struct nw_str format;   /* one of record.md's source formats, where the container tells; else n is 0 */
    struct nw_str declared; /* media type, where the container declares one; else n is 0 */
    struct nw_str url;      /* where it was fetched, where the container tells; else n is 0 */
    uint64_t at;            /* place of its first byte in the container */
};

enum split_step {
    SPLIT_ITEM = 0, /* an item */
    SPLIT_MORE,     /* the window must grow; never when view.last */
    SPLIT_BAD,      /* a part can't be understood and is left out: `why` says which and why; go on */
    SPLIT_PASSED,   /* a part that is no article, rightly, is left out; go on */
    SPLIT_END,      /* nothing is left; only when view.last, or when the rest is given up */
};

struct splitter;

/* The state of one run over one container; all zero but `kind` at its start. */
struct split {
    const struct splitter *kind;
    uint64_t size;      /* of the whole container where it is known, else 0 */
    size_t taken;       /* out: how many bytes of the view are done with */
    size_t scanned;     /* bytes of the view that were searched in vain: no byte is searched twice */
    uint64_t count;     /* parts met: the number that a sentence gives an item, from 0 */
    uint64_t line;      /* lines met */
    uint64_t skip;      /* where a part too large to hold began; or bytes still to be passed over */
    bool skipping;      /* inside such a part */
    bool inside;        /* behind the opening of an item, container or document */
    uint64_t stray;     /* bytes outside items */
    uint64_t stray_at;  /* where the first of them was */
    int phase;          /* Reuters: within a declaration outside items */
    struct nw_buf work; /* an item that does not stand in the container as it is */
    size_t context;     /* NewsML: bytes of `work` before the item: what stands before the first one */
    size_t depth;       /* NewsML: elements open in the item */
    bool over;          /* NewsML: the last item is behind */
    struct {
        size_t at, n;
    } name[2];        /* NewsML: in the context, the names of the document's root and of what holds the items */
    char why[NW_WHY]; /* out: the sentence of SPLIT_BAD */
};

/* Whether a container is a splitter's. */
enum split_fit { SPLIT_NO, SPLIT_YES, SPLIT_PERHAPS /* more bytes will tell; never when last */ };

struct splitter {
    const char *name;
    bool resumes; /* finds the next item in a container with a hole, and so goes on behind a damaged piece */
    enum split_fit (*fits)(struct view head, struct nw_str name);
    enum split_step (*next)(struct split *split, struct view view, struct item *item);
};

/* The splitter for a container that begins with `head`, called `name` (a hint); NULL when more bytes will tell.
 * `format` (n 0 for none) is what the user says that it is: such a container is split so, or not at all. */
const struct splitter *split_choose(struct view head, struct nw_str name, struct nw_str format);

void split_begin(struct split *split, const struct splitter *kind, uint64_t size);
void split_free(struct split *split);

/* Steps that splitters end with; each sets `taken` and forgets `scanned`. */
enum split_step split_more(struct split *split, size_t taken, size_t scanned); /* scanned: from behind `taken` */
enum split_step split_bad(struct split *split, size_t taken, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum split_step split_passed(struct split *split, size_t taken);
enum split_step split_end(struct split *split, size_t taken);

/* The item is bytes; SPLIT_BAD with a sentence when it is past ITEM_MAX. Counts it. */
enum split_step split_item(struct split *split, size_t taken, struct item *item);

/* The sentence of a part past ITEM_MAX, that began at `at` and has `size` bytes. Counts it. */
enum split_step split_large(struct split *split, size_t taken, uint64_t at, uint64_t size);

/* View behind a byte order mark of UTF-8, if there is one. */
struct nw_str split_unmarked(struct nw_str s);

extern const struct splitter split_reuters, split_ndjson, split_mbox, split_warc, split_newsml, split_whole;

#endif
