/*
 * How an interrupted `newswire feed` is gone on from. A run gives its articles to the daemon under a name; the daemon
 * counts what it accepted of that name. So a run keeps in a file, before it submits anything, the name and what it
 * reads; the next run of the same command finds it, asks the daemon how many it has, and passes over so many. A run
 * that came to its end takes the file away. The file is locked while a run lasts: two at once would share a name.
 *
 * The file is $XDG_STATE_HOME/newswire/feed/KEY, or ~/.local/state/…; KEY stands for the daemon, the format and the
 * paths.
 */
#ifndef CLI_FEED_PLACE_H
#define CLI_FEED_PLACE_H

#include "feed_input.h"

enum {
    FEED_PLACE_PATH = 4096,
    FEED_PLACE_NAME = 65, /* a feeder's name, with its NUL */
};

struct feed_place {
    int fd; /* -1: this run can't be gone on from */
    bool resumed;
    char name[FEED_PLACE_NAME]; /* of the feeder; "" where fd is -1 */
    char path[FEED_PLACE_PATH];
};

/* Finds or makes the place of this command. `anew`: whatever was there counts no more. 0, or an exit status, told: the
 * same command is running, or its input has changed since it was interrupted. Where no place can be kept, it is told
 * and the run goes on without one. feed_place_close is due in either case. */
int feed_place_open(struct feed_place *place, const struct arguments *arguments, const char *endpoint,
                    const struct feed_input *input, bool anew);

/* All is durable: there is nothing to go on from. */
void feed_place_forget(struct feed_place *place);

void feed_place_close(struct feed_place *place);

#endif
