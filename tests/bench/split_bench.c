/*
 * How fast fetch reads and splits: split_bench FILE…
 *
 * The files go through the reader (unpacked and split, no records made), on one thread. Printed are items, megabytes of
 * the container as the splitter sees it, and megabytes a second of CPU time. For WARC: tests/bench/warc_make.py.
 */
#include "fetch/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int measure(const char *path)
{
    struct reader reader;
    struct item item;
    unsigned long long items = 0, end = 0;
    double began = cpu(), took;
    int step, fd = open(path, O_RDONLY | O_CLOEXEC);

    reader_init(&reader, UINT64_MAX / 2);
    if (fd < 0 || reader_open(&reader, fd, 0, nw_str_z(path), nw_str("", 0)) < 0) {
        fprintf(stderr, "split_bench: %s can't be opened\n", path);
        return 1;
    }
    while ((step = reader_next(&reader, &item)) >= 0 && step != READ_END) {
        if (step == READ_COMPLAINT)
            fprintf(stderr, "split_bench: %s: %s\n", path, reader.why);
        if (step == READ_ITEM) {
            items++;
            end = item.at + item.bytes.n;
        }
    }
    took = cpu() - began;
    reader_free(&reader);
    printf("%s: %llu items, %.1f MB in %.3f s of CPU: %.0f MB/s\n", path, items, (double)end / 1e6, took,
           (double)end / 1e6 / took);
    return step < 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= measure(argv[i]);
    return failed;
}
