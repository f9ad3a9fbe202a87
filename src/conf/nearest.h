/* The word that a misspelt one most likely means. */
#ifndef CONF_NEAREST_H
#define CONF_NEAREST_H

#include <newswire/str.h>

/* Keeps the best of the words that it is shown. */
struct conf_nearest {
    struct nw_str word;
    const char *best; /* NULL while nothing is near */
    size_t distance;
};

void conf_nearest_see(struct conf_nearest *nearest, const char *candidate);

#endif
