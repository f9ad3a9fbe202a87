/* CRC32C against published vectors, its own polynomial, and itself by the other way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/crc32c.h"

#include <stdlib.h>
#include <string.h>

typedef uint32_t crc_function(uint32_t crc, const void *p, size_t n);

/* RFC 3720, B.4, and the check value of the CRC catalogues. */
static void check_vectors(crc_function *crc)
{
    static const unsigned char read_command[48] = {
        0x01, 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, 0x28, [40] = 0x02};
    unsigned char bytes[32];

    memset(bytes, 0, sizeof bytes);
    assert_int_equal(crc(0, bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(crc(0, bytes, 32), 0x62a8ab43);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(crc(0, bytes, 32), 0x46dd794e);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)(31 - i);
    assert_int_equal(crc(0, bytes, 32), 0x113fdb5c);
    assert_int_equal(crc(0, read_command, 48), 0xd9963a56);
    assert_int_equal(crc(0, "123456789", 9), 0xe3069283);
    assert_int_equal(crc(0, "", 0), 0);
}

static void vectors(void **state)
{
    (void)state;
    check_vectors(store_crc32c_portable);
    check_vectors(store_crc32c);
    if (store_crc32c_is_fast())
        check_vectors(store_crc32c_fast);
}

static void tables_follow_from_the_polynomial(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int slice = 0; slice < 8; slice++) {
            for (int bit = 0; bit < 8; bit++)
                c = c >> 1 ^ (c & 1 ? 0x82f63b78u : 0);
            assert_int_equal(store_crc32c_table[slice][i], c);
        }
    }
}

/* Any alignment, in any two pieces, any length up to three times what the fast way takes at once. */
static void ways_agree(void **state)
{
    unsigned char bytes[2400];
    uint32_t seed = 7;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    for (size_t from = 0; from < 9; from++)
        for (size_t n = 0; n < sizeof bytes - 9; n += n < 300 ? 1 : 7) {
            uint32_t whole = store_crc32c_portable(0, bytes + from, n);
            size_t cut = n ? (n * 7 + from) % n : 0;
            assert_int_equal(store_crc32c(0, bytes + from, n), whole);
            assert_int_equal(store_crc32c(store_crc32c_portable(0, bytes + from, cut), bytes + from + cut, n - cut),
                             whole);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(tables_follow_from_the_polynomial),
        cmocka_unit_test(ways_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
