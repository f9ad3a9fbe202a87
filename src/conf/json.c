/* Values as a JSON object: how a stage's section travels to its workers. */
#include "value.h"

#include <newswire/error.h>

#include <errno.h>
#include <jansson.h>

static json_t *object_of(const struct nw_conf *conf, const struct nw_conf_row *rows);

static json_t *text_of(struct nw_str text)
{
    return json_stringn(text.p ? text.p : "", text.n);
}

static json_t *json_of(const struct nw_conf_row *row, const struct conf_value *value)
{
    json_t *list;
    int rc = 0;

    switch (row->kind) {
    case NW_CONF_INT:
        return json_integer(value->integer);
    case NW_CONF_NUM:
        return json_real(value->number);
    case NW_CONF_BOOL:
        return json_boolean(value->truth);
    case NW_CONF_STR:
        return text_of(value->text);
    default:
        break;
    }
    list = json_array();
    for (size_t i = 0; list && rc == 0 && i < value->count; i++)
        rc = json_array_append_new(list, row->kind == NW_CONF_STRS ? text_of(value->texts[i])
                                                                   : object_of(value->confs[i], row->rows));
    if (rc < 0) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* The value of a key of the same kind in conf or, where it has none, in the section around it. */
static const struct conf_value *find(const struct nw_conf *conf, const struct nw_conf_row *wanted)
{
    for (; conf; conf = conf->around) {
        const struct nw_conf_row *row = conf_row_find(conf->rows, wanted->key);
        if (row && row->kind == wanted->kind)
            return &conf->values[row - conf->rows];
    }
    return NULL;
}

static json_t *object_of(const struct nw_conf *conf, const struct nw_conf_row *rows)
{
    json_t *object = json_object();
    int rc = 0;

    for (; object && rc == 0 && rows && rows->key; rows++) {
        const struct conf_value *value = find(conf, rows);
        if (value)
            rc = json_object_set_new_nocheck(object, rows->key, json_of(rows, value));
    }
    if (rc < 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* All keys of conf, and its sections as objects; as deep as the tables. */
static json_t *whole_of(const struct nw_conf *conf)
{
    json_t *object = object_of(conf, conf->rows);
    int rc = 0;

    for (size_t i = 0; object && rc == 0 && conf->sections && conf->sections[i].key; i++)
        rc = json_object_set_new_nocheck(object, conf->sections[i].key, whole_of(conf->below[i]));
    if (rc < 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int append(const char *bytes, size_t n, void *out)
{
    return nw_buf_add(out, bytes, n) < 0 ? -1 : 0;
}

int nw_conf_to_json(const struct nw_conf *conf, const struct nw_conf_row *rows, struct nw_buf *out)
{
    json_t *object = rows ? object_of(conf, rows) : whole_of(conf);
    int rc;

    if (!object)
        return nw_fault(-ENOMEM);
    rc = json_dump_callback(object, append, out, JSON_COMPACT);
    json_decref(object);
    if (rc < 0 && !out->error)
        return nw_fault(-ENOMEM);
    return out->error;
}

bool nw_conf_is_json_object(struct nw_str text)
{
    json_t *value = json_loadb(text.n ? text.p : "", text.n, 0, NULL);
    bool object = json_is_object(value);

    json_decref(value);
    return object;
}
