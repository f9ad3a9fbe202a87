/*
 * HTTP/1 responses (RFC 9112) out of archives: what a crawler wrote down, so every length in it may be wrong, and
 * nothing is believed that the bytes do not show. Bounded by the message and by work's maximum.
 */
#include "http.h"
#include "find.h"

#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#define ZLIB_CONST
#include <zlib.h>

size_t http_block_end(struct nw_str s, size_t from)
{
    for (size_t at = from;; at++) {
        at = find_byte(s, at, '\n');
        if (at == SIZE_MAX)
            return SIZE_MAX;
        if (at + 1 < s.n && s.p[at + 1] == '\n')
            return at + 2;
        if (at + 2 < s.n && s.p[at + 1] == '\r' && s.p[at + 2] == '\n')
            return at + 3;
    }
}

struct nw_str http_field(struct nw_str block, struct nw_str name)
{
    struct nw_str line;

    while (nw_str_line(&block, &line) && line.n) {
        if (line.n > name.n && line.p[name.n] == ':' && nw_str_eq_nocase(nw_str(line.p, name.n), name))
            return nw_str_trim(nw_str_from(line, name.n + 1));
    }
    return nw_str("", 0);
}

static const struct nw_str unreadable[] = {
    NW_STR("image/"),           NW_STR("audio/"),
    NW_STR("video/"),           NW_STR("font/"),
    NW_STR("text/css"),         NW_STR("text/javascript"),
    NW_STR("text/dns"),         NW_STR("application/javascript"),
    NW_STR("application/pdf"),  NW_STR("application/x-javascript"),
    NW_STR("application/zip"),  NW_STR("application/font"),
    NW_STR("application/ogg"),  NW_STR("application/vnd.ms-fontobject"),
    NW_STR("application/wasm"),
};

bool http_readable(struct nw_str type)
{
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        if (nw_str_starts_nocase(type, unreadable[i]))
            return false;
    }
    return true;
}

