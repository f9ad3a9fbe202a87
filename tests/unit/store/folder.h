/*
 * What the tests of the store share: a folder of their own, files read and written as a whole, entries whose content
 * follows from their number, so that any of them can be checked without keeping it.
 */
#ifndef TESTS_STORE_FOLDER_H
#define TESTS_STORE_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/format.h"
#include "store/log.h"
#include "store/reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 512 };

/* Makes an empty folder and writes its name to out. */
static inline void folder_make(char out[PATH])
{
    const char *base = getenv("TMPDIR");

    snprintf(out, PATH, "%s/nwstore.XXXXXX", base && *base ? base : P_tmpdir);
    assert_non_null(mkdtemp(out));
}

static inline void folder_empty(const char *folder)
{
    DIR *dir = opendir(folder);

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
    closedir(dir);
}

static inline void folder_remove(const char *folder)
{
    folder_empty(folder);
    assert_int_equal(rmdir(folder), 0);
}

static inline void path_of(char out[PATH], const char *folder, const char *name)
{
    assert_true(snprintf(out, PATH, "%s/%s", folder, name) < PATH);
}

/* Names with that ending, sorted, at most `most`; returns how many. */
static inline size_t folder_list(const char *folder, const char *ending, char names[][64], size_t most)
{
    DIR *dir = opendir(folder);
    size_t n = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        if (length < strlen(ending) || strcmp(entry->d_name + length - strlen(ending), ending) != 0)
            continue;
        assert_true(n < most && length < 64);
        memcpy(names[n++], entry->d_name, length + 1);
    }
    closedir(dir);
    qsort(names, n, sizeof *names, (int (*)(const void *, const void *))(void (*)(void))strcmp);
    return n;
}

struct file {
    unsigned char *p;
    size_t n;
};

static inline struct file file_read(const char *folder, const char *name)
{
    struct file file = {0};
    struct stat st;
    char path[PATH];
    int fd;

    path_of(path, folder, name);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    file.n = (size_t)st.st_size;
    file.p = malloc(file.n + 1);
    assert_non_null(file.p);
    assert_int_equal(read(fd, file.p, file.n), (ssize_t)file.n);
    close(fd);
    return file;
}

static inline void file_write(const char *folder, const char *name, const void *p, size_t n)
{
    char path[PATH];
    int fd;

    path_of(path, folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, n), (ssize_t)n);
    close(fd);
}

static inline bool file_exists(const char *folder, const char *name)
{
    char path[PATH];

    path_of(path, folder, name);
    return access(path, F_OK) == 0;
}

static inline void file_remove(const char *folder, const char *name)
{
    char path[PATH];

    path_of(path, folder, name);
    assert_int_equal(unlink(path), 0);
}

/* Waits until inotify tells what it watches for of a file whose name ends like this. */
static inline void wait_event_of(int watch, const char *suffix)
{
    enum { PATIENCE_MS = 60000 };
    _Alignas(struct inotify_event) char events[4096];
    size_t tail = strlen(suffix);
    bool seen = false;

    while (!seen) {
        struct pollfd fd = {.fd = watch, .events = POLLIN};
        ssize_t n;
        assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
        n = read(watch, events, sizeof events);
        assert_true(n > 0);
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const void *)(events + at);
            size_t length = event->len > 0 ? strlen(event->name) : 0;
            seen |= length >= tail && strcmp(event->name + length - tail, suffix) == 0;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
}

/* Entry `seq` of a test's log: its size and bytes follow from seq and `salt` alone. */
enum { CONTENT_MOST = 1 << 16 };

static inline uint64_t content_mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static inline struct nw_str content(uint64_t seq, uint64_t salt, size_t most, char out[CONTENT_MOST])
{
    size_t n = 1 + (size_t)(content_mix(seq * 31 + salt) % most);

    for (size_t i = 0; i < n; i++)
        out[i] = (char)("abcdefghijklmnopqrstuvwxyz     "[content_mix(seq + salt + i / 4) % 31]);
    return nw_str(out, n);
}

