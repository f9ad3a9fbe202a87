/* What `newswire feed` is about to read, looked at before it is read: how much it is, and whether it is what an earlier
 * run of the same command read. Nothing is opened. */
#ifndef CLI_FEED_INPUT_H
#define CLI_FEED_INPUT_H

#include "arguments.h"

struct feed_input {
    bool replayable; /* files only: read again they give the same. Not so a pipe, a terminal, standard input */
    uint64_t files, bytes;
    uint64_t digest; /* of all names, sizes and times of change, whatever their order */
};

/* The operands of the command. 0 or a negative errno; what is not there counts as nothing (reading it will tell). */
int feed_input_survey(const struct arguments *arguments, struct feed_input *input);

#endif