/* The hexadecimal number that s begins with; false when there is none or it is past 2^48. */
static bool hex(struct nw_str s, size_t *value, size_t *digits)
{
    *value = 0;
    for (*digits = 0; *digits < s.n && *digits < 12; ++*digits) {
        char c = s.p[*digits];
        if (c >= '0' && c <= '9')
            *value = *value << 4 | (size_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            *value = *value << 4 | (size_t)((c | 32) - 'a' + 10);
        else
            break;
    }
    return *digits > 0;
}

/* Appends what the chunks hold; false when these are no chunks. Chunks that end early give what there is. */
static bool unchunk(struct nw_str s, struct nw_buf *out)
{
    for (bool first = true;; first = false) {
        size_t size, digits, end = find_byte(s, 0, '\n');

        if (!hex(s, &size, &digits) || end == SIZE_MAX ||
            (s.p[digits] != '\r' && s.p[digits] != '\n' && s.p[digits] != ';' && s.p[digits] != ' '))
            return !first;
        s = nw_str_from(s, end + 1);
        if (size == 0)
            return true;
        nw_buf_add(out, s.p, size < s.n ? size : s.n);
        if (size >= s.n)
            return size == s.n || !first;
        s = nw_str_from(s, size);
        s = nw_str_from(s, s.n >= 2 && s.p[0] == '\r' ? 2 : 1);
    }
}

/* Appends what gzip, zlib or bare deflate data holds. 0, HTTP_ENCODED when it is broken, HTTP_LARGE, or -ENOMEM. */
static int inflate_all(struct nw_str s, int bits, struct nw_buf *out)
{
    z_stream z = {.next_in = (const Bytef *)s.p, .avail_in = (uInt)s.n};
    int result = HTTP_ENCODED, end = Z_OK;

    if (inflateInit2(&z, bits) != Z_OK)
        return nw_fault(-ENOMEM);
    while (end == Z_OK) {
        size_t room = out->max - out->n < 65536 ? out->max - out->n : 65536;

        if (room == 0) {
            result = HTTP_LARGE;
            goto out;
        }
        if (nw_buf_reserve(out, room)) {
            result = nw_fault(-ENOMEM);
            goto out;
        }
        z.next_out = (Bytef *)out->p + out->n;
        z.avail_out = (uInt)room;
        end = inflate(&z, Z_NO_FLUSH);
        out->n += room - z.avail_out;
        if (end == Z_BUF_ERROR && z.avail_out == 0)
            end = Z_OK;
    }
    result = end == Z_STREAM_END ? 0 : HTTP_ENCODED;
out:
    inflateEnd(&z);
    return result;
}

/* Undoes one content encoding of http->body into `out`. */
static int decode(struct nw_str name, struct nw_buf *out, struct http *http, char why[128])
{
    const unsigned char *p = (const unsigned char *)http->body.p;
    bool gzip = nw_str_eq_nocase(name, NW_S("gzip")) || nw_str_eq_nocase(name, NW_S("x-gzip"));
    bool zlib = nw_str_eq_nocase(name, NW_S("deflate"));
    int result;

    if (name.n == 0 || nw_str_eq_nocase(name, NW_S("identity")))
        return HTTP_READ;
    if (!gzip && !zlib) {
        char text[EXCERPT];
        /* Text that says it is encoded, and is not, begins with a bracket or a brace. */
        if (http->body.n && (p[0] == '<' || p[0] == '{'))
            return HTTP_READ;
        snprintf(why, 128, "its content encoding %s is not known", excerpt(name, text));
        return HTTP_ENCODED;
    }
    if (gzip && !(http->body.n > 2 && p[0] == 0x1f && p[1] == 0x8b))
        return HTTP_READ;
    if (zlib && http->body.n && p[0] == '<')
        return HTTP_READ;
    /* RFC 9110 means zlib's format by deflate; some servers send the bare one. */
    if (gzip)
        result = inflate_all(http->body, 15 + 16, out);
    else if (http->body.n > 2 && (p[0] & 15) == 8 && (p[0] << 8 | p[1]) % 31 == 0)
        result = inflate_all(http->body, 15, out);
    else
        result = inflate_all(http->body, -15, out);
    if (result == HTTP_ENCODED)
        snprintf(why, 128, "its %s data is broken or cut off", gzip ? "gzip" : "deflate");
    http->body = nw_buf_view(out);
    return result;
}

int http_read(struct nw_str message, struct nw_buf *work, struct http *http, char why[128])
{
    size_t head = http_block_end(message, 0);
    struct nw_str block = nw_str(message.p, head == SIZE_MAX ? message.n : head), line = nw_str("", 0);
    struct nw_buf plain;
    int result;

    *http = (struct http){.body = nw_str_from(message, block.n)};
    nw_buf_clear(work);
    nw_str_line(&block, &line);
    if (!nw_str_starts(line, NW_S("HTTP/")) || find_byte(line, 0, ' ') == SIZE_MAX) {
        char text[EXCERPT];
        snprintf(why, 128, "expected an HTTP response, found %s", excerpt(line, text));
        return HTTP_BAD;
    }
    line = nw_str_trim(nw_str_from(line, find_byte(line, 0, ' ')));
    for (size_t i = 0; i < line.n && i < 3 && line.p[i] >= '0' && line.p[i] <= '9'; i++)
        http->status = http->status * 10 + (line.p[i] - '0');
    http->type = http_field(block, NW_S("Content-Type"));
    if (!nw_str_eq_nocase(http_field(block, NW_S("Transfer-Encoding")), NW_S("chunked")))
        return decode(http_field(block, NW_S("Content-Encoding")), work, http, why);

    nw_buf_init(&plain, work->max);
    if (unchunk(http->body, &plain))
        http->body = nw_buf_view(&plain);
    result = plain.error == -ENOMEM ? nw_fault(-ENOMEM)
                                    : decode(http_field(block, NW_S("Content-Encoding")), work, http, why);
    if (result == HTTP_READ && http->body.p == plain.p && plain.p) {
        /* Not encoded otherwise: what was put together is what is wanted. */
        struct nw_buf empty = *work;
        *work = plain;
        plain = empty;
        http->body = nw_buf_view(work);
    }
    nw_buf_free(&plain);
    return result;
}
