/* Any bytes as a record in msgpack: refused, or a record that comes out of both codecs as it went in. */
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
    struct nw_str bytes = nw_str((const char *)data, size);
    struct nw_record *record, *again;
    struct nw_buf packed, json, rejson;
    struct nw_arena arena;
    char why[NW_WHY];

    nw_arena_init(&arena, 0);
    nw_buf_init(&packed, 2 * NW_RECORD_MAX);
    nw_buf_init(&json, 8 * NW_RECORD_MAX);
    nw_buf_init(&rejson, 8 * NW_RECORD_MAX);
    int error = nw_record_decode(&arena, bytes, &record, why);
    check(error == 0 || (error == NW_BAD_RECORD && why[0]));
    if (!error) {
        check(nw_record_walk(bytes) == size);
        check(nw_record_encode(record, &packed) == 0);
        if (packed.n <= NW_RECORD_MAX) { /* an integer as NUM grows to a float */
            check(nw_record_decode(&arena, nw_buf_view(&packed), &again, why) == 0);
            check(nw_record_equal(record, again));
        }
        /* JSON can't say all that msgpack can (2^64 - 1, a key twice within ANY), but what it says it says twice. */
        check(nw_record_to_json(record, &json) == 0);
        error = nw_record_from_json(&arena, nw_buf_view(&json), &again, why);
        check(error == 0 || error == NW_BAD_RECORD);
        if (!error) {
            check(nw_record_to_json(again, &rejson) == 0);
            check(nw_str_eq(nw_buf_view(&json), nw_buf_view(&rejson)));
        }
    }
    nw_buf_free(&packed);
    nw_buf_free(&json);
    nw_buf_free(&rejson);
    nw_arena_free(&arena);
    return 0;
}
