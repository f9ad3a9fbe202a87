/* Headers: each message goes there and back, every truncation and mutation is refused or read, later versions' elements
 * are ignored. */
#include "link/frame.h"
#include "record/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct nw_header samples[] = {
    {.type = NW_HELLO,
     .epoch = 0,
     .hello = {.role = NW_STR("worker"),
               .stage = NW_STR("clean"),
               .instance = NW_STR("i"),
               .build = NW_STR("1"),
               .pid = 7,
               .host = NW_STR("h"),
               .schema = UINT64_MAX,
               .mark = {true, {{1, 2}, {5, 6}}, 3, 4}}},
    {.type = NW_WELCOME, .epoch = 9, .welcome = {.config = NW_STR("{}"), .window = 64, .fseq = 12}},
    {.type = NW_CREDIT, .epoch = 9, .credit = {.window = 64, .depth = 3}},
    {.type = NW_WORK,
     .epoch = 9,
     .work = {.lease = 5,
              .attempt = 1,
              .entries = {(struct nw_entry[]){{1, 0, 10, NW_LANE_NORMAL}, {2, 1, 20, NW_LANE_URGENT}}, 2}}},
    {.type = NW_DONE,
     .epoch = 9,
     .done = {.lease = 5,
              .busy_us = 100,
              .results = {(struct nw_result[]){{NW_OUTPUTS, {0}, {(uint32_t[]){3, 4}, 2}},
                                               {NW_LEFT_OUT, NW_STR("a kill"), {0}},
                                               {NW_FAILED, NW_STR("no text"), {0}},
                                               {NW_AGAIN, {0}, {0}}},
                          4}}},
    {.type = NW_SUBMIT,
     .epoch = 9,
     .submit =
         {.feeder = NW_STR("f"), .fseq = 1, .sizes = {(uint32_t[]){1, 2, 3}, 3}, .urgent = {(uint64_t[]){0, 2}, 2}}},
    {.type = NW_ACCEPT,
     .epoch = 9,
     .accept = {.feeder = NW_STR("f"), .fseq = 3, .rejects = {(struct nw_reject[]){{2, NW_STR("too large")}}, 1}}},
    {.type = NW_PING, .epoch = 9},
    {.type = NW_RESET, .epoch = 9, .reset = {.why = NW_STR("unknown")}},
    {.type = NW_DRAIN, .epoch = 9},
    {.type = NW_BYE, .epoch = 9, .bye = {.why = NW_STR("done")}},
    {.type = NW_LIVE, .epoch = 9, .live = {.oseq = 1, .channel_seq = 2, .log = 3}},
    {.type = NW_HEAD, .epoch = 9, .head = {.oseq = 1, .channel_seq = 2, .log = 3, .first = 1}},
    {.type = NW_READ, .epoch = 9, .read = {.from = 1, .query = NW_STR("all"), .bytes = 100}},
    {.type = NW_PAGE,
     .epoch = 9,
     .page = {.first = 1, .next = 3, .head = 9, .entries = {(struct nw_page_entry[]){{1, 5}, {2, 6}}, 2}}},
    {.type = NW_RESOLVE,
     .epoch = 9,
     .resolve = {.action = NW_RESOLVE_RETRY, .log = 4, .letters = {(uint64_t[]){1, 2, UINT64_MAX}, 3}}},
    {.type = NW_RESOLVED,
     .epoch = 9,
     .resolved = {.letters = {(uint64_t[]){1, 2}, 2}, .jseqs = {(uint64_t[]){900, 0}, 2}}},
    {.type = NW_COMMIT, .epoch = 9, .commit = {.name = NW_STR("desk"), .log = 3, .oseq = 70000}},
    {.type = NW_COMMITTED, .epoch = 9, .committed = {.name = NW_STR("desk"), .log = 3, .oseq = 70000}},
    {.type = NW_POSITION, .epoch = 9, .position = {.name = NW_STR("desk")}},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void encode(const struct nw_header *header, struct nw_buf *out)
{
    nw_buf_init(out, NW_HEADER_MAX);
    assert_int_equal(nw_header_encode(header, out), 0);
}

