/* Addresses made whole, after the examples of RFC 3986 and what pages write. */
#include "address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void references_are_resolved(void **state)
{
    (void)state;
    static const struct {
        const char *base, *reference, *whole; /* "" where it means no address */
    } cases[] = {
        {"", "https://quay.example/a?b=1", "https://quay.example/a?b=1"},
        {"https://quay.example/news/pilots", "/img/boat.jpg", "https://quay.example/img/boat.jpg"},
        {"https://quay.example/news/pilots", "boat.jpg", "https://quay.example/news/boat.jpg"},
        {"https://quay.example/news/pilots", "../img/./boat.jpg?w=1", "https://quay.example/img/boat.jpg?w=1"},
        {"https://quay.example/news/pilots", "//cdn.example/boat.jpg", "https://cdn.example/boat.jpg"},
        {"https://quay.example/news/pilots", " /img/a boat.jpg ", "https://quay.example/img/a%20boat.jpg"},
        {"https://quay.example/", "/img/böot.jpg", "https://quay.example/img/b%C3%B6ot.jpg"},
        {"https://quay.example/", "https://quay.example/a%20b", "https://quay.example/a%20b"},
        {"", "/img/boat.jpg", ""},
        {"page.html", "boat.jpg", ""},
        {"https://quay.example/", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", ""},
        {"https://quay.example/", "javascript:void(0)", ""},
        {"https://quay.example/", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_arena arena = {0};
        struct draft draft = {.arena = &arena};
        struct nw_str whole = address_of(&draft, nw_str_z(cases[i].base), nw_str_z(cases[i].reference));
        if (!nw_str_eq(whole, nw_str_z(cases[i].whole)))
            fail_msg("%s on %s gave %.*s", cases[i].reference, cases[i].base, NW_FMT(whole));
        assert_false(draft.failed);
        nw_arena_free(&arena);
    }
}

/* What comes out is whole: taken in again on any base, it stays. */
static void a_whole_address_stays(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252;
    for (int round = 0; round < 2000; round++) {
        struct nw_arena arena = {0};
        struct draft draft = {.arena = &arena};
        char reference[40];
        size_t n = 1;
        reference[0] = '/';
        for (; n < sizeof reference && n < (size_t)(random % 40); n++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            reference[n] = (char)(random >> 40);
        }
        struct nw_str whole = address_of(&draft, NW_S("https://quay.example/x"), nw_str(reference, n));
        if (whole.n > 0)
            assert_true(nw_str_eq(address_of(&draft, NW_S("http://other.example/y"), whole), whole));
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        nw_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(references_are_resolved),
                                       cmocka_unit_test(a_whole_address_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
