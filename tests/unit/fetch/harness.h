/*
 * What the tests of fetch share: a transcript is one line for each item and each complaint, so that two ways of reading
 * the same bytes are compared as texts. Every window handed to a splitter is an allocation of its very size, so
 * AddressSanitizer sees a byte read behind it.
 */
#ifndef TESTS_FETCH_HARNESS_H
#define TESTS_FETCH_HARNESS_H

#include "reader.h"
#include "split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { TRANSCRIPT = 8 << 20, STEPS_MOST = 10000000 };

static inline void transcript_item(struct nw_buf *out, const struct item *item)
{
    nw_buf_printf(out, "item at %llu format '%.*s' declared '%.*s' url '%.*s' [", (unsigned long long)item->at,
                  NW_FMT(item->format), NW_FMT(item->declared), NW_FMT(item->url));
    nw_buf_str(out, item->bytes);
    nw_buf_printf(out, "]\n");
}

/* A small generator, the same on every machine. */
static inline uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/*
 * Runs a splitter over bytes that come in pieces: of `piece` bytes; of random sizes when it is 0. Asserts what split.h
 * promises of every step.
 */
static inline void transcript_split(struct nw_buf *out, const struct splitter *kind, struct nw_str bytes, size_t piece,
                                    uint32_t seed)
{
    struct split split = {.kind = NULL};
    size_t from = 0, to = 0, steps = 0;
    bool last = bytes.n == 0;

    split_begin(&split, kind, 0);
    for (;;) {
        struct nw_str text = nw_str(bytes.p ? bytes.p + from : "", to - from);
        char *window = malloc(text.n ? text.n : 1);
        struct view view = {.bytes = nw_str(window, text.n), .at = from, .last = last};
        struct item item = {.at = 0};
        enum split_step step;
        size_t n;

        assert_non_null(window);
        memcpy(window, text.p, text.n);
        step = kind->next(&split, view, &item);
        assert_true(split.taken <= text.n);
        assert_true(++steps < STEPS_MOST);
        if (step == SPLIT_ITEM) {
            assert_true(item.bytes.n <= ITEM_MAX);
            transcript_item(out, &item);
        }
        if (step == SPLIT_BAD)
            nw_buf_printf(out, "bad: %s\n", split.why);
        free(window);
        from += split.taken;
        if (step == SPLIT_END)
            break;
        if (step != SPLIT_MORE)
            continue;
        assert_false(last);
        n = piece ? piece : 1 + dice(&seed) % 40;
        to += n < bytes.n - to ? n : bytes.n - to;
        last = to == bytes.n;
    }
    split_free(&split);
}

/* Reads a descriptor to its end. Returns the number of items. */
static inline size_t transcript_read(struct nw_buf *out, int fd, uint64_t size, const char *name, const char *format,
                                     size_t *complaints)
{
    struct reader reader;
    size_t items = 0, steps = 0;
    int step = READ_PASSED;

    *complaints = 0;
    reader_init(&reader, (uint64_t)1 << 34);
    assert_int_equal(reader_open(&reader, fd, size, nw_str_z(name), nw_str_z(format)), 0);
    while (step != READ_END) {
        struct item item;

        step = reader_next(&reader, &item);
        assert_true(step >= 0 && ++steps < STEPS_MOST);
        if (step == READ_ITEM && out)
            transcript_item(out, &item);
        if (step == READ_COMPLAINT && out)
            nw_buf_printf(out, "bad: %s\n", reader.why);
        items += step == READ_ITEM;
        *complaints += step == READ_COMPLAINT;
    }
    reader_free(&reader);
    return items;
}

/* A descriptor of an unnamed file with these bytes. */
static inline int file_of(struct nw_str bytes)
{
    FILE *file = tmpfile();
    int fd;

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.p ? bytes.p : "", 1, bytes.n, file), bytes.n);
    assert_int_equal(fflush(file), 0);
    fd = dup(fileno(file));
    assert_true(fd > 0);
    fclose(file);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* The whole transcript of bytes in a file called `name`; free() it. */
static inline char *read_bytes(struct nw_str bytes, const char *name, const char *format)
{
    struct nw_buf out;
    size_t complaints;

    nw_buf_init(&out, TRANSCRIPT);
    transcript_read(&out, file_of(bytes), bytes.n, name, format, &complaints);
    nw_buf_char(&out, '\0');
    assert_int_equal(out.error, 0);
    return out.p;
}

#endif
