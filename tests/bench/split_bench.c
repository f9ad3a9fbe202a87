/*
 * How fast fetch reads and splits: split_bench [FILE…]
 *
 * The files go through the reader (unpacked and split, no records made), on one thread: megabytes a second, as the
 * splitter sees the container, of CPU time. Without a file it makes one of plain WARC. For packed ones and larger:
 * tests/bench/warc_make.py.
 */
#include "fetch/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGE = 64000, LINE = 80 /* bytes of a page, of one of its lines */ };

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
    printf("%s, %llu items\t%.1f\tMB/s\n", strncmp(path, "/dev/", 5) == 0 ? "WARC, plain" : path, items,
           (double)end / 1e6 / (took > 0 ? took : 1e-6));
    return step < 0;
}

/* Pages as a crawl has them: request, response, metadata. The file has no name. 0, or 1. */
static int measure_made(unsigned pages)
{
    FILE *file = tmpfile();
    char path[64];

    if (!file)
        return 1;
    for (unsigned i = 0; i < pages; i++) {
        fprintf(
            file,
            "WARC/1.0\r\nWARC-Type: request\r\nWARC-Target-URI: https://news.example/%u\r\nContent-Type: "
            "application/http; msgtype=request\r\nContent-Length: 27\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n\r\n",
            i);
        fprintf(file,
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/%u\r\nContent-Type: "
                "application/http; msgtype=response\r\nContent-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: "
                "text/html\r\n\r\n",
                i, 44 + PAGE);
        for (unsigned k = 0; k < PAGE / LINE; k++)
            fprintf(file, "<p>%-*s</p>\n", LINE - 8, "The harbour master said that the ferry would sail.");
        fprintf(file, "\r\n\r\n");
    }
    if (fflush(file) != 0)
        return 1;
    snprintf(path, sizeof path, "/dev/fd/%d", fileno(file));
    pages = (unsigned)measure(path);
    fclose(file);
    return (int)pages;
}

int main(int argc, char **argv)
{
    int failed = argc < 2 ? measure_made(getenv("NW_BENCH_QUICK") ? 20 : 3000) : 0;

    for (int i = 1; i < argc; i++)
        failed |= measure(argv[i]);
    return failed;
}
