/* The output log by oseq, read beside the daemon or without it: what was durable when it was opened. */
#ifndef CLI_OUTPUT_READER_H
#define CLI_OUTPUT_READER_H

#include "arguments.h"
#include "data_folder.h"
#include "trends/when.h"

struct nw_kills;
struct nw_store_reader;

struct output_reader {
    struct nw_store_reader *reader;
    uint64_t first, head;
    struct nw_when_log log; /* reads it as it stands; holds while the struct stays where it is */
    struct nw_kills *kills; /* NULL until they are read */
    char folder[DATA_FOLDER];
};

/* Opens the log in a data folder; without `data` in the one that data_folder() finds. 0 or an exit status, told. A log
 * that is not there yet is empty. */
int output_reader_open(const struct arguments *arguments, const char *data, struct output_reader *reader);
void output_reader_close(struct output_reader *reader);

/* Reads what the log's kills mean, for output_reader_visible. 0 or a negative errno. */
int output_reader_kills(struct output_reader *reader);

/* Entry `oseq`: *record is NULL where it is missing or no record, and *killed tells whether a kill means it, so that
 * nothing of it may be shown. The arena is emptied before. 0 or a negative errno. */
int output_reader_visible(struct output_reader *reader, struct nw_arena *arena, uint64_t oseq,
                          struct nw_record **record, bool *killed);

/* The first entry that can have come out since a time (ms since 1970). 0 or a negative errno. */
int output_reader_since(struct output_reader *reader, int64_t since, uint64_t *from);

#endif
