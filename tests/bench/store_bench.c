/*
 * How fast the store is on this disk: store_bench [FOLDER [RECORDS]]
 *
 * Appends records of 3 KB in groups made durable every 5 ms, one by one, and as fast as the disk lets; then opens,
 * reads and compresses the log. Two lines for each: records/s, and microseconds of CPU a record (all threads). The
 * yardstick is the plainest log: one thread that copies, computes the checksum, writes and syncs every 5 ms, in one
 * file. The folder is deleted again.
 */
#include "store/crc32c.h"
#include "store/log.h"
#include "store/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RECORD = 3000, GROUP_US = 5000, SINGLES = 500, POOL = 1 << 20 };

static char pool[POOL + RECORD];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double began, began_cpu;

static void begin(void)
{
    began = now();
    began_cpu = cpu();
}

static void tell(const char *what, uint64_t records)
{
    double seconds = now() - began, used = cpu() - began_cpu;

    printf("%s\t%.0f\trecords/s\n%s\t%.3f\tus CPU/record\n", what, (double)records / seconds, what,
           used / (double)records * 1e6);
}

static void check(int result, const char *what)
{
    if (result == 0)
        return;
    fprintf(stderr, "store_bench: %s: %d\n", what, result);
    exit(1);
}

/* Words of a small vocabulary, so that compression has something like copy to work on. */
static void fill_pool(void)
{
    static const char *const words[] = {"the ",      "minister ", "said ",     "on ",   "Monday ",  "that ",
                                        "prices ",   "rose ",     "by ",       "four ", "percent ", "in ",
                                        "Vilnius, ", "after ",    "talks ",    "with ", "union ",   "leaders ",
                                        "over ",     "wages ",    "ended.\n\n"};
    uint32_t seed = 1;

    for (size_t i = 0; i < sizeof pool;) {
        const char *word;
        size_t n;
        seed = seed * 1664525 + 1013904223;
        word = words[(seed >> 16) % (sizeof words / sizeof *words)];
        n = strlen(word) < sizeof pool - i ? strlen(word) : sizeof pool - i;
        memcpy(pool + i, word, n);
        i += n;
    }
}

static struct nw_str record(uint64_t i)
{
    return nw_str(pool + i * 7919 % POOL, RECORD);
}

static void wait_event(struct nw_store *store)
{
    struct pollfd fd = {.fd = nw_store_event(store), .events = POLLIN};
    uint64_t durable;

    poll(&fd, 1, -1);
    check(nw_store_poll(store, &durable), "poll");
}

/* group_us < 0: commit only when the store asks for it. */
static void append(struct nw_store *store, uint64_t count, int64_t group_us)
{
    double last = now();

    for (uint64_t i = 0; i < count;) {
        uint64_t seq;
        int result = nw_store_append(store, record(i), &seq);
        if (result == NW_STORE_FULL) {
            wait_event(store);
            continue;
        }
        check(result, "append");
        i++;
        if (group_us >= 0 && (now() - last) * 1e6 >= (double)group_us) {
            last = now();
            check(nw_store_commit(store), "commit");
        }
    }
    check(nw_store_sync(store), "sync");
}

/* The yardstick. */
static void append_plainly(const char *folder, uint64_t count)
{
    static unsigned char buffer[4 << 20];
    char path[4096];
    size_t filled = 0;
    off_t at = 0;
    double last = now();
    int fd;

    snprintf(path, sizeof path, "%s/plain", folder);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd < 0 || posix_fallocate(fd, 0, (off_t)count * (RECORD + 8)) != 0 || fsync(fd) < 0, "plain file");
    for (uint64_t i = 0; i < count; i++) {
        uint32_t crc = store_crc32c(0, record(i).p, RECORD);
        memcpy(buffer + filled, &crc, sizeof crc);
        memcpy(buffer + filled + 8, record(i).p, RECORD);
        filled += 8 + RECORD;
        if ((now() - last) * 1e6 >= GROUP_US || filled + 8 + RECORD > sizeof buffer || i + 1 == count) {
            last = now();
            check(pwrite(fd, buffer, filled, at) != (ssize_t)filled || fdatasync(fd) < 0, "plain write");
            at += (off_t)filled;
            filled = 0;
        }
    }
    close(fd);
    unlink(path);
}

static void empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);

    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static void read_all(const char *folder, const char *what)
{
    static struct nw_store_entry entries[64];
    struct nw_store_reader *reader;
    uint64_t records = 0;
    size_t n;
    int result;

    begin();
    check(nw_store_reader_open(folder, 0, &reader), "reader");
    while ((result = nw_store_reader_batch(reader, 256 << 10, entries, 64, &n)) == 0)
        records += n;
    if (result != NW_STORE_END)
        check(result, "read");
    nw_store_reader_close(&reader);
    tell(what, records);
}

static void read_some(struct nw_store *store, const char *what, uint64_t count, uint64_t step)
{
    uint64_t last = nw_store_last(store), seq = 1;
    struct nw_str payload;

    begin();
    for (uint64_t i = 0; i < count; i++) {
        check(nw_store_read(store, seq, &payload), "read");
        seq = (seq + step - 1) % last + 1;
    }
    tell(what, count);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "store_bench.log";
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : getenv("NW_BENCH_QUICK") ? 2000 : 200000;
    struct nw_store_options options = {.folder = folder, .compress = true};
    struct nw_store *store;
    uint64_t before;

    fill_pool();
    check(nw_store_open(&options, &store), "open");
    begin();
    append_plainly(folder, count);
    tell("yardstick: one thread, a sync every 5 ms", count);
    begin();
    for (uint64_t i = 0, seq; i < SINGLES; i++) {
        check(nw_store_append(store, record(i), &seq), "append");
        check(nw_store_sync(store), "sync");
    }
    tell("append, a sync each", SINGLES);
    begin();
    append(store, count, GROUP_US);
    tell("append, a commit every 5 ms or 4 MiB", count);
    begin();
    append(store, count, -1);
    tell("append, a commit every 4 MiB", count);
    begin();
    append(store, count / 10, 0);
    tell("append, a commit asked for after each", count / 10);
    read_some(store, "read by number, in order", count, 1);
    read_some(store, "read by number, here and there", count / 10, 104729);
    read_all(folder, "reader, all");
    nw_store_close(&store);
    begin();
    check(nw_store_open(&options, &store), "open");
    tell("open, the newest segment checked", nw_store_last(store));
    printf("    opened in %.0f ms\n", (now() - began) * 1e3);
    nw_store_close(&store);
    options.verify = true;
    begin();
    check(nw_store_open(&options, &store), "open");
    tell("open, all segments checked", nw_store_last(store));
    printf("    %.0f MB/s\n", (double)nw_store_bytes(store) / (now() - began) / 1e6);
    before = nw_store_bytes(store);
    begin();
    while (nw_store_maintain(store) == 0)
        ;
    tell("compress", nw_store_last(store));
    printf("    %" PRIu64 " MB are %" PRIu64 " MB\n", before >> 20, nw_store_bytes(store) >> 20);
    nw_store_close(&store);
    read_all(folder, "reader, all, compressed");
    empty_folder(folder);
    return 0;
}
