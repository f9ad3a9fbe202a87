/*
 * WARC response records (ISO 28500): the page inside is read as what it is. fetch splits archives and undoes transfer
 * encodings; this reader is for records that come alone. A metadata record before a response is the feed's entry that
 * led to it (fetch, `follow: page`): the two are one article.
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

/* Takes a block of this length off *s. The length is believed where the next record or nothing follows; else the next
 * record ends the block. */
static struct nw_str take_block(struct nw_str *s, long length)
{
    struct nw_str all = *s, behind = nw_str_trim(nw_str_from(all, length > 0 ? (size_t)length : 0));
    size_t end = length > 0 ? (size_t)length : 0;
    if (length <= 0 || end > all.n || (behind.n > 0 && !nw_str_starts(behind, NW_S("WARC/")))) {
        end = nw_str_find(all, NW_S("\nWARC/1."));
        end = end == SIZE_MAX ? all.n : end;
    }
    *s = nw_str_trim(nw_str_from(all, end));
    return nw_str(all.p, end);
}

/* The page that an HTTP response holds. A verdict; NW_REJECTED with *why set where it was not looked into. */
static int read_response(const struct input *input, struct nw_str url, struct nw_str block, const struct input *entry,
                         const char **why)
{
    struct nw_str http = nw_str_starts(block, NW_S("HTTP/")) ? take_head(&block) : nw_str(NULL, 0),
                  type = header(http, "Content-Type");
    struct input inner = *input;
    struct nw_record *raw = nw_record_new(input->arena);
    *why = NULL;
    if (header(http, "Content-Encoding").n > 0 || header(http, "Transfer-Encoding").n > 0)
        *why = "a payload in a transfer encoding";
    else if (type.n > 0 && find_nocase(type, NW_S("html")) == SIZE_MAX && find_nocase(type, NW_S("xml")) == SIZE_MAX &&
             find_nocase(type, NW_S("json")) == SIZE_MAX && find_nocase(type, NW_S("text")) == SIZE_MAX)
        *why = "a payload that is no text";
    if (*why)
        return NW_REJECTED;
    inner.bytes = block;
    inner.declared = type;
    inner.depth++;
    url = trim_set(decode(input->arena, url, nw_str(NULL, 0), false).text, "<>");
    if (!raw)
        return nw_fault(-ENOMEM);
    *raw->source = *input->raw->source;
    raw->extra = input->raw->extra;
    if (url.n > 0)
        NW_SET(source, raw->source, url, url);
    if (type.n > 0) /* a header has any bytes, a record UTF-8 */
        NW_SET(source, raw->source, declared, decode(input->arena, type, nw_str(NULL, 0), false).text);
    inner.raw = raw;
    return entry->bytes.n > 0 ? linked_read(&inner, entry) : format_read(&inner);
}

int warc_format(const struct input *input)
{
    struct nw_str rest = nw_str_trim(input->bytes);
    struct input entry = *input; /* of the record before, if that was one */
    size_t emitted = 0, responses = 0;
    int refused = NW_REJECTED;
    const char *why = "no response record";
    entry.bytes = nw_str(NULL, 0);
    entry.depth++;
    while (nw_str_starts(rest, NW_S("WARC/")) && !input_full(input, emitted)) {
        struct nw_str head = take_head(&rest), block = take_block(&rest, number_of(header(head, "Content-Length")));
        if (nw_str_eq_nocase(header(head, "WARC-Type"), NW_S("metadata"))) {
            entry.bytes = block;
            entry.declared = header(head, "Content-Type");
        }
        if (!nw_str_eq_nocase(header(head, "WARC-Type"), NW_S("response")))
            continue;
        responses++;
        int verdict = read_response(input, header(head, "WARC-Target-URI"), block, &entry, &why);
        if (verdict < 0)
            return verdict;
        emitted += verdict == NW_OK;
        refused = verdict == NW_OK ? refused : verdict;
        entry.bytes = nw_str(NULL, 0);
    }
    if (emitted > 0)
        return NW_OK;
    return responses > 0 && !why ? refused
                                 : nw_reject(input->context, "read as warc, expected a response with a page, found %s",
                                             why ? why : "none");
}
