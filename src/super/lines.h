/* Cuts a stream into lines of bounded length: what is longer is given cut, with a mark, and the rest of it is left out.
 */
#ifndef SUPER_LINES_H
#define SUPER_LINES_H

#include <newswire/buf.h>

struct lines {
    struct nw_buf held; /* of the line at hand; its max is the longest line */
    bool skipping;      /* the line was too long and was given: until its end */
};

typedef void lines_take(void *context, struct nw_str line, bool cut);

void lines_init(struct lines *lines, size_t longest);
void lines_free(struct lines *lines);

/* Gives each line that ends in `bytes`, without its end. */
void lines_feed(struct lines *lines, struct nw_str bytes, lines_take *take, void *context);

/* The stream has ended: gives a last line without an end, if there is one. */
void lines_end(struct lines *lines, lines_take *take, void *context);

#endif
