/* Bounded buffers: growth by doubling up to max, the first error kept. */
#include <newswire/alloc.h>
#include <newswire/buf.h>

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

enum { FIRST_CAPACITY = 256 };

void nw_buf_init(struct nw_buf *buf, size_t max)
{
    *buf = (struct nw_buf){.max = max};
}

void nw_buf_free(struct nw_buf *buf)
{
    if (!buf)
        return;
    nw_free(buf->p);
    nw_buf_init(buf, buf->max);
}

void nw_buf_clear(struct nw_buf *buf)
{
    buf->n = 0;
    buf->error = 0;
}

int nw_buf_reserve(struct nw_buf *buf, size_t n)
{
    size_t want, cap;
    char *p;

    if (buf->error)
        return buf->error;
    if (n > buf->max || buf->n > buf->max - n)
        return buf->error = -EMSGSIZE;
    want = buf->n + n;
    if (want <= buf->cap)
        return 0;
    cap = buf->cap ? buf->cap : FIRST_CAPACITY;
    while (cap < want)
        cap = cap > SIZE_MAX / 2 ? want : cap * 2;
    if (cap > buf->max)
        cap = buf->max;
    p = nw_realloc(buf->p, cap);
    if (!p)
        return buf->error = -ENOMEM;
    buf->p = p;
    buf->cap = cap;
    return 0;
}

int nw_buf_add(struct nw_buf *buf, const void *p, size_t n)
{
    if (nw_buf_reserve(buf, n) < 0)
        return buf->error;
    if (n) {
        memcpy(buf->p + buf->n, p, n);
        buf->n += n;
    }
    return 0;
}

int nw_buf_str(struct nw_buf *buf, struct nw_str s)
{
    return nw_buf_add(buf, s.p, s.n);
}

int nw_buf_char(struct nw_buf *buf, char c)
{
    return nw_buf_add(buf, &c, 1);
}

int nw_buf_printf(struct nw_buf *buf, const char *format, ...)
{
    va_list list;
    int n;

    va_start(list, format);
    n = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (n < 0)
        return buf->error = -EINVAL;
    /* vsnprintf writes a NUL behind the text; it may stand where max ends, so it gets room but is not counted. */
    if (buf->n + (size_t)n > buf->max)
        return buf->error ? buf->error : (buf->error = -EMSGSIZE);
    char stack[512];
    char *text = (size_t)n < sizeof stack ? stack : nw_malloc((size_t)n + 1);
    if (!text)
        return buf->error = -ENOMEM;
    va_start(list, format);
    vsnprintf(text, (size_t)n + 1, format, list);
    va_end(list);
    nw_buf_add(buf, text, (size_t)n);
    if (text != stack)
        nw_free(text);
    return buf->error;
}

void nw_buf_take(struct nw_buf *buf, size_t n)
{
    if (n < buf->n && n > 0)
        memmove(buf->p, buf->p + n, buf->n - n);
    buf->n -= n;
}