static inline void assert_content(struct nw_str payload, uint64_t seq, uint64_t salt, size_t most)
{
    static char expected[CONTENT_MOST];
    struct nw_str e = content(seq, salt, most, expected);

    assert_int_equal(payload.n, e.n);
    assert_memory_equal(payload.p, e.p, e.n);
}

static inline void wait_event(struct nw_store *store)
{
    struct pollfd fd = {.fd = nw_store_event(store), .events = POLLIN};
    uint64_t durable;

    assert_int_equal(poll(&fd, 1, 60000), 1);
    assert_int_equal(nw_store_poll(store, &durable), 0);
}

/* Appends entries up to number `last`, whatever number comes first. */
static inline void append_to(struct nw_store *store, uint64_t last, uint64_t salt, size_t most)
{
    static char bytes[CONTENT_MOST];

    while (nw_store_last(store) < last) {
        uint64_t seq = 0, next = nw_store_last(store) + 1;
        int result = nw_store_append(store, content(next, salt, most, bytes), &seq);
        if (result == NW_STORE_FULL) {
            wait_event(store);
            continue;
        }
        assert_int_equal(result, 0);
        assert_int_equal(seq, next);
    }
}

/* Reads all there is and expects first to last, each whole, nothing else. */
static inline void assert_reads(const char *folder, uint64_t first, uint64_t last, uint64_t salt, size_t most)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;

    assert_int_equal(nw_store_reader_open(folder, 0, &reader), 0);
    for (uint64_t seq = first; seq <= last; seq++) {
        assert_int_equal(nw_store_reader_next(reader, &entry), 0);
        assert_int_equal(entry.seq, seq);
        assert_content(entry.payload, seq, salt, most);
    }
    assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
    nw_store_reader_close(&reader);
}

static inline struct nw_store *open_store(const struct nw_store_options *options)
{
    struct nw_store *store;

    assert_int_equal(nw_store_open(options, &store), 0);
    assert_non_null(store);
    return store;
}

/* A log of entries 1 to `last`, closed. */
static inline void make_log(const struct nw_store_options *options, uint64_t last, uint64_t salt, size_t most)
{
    struct nw_store *store = open_store(options);

    append_to(store, last, salt, most);
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_null(store);
}

/* Offsets of the entries of an open segment without marks. */
static inline size_t entry_offsets(const struct file *file, size_t *offsets, size_t most)
{
    size_t n = 0, at = STORE_HEADER;

    while (at + 4 <= file->n && store_get32(file->p + at)) {
        assert_true(n < most);
        offsets[n++] = at;
        at += STORE_FRAME + store_word_length(store_get32(file->p + at));
    }
    offsets[n] = at;
    return n;
}

/* What a reader finds, in order: the numbers of good entries (checked) and of missing ones. */
struct found {
    uint64_t good, missing, dropped, first_missing, last_missing, last;
};

static inline struct found read_found(const char *folder, uint64_t salt, size_t most)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    struct found found = {0};
    uint64_t next = 1;
    int result;

    assert_int_equal(nw_store_reader_open(folder, 1, &reader), 0);
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END) {
        assert_int_equal(entry.seq, next);
        next = entry.last + 1;
        if (result == NW_STORE_MISSING) {
            if (!found.missing)
                found.first_missing = entry.seq;
            found.last_missing = entry.last;
            found.missing += entry.last + 1 - entry.seq;
            continue;
        }
        if (result == NW_STORE_DROPPED) {
            found.dropped += entry.last + 1 - entry.seq;
            continue;
        }
        assert_int_equal(result, 0);
        assert_content(entry.payload, entry.seq, salt, most);
        found.good++;
        found.last = entry.seq;
    }
    nw_store_reader_close(&reader);
    return found;
}

#endif
