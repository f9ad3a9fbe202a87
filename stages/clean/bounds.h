/*
 * What clean reads of a record at most, and how it tells. What is beyond a bound is left out, and whoever leaves it out
 * says so here; when the record is done, one line in the log names the record and the bounds. Bounds of what a
 * convention looks like (a byline is no longer than a line) are none of these: there the text stays text.
 */
#ifndef CLEAN_BOUNDS_H
#define CLEAN_BOUNDS_H

#include <newswire/record.h>

enum {
    TREE_NODES_MOST = 1 << 20, /* what comes after is left out */
    TREE_DEPTH_MOST = 512,     /* what is deeper becomes a child of the deepest */
    ATTRS_MOST = 256,          /* of an element, HTML or XML; what comes after is dropped */
    PARAGRAPHS_MOST = 1 << 16,
    LIST_MOST = 512,            /* entries of each list of the article: subjects, people, headlines, … */
    NOTES_MOST = 16 << 10,      /* bytes of edNote */
    JOINED_MOST = 4 << 10,      /* bytes of names joined into one line */
    ID_MOST = 2048,             /* bytes of the source's id */
    PICTURES_MOST = 64,         /* of an article */
    FILES_MOST = 32,            /* that a picture comes in */
    KEYWORDS_MOST = 32,         /* of media:keywords */
    MAIL_PARTS_MOST = 64,       /* of a message, those that hold others among them */
    MAIL_HEADER_MOST = 8 << 10, /* bytes of a header that are read */
    HEADER_LINES_MOST = 64,     /* of ANPA's lines above the text that are nothing else */
};

/* BOUND(NAME, number, "what there may be so many of") */
#define BOUNDS(BOUND)                                                                                                  \
    BOUND(NODES, TREE_NODES_MOST, "elements and texts in a document")                                                  \
    BOUND(DEPTH, TREE_DEPTH_MOST, "elements within each other (of XML: 256)")                                          \
    BOUND(ATTRS, ATTRS_MOST, "attributes of an element")                                                               \
    BOUND(PARAGRAPHS, PARAGRAPHS_MOST, "paragraphs")                                                                   \
    BOUND(LIST, LIST_MOST, "entries of a list (subjects, people, headlines, ...)")                                     \
    BOUND(NOTES, NOTES_MOST, "bytes of notes to editors")                                                              \
    BOUND(JOINED, JOINED_MOST, "bytes of names in a byline")                                                           \
    BOUND(ID, ID_MOST, "bytes of an id")                                                                               \
    BOUND(PICTURES, PICTURES_MOST, "pictures of an article")                                                           \
    BOUND(FILES, FILES_MOST, "files of a picture")                                                                     \
    BOUND(KEYWORDS, KEYWORDS_MOST, "keywords of an entry")                                                             \
    BOUND(MAIL_PARTS, MAIL_PARTS_MOST, "parts of a mail")                                                              \
    BOUND(MAIL_HEADER, MAIL_HEADER_MOST, "bytes of a header of mail")                                                  \
    BOUND(HEADER_LINES, HEADER_LINES_MOST, "lines above the text")                                                     \
    BOUND(ARTICLES, NW_EMIT_MAX, "articles in one document")

#define BOUND_NAME(name, most, what) BOUND_##name,
enum bound { BOUNDS(BOUND_NAME) BOUND_COUNT };

/* The stage's state: nothing of it changes what comes out. */
struct clean {
    uint32_t reached;          /* bits of enum bound: of the record at hand */
    int64_t told[BOUND_COUNT]; /* when the log said so last, monotonic ms; 0: never */
    uint64_t quiet;            /* records of which it did not say so since */
};

static inline void bound_reach(struct clean *clean, enum bound bound)
{
    clean->reached |= UINT32_C(1) << bound;
}

struct nw_stage_context;

/* Ends a record: counts it under "cut" where a bound was reached, and says so, of each bound once a minute. */
void bounds_tell(struct nw_stage_context *context, struct clean *clean, const struct nw_source *source);

#endif
