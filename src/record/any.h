/* Values that no field list describes: ANY members and unknown keys, kept as msgpack bytes. */
#ifndef NW_RECORD_ANY_H
#define NW_RECORD_ANY_H

#include <newswire/buf.h>
#include <newswire/str.h>

/* What keeps `value` from being exactly one msgpack value within the bounds, whose map keys are text and all of whose
 * text is UTF-8, in a place that `depth` containers are open around; NULL when nothing does. */
const char *nw_any_fault(struct nw_str value, size_t depth);

/* Whether it can be written: no such fault but for UTF-8, and not nil. */
bool nw_any_stands(struct nw_str value);

/* Appends a value that stands as JSON: bytes and ext in base64, a float that is not finite as null. */
void nw_any_to_json(struct nw_str value, struct nw_buf *out);

#endif
