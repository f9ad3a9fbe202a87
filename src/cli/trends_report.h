/* A report of trends (trends/trends.h), read and shown. */
#ifndef CLI_TRENDS_REPORT_H
#define CLI_TRENDS_REPORT_H

#include "output.h"
#include "trends/trends.h"

#include <newswire/arena.h>

struct trend {
    struct nw_str kind, name, uri, headline; /* uri and headline may be empty */
    uint64_t count, error, oseq;             /* oseq: of the newest article about it; 0: none */
    double expected, score;
};

struct trend_window {
    struct nw_str word;
    uint64_t articles, articles_before;
    struct trend *v; /* each kind's best, best first */
    size_t n;
};

struct trends_report {
    struct nw_str time;
    uint64_t oseq;
    struct trend_window *windows;
    size_t n;
};

/* Which of it is wanted. */
struct trends_choice {
    const char *window;
    const char *kind; /* NULL: all, mixed */
    size_t top;
};

/* Reads a report; its text aliases `bytes`. 0, TRENDS_REPORT_BAD or -ENOMEM. */
int trends_report_read(struct nw_arena *arena, struct nw_str bytes, struct trends_report *report);
enum { TRENDS_REPORT_BAD = 1 };

/* A sentence and a table; one JSON object a trend. 0, OUTPUT_CLOSED or a negative errno. */
int trends_report_text(const struct trends_report *report, const struct trends_choice *choice, struct nw_arena *arena,
                       struct output *output);
int trends_report_json(const struct trends_report *report, const struct trends_choice *choice, struct nw_arena *arena,
                       struct output *output);

#endif
