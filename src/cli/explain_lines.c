/*
 * An article's annotations as lines; see explain_lines.h. Each annotation becomes one struct finding, whatever its
 * kind, and one of two writers prints it: nothing of the text is held twice.
 */
#include "explain_lines.h"

#include "message.h"

#include <newswire/json.h>
#include <newswire/utf8.h>

enum { TEXT_SHOWN = 60, TEXT_COLUMN = 34 };

static const char dim[] = "\033[2m", bold[] = "\033[1m", plain[] = "\033[0m";

/* Empty strings and negative scores stand for nothing. */
struct finding {
    const char *kind; /* entity, quote, time, quantity, topic, keyword */
    bool placed;      /* has start and end */
    size_t start, end;
    struct nw_str text;  /* as it stands in the body; a topic's name, a keyword */
    struct nw_str type;  /* PER, DATE, direct, … */
    struct nw_str value; /* the canonical name, a TIMEX3 value, a unit, the speaker */
    bool has_number;
    double number; /* of a quantity */
    struct nw_str cue, uri, by;
    double score; /* confidence 0 to 1; a keyword's weight */
};

struct explain {
    const struct nw_record *record;
    struct nw_buf *out;
    bool json, colours;
    /* Where the last position was counted to: they come nearly in order. */
    size_t bytes, points;
};

static size_t points_at(struct explain *e, size_t at)
{
    struct nw_str body = nw_record_body(e->record);

    at = at < body.n ? at : body.n;
    if (at < e->bytes) {
        e->bytes = e->points = 0;
    }
    e->points += nw_utf8_count(nw_str(body.p + e->bytes, at - e->bytes));
    e->bytes = at;
    return e->points;
}

static struct nw_str body_span(const struct explain *e, size_t start, size_t end)
{
    struct nw_str body = nw_record_body(e->record);

    return start <= end && end <= body.n ? nw_str(body.p + start, end - start) : nw_str("", 0);
}

static void put_member(struct nw_buf *out, const char *key, struct nw_str text)
{
    if (text.n > 0) {
        nw_buf_printf(out, ",\"%s\":", key);
        nw_json_text(out, text);
    }
}

static void put_json(struct explain *e, const struct finding *f)
{
    const struct nw_record *r = e->record;

    nw_buf_printf(e->out, "{\"kind\":\"%s\"", f->kind);
    if (NW_HAS(source, r->source, path)) {
        put_member(e->out, "path", r->source->path);
    }
    nw_buf_printf(e->out, ",\"index\":%lld", (long long)r->source->index);
    if (f->placed) {
        size_t start = points_at(e, f->start);
        size_t end = points_at(e, f->end);

        nw_buf_printf(e->out, ",\"start\":%zu,\"end\":%zu", start, end);
    }
    put_member(e->out, "text", f->text);
    put_member(e->out, "type", f->type);
    put_member(e->out, "value", f->value);
    if (f->has_number) {
        nw_buf_printf(e->out, ",\"number\":%.15g", f->number);
    }
    put_member(e->out, "cue", f->cue);
    put_member(e->out, "uri", f->uri);
    put_member(e->out, "by", f->by);
    if (f->score >= 0) {
        nw_buf_printf(e->out, ",\"score\":%.3f", f->score);
    }
    nw_buf_printf(e->out, "}\n");
}

/* At most TEXT_SHOWN code points, on one line. */
static size_t put_shown(struct explain *e, struct nw_str text)
{
    size_t at = 0, shown = 0;
    bool cut;

    while (at < text.n && shown < TEXT_SHOWN) {
        nw_utf8_next(text, &at);
        shown++;
    }
    cut = at < text.n;
    message_plain(e->out, nw_str(text.p, at));
    nw_buf_printf(e->out, "%s", cut ? "…" : "");
    return shown + cut;
}

static void put_word(struct explain *e, const char *before, struct nw_str text)
{
    if (text.n > 0) {
        nw_buf_printf(e->out, "%s", before);
        message_plain(e->out, text);
    }
}

static void put_line(struct explain *e, const struct finding *f)
{
    size_t column;

    if (f->placed) {
        nw_buf_printf(e->out, "%6zu %-9s", points_at(e, f->start), f->kind);
    } else {
        nw_buf_printf(e->out, "%6s %-9s", "", f->kind);
    }
    nw_buf_printf(e->out, "%s", e->colours ? bold : "");
    column = put_shown(e, f->text);
    nw_buf_printf(e->out, "%s%*s", e->colours ? plain : "", column < TEXT_COLUMN ? (int)(TEXT_COLUMN - column) : 0, "");
    put_word(e, " ", f->type);
    if (f->has_number) {
        nw_buf_printf(e->out, " %.15g", f->number);
    }
    put_word(e, " ", f->value);
    put_word(e, " by ", f->cue);
    put_word(e, " ", f->uri);
    nw_buf_printf(e->out, "%s", e->colours ? dim : "");
    put_word(e, "  [", f->by);
    if (f->score >= 0) {
        nw_buf_printf(e->out, " %.3f", f->score);
    }
    nw_buf_printf(e->out, "]%s\n", e->colours ? plain : "");
}

static void put(struct explain *e, const struct finding *f)
{
    if (e->json) {
        put_json(e, f);
    } else {
        put_line(e, f);
    }
}

