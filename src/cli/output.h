/*
 * Standard output of a command that writes much: gathered, and written in large pieces. When the reader has gone
 * (`| head`), output_add says so once, and the command ends quietly.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <newswire/buf.h>

enum {
    OUTPUT_PIECE = 256 << 10, /* written at once */
    OUTPUT_CLOSED = 1,        /* nobody reads any more */
};

struct output {
    int fd;
    struct nw_buf buf;
    int result; /* the first OUTPUT_CLOSED or negative errno; nothing is written after it */
};

/* A write to a pipe without reader gives an error from now on, and no signal. */
void output_init(struct output *output, int fd);
void output_free(struct output *output);

/* Appends a line and its line end; writes when there is enough. 0, OUTPUT_CLOSED or a negative errno. */
int output_line(struct output *output, struct nw_str line);

/* Writes what is gathered, waiting for a slow reader. The same results. */
int output_flush(struct output *output);

/* All of s to standard output, for commands that print one text; an exit status. */
int output_text(struct nw_str s);

#endif
