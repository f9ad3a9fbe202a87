/* An HTTP response as archives hold it: header fields, and the body without its transfer and content encodings. */
#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include <newswire/buf.h>

struct http {
    int status;         /* 200, … */
    struct nw_str type; /* Content-Type; n 0 where there is none */
    struct nw_str body; /* a view of the message, or of the buffer given */
};

/* What http_read returns, beside a negative fault. */
enum http_read {
    HTTP_READ = 0,
    HTTP_BAD,     /* no response: `why` says what was expected */
    HTTP_LARGE,   /* the decoded body is past work's maximum */
    HTTP_ENCODED, /* a content encoding that is not known, or one that is broken: `why` says which */
};

/* Reads a response. The body is decoded into `work` when it is encoded: chunked, gzip, deflate. A body that its fields
 * call encoded and that is not is taken as it is: many archives decode bodies and leave the fields. */
int http_read(struct nw_str message, struct nw_buf *work, struct http *http, char why[128]);

/* The value of the first field called `name` in a block of "Name: value" lines, trimmed; n 0 if there is none. Ends at
 * the first empty line. Folded lines give their first line. */
struct nw_str http_field(struct nw_str block, struct nw_str name);

/* Offset behind the empty line that ends a block of fields, at or behind `from`; SIZE_MAX if there is none. */
size_t http_block_end(struct nw_str s, size_t from);

/* Whether media type `type` can be an article's: no picture, sound, film, font, program, style sheet. */
bool http_readable(struct nw_str type);

#endif
