/*
 * Plain text into paragraphs. How a text parts them is found by looking at all of it: empty lines, indented first
 * lines, or a line each; lines of print are joined, lists and tables keep their lines.
 */
#ifndef CLEAN_LINES_H
#define CLEAN_LINES_H

#include "chars.h"
#include "draft.h"

/* Adds the paragraphs of `text`, which is tidied (unicode.h), to the draft. They stand in one piece of memory, parted
 * by empty lines, so that the body needs no copy. */
void lines_read(struct draft *draft, struct nw_str text);

/* Takes the headline and the lines around it (dates, credits, notes) off the front of a tidied text (heading.c). */
void lines_headline(struct draft *draft, struct nw_str *text);

/* The next line of *rest, its indent kept, blanks at its end off; false at the end. */
static inline bool lines_next(struct nw_str *rest, struct nw_str *line)
{
    if (rest->n == 0)
        return false;
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end ? (size_t)(end - rest->p) : rest->n, next = n + (end != NULL);
    *line = nw_str(rest->p, n);
    *rest = nw_str(rest->p + next, rest->n - next);
    while (line->n > 0 && is_space((unsigned char)line->p[line->n - 1]))
        line->n--;
    return true;
}

/* Columns by which a line is indented; a tab is four. */
static inline size_t lines_indent(struct nw_str line)
{
    size_t i = 0;
    while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
        i++;
    return line.n > 0 && line.p[0] == '\t' ? i + 3 : i;
}

/* "• …", "* …"; a row of a table. */
bool lines_is_bullet(struct nw_str line);
bool lines_is_row(struct nw_str line);

#endif
