/* robots.txt: tables of files, paths and answers, the examples of RFC 9309 among them. */
#include "robots.h"

#include <newswire/alloc.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct question {
    const char *file, *agent, *path;
    bool allowed;
};

static void ask(const struct question *questions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct question *q = &questions[i];
        struct robots robots;
        bool allowed;

        robots_init(&robots);
        assert_int_equal(robots_read(&robots, nw_str_z(q->file), q->agent), 0);
        assert_int_equal(robots_allow(&robots, nw_str_z(q->path), &allowed), 0);
        if (allowed != q->allowed)
            fail_msg("%s for \"%s\" is %s by:\n%s", q->path, q->agent, allowed ? "allowed" : "forbidden", q->file);
        robots_free(&robots);
    }
}

/* RFC 9309, 5.1. */
static const char simple[] = "User-Agent: *\n"
                             "Disallow: *.gif$\n"
                             "Disallow: /example/\n"
                             "Allow: /publications/\n"
                             "\n"
                             "User-Agent: foobot\n"
                             "Disallow:/\n"
                             "Allow:/example/page.html\n"
                             "Allow:/example/allowed.gif\n"
                             "\n"
                             "User-Agent: barbot\n"
                             "User-Agent: bazbot\n"
                             "Disallow: /example/page.html\n"
                             "\n"
                             "User-Agent: quxbot\n";

/* 5.2 */
static const char longest[] = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";

