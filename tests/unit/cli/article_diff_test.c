/* What is shown of two versions of an article: each difference once, by the names that people know, and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/article_diff.h"

#include <stdio.h>
#include <stdlib.h>

static void expect(const char *old, const char *new, const char *text, const char *json)
{
    struct nw_buf out;

    nw_buf_init(&out, 1 << 20);
    assert_int_equal(article_diff_text(nw_str_z(old), nw_str_z(new), false, &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, text);
    nw_buf_clear(&out);
    assert_int_equal(article_diff_json(nw_str_z(old), nw_str_z(new), &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, json);
    nw_buf_free(&out);
}

static void shows_fields(void **state)
{
    (void)state;
    expect("{\"a\":1,\"b\":{\"c\":[1,2]}}", "{\"b\":{\"c\":[1,2]},\"a\":1}", "", "[]");
    expect("{\"by\":\"A\",\"urgency\":5}", "{\"urgency\":4,\"located\":\"Riga\"}",
           "    by: - \"A\"\n    urgency: 5 → 4\n    located: + \"Riga\"\n",
           "[{\"path\":\"by\",\"old\":\"A\"},{\"path\":\"urgency\",\"old\":5,\"new\":4},"
           "{\"path\":\"located\",\"new\":\"Riga\"}]");
    expect("{\"story\":{\"id\":\"x\",\"seq\":1}}", "{\"story\":{\"id\":\"y\",\"seq\":1}}",
           "    story.id: \"x\" → \"y\"\n", "[{\"path\":\"story.id\",\"old\":\"x\",\"new\":\"y\"}]");
    expect("{\"n\":1}", "{\"n\":1.0}", "    n: 1 → 1.0\n", "[{\"path\":\"n\",\"old\":1,\"new\":1.0}]");
}

static void cuts_texts_to_what_differs(void **state)
{
    (void)state;
    expect("{\"t\":\"The ferry Saaremaa sails again on Monday, its owner said in Riga.\"}",
           "{\"t\":\"The ferry Saaremaa sailed again on Monday, its owner said in Riga.\"}",
           "    t: \"…ry Saaremaa sails again on Monday…\" → \"…ry Saaremaa sailed again on Monday…\"\n",
           "[{\"path\":\"t\",\"old\":\"The ferry Saaremaa sails again on Monday, its owner said in Riga.\",\"new\":"
           "\"The ferry Saaremaa sailed again on Monday, its owner said in Riga.\"}]");
    /* Two letters that begin with the same byte of UTF-8: no half of one is shown. */
    expect("{\"t\":\"pāk\"}", "{\"t\":\"păk\"}", "    t: \"pāk\" → \"păk\"\n",
           "[{\"path\":\"t\",\"old\":\"pāk\",\"new\":\"păk\"}]");
    expect("{\"t\":\"\"}", "{\"t\":\"aa\"}", "    t: \"\" → \"aa\"\n",
           "[{\"path\":\"t\",\"old\":\"\",\"new\":\"aa\"}]");
    expect("{\"t\":\"aa\"}", "{\"t\":\"aaa\"}", "    t: \"aa\" → \"aaa\"\n",
           "[{\"path\":\"t\",\"old\":\"aa\",\"new\":\"aaa\"}]");
    /* Nothing of an article moves a cursor. */
    expect("{\"t\":\"a\"}", "{\"t\":\"\\u001b[2J\"}", "    t: \"a\" → \"?[2J\"\n",
           "[{\"path\":\"t\",\"old\":\"a\",\"new\":\"\\u001B[2J\"}]");
}

