/*
 * WARC response records (ISO 28500): the page inside is read as what it is. fetch splits archives and undoes transfer
 * encodings; this reader is for records that come alone.
 *
 * Quirks: lengths that are wrong (what is there is read); payloads that are no text are passed over; compressed or
 * chunked payloads are refused with a sentence.
 */
#include "chars.h"
#include "format.h"

#include <newswire/error.h>

#include <errno.h>

static struct nw_str header(struct nw_str head, const char *name)
{
    struct nw_str key = nw_str_z(name), line;
    while (nw_str_line(&head, &line))
        if (line.n > key.n && line.p[key.n] == ':' && nw_str_starts_nocase(line, key))
            return nw_str_trim(nw_str_from(line, key.n + 1));
    return nw_str(NULL, 0);
}

/* Takes the lines up to an empty one off *s. */
static struct nw_str take_head(struct nw_str *s)
{
    struct nw_str start = *s, line;
    while (nw_str_line(s, &line))
        if (nw_str_trim(line).n == 0)
            break;
    return nw_str(start.p, start.n - s->n);
}

int warc_format(const struct input *input)
{
    struct nw_str rest = nw_str_trim(input->bytes);
    size_t emitted = 0, responses = 0;
    int refused = NW_REJECTED;
    const char *why = "no response record";
    while (nw_str_starts(rest, NW_S("WARC/")) && emitted < NW_EMIT_MAX) {
        struct nw_str head = take_head(&rest);
        size_t next = nw_str_find(rest, NW_S("\nWARC/1.")), end = next == SIZE_MAX ? rest.n : next;
        long length = number_of(header(head, "Content-Length"));
        if (length > 0 && (size_t)length < end &&
            nw_str_starts(nw_str_trim(nw_str_from(rest, (size_t)length)), NW_S("WARC/")))
            end = (size_t)length;
        struct nw_str block = nw_str(rest.p, end);
        rest = nw_str_trim(nw_str_from(rest, end));
        if (!nw_str_eq_nocase(header(head, "WARC-Type"), NW_S("response")))
            continue;
        responses++;
        struct nw_str http = nw_str_starts(block, NW_S("HTTP/")) ? take_head(&block) : nw_str(NULL, 0),
                      type = header(http, "Content-Type");
        if (header(http, "Content-Encoding").n > 0 || header(http, "Transfer-Encoding").n > 0) {
            why = "a payload in a transfer encoding";
            continue;
        }
        if (type.n > 0 && find_nocase(type, NW_S("html")) == SIZE_MAX && find_nocase(type, NW_S("xml")) == SIZE_MAX &&
            find_nocase(type, NW_S("json")) == SIZE_MAX && find_nocase(type, NW_S("text")) == SIZE_MAX) {
            why = "a payload that is no text";
            continue;
        }
        struct input inner = *input;
        inner.bytes = block;
        inner.declared = type;
        inner.depth++;
        struct nw_str url =
            trim_set(decode(input->arena, header(head, "WARC-Target-URI"), nw_str(NULL, 0), false).text, "<>");
        struct nw_record *raw = nw_record_new(input->arena);
        if (!raw)
            return nw_fault(-ENOMEM);
        *raw->source = *input->raw->source;
        raw->extra = input->raw->extra;
        if (url.n > 0)
            NW_SET(source, raw->source, url, url);
        inner.raw = raw;
        int verdict = format_read(&inner);
        if (verdict < 0)
            return verdict;
        emitted += verdict == NW_OK;
        refused = verdict == NW_OK ? refused : verdict;
        why = NULL;
    }
    if (emitted > 0)
        return NW_OK;
    return responses > 0 && !why ? refused
                                 : nw_reject(input->context, "read as warc, expected a response with a page, found %s",
                                             why ? why : "none");
}
