/*
 * Writes msgpack into a bounded buffer: thin wrappers over msgpack-c, so that no other folder includes msgpack.h.
 * Every number takes its shortest form, so the same values give the same bytes. Each function returns 0 or out->error,
 * which the buffer remembers: a run of calls may be checked once, at its end.
 *
 *     nw_pack_array(out, 2);
 *     nw_pack_uint(out, 7);
 *     nw_pack_str(out, NW_S("seven"));
 *     return out->error;
 */
#ifndef NW_RECORD_PACK_H
#define NW_RECORD_PACK_H

#include <newswire/buf.h>

#include <stdint.h>

int nw_pack_nil(struct nw_buf *out);
int nw_pack_bool(struct nw_buf *out, bool value);
int nw_pack_uint(struct nw_buf *out, uint64_t value);
int nw_pack_int(struct nw_buf *out, int64_t value);
int nw_pack_num(struct nw_buf *out, double value);

/* Text, bytes. -EMSGSIZE for more than UINT32_MAX bytes, which msgpack cannot say. str is not checked for UTF-8. */
int nw_pack_str(struct nw_buf *out, struct nw_str value);
int nw_pack_bin(struct nw_buf *out, struct nw_str value);

/* The header of an array of `count` values, of a map of `count` pairs; the caller writes them behind it. */
int nw_pack_array(struct nw_buf *out, size_t count);
int nw_pack_map(struct nw_buf *out, size_t count);

/* Bytes that are msgpack already. */
int nw_pack_raw(struct nw_buf *out, struct nw_str value);

#endif