static void examples_of_the_standard(void **state)
{
    static const struct question questions[] = {
        {simple, "anybot", "/example/a", false},
        {simple, "anybot", "/publications/a", true},
        {simple, "anybot", "/pictures/a.gif", false},
        {simple, "anybot", "/pictures/a.gif?size=1", true},
        {simple, "foobot", "/", false},
        {simple, "foobot", "/example/page.html", true},
        {simple, "foobot", "/example/allowed.gif", true},
        {simple, "foobot", "/publications/a", false},
        {simple, "barbot", "/example/page.html", false},
        {simple, "barbot", "/example/", true},
        {simple, "bazbot", "/example/page.html", false},
        {simple, "quxbot", "/example/", true},
        {longest, "foobot", "/example/page/a", true},
        {longest, "foobot", "/example/page/disallowed.gif", false},
        {longest, "foobot", "/other", true},
        /* 2.2.1: groups of one agent are one group */
        {"user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n",
         "examplebot", "/baz/1", false},
        {"user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n",
         "examplebot", "/bar/1", false},
        {"user-agent: ExampleBot\ndisallow: /foo\nuser-agent: *\ndisallow: /\n", "examplebot", "/bar", true},
        /* 2.2.2: escapes */
        {"user-agent: *\ndisallow: /foo/bar?baz=quz", "a", "/foo/bar?baz=quz", false},
        {"user-agent: *\ndisallow: /foo/bar?baz=https://foo.bar", "a", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
        {"user-agent: *\ndisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "a", "/foo/bar?baz=https://foo.bar", false},
        {"user-agent: *\ndisallow: /foo/bar/\xE3\x83\x84", "a", "/foo/bar/%E3%83%84", false},
        {"user-agent: *\ndisallow: /foo/bar/%E3%83%84", "a", "/foo/bar/\xE3\x83\x84", false},
        {"user-agent: *\ndisallow: /foo/bar/%e3%83%84", "a", "/foo/bar/%E3%83%84", false},
        {"user-agent: *\ndisallow: /foo/bar/%62%61%7A", "a", "/foo/bar/baz", false},
        {"user-agent: *\ndisallow: /a%2Fb", "a", "/a/b", true},
        /* 2.2.3: '#', '$', '*', and how they are meant by themselves */
        {"user-agent: * # all\nallow: / # comment\ndisallow: /x# /y", "a", "/x", false},
        {"user-agent: *\nallow: /this/path/exactly$\ndisallow: /", "a", "/this/path/exactly", true},
        {"user-agent: *\nallow: /this/path/exactly$\ndisallow: /", "a", "/this/path/exactly/not", false},
        {"user-agent: *\nallow: /this/*/exactly\ndisallow: /", "a", "/this/or/that/exactly", true},
        {"user-agent: *\ndisallow: /path/file-with-a-%2A.html", "a", "/path/file-with-a-*.html", false},
        {"user-agent: *\ndisallow: /path/file-with-a-%2A.html", "a", "/path/file-with-a-b.html", true},
        {"user-agent: *\ndisallow: /path/foo-%24", "a", "/path/foo-$", false},
        {"user-agent: *\ndisallow: /path/foo-%24", "a", "/path/foo-", true},
        /* 2.2.4: other lines end no group */
        {"user-agent: a\nsitemap: https://example.com/s\nuser-agent: b\ndisallow: /", "a", "/", false},
    };

    (void)state;
    ask(questions, sizeof questions / sizeof *questions);
}

static void what_sites_write(void **state)
{
    static const struct question questions[] = {
        {"", "a", "/", true},
        {"<html><body>Not found</body></html>", "a", "/", true},
        {"Disallow: /\n", "a", "/", true}, /* of no group */
        {"user-agent: *\ndisallow:\n", "a", "/x", true},
        {"user-agent: *\ndisallow: /\n", "a", "/robots.txt", true},
        {"user-agent: *\rdisallow: /x\rdisallow: /y", "a", "/y", false},
        {"user-agent: *\r\ndisallow: /x\r\n", "a", "/x", false},
        {"\xef\xbb\xbfuser-agent: *\ndisallow: /x\n", "a", "/x", false},
        {"USER-AGENT : *\nDISALLOW : /x\n", "a", "/x", false},
        {"user-agent: newswired/2.1 (x)\ndisallow: /x\n", "newswired", "/x", false},
        {"user-agent: newswired-extra\ndisallow: /\nuser-agent: *\ndisallow: /x\n", "newswired", "/y", true},
        {"user-agent: newswired-extra\ndisallow: /\nuser-agent: *\ndisallow: /x\n", "newswired", "/x", false},
        {"user-agent: **\ndisallow: /x\n", "a", "/x", false},
        {"user-agent: *bot\ndisallow: /x\n", "a", "/x", true},
        {"user-agent: a\nuser-agent: *\ndisallow: /x\n", "b", "/x", false},
        {"user-agent: *\ncrawl-delay: 1\nuser-agent: a\ndisallow: /x\n", "b", "/x", false},
        {"user-agent: *\nallow: /p\ndisallow: /p\n", "a", "/p", true}, /* one length: allow */
        {"user-agent: *\ndisallow: /p\nallow: /p\n", "a", "/p", true},
        {"user-agent: *\nallow: /\ndisallow: /*.pdf$\n", "a", "/a.pdf", false},
        {"user-agent: *\ndisallow: *b*b$\n", "a", "/ab", true},
        {"user-agent: *\ndisallow: *b*b$\n", "a", "/abxb", false},
        {"user-agent: *\ndisallow: *ab*ba$\n", "a", "/aba", true}, /* two pieces may not share a byte */
        {"user-agent: *\ndisallow: /*$\n", "a", "/", false},
        {"user-agent: *\ndisallow: /a**b\n", "a", "/ab", false},
        {"user-agent: *\ndisallow: /$x\n", "a", "/$x", false},
        {"user-agent: *\ndisallow: x\n", "a", "/x", true}, /* a pattern that no path begins with */
        {"user-agent: *\ndisallow: /%zz\n", "a", "/%zz", false},
        {"user-agent: *\ndisallow: /a\nfoo\n:\n\n#\ndisallow: /b", "a", "/b", false},
        {"user-agent: *\ndisallow: /x", "", "/x", false},
    };

    (void)state;
    ask(questions, sizeof questions / sizeof *questions);
}

static int64_t delay(const char *file)
{
    struct robots robots;
    int64_t ms;

    robots_init(&robots);
    assert_int_equal(robots_read(&robots, nw_str_z(file), "a"), 0);
    ms = robots.delay_ms;
    robots_free(&robots);
    return ms;
}

static void delays(void **state)
{
    (void)state;
    assert_int_equal(delay("user-agent: a\ncrawl-delay: 2.5\n"), 2500);
    assert_int_equal(delay("user-agent: b\ncrawl-delay: 2\n"), -1);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 2\n"), 2000);
    assert_int_equal(delay("user-agent: a\ncrawl-delay: soon\n"), -1);
    assert_int_equal(delay("user-agent: a\ncrawl-delay: -1\n"), -1);
    assert_int_equal(delay("user-agent: a\ncrawl-delay: nan\n"), -1);
    assert_int_equal(delay("user-agent: a\ncrawl-delay: 1e99\n"), 86400000);
}

static void agents(void **state)
{
    static const char *const table[][2] = {{"newswired/0.1 (feed reader)", "newswired"},
                                           {"My-Bot_x (+https://example.com)", "My-Bot_x"},
                                           {"9", ""},
                                           {"", ""}};
    char agent[ROBOTS_AGENT];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        robots_agent(table[i][0], agent);
        assert_string_equal(agent, table[i][1]);
    }
}

/* What is behind ROBOTS_BYTES counts for nothing, and the file read last counts alone. */
static void bounds(void **state)
{
    static char file[ROBOTS_BYTES + 64];
    const struct nw_str head = NW_STR("user-agent: *\ndisallow: /a\n"), tail = NW_STR("\ndisallow: /b\n");
    struct robots robots;
    bool allowed;

    (void)state;
    memset(file, '#', sizeof file);
    memcpy(file, head.p, head.n);
    memcpy(file + ROBOTS_BYTES, tail.p, tail.n);
    robots_init(&robots);
    assert_int_equal(robots_read(&robots, nw_str(file, sizeof file), "a"), 0);
    assert_int_equal(robots_allow(&robots, NW_S("/a"), &allowed), 0);
    assert_false(allowed);
    assert_int_equal(robots_allow(&robots, NW_S("/b"), &allowed), 0);
    assert_true(allowed);
    assert_int_equal(robots_read(&robots, NW_S(""), "a"), 0);
    assert_int_equal(robots_allow(&robots, NW_S("/a"), &allowed), 0);
    assert_true(allowed);
    robots_free(&robots);
}

static void no_memory_is_told(void **state)
{
    struct robots robots;
    bool allowed;

    (void)state;
    robots_init(&robots);
    nw_alloc_fail_after(0);
    assert_true(robots_read(&robots, NW_S("user-agent: *\ndisallow: /x\n"), "a") < 0);
    assert_true(robots_allow(&robots, NW_S("/x"), &allowed) < 0);
    nw_alloc_fail_never();
    robots_free(&robots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standard),
        cmocka_unit_test(what_sites_write),
        cmocka_unit_test(delays),
        cmocka_unit_test(agents),
        cmocka_unit_test(bounds),
        cmocka_unit_test(no_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
