/* A picture that belongs to an article, as sources describe it: into the record's associations. */
#ifndef CLEAN_PICTURE_H
#define CLEAN_PICTURE_H

#include "draft.h"

struct picture {
    struct nw_str href;    /* where it can be fetched: http or https, whole; formats that tell of several: see below */
    struct nw_str uri;     /* the source's id for it, a URI; "" where href is all there is */
    struct nw_str name;    /* what the source calls it; "" for "picture" */
    struct nw_str type;    /* picture, video, …; "" for "picture" */
    struct nw_str title;   /* its own headline */
    struct nw_str caption; /* without the credit */
    struct nw_str alt;     /* text for those who do not see it; left out where the caption says the same */
    struct nw_str credit;  /* photographer and agency */
    struct nw_str holder;  /* of the copyright */
    struct nw_str notice;  /* copyright */
    struct nw_str terms;   /* of its use */
    int64_t width, height; /* pixels; 0 where not known */
};

/* Appends it; without an address or id it is ignored, and so is one that is there already: then NULL. */
struct nw_association *draft_picture(struct draft *draft, const struct picture *picture);

/* One of the files that it comes in. */
struct picture_file {
    struct nw_str name;    /* thumbnail, original, …; "" for "main" */
    struct nw_str href;    /* as the source has it */
    struct nw_str media;   /* its type: image/jpeg */
    int64_t width, height; /* pixels */
    int64_t bytes;         /* each 0 or less where not known */
};

/* Appends it, where it can be fetched. */
void draft_picture_file(struct draft *draft, struct nw_association *association, const struct picture_file *file);

/* The id of a picture by where it is fetched, or by its file's name where it comes beside the article: a URI. */
struct nw_str picture_uri(struct draft *draft, const char *format, struct nw_str reference);

#endif
