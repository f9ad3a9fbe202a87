/* An item becomes a record: raw bytes, and of `source` all that is known of where they came from. */
#include "fetch.h"
#include "urgency.h"

#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/utf8.h>

#include <errno.h>

enum { TEXT_MAX = 8192 /* bytes of an address or media type; a longer one is no use and is left out */ };

/* s as text of a record: what is no UTF-8 or a control becomes U+FFFD. {NULL, 0} when there is no memory. */
static struct nw_str as_text(struct nw_arena *arena, struct nw_str s)
{
    size_t at = 0, n = 0;
    bool plain = nw_utf8_valid(s) == s.n;
    char *p;

    for (size_t i = 0; i < s.n && plain; i++)
        plain = (unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f;
    if (plain)
        return s.p ? s : nw_str("", 0);
    p = nw_arena_alloc(arena, s.n * 3);
    while (p && at < s.n) {
        uint32_t c = nw_utf8_next(s, &at);
        n += nw_utf8_put(p + n, c < ' ' || c == 0x7f ? 0xfffd : c);
    }
    return nw_str(p, n);
}

int fetch_emit(struct nw_stage_context *context, struct lane *lane, const struct item *item)
{
    struct nw_arena *arena = nw_stage_arena(context);
    struct nw_record *record = nw_record_new(arena);
    struct nw_source *source;
    struct nw_str path = as_text(arena, lane->document.path), url = {NULL, 0}, declared = {NULL, 0};
    bool has_url = item->url.n && item->url.n <= TEXT_MAX,
         has_declared = item->declared.n && item->declared.n <= TEXT_MAX;
    struct nw_str format = lane->document.container.n ? lane->source->format : item->format;
    int urgency = urgency_glance(item->bytes);

    if (has_url)
        url = as_text(arena, item->url);
    if (has_declared)
        declared = as_text(arena, item->declared);
    if (!record || !path.p || (has_url && !url.p) || (has_declared && !declared.p))
        return nw_fault(-ENOMEM);
    source = record->source;
    NW_SET(record, record, raw, item->bytes);
    NW_SET(source, source, path, path);
    NW_SET(source, source, index, (int64_t)lane->index);
    NW_SET(source, source, received, nw_clock_wall());
    if (format.n)
        NW_SET(source, source, format, format);
    if (has_declared)
        NW_SET(source, source, declared, declared);
    if (has_url)
        NW_SET(source, source, url, url);
    if (lane->source->name.n)
        NW_SET(source, source, feed, lane->source->name);
    if (urgency > 0)
        NW_SET(record, record, urgency, urgency);
    return nw_emit(context, record);
}
