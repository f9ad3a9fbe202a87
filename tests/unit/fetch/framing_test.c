/*
 * Framing of streams. The property that counts: the same items and refusals come out, however the bytes are cut into
 * pieces, and what is held has a bound.
 */
#include "unit/fetch/harness.h"

#include "framing.h"

enum { MOST = 12, ROUNDS = 3000, BYTES = 120 };

/* All steps over bytes that come in pieces (piece 0: of random sizes), a line each. */
static char *frame(enum framing_kind kind, struct nw_str bytes, size_t piece, uint32_t *seed)
{
    struct framing framing = {.kind = kind, .most = MOST};
    struct framed framed;
    size_t from = 0, to = 0;
    struct nw_buf out;

    nw_buf_init(&out, 1 << 20);
    while (to < bytes.n) {
        size_t n = piece ? piece : 1 + dice(seed) % 9;
        enum framing_step step = FRAMING_ITEM;
        to = n < bytes.n - to ? to + n : bytes.n;
        while (step != FRAMING_MORE) {
            /* Of its very size, so that AddressSanitizer sees a byte read behind it. */
            char *window = malloc(to - from ? to - from : 1);
            assert_non_null(window);
            memcpy(window, bytes.p + from, to - from);
            step = framing_next(&framing, nw_str(window, to - from), &framed);
            assert_true(framed.taken <= to - from);
            assert_true(step == FRAMING_MORE || framed.taken > 0);
            if (step == FRAMING_ITEM)
                nw_buf_printf(&out, "[%.*s]\n", NW_FMT(framed.item));
            if (step == FRAMING_BAD)
                nw_buf_printf(&out, "%s\n", framed.why);
            from += framed.taken;
            free(window);
        }
        assert_true(to - from <= MOST + FRAMING_SLACK);
    }
    if (framing_is_inside(&framing, nw_str_from(bytes, from)))
        nw_buf_printf(&out, "unfinished\n");
    nw_buf_char(&out, '\0');
    assert_int_equal(out.error, 0);
    return out.p;
}

static void expect_frames(enum framing_kind kind, struct nw_str bytes, const char *expected)
{
    for (size_t piece = 1; piece <= bytes.n + 1; piece++) {
        char *got = frame(kind, bytes, piece, NULL);
        assert_string_equal(got, expected);
        nw_buf_free(&(struct nw_buf){.p = got});
    }
}

static void lines_are_items(void **state)
{
    (void)state;
    expect_frames(FRAMING_LINES, NW_S("one\r\n\n two \n\r\n  \nthree"), "[one]\n[two ]\nunfinished\n");
    expect_frames(FRAMING_LINES, NW_S("twelve bytes\r\nthirteen byte\nx\n"),
                  "[twelve bytes]\nlonger than the 12 bytes that one may have; raise max_item if it should be\n[x]\n");
    expect_frames(FRAMING_LINES, NW_S("an endless line that goes on"),
                  "longer than the 12 bytes that one may have; raise max_item if it should be\nunfinished\n");
}

static void objects_are_items(void **state)
{
    (void)state;
    expect_frames(FRAMING_NDJSON, NW_S("{\"a\":1}  \r\n[1]\n{\"b\"\n"),
                  "[{\"a\":1}]\nexpected a JSON object in one line, found [1]\n"
                  "expected a JSON object in one line, found one that does not end\n");
}

static void blocks_are_items(void **state)
{
    (void)state;
    expect_frames(FRAMING_WIRE, NW_S("\x16\x16\x01hd\x02tx\x03\x04\r\n\x01hd\x02t2\x03"),
                  "[\x01hd\x02tx\x03]\n[\x01hd\x02t2\x03]\n");
    expect_frames(FRAMING_WIRE, NW_S("ZCZC\nNN\nNNNN\r\n\n\n\nZCZC\nNNNN\x03 x"),
                  "[ZCZC\nNN\nNNNN]\n[ZCZC\nNNNN]\nunfinished\n");
    expect_frames(FRAMING_WIRE, NW_S("a too long block\nNNNN\nab\nNNNN"),
                  "longer than the 12 bytes that one may have; raise max_item if it should be\n[ab\nNNNN]\n");
}

static void pieces_change_nothing(void **state)
{
    static const char alphabet[] = "NNNNNN\n\n\r {}ab\x03\x16";
    uint32_t seed = 11;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        enum framing_kind kind = (enum framing_kind)(round % 3);
        char bytes[BYTES], *whole, *pieces;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = alphabet[dice(&seed) % sizeof alphabet]; /* with the NUL at its end */
        whole = frame(kind, nw_str(bytes, sizeof bytes), sizeof bytes, NULL);
        pieces = frame(kind, nw_str(bytes, sizeof bytes), 0, &seed);
        assert_string_equal(whole, pieces);
        nw_buf_free(&(struct nw_buf){.p = whole});
        nw_buf_free(&(struct nw_buf){.p = pieces});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_items),
        cmocka_unit_test(objects_are_items),
        cmocka_unit_test(blocks_are_items),
        cmocka_unit_test(pieces_change_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