static void finds_what_lists_have_in_common(void **state)
{
    (void)state;
    expect("{\"l\":[1,2,3,4]}", "{\"l\":[1,3,4]}", "    l[1]: - 2\n", "[{\"path\":\"l[1]\",\"old\":2}]");
    expect("{\"l\":[1,2]}", "{\"l\":[0,1,2,9]}", "    l[0]: + 0\n    l[3]: + 9\n",
           "[{\"path\":\"l[0]\",\"new\":0},{\"path\":\"l[3]\",\"new\":9}]");
    /* One goes at the front, one comes at the end: the rest has only moved. */
    expect("{\"l\":[{\"n\":1},{\"n\":2},{\"n\":3}]}", "{\"l\":[{\"n\":2},{\"n\":3},{\"n\":4}]}",
           "    l[0]: - {\"n\":1}\n    l[2]: + {\"n\":4}\n",
           "[{\"path\":\"l[0]\",\"old\":{\"n\":1}},{\"path\":\"l[2]\",\"new\":{\"n\":4}}]");
    /* Elements that changed in place are compared field by field. */
    expect("{\"l\":[{\"n\":1,\"c\":0.5},{\"n\":2,\"c\":0.5}]}", "{\"l\":[{\"n\":1,\"c\":0.75},{\"n\":2,\"c\":0.25}]}",
           "    l[0].c: 0.5 → 0.75\n    l[1].c: 0.5 → 0.25\n",
           "[{\"path\":\"l[0].c\",\"old\":0.5,\"new\":0.75},{\"path\":\"l[1].c\",\"old\":0.5,\"new\":0.25}]");
    expect("{\"l\":[1,2]}", "{\"l\":[2,1]}", "    l: [1,2] → [2,1]\n",
           "[{\"path\":\"l\",\"old\":[1,2],\"new\":[2,1]}]");
    expect("{\"l\":[1,1,2]}", "{\"l\":[2,1]}", "    l[1]: - 1\n", "[{\"path\":\"l[1]\",\"old\":1}]");
    expect("{\"l\":[]}", "{\"l\":{}}", "    l: [] → {}\n", "[{\"path\":\"l\",\"old\":[],\"new\":{}}]");
}

/* An article that is another one altogether gives a bounded text, and all of it as JSON. */
static void text_is_bounded(void **state)
{
    struct nw_buf old, new, out;
    struct nw_str rest, line;
    size_t lines = 0;

    (void)state;
    nw_buf_init(&old, 1 << 20);
    nw_buf_init(&new, 1 << 20);
    nw_buf_init(&out, 1 << 20);
    for (int i = 0; i < 100; i++) {
        nw_buf_printf(&old, "%c\"k%d\":%d", i ? ',' : '{', i, i);
        nw_buf_printf(&new, "%c\"k%d\":\"%0300d\"", i ? ',' : '{', i, i);
    }
    nw_buf_char(&old, '}');
    nw_buf_char(&new, '}');
    assert_int_equal(article_diff_text(nw_buf_view(&old), nw_buf_view(&new), true, &out), 0);
    rest = nw_buf_view(&out);
    while (nw_str_line(&rest, &line)) {
        assert_in_range(line.n, 1, 200);
        lines++;
    }
    assert_int_equal(lines, ARTICLE_DIFF_FIELDS + 1);
    assert_true(nw_str_eq(line, NW_S("    … and 80 more")));
    nw_buf_clear(&out);
    assert_int_equal(article_diff_json(nw_buf_view(&old), nw_buf_view(&new), &out), 0);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("\"path\":\"k99\"")) != SIZE_MAX);
    nw_buf_clear(&out);
    assert_int_equal(article_diff_text(nw_buf_view(&old), NW_S("[]"), false, &out), ARTICLE_DIFF_BAD);
    assert_int_equal(article_diff_text(NW_S(""), nw_buf_view(&new), false, &out), ARTICLE_DIFF_BAD);
    nw_buf_free(&old);
    nw_buf_free(&new);
    nw_buf_free(&out);
}

/* Keys come from other people's records, and stand in JSON as paths. */
static void keys_cannot_break_the_form(void **state)
{
    (void)state;
    expect("{\"a\\\"b\\n\":1}", "{}", "    a?b?: - 1\n", "[{\"path\":\"a?b?\",\"old\":1}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_fields),
        cmocka_unit_test(cuts_texts_to_what_differs),
        cmocka_unit_test(finds_what_lists_have_in_common),
        cmocka_unit_test(text_is_bounded),
        cmocka_unit_test(keys_cannot_break_the_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
