/*
 * A byte buffer that knows its maximum (after curl's dynbuf). Appending past it fails, keeps what is there, and is
 * remembered in `error`, so a run of appends can be checked once at its end.
 */
#ifndef NEWSWIRE_BUF_H
#define NEWSWIRE_BUF_H

#include <newswire/str.h>

struct nw_buf {
    char *p;
    size_t n, cap;
    size_t max; /* most bytes that n may reach */
    int error;  /* 0, -EMSGSIZE past max, -ENOMEM: the first one that happened */
};

void nw_buf_init(struct nw_buf *buf, size_t max);
void nw_buf_free(struct nw_buf *buf); /* NULL is accepted; the buffer can be used again */

/* Empties it, forgets the error, keeps the memory. */
void nw_buf_clear(struct nw_buf *buf);

/* 0, or buf->error. */
int nw_buf_add(struct nw_buf *buf, const void *p, size_t n);
int nw_buf_str(struct nw_buf *buf, struct nw_str s);
int nw_buf_char(struct nw_buf *buf, char c);
int nw_buf_printf(struct nw_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for n more bytes without changing n; 0, or buf->error. */
int nw_buf_reserve(struct nw_buf *buf, size_t n);

/* Takes the first n bytes out (n <= buf->n), moving the rest to the front. */
void nw_buf_take(struct nw_buf *buf, size_t n);

static inline struct nw_str nw_buf_view(const struct nw_buf *buf)
{
    return nw_str(buf->p, buf->n);
}

#endif
