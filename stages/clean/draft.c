/* Articles while they are read: see draft.h. */
#include "draft.h"

#include "chars.h"
#include "html/tree.h"
#include "language.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <stdio.h>

bool draft_tree(struct draft *draft, const struct tree *tree)
{
    draft->failed = draft->failed || tree->failed;
    draft->clean->reached |= tree->reached;
    return !tree->failed;
}

void *draft_alloc(struct draft *draft, size_t size)
{
    void *p = nw_arena_alloc(draft->arena, size);
    if (!p)
        draft->failed = true;
    return p;
}

struct nw_str draft_printf(struct draft *draft, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *out = n < 0 ? NULL : draft_alloc(draft, (size_t)n + 1);
    if (out)
        vsnprintf(out, (size_t)n + 1, format, again);
    va_end(again);
    return nw_str(out, out ? (size_t)n : 0);
}

static void draft_record(struct draft *draft, const struct nw_record *raw, const char *format)
{
    draft->paragraphs = NULL;
    draft->count = draft->room = 0;
    draft->record = nw_record_new(draft->arena);
    if (!draft->record) {
        draft->failed = true;
        return;
    }
    *draft->record->source = *raw->source;
    if (format)
        NW_SET(source, draft->record->source, format, nw_str_z(format));
    draft->record->extra = raw->extra;
    NW_SET(record, draft->record, type, NW_S("text"));
}

void draft_begin(struct draft *draft, struct nw_stage_context *context, struct clean *clean,
                 const struct nw_record *raw, const char *format)
{
    *draft = (struct draft){.context = context, .clean = clean, .arena = nw_stage_arena(context)};
    draft_record(draft, raw, format);
}

void draft_again(struct draft *draft, const struct draft *first)
{
    *draft = (struct draft){.context = first->context,
                            .clean = first->clean,
                            .arena = first->arena,
                            .hint = first->hint,
                            .failed = first->failed};
    if (first->record)
        draft_record(draft, first->record, NULL);
    else
        draft->failed = true;
}

const char *draft_name(struct draft *draft, struct nw_str name, const char *otherwise)
{
    name = draft_line(draft, name);
    return name.n > 0 ? draft_printf(draft, "%.*s", NW_FMT(name)).p : otherwise;
}

struct nw_str draft_line(struct draft *draft, struct nw_str s)
{
    struct nw_str line = text_line(draft->arena, s);
    if (!line.p && s.p)
        draft->failed = true;
    return line;
}

void draft_paragraph(struct draft *draft, struct nw_str s)
{
    if (s.n == 0 || draft->failed)
        return;
    if (draft->count == PARAGRAPHS_MOST) {
        bound_reach(draft->clean, BOUND_PARAGRAPHS);
        return;
    }
    if (draft->count == draft->room) {
        size_t room = draft->room ? draft->room * 2 : 32;
        struct nw_str *grown = nw_arena_grow(draft->arena, draft->paragraphs, draft->room * sizeof *draft->paragraphs,
                                             room * sizeof *draft->paragraphs);
        if (!grown) {
            draft->failed = true;
            return;
        }
        draft->paragraphs = grown;
        draft->room = room;
    }
    draft->paragraphs[draft->count++] = s;
}

void draft_text(struct draft *draft, struct nw_str s, bool lines)
{
    struct nw_str text = text_lines(draft->arena, s, 2);
    if (!text.p && s.p)
        draft->failed = true;
    while (text.n > 0) {
        size_t end = nw_str_find(text, NW_S("\n\n"));
        struct nw_str paragraph = end == SIZE_MAX ? text : nw_str(text.p, end);
        draft_paragraph(draft, lines ? nw_str_trim(paragraph) : draft_line(draft, paragraph));
        text = end == SIZE_MAX ? nw_str(NULL, 0) : nw_str_from(text, end + 2);
    }
}

/* ---- the end */

