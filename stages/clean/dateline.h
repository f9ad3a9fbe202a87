/* What datelines are made of, for dateline.c: where each begins is known, these say where it ends. */
#ifndef CLEAN_DATELINE_H
#define CLEAN_DATELINE_H

#include <newswire/str.h>

/* The end of the word at s[i]: letters, and marks that stand inside words; i where there is none. */
size_t dateline_word_end(struct nw_str s, size_t i);

/* The end of the date at s[i]: "Jan. 13", "13 January 2022", "1 LUG", "03.03.2026"; i where there is none. */
size_t dateline_date_end(struct nw_str s, size_t i);

/* The end of a date of the Islamic calendar, which stands beside the other: "Sha'ban 14, 1447"; i where there is none.
 */
size_t dateline_hijri_end(struct nw_str s, size_t i);

/* A day of the week. */
bool dateline_is_weekday(struct nw_str word);

#endif
