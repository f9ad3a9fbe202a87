/* JSON values that no field list describes, turned into msgpack. */
#ifndef NW_RECORD_JSON_ANY_H
#define NW_RECORD_JSON_ANY_H

#include <newswire/buf.h>

#include <jansson.h>

/* For sentences: "null", "true", "false", "an integer", "a real number", "a string", "an array", "an object". */
const char *nw_json_name(const json_t *json);

/* Appends the value as msgpack. The tree must nest at most NW_RECORD_DEPTH deep. 0 or out->error. */
int nw_json_to_msgpack(const json_t *json, struct nw_buf *out);

#endif
