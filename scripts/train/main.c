/* newswire-train: makes the files that the tag stage loads. `newswire-train` alone prints its subcommands. */
#include "train.h"

#include <newswire/clock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *doc;
} commands[] = {
    {"gazetteer", train_gazetteer, "ROWS FILE: the gazetteer, out of the rows of gazetteer.py"},
    {"clusters", train_clusters, "VECTORS FILE: word classes, out of the vectors of vectors.py"},
    {"names", train_names, "… SET…: the names model, out of IOB2 files"},
    {"wire", train_wire, "GAZETTEER SPORT-CODES FILE…: bracketed wire copy as IOB2"},
    {"topics", train_topics, "… ROWS: the topics model, out of the rows of topics_rows.py"},
    {"topics-apply", train_topics_apply, "GAZETTEER NAMES MODEL ROWS: prints the labels of rows"},
};

int train_usage(const char *usage)
{
    fprintf(stderr, "usage: newswire-train %s\n", usage);
    return 1;
}

uint64_t train_content(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    return epoch ? strtoull(epoch, NULL, 10) : (uint64_t)(nw_clock_wall() / 1000);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "usage: newswire-train COMMAND …\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(stderr, "  %s %s\n", commands[i].name, commands[i].doc);
    }
    return 1;
}
