/*
 * The language of a text. English is told by its function words, which costs a microsecond; all else is asked of CLD2
 * (cld2.cc), which costs twenty and more.
 */
#ifndef CLEAN_LANGUAGE_H
#define CLEAN_LANGUAGE_H

#include <newswire/str.h>

/* BCP 47 tag of the language of cleaned UTF-8 text, "und" when it can't be told. `hint` is what the source says (may be
 * empty, may lie); it counts only where the text alone is too short to decide. The result is static. */
const char *language_of(struct nw_str text, struct nw_str hint);

/* cld2.cc: the tag by CLD2 of at most INT_MAX bytes of plain text, NULL when it isn't sure; *reliable as CLD2 says,
 * *score its normalised score (about 500 to 1500 for real text). */
const char *language_by_cld2(const char *text, int n, const char *hint, bool *reliable, int *score);

#endif