/* The paragraphs as one text; they mostly stand in one piece already, parted as they should be. */
static struct nw_str draft_body(struct draft *draft)
{
    const struct nw_str *p = draft->paragraphs;
    size_t n = draft->count, total = 0;
    if (n == 0)
        return nw_str(NULL, 0);
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        total += p[i].n + 2;
        if (i > 0 && (p[i].p != p[i - 1].p + p[i - 1].n + 2 || p[i].p[-1] != '\n' || p[i].p[-2] != '\n'))
            whole = false;
    }
    if (whole)
        return nw_str(p[0].p, (size_t)(p[n - 1].p + p[n - 1].n - p[0].p));
    char *out = draft_alloc(draft, total);
    if (!out)
        return nw_str(NULL, 0);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            out[at++] = '\n';
            out[at++] = '\n';
        }
        memcpy(out + at, p[i].p, p[i].n);
        at += p[i].n;
    }
    return nw_str(out, at);
}

/* urn:newswire:HASH of what the article says: the same article has the same id on every machine. */
static void content_uri(struct draft *draft, struct nw_str headline, struct nw_str body)
{
    struct nw_hash128 hash = nw_hash128(body);
    uint64_t head = nw_hash64(headline, hash.low);
    head = nw_hash64(draft->record->by, NW_HAS(record, draft->record, by) ? head : head + 1);
    hash.high ^= head;
    char hex[33];
    nw_hash128_hex(hash, hex);
    char *uri = draft_alloc(draft, 48);
    if (uri) {
        memcpy(uri, "urn:newswire:", 13);
        memcpy(uri + 13, hex, 32);
        NW_SET(record, draft->record, uri, nw_str(uri, 45));
    }
}

/* Headline and body of a short article as one text. */
static struct nw_str joined(struct draft *draft, struct nw_str headline, struct nw_str body)
{
    char *out = draft_alloc(draft, headline.n + 1 + body.n);
    if (!out)
        return nw_str(NULL, 0);
    memcpy(out, headline.p, headline.n);
    out[headline.n] = '\n';
    memcpy(out + headline.n + 1, body.p, body.n);
    return nw_str(out, headline.n + 1 + body.n);
}

static void find_language(struct draft *draft, struct nw_str headline, struct nw_str body)
{
    if (NW_HAS(record, draft->record, language))
        return;
    struct nw_str sample = body;
    if (body.n < 200 && headline.n > 0)
        sample = body.n ? joined(draft, headline, body) : headline;
    if (draft->failed)
        return;
    NW_SET(record, draft->record, language, nw_str_z(language_of(sample, draft->hint)));
}

int draft_emit(struct draft *draft, enum conventions conventions)
{
    if (!draft->failed && conventions != CONVENTIONS_NONE)
        wire_apply(draft, conventions);
    if (draft->failed)
        return nw_fault(-ENOMEM);
    struct nw_record *r = draft->record;
    struct nw_str body = draft_body(draft), headline = nw_record_headline(r);
    if (draft->failed)
        return nw_fault(-ENOMEM);
    /* An item that its source names and dates is one, even when the wire sent it empty: it is accounted for. */
    bool named = NW_HAS(record, r, uri) && (NW_HAS(record, r, first_created) || NW_HAS(record, r, version_created));
    if (body.n == 0 && headline.n == 0 && !named)
        return nw_reject(draft->context,
                         "read as %.*s, expected a headline or text, found neither; check the input's format",
                         NW_FMT(r->source->format));
    if (body.n > 0) {
        struct nw_text *text = NW_APPEND(draft->arena, record, r, bodies, text);
        if (!text)
            return nw_fault(-ENOMEM);
        NW_SET(text, text, role, NW_S("main"));
        NW_SET(text, text, content_type, NW_S("text/plain"));
        struct text_counts counts = text_counts(body);
        NW_SET(text, text, char_count, (int64_t)counts.chars);
        NW_SET(text, text, word_count, (int64_t)counts.words);
        NW_SET(text, text, value, body);
    }
    if (!NW_HAS(record, r, uri))
        content_uri(draft, headline, body);
    find_language(draft, headline, body);
    if (!NW_HAS(record, r, pub_status))
        draft_status(draft, "usable");
    if (draft->failed)
        return nw_fault(-ENOMEM);
    if (!draft->kept)
        return nw_emit(draft->context, r);
    if (!*draft->kept)
        *draft->kept = r;
    return NW_OK;
}
