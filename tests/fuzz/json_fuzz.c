/* Any bytes as a record in JSON: refused, or a record that comes out of both codecs as it went in. */
#include <newswire/record.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_record *record, *again;
    struct nw_buf packed, json;
    struct nw_arena arena;
    char why[NW_WHY];

    nw_arena_init(&arena, 0);
    nw_buf_init(&packed, 8 * NW_RECORD_MAX);
    nw_buf_init(&json, 8 * NW_RECORD_MAX);
    int error = nw_record_from_json(&arena, nw_str((const char *)data, size), &record, why);
    check(error == 0 || (error == NW_BAD_RECORD && why[0]));
    if (!error) {
        check(nw_record_to_json(record, &json) == 0);
        if (json.n <= NW_RECORD_MAX) {
            check(nw_record_from_json(&arena, nw_buf_view(&json), &again, why) == 0);
            check(nw_record_equal(record, again));
        }
        check(nw_record_encode(record, &packed) == 0);
        if (packed.n <= NW_RECORD_MAX) {
            check(nw_record_decode(&arena, nw_buf_view(&packed), &again, why) == 0);
            check(nw_record_equal(record, again));
        }
    }
    nw_buf_free(&packed);
    nw_buf_free(&json);
    nw_arena_free(&arena);
    return 0;
}
