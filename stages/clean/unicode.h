/*
 * Text as Unicode wants it: control characters, soft hyphens, zero-width and bidirectional marks out, white space of
 * any kind a blank or a line feed, NFC. ZWJ and ZWNJ stay: they change what Persian, Indic scripts and emoji say. Input
 * is valid UTF-8. Results are views of the input wherever nothing had to change.
 */
#ifndef CLEAN_UNICODE_H
#define CLEAN_UNICODE_H

#include <newswire/arena.h>

/* Whether s is printable ASCII and line feeds only: then there is nothing to tidy, count or normalise. */
bool text_is_plain(struct nw_str s);

/* Of tidied text: code points, and runs of what is no white space. */
struct text_counts {
    size_t chars, words;
};
struct text_counts text_counts(struct nw_str s);

/* The whole text, its line ends as '\n', tabs kept. {NULL, 0} when there is no memory. */
struct nw_str text_tidy(struct nw_arena *arena, struct nw_str s);

/* One line: tidied, each run of white space one blank, none at the ends. */
struct nw_str text_line(struct nw_arena *arena, struct nw_str s);

/* Several lines: tidied, runs of blanks and tabs one blank, at most `breaks` line feeds in a row, none at the ends. */
struct nw_str text_lines(struct nw_arena *arena, struct nw_str s, size_t breaks);

/* NFC by ICU (nfc.h): false when there is no memory; *out is s itself where it is NFC already. */
bool text_nfc(struct nw_arena *arena, struct nw_str s, struct nw_str *out);

/* Text that was UTF-8, was read as windows-1252 and written as UTF-8 again, once or twice, put right; only where all
 * the evidence says so, else s itself. */
struct nw_str text_unmojibake(struct nw_arena *arena, struct nw_str s);

#endif
