/* msgpack out: see pack.h. The one file beside the tests that includes msgpack.h. */
#include "record/pack.h"
#include "record/put.h"

#include <errno.h>
#include <msgpack.h>

static int append(void *out, const char *p, size_t n)
{
    put(out, p, n);
    return 0; /* the buffer remembers */
}

static msgpack_packer packer_of(struct nw_buf *out)
{
    msgpack_packer packer;

    msgpack_packer_init(&packer, out, append);
    return packer;
}

/* msgpack's lengths and counts are 32 bits wide; msgpack-c cuts longer ones off without a word. */
static bool fits(struct nw_buf *out, size_t n)
{
    if (n > UINT32_MAX && !out->error)
        out->error = -EMSGSIZE;
    return n <= UINT32_MAX;
}

int nw_pack_nil(struct nw_buf *out)
{
    msgpack_packer packer = packer_of(out);

    msgpack_pack_nil(&packer);
    return out->error;
}

int nw_pack_bool(struct nw_buf *out, bool value)
{
    msgpack_packer packer = packer_of(out);

    if (value)
        msgpack_pack_true(&packer);
    else
        msgpack_pack_false(&packer);
    return out->error;
}

int nw_pack_uint(struct nw_buf *out, uint64_t value)
{
    msgpack_packer packer = packer_of(out);

    msgpack_pack_uint64(&packer, value);
    return out->error;
}

int nw_pack_int(struct nw_buf *out, int64_t value)
{
    msgpack_packer packer = packer_of(out);

    msgpack_pack_int64(&packer, value);
    return out->error;
}

int nw_pack_num(struct nw_buf *out, double value)
{
    msgpack_packer packer = packer_of(out);

    msgpack_pack_double(&packer, value);
    return out->error;
}

int nw_pack_str(struct nw_buf *out, struct nw_str value)
{
    msgpack_packer packer = packer_of(out);

    if (fits(out, value.n)) {
        msgpack_pack_str(&packer, value.n);
        put(out, value.p, value.n);
    }
    return out->error;
}

int nw_pack_bin(struct nw_buf *out, struct nw_str value)
{
    msgpack_packer packer = packer_of(out);

    if (fits(out, value.n)) {
        msgpack_pack_bin(&packer, value.n);
        put(out, value.p, value.n);
    }
    return out->error;
}

int nw_pack_array(struct nw_buf *out, size_t count)
{
    msgpack_packer packer = packer_of(out);

    if (fits(out, count))
        msgpack_pack_array(&packer, count);
    return out->error;
}

int nw_pack_map(struct nw_buf *out, size_t count)
{
    msgpack_packer packer = packer_of(out);

    if (fits(out, count))
        msgpack_pack_map(&packer, count);
    return out->error;
}

int nw_pack_raw(struct nw_buf *out, struct nw_str value)
{
    nw_buf_str(out, value);
    return out->error;
}
