/*
 * flood ENDPOINT RECORDS BYTES [RATE]: feeds numbered records of about BYTES bytes as fast as the broker takes them, or
 * RATE a second; prints the seconds until all were accepted.
 */
#include <newswire/client.h>
#include <newswire/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EXIT_USAGE = 1, EXIT_UNREACHABLE = 2, TEXT_MAX = 1 << 20 };

/* Waits until the record's time has come. */
static void pace(int64_t start_us, uint64_t i, uint64_t rate, struct nw_feeder *feeder)
{
    int64_t due = rate ? start_us + (int64_t)(i * 1000000 / rate) : 0, now = nw_clock_mono_micro();

    if (!rate || now >= due)
        return;
    nw_feeder_flush(feeder, 0);
    struct timespec rest = {.tv_nsec = (due - now) * 1000};
    if (rest.tv_nsec < 1000000000)
        nanosleep(&rest, NULL);
}

int main(int argc, char **argv)
{
    struct nw_feeder_options options = {.endpoint = argc > 1 ? argv[1] : NULL};
    struct nw_feeder *feeder;
    struct nw_arena arena = {0};
    struct nw_record *record;
    struct nw_buf bytes;
    uint64_t records, size, rate;
    int64_t start;
    char *text;
    int r;

    if (argc < 4) {
        fprintf(stderr, "usage: flood ENDPOINT RECORDS BYTES [RATE]\n");
        return EXIT_USAGE;
    }
    records = strtoull(argv[2], NULL, 10);
    size = strtoull(argv[3], NULL, 10);
    rate = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    if (size > TEXT_MAX || nw_feeder_open(&options, &feeder) < 0)
        return EXIT_UNREACHABLE;
    text = malloc(size + 1);
    if (!text)
        return EXIT_UNREACHABLE;
    for (size_t i = 0; i < size; i++)
        text[i] = i % 7 == 6 ? ' ' : (char)('a' + i % 26);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    start = nw_clock_mono_micro();
    record = nw_record_new(&arena);
    NW_SET(record, record, type, NW_S("text"));
    nw_record_set_body(&arena, record, nw_str(text, size));
    for (uint64_t i = 0; i < records; i++) {
        NW_SET(source, record->source, index, (int64_t)i);
        nw_buf_clear(&bytes);
        nw_record_encode(record, &bytes);
        pace(start, i, rate, feeder);
        r = nw_feeder_submit(feeder, nw_buf_view(&bytes), -1);
        if (r < 0)
            return EXIT_UNREACHABLE;
    }
    r = nw_feeder_flush(feeder, -1);
    printf("%.4f\n", (double)(nw_clock_mono_micro() - start) / 1e6);
    nw_feeder_close(&feeder);
    nw_buf_free(&bytes);
    nw_arena_free(&arena);
    free(text);
    return r < 0 ? EXIT_UNREACHABLE : 0;
}
