/* A stage's table as JSON: its name, what it needs and sets, and its configuration keys. */
#include "run/describe.h"

#include <newswire/json.h>

static void add_fields(struct nw_buf *out, const char *name, uint64_t bits)
{
    static const char *const keys[] = {
#define KEY_OF(owner, kind, member, key, type, need, doc) [NW_BIT_record_##member] = (key),
        NW_RECORD_FIELDS(KEY_OF, record)
#undef KEY_OF
    };
    const char *separator = "";

    nw_buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (bits >> i & 1) {
            nw_buf_printf(out, "%s\"%s\"", separator, keys[i]);
            separator = ",";
        }
    }
    nw_buf_char(out, ']');
}

static const char *kind_name(enum nw_conf_kind kind)
{
    switch (kind) {
    case NW_CONF_INT:
        return "int";
    case NW_CONF_NUM:
        return "num";
    case NW_CONF_BOOL:
        return "bool";
    case NW_CONF_STR:
        return "str";
    case NW_CONF_STRS:
        return "strs";
    case NW_CONF_LIST:
        return "list";
    }
    return "str";
}

/* Tables nest as deep as they were written: a list of lists of mappings at most. */
static void add_rows(struct nw_buf *out, const struct nw_conf_row *rows)
{
    nw_buf_char(out, '[');
    for (size_t i = 0; rows && rows[i].key; i++) {
        const struct nw_conf_row *row = &rows[i];
        nw_buf_printf(out, "%s{\"key\":\"%s\",\"kind\":\"%s\",\"least\":%lld,\"most\":%lld", i ? "," : "", row->key,
                      kind_name(row->kind), (long long)row->least, (long long)row->most);
        if (row->preset) {
            nw_buf_printf(out, ",\"preset\":");
            nw_json_text(out, nw_str_z(row->preset));
        }
        nw_buf_printf(out, ",\"unit\":");
        nw_json_text(out, nw_str_z(row->unit));
        nw_buf_printf(out, ",\"doc\":");
        nw_json_text(out, nw_str_z(row->doc));
        if (row->words) {
            nw_buf_printf(out, ",\"words\":[");
            for (size_t w = 0; row->words[w]; w++) {
                nw_buf_printf(out, "%s", w ? "," : "");
                nw_json_text(out, nw_str_z(row->words[w]));
            }
            nw_buf_char(out, ']');
        }
        if (row->rows) {
            nw_buf_printf(out, ",\"rows\":");
            add_rows(out, row->rows);
        }
        nw_buf_char(out, '}');
    }
    nw_buf_char(out, ']');
}

int nw_stage_describe(const struct nw_stage *stage, struct nw_buf *out)
{
    nw_buf_printf(out, "{\"name\":\"%s\",\"version\":\"%s\",\"doc\":", stage->name, stage->version);
    nw_json_text(out, nw_str_z(stage->doc));
    add_fields(out, "needs", stage->needs);
    add_fields(out, "sets", stage->sets);
    nw_buf_printf(out, ",\"ordered\":%s,\"source\":%s,\"config\":", stage->ordered ? "true" : "false",
                  stage->pull ? "true" : "false");
    add_rows(out, stage->conf);
    return nw_buf_char(out, '}');
}
