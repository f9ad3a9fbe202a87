/* Annotations as lines: each once, with what made it; positions in code points; nothing of the text acts on a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/explain_lines.h"

/* Ā is two bytes and one code point. */
static const char article[] =
    "{\"source\":{\"path\":\"a\\u001b.txt\",\"index\":2},\"headlines\":[{\"role\":\"main\",\"value\":\"Port\"}],"
    "\"bodies\":[{\"role\":\"main\",\"contentType\":\"text/plain\",\"value\":\"\xC4\x80 Riga says \\\"no\\\" to 5 "
    "ships today\"}],"
    "\"subjects\":[{\"name\":\"politics\",\"creator\":\"newswired\",\"confidence\":70},"
    "{\"name\":\"ports\",\"creator\":\"source\"}],"
    "\"annotations\":{\"entities\":[{\"type\":\"LOC\",\"start\":2,\"end\":6,\"name\":\"Riga\",\"uri\":\"u:1\",\"by\":"
    "\"list:own\","
    "\"confidence\":1}],"
    "\"quotes\":[{\"start\":13,\"end\":15,\"speaker\":0,\"cue\":\"says\",\"direct\":true,\"by\":\"rule:cue-before\","
    "\"confidence\":0.9}],"
    "\"times\":[{\"start\":28,\"end\":33,\"value\":\"2026-01-02\",\"type\":\"DATE\",\"by\":\"rule:relative\"}],"
    "\"quantities\":[{\"start\":20,\"end\":27,\"value\":5,\"unit\":\"ships\",\"by\":\"rule:unit\"}],"
    "\"keywords\":[{\"text\":\"ships\",\"score\":0.25}]}}";

static struct nw_record *read_article(struct nw_arena *arena)
{
    struct nw_record *record;
    char why[NW_WHY];

    assert_int_equal(nw_record_from_json(arena, nw_str_z(article), &record, why), 0);
    return record;
}

static void prints_each_with_its_maker(void **state)
{
    struct nw_arena arena = {0};
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 20);
    assert_int_equal(explain_text(read_article(&arena), false, &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(
        out.p, "a?.txt 2  Port\n"
               "     2 entity   Riga                               LOC Riga u:1  [list:own 1.000]\n"
               "    13 quote    no                                 direct Riga by says  [rule:cue-before 0.900]\n"
               "    28 time     today                              DATE 2026-01-02  [rule:relative]\n"
               "    20 quantity 5 ships                            5 ships  [rule:unit]\n"
               "       topic    politics                            [model:topics 0.700]\n"
               "       topic    ports                               [source]\n"
               "       keyword  ships                               [rule:keywords 0.250]\n");
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

static void prints_json(void **state)
{
    struct nw_arena arena = {0};
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 20);
    assert_int_equal(explain_json(read_article(&arena), &out), 0);
    assert_true(nw_str_starts(nw_buf_view(&out),
                              NW_S("{\"kind\":\"entity\",\"path\":\"a\\u001b.txt\",\"index\":2,\"start\":2,\"end\":6,"
                                   "\"text\":\"Riga\",\"type\":\"LOC\","
                                   "\"value\":\"Riga\",\"uri\":\"u:1\",\"by\":\"list:own\",\"score\":1.000}\n"
                                   "{\"kind\":\"quote\",")));
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

/* Offsets that a record of a user's own stage may have wrong are shown as nothing, not read. */
static void reads_nothing_beyond_the_body(void **state)
{
    static struct nw_entity entity = {.start = 3, .end = 900};
    static struct nw_annotations annotations;
    static struct nw_source source;
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 20);
    NW_SET(entity, &entity, type, NW_S("PER"));
    NW_SET(annotations, &annotations, entities, ((struct nw_entity_list){.v = &entity, .n = 1}));
    NW_SET(record, record, annotations, &annotations);
    NW_SET(record, record, source, &source);
    assert_int_equal(nw_record_set_body(&arena, record, NW_S("short")), 0);
    assert_int_equal(explain_json(record, &out), 0);
    assert_true(nw_str_eq(nw_buf_view(&out),
                          NW_S("{\"kind\":\"entity\",\"index\":0,\"start\":3,\"end\":5,\"type\":\"PER\"}\n")));
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_each_with_its_maker),
        cmocka_unit_test(prints_json),
        cmocka_unit_test(reads_nothing_beyond_the_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
