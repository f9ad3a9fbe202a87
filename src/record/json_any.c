/* JSON trees to msgpack without recursion: see json_any.h. */
#include "record/json_any.h"
#include "record/pack.h"

#include <newswire/record.h>

#include <errno.h>

const char *nw_json_name(const json_t *json)
{
    if (!json)
        return "nothing";
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a real number";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        break;
    }
    return "null";
}

/* A container whose values are being written. */
struct level {
    json_t *container;
    void *pair;   /* of an object: the next */
    size_t index; /* of an array: the next */
};

/* Takes the next value of a container, having written its key; NULL at the end. */
static const json_t *next_value(struct level *level, struct nw_buf *out)
{
    const json_t *value;

    if (json_is_array(level->container))
        return json_array_get(level->container, level->index++);
    if (!level->pair)
        return NULL;
    nw_pack_str(out, nw_str(json_object_iter_key(level->pair), json_object_iter_key_len(level->pair)));
    value = json_object_iter_value(level->pair);
    level->pair = json_object_iter_next(level->container, level->pair);
    return value;
}

/* Writes a value, of a container only the header. */
static void put_value(const json_t *json, struct nw_buf *out)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        nw_pack_map(out, json_object_size(json));
        break;
    case JSON_ARRAY:
        nw_pack_array(out, json_array_size(json));
        break;
    case JSON_STRING:
        nw_pack_str(out, nw_str(json_string_value(json), json_string_length(json)));
        break;
    case JSON_INTEGER:
        nw_pack_int(out, json_integer_value(json));
        break;
    case JSON_REAL:
        nw_pack_num(out, json_real_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        nw_pack_bool(out, json_is_true(json));
        break;
    case JSON_NULL:
        nw_pack_nil(out);
        break;
    }
}

int nw_json_to_msgpack(const json_t *json, struct nw_buf *out)
{
    struct level levels[NW_RECORD_DEPTH];
    size_t open = 0;

    while (json && !out->error) {
        put_value(json, out);
        if (json_is_array(json) || json_is_object(json)) {
            if (open == NW_RECORD_DEPTH)
                return out->error = -EMSGSIZE;
            json_t *container = (json_t *)(uintptr_t)json; /* jansson's iterators take no const; it is not changed */
            levels[open++] = (struct level){.container = container, .pair = json_object_iter(container)};
        }
        json = NULL;
        while (open && !(json = next_value(&levels[open - 1], out)))
            open--;
    }
    return out->error;
}
