/* JSON-LD of a page: what the object of an article's type says. Several scripts may each say a part. */
#ifndef CLEAN_HTML_LD_H
#define CLEAN_HTML_LD_H

#include <newswire/arena.h>

enum { LD_AUTHORS = 16 };

struct ld_image {
    struct nw_str address, caption, credit, notice;
    long width, height; /* pixels; below 1 where it does not say */
};

struct ld {
    int rank; /* of the type that the values came from */
    struct nw_str headline, published, modified, body, description, section, licence, rights, holder, language,
        publisher;
    struct nw_str page_published; /* of an object that is less an article, as the page that holds it */
    struct ld_image image;        /* the first one */
    struct nw_str authors[LD_AUTHORS];
    size_t author_count;
    size_t persons; /* how many of the authors, the first ones, are persons */
};

/* Reads one script; what is no JSON is left out. */
void ld_read(struct nw_arena *arena, struct nw_str script, struct ld *ld);

#endif
