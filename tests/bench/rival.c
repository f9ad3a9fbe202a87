/* The chain around a rival's transport: see rival.h. */
#include "rival.h"

#include <newswire/clock.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 1, EXIT_FAILED = 2, BYTES_MIN = 16, BYTES_MAX = 1 << 20 };

struct chain {
    const struct rival *rival;
    const char *address;
    uint64_t records, rate;
    size_t bytes, batch;
    int64_t start; /* us; the feeder's */
    int ready;     /* pipe to the feeder: a byte from each stage that can receive */
};

/* Waits until the batch that begins with record `sent` is due; returns when that was (us). */
static int64_t wait_due(const struct chain *chain, uint64_t sent)
{
    int64_t now = nw_clock_mono_micro(), due;

    if (!chain->rate)
        return now;
    due = chain->start + (int64_t)(sent * 1000000 / chain->rate);
    if (now < due) {
        int64_t rest = due - now;
        nanosleep(&(struct timespec){.tv_sec = rest / 1000000, .tv_nsec = rest % 1000000 * 1000}, NULL);
    }
    return due;
}

/* A record is a text that begins with the time at which it was made, as eight bytes. With a rate, that is when its
 * batch was due, however late the feeder comes: else a transport that stops the feeder would look quick. */
static int feed(const struct chain *chain, void *end)
{
    struct nw_str views[RIVAL_BATCH_MAX];
    char *text = malloc(chain->bytes * chain->batch);
    int r = text ? 0 : -1;

    for (size_t i = 0; text && i < chain->bytes * chain->batch; i++)
        text[i] = i % 7 == 6 ? ' ' : (char)('a' + i % 26);
    for (uint64_t sent = 0; sent < chain->records && r == 0;) {
        uint64_t left = chain->records - sent;
        size_t n = left < chain->batch ? (size_t)left : chain->batch;
        int64_t made = wait_due(chain, sent);
        for (size_t i = 0; i < n; i++) {
            memcpy(text + i * chain->bytes, &made, sizeof made);
            views[i] = nw_str(text + i * chain->bytes, chain->bytes);
        }
        r = chain->rival->send(end, views, n);
        sent += n;
    }
    free(text);
    return r;
}

static int earlier(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int pass(const struct chain *chain, void *end, int stage)
{
    int64_t *took = stage == RIVAL_STAGES - 1 ? malloc(chain->records * sizeof *took) : NULL;
    struct nw_str views[RIVAL_BATCH_MAX];
    int64_t made[RIVAL_BATCH_MAX];
    int64_t first = 0;
    uint64_t seen = 0;
    int r = stage == RIVAL_STAGES - 1 && !took ? -1 : 0;

    while (seen < chain->records && r == 0) {
        int n = chain->rival->receive(end, views, chain->batch);
        if (n < 0)
            r = -1;
        for (int i = 0; i < n; i++)
            memcpy(&made[i], views[i].p, sizeof made[i]);
        if (seen == 0 && n > 0)
            first = made[0];
        if (n > 0)
            r = chain->rival->send(end, views, (size_t)n);
        for (int i = 0; took && i < n && seen + (uint64_t)i < chain->records; i++)
            took[seen + (uint64_t)i] = nw_clock_mono_micro() - made[i];
        if (n > 0 && r == 0)
            r = chain->rival->acknowledge(end);
        seen += n > 0 ? (uint64_t)n : 0;
    }
    if (took && r == 0) {
        double seconds = (double)(nw_clock_mono_micro() - first) / 1e6;
        qsort(took, chain->records, sizeof *took, earlier);
        printf("%.4f\t%.3f\t%.3f\n", seconds, (double)took[chain->records / 2] / 1e3,
               (double)took[chain->records * 99 / 100] / 1e3);
    }
    free(took);
    return r;
}

/* One stage in this process, from its end's opening to its closing. */
static int run(struct chain *chain, int stage)
{
    void *end = chain->rival->open(chain->address, stage);
    int r = end ? 0 : -1;

    if (r == 0 && stage > 0) {
        r = write(chain->ready, "", 1) == 1 ? 0 : -1;
        close(chain->ready); /* end of file for the feeder once each stage has done so or has died */
        if (r == 0)
            r = pass(chain, end, stage);
    }
    if (r == 0 && stage == 0) {
        chain->start = nw_clock_mono_micro();
        r = feed(chain, end);
    }
    if (end)
        chain->rival->close(end);
    return r;
}

static bool read_arguments(int argc, char **argv, struct chain *chain)
{
    if (argc != 6)
        return false;
    chain->address = argv[1];
    chain->records = strtoull(argv[2], NULL, 10);
    chain->bytes = strtoull(argv[3], NULL, 10);
    chain->batch = strtoull(argv[4], NULL, 10);
    chain->rate = strtoull(argv[5], NULL, 10);
    return chain->records > 0 && chain->bytes >= BYTES_MIN && chain->bytes <= BYTES_MAX && chain->batch > 0 &&
           chain->batch <= RIVAL_BATCH_MAX;
}

int rival_run(int argc, char **argv, const struct rival *rival)
{
    struct chain chain = {.rival = rival};
    int status, ready[2], worst = 0;
    char byte;

    if (!read_arguments(argc, argv, &chain)) {
        fprintf(stderr, "usage: %s ADDRESS RECORDS BYTES BATCH RATE\n", argv[0]);
        return EXIT_USAGE;
    }
    if (pipe(ready) < 0)
        return EXIT_FAILED;
    chain.ready = ready[1];
    for (int stage = RIVAL_STAGES - 1; stage > 0; stage--) {
        pid_t pid = fork();
        if (pid < 0)
            return EXIT_FAILED;
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            int r = run(&chain, stage);
            fflush(stdout);
            _exit(r == 0 ? 0 : EXIT_FAILED);
        }
    }
    close(ready[1]);
    for (int stage = 1; stage < RIVAL_STAGES; stage++) {
        if (read(ready[0], &byte, 1) != 1)
            return EXIT_FAILED; /* one could not open, and has said why; the others die with us */
    }
    worst = run(&chain, 0) == 0 ? 0 : EXIT_FAILED;
    while (worst == 0 && wait(&status) > 0)
        worst = status ? EXIT_FAILED : worst;
    return worst;
}