#define GIVEN(type, object, field) (NW_HAS(type, object, field) ? (object)->field : nw_str("", 0))
#define SCORE(type, object, field) (NW_HAS(type, object, field) ? (object)->field : -1)

static void explain_entities(struct explain *e, const struct nw_annotations *a)
{
    for (size_t i = 0; NW_HAS(annotations, a, entities) && i < a->entities.n; i++) {
        const struct nw_entity *x = &a->entities.v[i];

        put(e, &(struct finding){.kind = "entity",
                                 .placed = true,
                                 .start = x->start,
                                 .end = x->end,
                                 .text = body_span(e, x->start, x->end),
                                 .type = x->type,
                                 .value = GIVEN(entity, x, name),
                                 .uri = GIVEN(entity, x, uri),
                                 .by = GIVEN(entity, x, by),
                                 .score = SCORE(entity, x, confidence)});
    }
}

static void explain_quotes(struct explain *e, const struct nw_annotations *a)
{
    for (size_t i = 0; NW_HAS(annotations, a, quotes) && i < a->quotes.n; i++) {
        const struct nw_quote *x = &a->quotes.v[i];
        const struct nw_entity *speaker = NULL;
        bool direct = !NW_HAS(quote, x, direct) || x->direct;

        if (NW_HAS(quote, x, speaker) && NW_HAS(annotations, a, entities) && x->speaker >= 0 &&
            (size_t)x->speaker < a->entities.n) {
            speaker = &a->entities.v[x->speaker];
        }
        put(e, &(struct finding){.kind = "quote",
                                 .placed = true,
                                 .start = x->start,
                                 .end = x->end,
                                 .text = body_span(e, x->start, x->end),
                                 .type = direct ? NW_S("direct") : NW_S("reported"),
                                 .value = speaker ? GIVEN(entity, speaker, name) : GIVEN(quote, x, speaker_text),
                                 .cue = GIVEN(quote, x, cue),
                                 .by = GIVEN(quote, x, by),
                                 .score = SCORE(quote, x, confidence)});
    }
}

static void explain_amounts(struct explain *e, const struct nw_annotations *a)
{
    for (size_t i = 0; NW_HAS(annotations, a, times) && i < a->times.n; i++) {
        const struct nw_timex *x = &a->times.v[i];

        put(e, &(struct finding){.kind = "time",
                                 .placed = true,
                                 .start = x->start,
                                 .end = x->end,
                                 .text = body_span(e, x->start, x->end),
                                 .type = GIVEN(timex, x, type),
                                 .value = GIVEN(timex, x, value),
                                 .by = GIVEN(timex, x, by),
                                 .score = -1});
    }
    for (size_t i = 0; NW_HAS(annotations, a, quantities) && i < a->quantities.n; i++) {
        const struct nw_quantity *x = &a->quantities.v[i];

        put(e, &(struct finding){.kind = "quantity",
                                 .placed = true,
                                 .start = x->start,
                                 .end = x->end,
                                 .text = body_span(e, x->start, x->end),
                                 .has_number = NW_HAS(quantity, x, value),
                                 .number = x->value,
                                 .value = GIVEN(quantity, x, unit),
                                 .by = GIVEN(quantity, x, by),
                                 .score = -1});
    }
}

static void explain_whole(struct explain *e)
{
    const struct nw_record *r = e->record;
    const struct nw_annotations *a = r->annotations;

    for (size_t i = 0; NW_HAS(record, r, subjects) && i < r->subjects.n; i++) {
        const struct nw_subject *x = &r->subjects.v[i];
        struct nw_str creator = GIVEN(subject, x, creator);

        put(e, &(struct finding){.kind = "topic",
                                 .text = GIVEN(subject, x, name),
                                 .uri = GIVEN(subject, x, uri),
                                 .by = nw_str_eq(creator, NW_S("newswired")) ? NW_S("model:topics") : creator,
                                 .score = NW_HAS(subject, x, confidence) ? (double)x->confidence / 100 : -1});
    }
    for (size_t i = 0; NW_HAS(annotations, a, keywords) && i < a->keywords.n; i++) {
        const struct nw_keyword *x = &a->keywords.v[i];

        put(e, &(struct finding){
                   .kind = "keyword", .text = x->text, .by = NW_S("rule:keywords"), .score = SCORE(keyword, x, score)});
    }
}

static int explain(struct explain *e)
{
    static const struct nw_annotations none;
    const struct nw_annotations *a = NW_HAS(record, e->record, annotations) ? e->record->annotations : &none;

    explain_entities(e, a);
    explain_quotes(e, a);
    explain_amounts(e, a);
    if (a != &none) {
        explain_whole(e);
    }
    return e->out->error;
}

int explain_text(const struct nw_record *record, bool colours, struct nw_buf *out)
{
    struct explain e = {.record = record, .out = out, .colours = colours};

    nw_buf_printf(out, "%s", colours ? dim : "");
    message_plain(out, GIVEN(source, record->source, path));
    nw_buf_printf(out, " %lld%s  ", (long long)record->source->index, colours ? plain : "");
    message_plain(out, nw_record_headline(record));
    nw_buf_printf(out, "\n");
    return explain(&e);
}

int explain_json(const struct nw_record *record, struct nw_buf *out)
{
    struct explain e = {.record = record, .out = out, .json = true};

    return explain(&e);
}
