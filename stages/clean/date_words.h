/* What dates are written in and with: figures of other scripts, halves of the day, words that dates bring along in the
 * languages known. */
#ifndef CLEAN_DATE_WORDS_H
#define CLEAN_DATE_WORDS_H

#include <newswire/str.h>

#include <stdint.h>

/* The first of the ten figures that a character is one of, in scripts that have their own; 0 for none. */
uint32_t date_zero(uint32_t c);

/* s with ASCII's figures for those of other scripts; in `out`, which has room for as many bytes, where there are any.
 * *persian is set where they are Persian. */
struct nw_str date_plain_digits(struct nw_str s, char *out, bool *persian);

/* Words that stand before or behind a time (p.m., 午後, مساءً): 'a' or 'p', 0 for all others. */
char date_half(struct nw_str word);

/* Whether a word makes no stranger of the text around a date: days of the week, "on", "published", "updated". */
bool date_company(struct nw_str word);

#endif
