/* A picture that belongs to an article, as sources describe it: into the record's associations. */
#ifndef CLEAN_PICTURE_H
#define CLEAN_PICTURE_H

#include "draft.h"

struct picture {
    struct nw_str href;    /* where it can be fetched: http or https, whole */
    struct nw_str uri;     /* the source's id for it, a URI; "" where href is all there is */
    struct nw_str name;    /* what the source calls it; "" for "picture" */
    struct nw_str caption; /* without the credit */
    struct nw_str alt;     /* text for those who do not see it; left out where the caption says the same */
    struct nw_str credit;  /* photographer and agency */
    struct nw_str notice;  /* copyright */
    int64_t width, height; /* pixels; 0 where not known */
};

/* Appends it; without an address or id it is ignored, and so is one that is there already. */
void draft_picture(struct draft *draft, const struct picture *picture);

#endif
