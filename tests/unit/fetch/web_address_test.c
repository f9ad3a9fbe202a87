/* Addresses: their origins, what is asked of a server, and where links lead. */
#include "address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void origins_and_paths(void **state)
{
    static const struct {
        const char *url, *origin, *path; /* origin NULL: it is no address of the web */
    } table[] = {
        {"http://news.example", "http://news.example", "/"},
        {"HTTPS://News.Example:443/a?b=c&d#e", "https://news.example", "/a?b=c&d"},
        {"http://news.example:8080/?a", "http://news.example:8080", "/?a"},
        {"https://news.example:80/a//b/../c", "https://news.example:80", "/a//c"},
        {"http://ada:secret@news.example/x", "http://news.example", "/x"},
        {"http://0x7f.1/", "http://127.0.0.1", "/"},
        {"http://[::FFFF:7f00:1]:81/", "http://[::ffff:7f00:1]:81", "/"},
        {"http://news.example/a b/\xC3\xA9", "http://news.example", "/a%20b/%c3%a9"},
        {"ftp://news.example/", NULL, NULL},
        {"file:///etc/hostname", NULL, NULL},
        {"news.example/a", NULL, NULL},
        {"http://", NULL, NULL},
        {"http://news.example:99999/", NULL, NULL},
        {"", NULL, NULL},
    };
    char out[ADDRESS_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int r = address_origin(table[i].url, out);
        if (r != (table[i].origin ? 0 : ADDRESS_NONE) || (r == 0 && strcmp(out, table[i].origin) != 0))
            fail_msg("origin of %s: %d %s", table[i].url, r, out);
        r = address_path(table[i].url, out);
        if (r != (table[i].path ? 0 : ADDRESS_NONE) || (r == 0 && strcasecmp(out, table[i].path) != 0))
            fail_msg("path of %s: %d %s", table[i].url, r, out);
    }
}

static void links_are_followed(void **state)
{
    static const struct {
        const char *base, *link, *url; /* url NULL: to no page of the web */
    } table[] = {
        {"http://news.example/feeds/all.xml", "/2026/a.html#top", "http://news.example/2026/a.html"},
        {"http://news.example/feeds/all.xml", "b?c=d", "http://news.example/feeds/b?c=d"},
        {"http://news.example/feeds/all.xml", "?c", "http://news.example/feeds/all.xml?c"},
        {"http://news.example/feeds/all.xml", "../up", "http://news.example/up"},
        {"https://news.example/feed", "//other.example/x", "https://other.example/x"},
        {"http://news.example/feed", "https://other.example:444", "https://other.example:444/"},
        {"http://ada:secret@news.example/feed", "https://other.example/", "https://other.example/"},
        {"http://ada:secret@news.example/feed", "/x", "http://news.example/x"},
        {"http://news.example/feed", "http://ada:secret@other.example/", NULL},
        {"http://news.example/feed", "http://news.example@127.0.0.1/", NULL},
        {"http://news.example/feed", "mailto:ada@example.org", NULL},
        {"http://news.example/feed", "javascript:alert(1)", NULL},
        {"http://news.example/feed", "file:///etc/hostname", NULL},
        {"http://news.example/feed", "ftp://news.example/x", NULL},
        {"http://news.example/feed", "", NULL},
        {"no address", "http://news.example/", NULL},
    };
    char url[ADDRESS_MAX], link[ADDRESS_MAX * 2];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int r = address_follow(table[i].base, nw_str_z(table[i].link), url);
        if (r != (table[i].url ? 0 : ADDRESS_NONE) || (r == 0 && strcmp(url, table[i].url) != 0))
            fail_msg("%s from %s: %d %s", table[i].link, table[i].base, r, url);
    }
    memset(link, 'a', sizeof link);
    for (size_t n = ADDRESS_MAX - 64; n < sizeof link; n++) { /* whatever the length, no half of an address */
        int r = address_follow("http://news.example/", nw_str(link, n), url);
        assert_true(r == 0 ? strlen(url) == n + 20 : n + 20 >= ADDRESS_MAX);
    }
    assert_int_equal(address_follow("http://news.example/", nw_str("a\0b", 3), url), ADDRESS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins_and_paths),
        cmocka_unit_test(links_are_followed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
