/* Names and lists segment files: see segment.h. */
#include "store/segment.h"

#include <newswire/alloc.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DIGITS = 20 };

static const char *const SUFFIX[] = {[STORE_PLAIN] = ".seg", [STORE_ZSTD] = ".zst"};

void store_segment_name(char out[STORE_NAME], uint64_t first, enum store_segment_kind kind)
{
    snprintf(out, STORE_NAME, "%020" PRIu64 "%s", first, SUFFIX[kind]);
}

void store_segment_corrupt_name(char out[STORE_NAME], uint64_t first, enum store_segment_kind kind)
{
    snprintf(out, STORE_NAME, "%020" PRIu64 "%s.corrupt", first, SUFFIX[kind]);
}

static bool parse_name(const char *name, struct store_segment *segment)
{
    uint64_t first = 0;

    for (int i = 0; i < DIGITS; i++) {
        unsigned digit = (unsigned)(name[i] - '0');
        if (digit > 9 || first > (UINT64_MAX - digit) / 10)
            return false;
        first = first * 10 + digit;
    }
    if (first == 0)
        return false;
    for (int kind = STORE_PLAIN; kind <= STORE_ZSTD; kind++)
        if (strcmp(name + DIGITS, SUFFIX[kind]) == 0) {
            *segment = (struct store_segment){.first = first, .kind = (enum store_segment_kind)kind};
            return true;
        }
    return false;
}

static int by_first(const void *a, const void *b)
{
    const struct store_segment *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

int store_segments_reserve(struct store_segments *segments)
{
    size_t cap = segments->cap ? segments->cap * 2 : 16;
    struct store_segment *p;

    if (segments->n < segments->cap)
        return 0;
    p = nw_realloc(segments->p, cap * sizeof *p);
    if (!p)
        return -ENOMEM;
    segments->p = p;
    segments->cap = cap;
    return 0;
}

int store_segments_add(struct store_segments *segments, struct store_segment segment)
{
    int error = store_segments_reserve(segments);

    if (error == 0)
        segments->p[segments->n++] = segment;
    return error;
}

/* Of a plain and a compressed file of one segment the compressed one counts: it got its name when it was whole. */
static void unite_twins(struct store_segments *segments)
{
    size_t kept = 0;

    for (size_t i = 0; i < segments->n; i++) {
        bool twin = kept && segments->p[kept - 1].first == segments->p[i].first;
        kept -= twin;
        segments->p[kept] = segments->p[i];
        segments->p[kept++].twin = twin;
    }
    segments->n = kept;
}

int store_segments_load(struct store_segments *segments, int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    segments->n = 0;
    if (!dir) {
        error = -errno;
        if (fd >= 0)
            close(fd);
        return error;
    }
    for (;;) {
        struct store_segment segment;
        const struct dirent *entry;
        errno = 0;
        entry = readdir(dir);
        if (!entry) {
            error = -errno;
            break;
        }
        if (parse_name(entry->d_name, &segment)) {
            error = store_segments_add(segments, segment);
            if (error < 0)
                break;
        }
    }
    closedir(dir);
    if (error < 0) {
        segments->n = 0;
        return error;
    }
    if (segments->n)
        qsort(segments->p, segments->n, sizeof *segments->p, by_first);
    unite_twins(segments);
    return 0;
}

void store_segments_free(struct store_segments *segments)
{
    nw_free(segments->p);
    *segments = (struct store_segments){0};
}

void store_segments_remove(struct store_segments *segments, size_t i)
{
    segments->n--;
    memmove(segments->p + i, segments->p + i + 1, (segments->n - i) * sizeof *segments->p);
}

size_t store_segments_find(const struct store_segments *segments, uint64_t seq)
{
    size_t low = 0, high = segments->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (segments->p[middle].first <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : SIZE_MAX;
}
