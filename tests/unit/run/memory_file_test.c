/*
 * A file of memory (run/memory_file.h), cut at any byte and with a bit of any byte turned: what is read of it is a
 * beginning of what was written, and the offset through which it is good is that of an entry's end.
 */
#include "run/memory_file.h"

#include "unit/store/folder.h"

enum { ENTRIES = 8 };

static const struct memory_owner owner = {3, 5};

static struct nw_str saved_of(uint64_t oseq, char out[CONTENT_MOST])
{
    return content(oseq, 1, 40, out);
}

static void write_file(struct nw_buf *out, size_t ends[ENTRIES + 1])
{
    char bytes[CONTENT_MOST];

    assert_int_equal(memory_put_begin(out, &owner, 10, NW_S("all the rest")), 0);
    ends[0] = out->n;
    for (uint64_t i = 0; i < ENTRIES; i++) {
        struct memory_entry entry = {10 + i + i / 5, i, saved_of(i, bytes)}; /* a number is missing */
        assert_int_equal(memory_put_entry(out, &owner, &entry), 0);
        ends[i + 1] = out->n;
    }
}

/* Reads what of the file is good; returns the number of entries, -1 where not even the beginning is. */
static int read_all(const char *folder, const size_t ends[ENTRIES + 1], bool *whole)
{
    char path[PATH], bytes[CONTENT_MOST];
    struct memory_reader reader;
    struct memory_entry entry;
    struct nw_str rest;
    int n = 0, r;

    path_of(path, folder, "memory");
    r = memory_reader_open(&reader, open(path, O_RDONLY), &owner, 10, &rest);
    if (r == 0) {
        assert_true(nw_str_eq(rest, NW_S("all the rest")));
        for (; (r = memory_reader_next(&reader, &entry)) == 0; n++) {
            uint64_t i = (uint64_t)n;
            assert_in_range(n, 0, ENTRIES - 1);
            assert_int_equal(entry.oseq, 10 + i + i / 5);
            assert_int_equal(entry.record, i);
            assert_true(nw_str_eq(entry.saved, saved_of(i, bytes)));
        }
        assert_int_equal(reader.good, ends[n]);
    } else {
        n = -1;
    }
    assert_true(r == MEMORY_BAD || r == MEMORY_END);
    *whole = r == MEMORY_END;
    memory_reader_close(&reader);
    return n;
}

static void test_what_is_read_was_written(void **state)
{
    size_t ends[ENTRIES + 1];
    char folder[PATH];
    struct nw_buf out;
    bool whole;

    (void)state;
    folder_make(folder);
    nw_buf_init(&out, 1 << 20);
    write_file(&out, ends);
    file_write(folder, "memory", out.p, out.n);
    assert_int_equal(read_all(folder, ends, &whole), ENTRIES);
    assert_true(whole);
    for (size_t i = 0; i < out.n; i++) {
        int n = -1;
        while (n < ENTRIES && ends[n + 1] <= i) /* entries before byte i */
            n++;
        file_write(folder, "memory", out.p, i);
        assert_int_equal(read_all(folder, ends, &whole), n);
        assert_int_equal(whole, n >= 0 && ends[n] == i);
        out.p[i] ^= (char)(1 << i % 8);
        file_write(folder, "memory", out.p, out.n);
        assert_int_equal(read_all(folder, ends, &whole), n);
        assert_false(whole);
        out.p[i] ^= (char)(1 << i % 8);
    }
    nw_buf_free(&out);
    folder_remove(folder);
}

static void test_another_owner(void **state)
{
    static const struct memory_owner others[] = {{3, 6}, {4, 5}};
    size_t ends[ENTRIES + 1];
    char folder[PATH], path[PATH];
    struct memory_reader reader;
    struct nw_str rest;
    struct nw_buf out;

    (void)state;
    folder_make(folder);
    nw_buf_init(&out, 1 << 20);
    write_file(&out, ends);
    file_write(folder, "memory", out.p, out.n);
    path_of(path, folder, "memory");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(memory_reader_open(&reader, open(path, O_RDONLY), &others[i], 10, &rest), MEMORY_BAD);
        memory_reader_close(&reader);
    }
    assert_int_equal(memory_reader_open(&reader, open(path, O_RDONLY), &owner, 9, &rest), MEMORY_BAD);
    memory_reader_close(&reader);
    assert_int_equal(memory_reader_open(&reader, -1, &owner, 10, &rest), MEMORY_BAD);
    memory_reader_close(&reader);
    nw_buf_free(&out);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_was_written),
        cmocka_unit_test(test_another_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
