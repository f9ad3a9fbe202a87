/* The schema that is shipped, include/newswire/ninjs-extension.schema.json, against the field lists: for every type
 * below our four properties the same keys, the same kinds, the same required ones; described; and closed or open as
 * promised. */
#include "record/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <jansson.h>

#define OURS (NW_F(source) | NW_F(annotations) | NW_F(story) | NW_F(pipeline))

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static bool array_has(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
            return true;
    }
    return false;
}

/* "#/$defs/NAME" */
static bool refers_to(const json_t *object, const char *name)
{
    const char *ref = text_at(object, "$ref");

    return strncmp(ref, "#/$defs/", 8) == 0 && strcmp(ref + 8, name) == 0;
}

static void check_kind(const struct nw_field *field, const json_t *property)
{
    static const char *const types[NW_KIND_COUNT] = {
        [NW_KIND_STR] = "string",  [NW_KIND_INT] = "integer", [NW_KIND_NUM] = "number",  [NW_KIND_BOOL] = "boolean",
        [NW_KIND_TIME] = "string", [NW_KIND_POS] = "integer", [NW_KIND_SPANS] = "array", [NW_KIND_LIST] = "array",
        [NW_KIND_ANY] = "object",  [NW_KIND_OBJ] = "",
    };
    const json_t *items = json_object_get(property, "items");

    assert_non_null(types[field->kind]); /* BIN and POINT have no place below our four */
    assert_string_equal(text_at(property, "type"), types[field->kind]);
    assert_true(strlen(text_at(property, "description")) > 3);
    if (field->kind == NW_KIND_TIME)
        assert_string_equal(text_at(property, "format"), "date-time");
    if (field->kind == NW_KIND_POS)
        assert_int_equal(json_integer_value(json_object_get(property, "minimum")), 0);
    if (field->kind == NW_KIND_SPANS)
        assert_true(refers_to(items, "span"));
    if (field->kind == NW_KIND_LIST)
        assert_true(refers_to(items, nw_types[field->type].name));
    if (field->kind == NW_KIND_OBJ)
        assert_true(refers_to(property, nw_types[field->type].name));
}

static void check_type(const struct nw_type *type, const json_t *defs, bool open)
{
    const json_t *def = json_object_get(defs, type->name);
    const json_t *properties = json_object_get(def, "properties"), *required = json_object_get(def, "required");
    size_t need = 0;

    assert_string_equal(text_at(def, "type"), "object");
    assert_true(strlen(text_at(def, "description")) > 3);
    assert_int_equal(json_object_size(properties), type->count);
    for (size_t i = 0; i < type->count; i++) {
        const struct nw_field *field = &type->fields[i];
        const json_t *property = json_object_get(properties, field->key);
        if (!property)
            fail_msg("the schema lacks %s.%s", type->name, field->key);
        check_kind(field, property);
        assert_int_equal(array_has(required, field->key), field->need);
        need += field->need;
    }
    assert_int_equal(json_array_size(required), need);
    assert_int_equal(json_is_false(json_object_get(def, "additionalProperties")), !open);
}

static void test_schema(void **state)
{
    const struct nw_type *const record = &nw_types[NW_TYPE_record];
    json_error_t fault;
    json_t *schema =
        json_load_file(NW_SOURCE_DIR "/include/newswire/ninjs-extension.schema.json", JSON_REJECT_DUPLICATES, &fault);
    bool wanted[NW_TYPE_COUNT] = {false}, open[NW_TYPE_COUNT] = {false};
    size_t count = 0;

    (void)state;
    if (!schema)
        fail_msg("line %d: %s", fault.line, fault.text);
    const json_t *defs = json_object_get(schema, "$defs"), *properties = json_object_get(schema, "properties");
    assert_string_equal(text_at(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    assert_string_equal(text_at(json_array_get(json_object_get(schema, "allOf"), 0), "$ref"),
                        "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#/$defs/ninjsType");
    assert_true(json_is_false(json_object_get(schema, "unevaluatedProperties")));
    assert_int_equal(json_object_size(properties), 4);
    for (size_t i = 0; i < record->count; i++) {
        const struct nw_field *field = &record->fields[i];
        if (!(field->bit & OURS))
            continue;
        assert_true(refers_to(json_object_get(properties, field->key), nw_types[field->type].name));
        wanted[field->type] = true;
        open[field->type] = field->bit == NW_F(annotations);
    }
    /* A type stands behind those it holds, so one walk from the end reaches all below. */
    for (size_t i = NW_TYPE_COUNT; i-- > 0;) {
        if (!wanted[i])
            continue;
        for (size_t j = 0; j < nw_types[i].count; j++) {
            const struct nw_field *field = &nw_types[i].fields[j];
            if (field->type != NW_TYPE__) {
                wanted[field->type] = true;
                open[field->type] |= open[i];
            }
        }
        check_type(&nw_types[i], defs, open[i]);
        count++;
    }
    assert_int_equal(json_object_size(defs), count + 1); /* and span */
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_schema)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