static void test_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct nw_arena arena = {0};
        struct nw_buf first, second;
        struct nw_header header;
        char why[NW_WHY];
        encode(&samples[i], &first);
        assert_int_equal(nw_header_decode(&arena, nw_buf_view(&first), &header, why), 0);
        assert_int_equal(header.type, samples[i].type);
        encode(&header, &second);
        assert_true(nw_str_eq(nw_buf_view(&first), nw_buf_view(&second)));
        nw_buf_free(&first);
        nw_buf_free(&second);
        nw_arena_free(&arena);
    }
}

/* In a block of its own size, so that AddressSanitizer sees a byte too far. */
static int decode_copy(struct nw_str bytes, struct nw_header *header, char why[NW_WHY])
{
    struct nw_arena arena = {0};
    char *copy = malloc(bytes.n ? bytes.n : 1);
    int r;

    memcpy(copy, bytes.p, bytes.n);
    r = nw_header_decode(&arena, nw_str(copy, bytes.n), header, why);
    free(copy);
    nw_arena_free(&arena);
    return r;
}

static void test_truncations_and_mutations(void **state)
{
    struct nw_header header;
    char why[NW_WHY];

    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct nw_buf bytes;
        encode(&samples[i], &bytes);
        for (size_t n = 0; n < bytes.n; n++) {
            why[0] = '\0';
            assert_int_equal(decode_copy(nw_str(bytes.p, n), &header, why), NW_BAD_HEADER);
            assert_true(why[0]);
        }
        for (size_t at = 0; at < bytes.n; at++) {
            char was = bytes.p[at];
            for (int value = 0; value < 256; value++) {
                bytes.p[at] = (char)value;
                int r = decode_copy(nw_buf_view(&bytes), &header, why);
                assert_true(r == 0 || r == NW_BAD_HEADER);
            }
            bytes.p[at] = was;
        }
        nw_buf_free(&bytes);
    }
}

static void test_later_elements_are_ignored(void **state)
{
    struct nw_arena arena = {0};
    struct nw_header header;
    struct nw_buf bytes;
    char why[NW_WHY];

    (void)state;
    nw_buf_init(&bytes, 1000);
    nw_pack_array(&bytes, 7);
    nw_pack_uint(&bytes, NW_PROTOCOL_VERSION);
    nw_pack_uint(&bytes, NW_CREDIT);
    nw_pack_uint(&bytes, 4);
    nw_pack_uint(&bytes, 64);
    nw_pack_uint(&bytes, 2);
    nw_pack_str(&bytes, NW_S("news of a later version"));
    nw_pack_array(&bytes, 1);
    nw_pack_nil(&bytes);
    assert_int_equal(nw_header_decode(&arena, nw_buf_view(&bytes), &header, why), 0);
    assert_int_equal(header.credit.window, 64);
    nw_pack_nil(&bytes);
    assert_int_equal(nw_header_decode(&arena, nw_buf_view(&bytes), &header, why), NW_BAD_HEADER);
    nw_buf_free(&bytes);
    nw_arena_free(&arena);
}

static void test_sizes_must_make_up_the_body(void **state)
{
    (void)state;
    assert_true(nw_header_fits(&samples[3], 30));
    assert_false(nw_header_fits(&samples[3], 31));
    assert_true(nw_header_fits(&samples[4], 7));
    assert_true(nw_header_fits(&samples[5], 6));
    assert_false(nw_header_fits(&samples[5], 0));
    assert_true(nw_header_fits(&samples[14], 11));
    assert_false(nw_header_fits(&samples[7], 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_truncations_and_mutations),
        cmocka_unit_test(test_later_elements_are_ignored),
        cmocka_unit_test(test_sizes_must_make_up_the_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
