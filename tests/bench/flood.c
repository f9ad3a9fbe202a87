/*
 * flood ENDPOINT RECORDS BYTES|FOLDER [RATE [BATCH]]
 *
 * Feeds records as fast as the broker takes them, or RATE a second, BATCH (1) at a time: texts of BYTES bytes, or the
 * files of FOLDER as they would be fetched, in turn. source.index says when a record was made, in microseconds of the
 * monotonic clock; with a rate that is when its batch was due, however late we come, so that a broker that stops us
 * does not look quick. Prints the seconds until all were accepted.
 */
#include <newswire/client.h>
#include <newswire/clock.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXIT_USAGE = 1, EXIT_FAILED = 2, TEXT_MAX = 1 << 20, PATH_BYTES = 4096, FILES_STEP = 1024, FILES_MAX = 1 << 20 };

/* Records to be fed again and again: only their times change. */
struct samples {
    struct nw_arena arena;
    struct nw_record **v;
    size_t n;
};

static int take(struct samples *samples, struct nw_record *record)
{
    if (samples->n % FILES_STEP == 0) {
        void *more = samples->n < FILES_MAX ? realloc(samples->v, (samples->n + FILES_STEP) * sizeof(void *)) : NULL;
        if (!more)
            return -1;
        samples->v = more;
    }
    samples->v[samples->n++] = record;
    return 0;
}

static int take_text(struct samples *samples, size_t size)
{
    struct nw_record *record = nw_record_new(&samples->arena);
    char *text = nw_arena_alloc(&samples->arena, size + 1);

    if (!record || !text)
        return -1;
    for (size_t i = 0; i < size; i++)
        text[i] = i % 7 == 6 ? ' ' : (char)('a' + i % 26);
    NW_SET(record, record, type, NW_S("text"));
    nw_record_set_body(&samples->arena, record, nw_str(text, size));
    return take(samples, record);
}

static int take_file(struct samples *samples, const char *folder, const char *name)
{
    struct nw_record *record = nw_record_new(&samples->arena);
    char path[PATH_BYTES], *bytes;
    size_t n;
    FILE *file;
    long size;
    int r = -1;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file)
        return -1;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && record) {
        rewind(file);
        bytes = nw_arena_alloc(&samples->arena, (size_t)size + 1);
        n = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
        NW_SET(record, record, raw, nw_str(bytes, n));
        NW_SET(source, record->source, path, nw_arena_dup(&samples->arena, nw_str_z(path)));
        r = n == (size_t)size && n > 0 ? take(samples, record) : n > 0 ? -1 : 0;
    }
    fclose(file);
    return r;
}

static int take_folder(struct samples *samples, const char *folder)
{
    struct dirent **names;
    int r = 0, n = scandir(folder, &names, NULL, alphasort);

    if (n < 0)
        return -1;
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.' && r == 0)
            r = take_file(samples, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return samples->n > 0 ? r : -1;
}

struct pace {
    uint64_t rate, batch;
    int64_t start, due; /* us; due: of the batch at hand */
};

/* Before record `i`: where a batch begins, what was queued goes, and we wait until the batch is due. */
static void keep_pace(struct pace *pace, uint64_t i, struct nw_feeder *feeder)
{
    int64_t now = nw_clock_mono_micro();

    if (!pace->rate) {
        pace->due = now;
        return;
    }
    if (i % pace->batch != 0)
        return;
    pace->due = pace->start + (int64_t)(i * 1000000 / pace->rate);
    nw_feeder_flush(feeder, 0);
    if (now < pace->due) {
        int64_t rest = pace->due - now;
        nanosleep(&(struct timespec){.tv_sec = rest / 1000000, .tv_nsec = rest % 1000000 * 1000}, NULL);
    }
}

static int feed(struct nw_feeder *feeder, const struct samples *samples, uint64_t records, struct pace *pace)
{
    struct nw_buf bytes;
    int r = 0;

    pace->start = nw_clock_mono_micro();
    nw_buf_init(&bytes, NW_RECORD_MAX);
    for (uint64_t i = 0; i < records && r == 0; i++) {
        struct nw_record *record = samples->v[i % samples->n];
        keep_pace(pace, i, feeder);
        NW_SET(source, record->source, index, pace->due);
        nw_buf_clear(&bytes);
        r = nw_record_encode(record, &bytes);
        if (r == 0)
            r = nw_feeder_submit(feeder, nw_buf_view(&bytes), -1);
    }
    if (r == 0)
        r = nw_feeder_flush(feeder, -1);
    if (r == 0)
        printf("%.4f\n", (double)(nw_clock_mono_micro() - pace->start) / 1e6);
    nw_buf_free(&bytes);
    return r;
}

int main(int argc, char **argv)
{
    struct nw_feeder_options options = {.endpoint = argc > 1 ? argv[1] : NULL};
    struct nw_feeder *feeder = NULL;
    struct samples samples = {0};
    struct pace pace = {.batch = 1};
    unsigned long long size;
    char *end;
    int r;

    if (argc < 4) {
        fprintf(stderr, "usage: flood ENDPOINT RECORDS BYTES|FOLDER [RATE [BATCH]]\n");
        return EXIT_USAGE;
    }
    pace.rate = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    if (argc > 5 && strtoull(argv[5], NULL, 10) > 0)
        pace.batch = strtoull(argv[5], NULL, 10);
    size = strtoull(argv[3], &end, 10);
    if (*end)
        r = take_folder(&samples, argv[3]);
    else
        r = size <= TEXT_MAX ? take_text(&samples, size) : -1;
    if (r < 0)
        fprintf(stderr, "flood: %s: no folder of readable files, and no number of bytes up to %d\n", argv[3], TEXT_MAX);
    if (r == 0)
        r = nw_feeder_open(&options, &feeder);
    if (r == 0)
        r = feed(feeder, &samples, strtoull(argv[2], NULL, 10), &pace);
    nw_feeder_close(&feeder);
    nw_arena_free(&samples.arena);
    free(samples.v);
    return r == 0 ? 0 : EXIT_FAILED;
}
