/* What an article is to an earlier one: the same, nearly the same, a new version of it, or nothing. */
#ifndef KIN_H
#define KIN_H

#include "archive.h"

enum kin_class { KIN_NONE, KIN_DUPLICATE, KIN_NEAR, KIN_REVISION };

struct kin {
    enum kin_class class;
    uint64_t article;  /* the earlier one, where class is not KIN_NONE */
    double similarity; /* to the closest text that was looked at, whatever the class */
};

/* Lets the processor fetch where kin_find begins to look. */
void kin_expect(const struct archive *archive, const struct digest *digest, const struct sketch *sketch);

struct kin kin_find(const struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                    struct nw_str uri);

#endif
