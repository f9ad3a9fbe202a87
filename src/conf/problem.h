/*
 * Problems of one text, told one a line as "FILE:LINE: sentence", at most NW_CONF_PROBLEMS of them; and the path of
 * keys that a sentence names.
 */
#ifndef CONF_PROBLEM_H
#define CONF_PROBLEM_H

#include <newswire/buf.h>

enum { CONF_PATH = 256, CONF_QUOTE = 64 };

struct conf_problems {
    struct nw_buf *out; /* a failed append stays in out->error */
    const char *file;   /* NULL: sentences stand alone, without file and line */
    size_t count;
};

/* Where a value stands: a chain on the stack, one link a mapping or list element. */
struct conf_place {
    const struct conf_place *above; /* NULL at the top */
    const char *key;
    size_t index; /* of an element below key, SIZE_MAX for the key itself */
};

/* line 0: the file as a whole. */
void conf_problem(struct conf_problems *problems, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells how many were not told. */
void conf_problems_end(struct conf_problems *problems);

/* Writes stages.clean.workers, sources[2].path, … to out; "" for the top. */
void conf_place_print(const struct conf_place *place, char out[CONF_PATH]);

/* Writes a value for a sentence: cut at CONF_QUOTE bytes, without control characters. */
void conf_quote(struct nw_str text, char out[CONF_QUOTE]);

#endif
