/* Appends to a buffer: as nw_buf_add, with the common case, where there is room, in line. */
#ifndef NW_RECORD_PUT_H
#define NW_RECORD_PUT_H

#include <newswire/buf.h>

static inline void put(struct nw_buf *out, const char *p, size_t n)
{
    if (n > out->cap - out->n || out->error) {
        nw_buf_add(out, p, n);
    } else if (n) {
        memcpy(out->p + out->n, p, n);
        out->n += n;
    }
}

static inline void put_char(struct nw_buf *out, char c)
{
    put(out, &c, 1);
}

#define PUT(out, literal) put((out), "" literal, sizeof(literal) - 1)

#endif
