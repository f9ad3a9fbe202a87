/*
 * Writes JSON scalars into a bounded buffer. Whatever comes in, what goes out is valid UTF-8 JSON in one line. Errors
 * are the buffer's: look at out->error at the end.
 */
#ifndef NW_RECORD_JSON_PUT_H
#define NW_RECORD_JSON_PUT_H

#include <newswire/buf.h>

#include <stdint.h>

/* A string in quotes. Control characters are escaped; U+0000, which C strings and several databases can't hold, and
 * each byte that is no UTF-8 become U+FFFD. */
void nw_json_put_text(struct nw_buf *out, struct nw_str text);

/* Bytes as a string in base64 (RFC 4648, section 4, padded). */
void nw_json_put_base64(struct nw_buf *out, struct nw_str bytes);

void nw_json_put_uint(struct nw_buf *out, uint64_t value);
void nw_json_put_int(struct nw_buf *out, int64_t value);

/* A finite number in the fewest digits that read back as the same; a whole one as an integer: 100000, not 1e5. */
void nw_json_put_num(struct nw_buf *out, double value);

/* As nw_json_put_num, but a whole number stays a float (2.0), and one that is not finite is null. */
void nw_json_put_float(struct nw_buf *out, double value);

/* RFC 3339 in UTC, in quotes. */
void nw_json_put_time(struct nw_buf *out, int64_t ms);

#endif
