/*
 * gauge PUBLISHER READER RECORDS
 *
 * Subscribes from now on, says "ready", and takes RECORDS records, or fewer when none has come for QUIET_MS; prints
 * `records TAB seconds TAB p50 TAB p99`: how many came, the time between the making of the first and the last one's
 * arrival, and the milliseconds from a record's making (flood writes it into source.index) to its arrival here, a
 * subscriber, behind the output log.
 */
#include <newswire/client.h>
#include <newswire/clock.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 1, EXIT_FAILED = 2, PATIENCE_MS = 60000, QUIET_MS = 3000 };

static int earlier(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int take(struct nw_subscriber *subscriber, int64_t *took, uint64_t records)
{
    struct nw_arena arena = {0};
    int64_t first = INT64_MAX, last = 0;
    uint64_t n = 0;
    int r = 0;

    while (n < records && r == 0) {
        struct nw_delivery delivery;
        struct nw_record *record;
        char why[NW_WHY];
        r = nw_subscriber_next(subscriber, &delivery, n ? QUIET_MS : PATIENCE_MS);
        if (r != 0)
            break;
        nw_arena_reset(&arena);
        r = nw_record_decode(&arena, delivery.record, &record, why);
        if (r != 0)
            break;
        last = nw_clock_mono_micro();
        took[n++] = last - record->source->index;
        first = record->source->index < first ? record->source->index : first;
    }
    nw_arena_free(&arena);
    if (n == 0 || (r != 0 && r != -ETIMEDOUT)) {
        fprintf(stderr, "gauge: %llu records came, then: %d\n", (unsigned long long)n, r);
        return -1;
    }
    qsort(took, n, sizeof *took, earlier);
    printf("%llu\t%.4f\t%.3f\t%.3f\n", (unsigned long long)n, (double)(last - first) / 1e6, (double)took[n / 2] / 1e3,
           (double)took[n * 99 / 100] / 1e3);
    return 0;
}

int main(int argc, char **argv)
{
    struct nw_subscriber_options options = {.from = NW_FROM_NOW};
    struct nw_subscriber *subscriber;
    uint64_t records = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    int64_t *took;
    int r;

    if (records == 0) {
        fprintf(stderr, "usage: gauge PUBLISHER READER RECORDS\n");
        return EXIT_USAGE;
    }
    options.publisher = argv[1];
    options.reader = argv[2];
    took = malloc(records * sizeof *took);
    if (!took || nw_subscriber_open(&options, &subscriber) < 0)
        return EXIT_FAILED;
    printf("ready\n");
    fflush(stdout);
    r = take(subscriber, took, records);
    nw_subscriber_close(&subscriber);
    free(took);
    return r == 0 ? 0 : EXIT_FAILED;
}
