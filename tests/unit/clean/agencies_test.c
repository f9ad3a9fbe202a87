/* The list of agencies is searched by first letters: each must be found by its own name. */
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define AGENCY(name) name,
#define LETTER(letter)
static const char *const NAMES[] = {
#include "agencies.inc"
};

static void each_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (!wire_is_agency(nw_str_z(NAMES[i])))
            fail_msg("%s is not found; it must stand below the LETTER that it begins with", NAMES[i]);
}

static void words_are_none(void **state)
{
    (void)state;
    static const char *const words[] = {"", "a", "Pa", "the", "Ferry", "river", "aa", "zzz", "The", "AFPX", "\xFF\xFF"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(wire_is_agency(nw_str_z(words[i])));
    assert_true(wire_is_agency(NW_S("REUTERS")));
    assert_true(wire_is_agency(NW_S("The Associated Press")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_name),
        cmocka_unit_test(words_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
