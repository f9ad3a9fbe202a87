/* The trainers: each is a subcommand of newswire-train, returns the exit status, and prints what it did. */
#ifndef TRAIN_H
#define TRAIN_H

#include <stdint.h>

int train_gazetteer(int argc, char **argv);
int train_clusters(int argc, char **argv);
int train_names(int argc, char **argv);
int train_wire(int argc, char **argv);
int train_topics(int argc, char **argv);
int train_topics_apply(int argc, char **argv);

/* Prints how the subcommand is called; returns 1. */
int train_usage(const char *usage);

/* Version of the content of what is made now: SOURCE_DATE_EPOCH when it is set, so that builds repeat, else the time.
 */
uint64_t train_content(void);

#endif
