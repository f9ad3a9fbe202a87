/* What the field lists say, for people (Markdown) and for HELLO (a hash): nw_record_describe, nw_record_schema. */
#include "record/fields.h"

#include <newswire/hash.h>

enum { MAJOR_AT = 56 }; /* the bit of a schema at which its major version begins */

static void describe_kinds(struct nw_buf *out)
{
    nw_buf_printf(out, "| kind | in msgpack | in JSON |\n|---|---|---|\n");
    for (size_t i = 0; i < NW_KIND_COUNT; i++)
        nw_buf_printf(out, "| %s | %s | %s |\n", nw_kind_name[i], nw_kind_msgpack[i], nw_kind_json[i]);
}

static void describe_type(struct nw_buf *out, const struct nw_type *type)
{
    nw_buf_printf(out, "\n## %s\n\n| key | kind | required | meaning |\n|---|---|---|---|\n", type->name);
    for (size_t i = 0; i < type->count; i++) {
        const struct nw_field *field = &type->fields[i];
        const char *of = field->type < NW_TYPE_COUNT ? nw_types[field->type].name : "";
        nw_buf_printf(out, "| `%s` | %s%s%s | %s | %s |\n", field->key, nw_kind_name[field->kind],
                      *of ? (field->kind == NW_KIND_LIST ? " of " : " ") : "", of, field->need ? "yes" : "",
                      field->doc);
    }
}

int nw_record_describe(struct nw_buf *out)
{
    describe_kinds(out);
    for (size_t i = NW_TYPE_COUNT; i-- > 0;) /* the record first, then what it holds */
        describe_type(out, &nw_types[i]);
    return out->error;
}

uint64_t nw_record_schema(void)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < NW_TYPE_COUNT; i++) {
        const struct nw_type *type = &nw_types[i];
        hash = nw_hash64(nw_str_z(type->name), hash);
        for (size_t j = 0; j < type->count; j++) {
            const struct nw_field *field = &type->fields[j];
            hash = nw_hash64(nw_str(field->key, field->key_size), hash);
            hash = nw_hash64(nw_str_z(nw_kind_name[field->kind]), hash);
            hash = nw_hash64(nw_str_z(field->type < NW_TYPE_COUNT ? nw_types[field->type].name : "_"), hash);
            hash = nw_hash64(nw_str_z(field->need ? "NEED" : "MAY"), hash);
        }
    }
    return (uint64_t)NW_SCHEMA_MAJOR << MAJOR_AT | (hash & ((UINT64_C(1) << MAJOR_AT) - 1));
}

unsigned nw_schema_major(uint64_t schema)
{
    return (unsigned)(schema >> MAJOR_AT);
}
