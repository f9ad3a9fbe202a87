/* Writes what was found into the record: see annotate.h. */
#include "annotate.h"

#include "linking.h"

#include <errno.h>
#include <math.h>

static const struct nw_str type_names[NAME_TYPES] = {NW_STR("PER"), NW_STR("LOC"), NW_STR("ORG"), NW_STR("MISC")};

static int put_sentences(struct nw_arena *arena, const struct document *d, struct nw_annotations *a)
{
    size_t count = 0;
    for (size_t i = 0; i < d->tokens.n; i++) {
        count += (d->tokens.v[i].marks & TOKEN_SENTENCE) != 0;
    }
    struct nw_spans spans = {NW_ARENA_NEW(arena, struct nw_span, count), 0};
    if (spans.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < d->tokens.n; i++) {
        if (d->tokens.v[i].marks & TOKEN_SENTENCE) {
            spans.v[spans.n++].start = d->tokens.v[i].start;
        }
        spans.v[spans.n - 1].end = d->tokens.v[i].end;
    }
    NW_SET(annotations, a, sentences, spans);
    return 0;
}

static int put_entities(struct nw_arena *arena, const struct document *d, struct nw_annotations *a)
{
    struct nw_entity_list list = {.v = NW_ARENA_NEW(arena, struct nw_entity, d->names.n), .n = d->names.n};
    if (list.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        struct nw_entity *e = &list.v[i];
        struct nw_str text = document_span(d, name->first, name->last);
        NW_SET(entity, e, type, type_names[name->type]);
        NW_SET(entity, e, start, d->tokens.v[name->first].start);
        NW_SET(entity, e, end, d->tokens.v[name->last].end);
        NW_SET(entity, e, text, text);
        NW_SET(entity, e, name, name->label);
        NW_SET(entity, e, uri, name->uri);
        NW_SET(entity, e, confidence, round((double)name->confidence * 1000) / 1000);
        NW_SET(entity, e, by, nw_str_z(name->by));
    }
    NW_SET(annotations, a, entities, list);
    return 0;
}

static int put_person(struct nw_arena *arena, struct nw_record *r, const struct name *name, size_t had)
{
    for (size_t i = 0; i < had; i++) {
        if (nw_str_eq(r->people.v[i].uri, name->uri) || nw_str_eq(r->people.v[i].name, name->label)) {
            return 0;
        }
    }
    struct nw_person *p = NW_APPEND(arena, record, r, people, person);
    if (p == NULL) {
        return -ENOMEM;
    }
    NW_SET(person, p, name, name->label);
    NW_SET(person, p, uri, name->uri);
    return 0;
}

static int put_organisation(struct nw_arena *arena, struct nw_record *r, const struct name *name, size_t had)
{
    for (size_t i = 0; i < had; i++) {
        if (nw_str_eq(r->organisations.v[i].uri, name->uri) || nw_str_eq(r->organisations.v[i].name, name->label)) {
            return 0;
        }
    }
    struct nw_organisation *o = NW_APPEND(arena, record, r, organisations, organisation);
    if (o == NULL) {
        return -ENOMEM;
    }
    NW_SET(organisation, o, name, name->label);
    NW_SET(organisation, o, uri, name->uri);
    if (name->thing && 1U << name->thing->list == GAZETTEER_COMPANY && !(name->thing->flags & GAZETTEER_OWN)) {
        struct nw_symbol *s = NW_APPEND(arena, organisation, o, symbols, symbol);
        if (s == NULL) {
            return -ENOMEM;
        }
        NW_SET(symbol, s, symbol, gazetteer_text(name->of, name->thing->id));
    }
    return 0;
}

static int put_place(struct nw_arena *arena, struct nw_record *r, const struct name *name, size_t had)
{
    for (size_t i = 0; i < had; i++) {
        if (nw_str_eq(r->places.v[i].uri, name->uri)) {
            return 0;
        }
    }
    struct nw_place *p = NW_APPEND(arena, record, r, places, place);
    if (p == NULL) {
        return -ENOMEM;
    }
    NW_SET(place, p, name, name->label);
    NW_SET(place, p, uri, name->uri);
    const struct gazetteer_thing *thing = name->thing ? name->thing : name->near;
    if (name->near && name->thing == NULL) {
        NW_SET(place, p, rel, NW_S("near")); /* the point is the town's */
    }
    if (thing && thing->country) {
        const char code[2] = {(char)(thing->country >> 8), (char)(thing->country & 0xFF)};
        NW_SET(place, p, literal, nw_arena_dup(arena, nw_str(code, sizeof code)));
    }
    if (thing && (thing->lat < 0 || thing->lat > 0 || thing->lon < 0 || thing->lon > 0)) {
        /* Four places behind the point are 11 metres; a float's own digits would differ from them by chance. */
        NW_SET(place, p, geo_json,
               (struct nw_point){round((double)thing->lon * 1e4) / 1e4, round((double)thing->lat * 1e4) / 1e4});
    }
    return 0;
}

static int put_times(struct nw_arena *arena, const struct document *d, const struct timexes *times,
                     struct nw_annotations *a)
{
    static const struct nw_str types[] = {NW_STR("DATE"), NW_STR("TIME"), NW_STR("DURATION"), NW_STR("SET")};
    struct nw_timex_list list = {.v = NW_ARENA_NEW(arena, struct nw_timex, times->n), .n = times->n};
    if (list.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < times->n; i++) {
        const struct time_phrase *x = &times->v[i];
        struct nw_timex *t = &list.v[i];
        struct nw_str value = nw_arena_dup(arena, nw_str_z(x->value));
        if (value.p == NULL) {
            return -ENOMEM;
        }
        NW_SET(timex, t, start, d->tokens.v[x->first].start);
        NW_SET(timex, t, end, d->tokens.v[x->last].end);
        NW_SET(timex, t, text, document_span(d, x->first, x->last));
        NW_SET(timex, t, value, value);
        NW_SET(timex, t, type, types[x->type]);
        NW_SET(timex, t, by, nw_str_z(x->by));
    }
    NW_SET(annotations, a, times, list);
    return 0;
}

static int put_quotes(struct nw_arena *arena, const struct document *d, const struct quotes *quotes,
                      struct nw_annotations *a)
{
    struct nw_quote_list list = {.v = NW_ARENA_NEW(arena, struct nw_quote, quotes->n), .n = quotes->n};
    if (list.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < quotes->n; i++) {
        const struct quote *x = &quotes->v[i];
        struct nw_quote *q = &list.v[i];
        NW_SET(quote, q, start, d->tokens.v[x->first].start);
        NW_SET(quote, q, end, d->tokens.v[x->last].end);
        if (x->speaker != NO_TOKEN) {
            NW_SET(quote, q, speaker, x->speaker);
        }
        if (x->source != NO_TOKEN) {
            NW_SET(quote, q, speaker_text, document_span(d, x->source, x->source_last));
        }
        if (x->cue != NO_TOKEN) {
            NW_SET(quote, q, cue, document_span(d, x->cue, x->cue_last));
        }
        NW_SET(quote, q, direct, x->direct);
        NW_SET(quote, q, by, nw_str_z(x->by));
        NW_SET(quote, q, confidence, round((double)x->confidence * 1000) / 1000);
    }
    NW_SET(annotations, a, quotes, list);
    return 0;
}

static int put_quantities(struct nw_arena *arena, const struct document *d, const struct quantities *quantities,
                          struct nw_annotations *a)
{
    struct nw_quantity_list list = {.v = NW_ARENA_NEW(arena, struct nw_quantity, quantities->n), .n = quantities->n};
    if (list.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < quantities->n; i++) {
        const struct quantity *x = &quantities->v[i];
        struct nw_quantity *q = &list.v[i];
        NW_SET(quantity, q, start, d->tokens.v[x->first].start);
        NW_SET(quantity, q, end, d->tokens.v[x->last].end);
        NW_SET(quantity, q, value, x->value);
        NW_SET(quantity, q, unit, x->code ? nw_str_z(x->code) : document_span(d, x->unit, x->unit_last));
        NW_SET(quantity, q, by, nw_str_z(x->by));
    }
    NW_SET(annotations, a, quantities, list);
    return 0;
}

static int put_keywords(struct nw_arena *arena, const struct findings *found, struct nw_annotations *a)
{
    struct nw_keyword_list list = {.v = NW_ARENA_NEW(arena, struct nw_keyword, found->keyword_count),
                                   .n = found->keyword_count};
    if (list.v == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < list.n; i++) {
        NW_SET(keyword, &list.v[i], text, found->keywords[i].text);
        NW_SET(keyword, &list.v[i], score, round((double)found->keywords[i].score * 1000) / 1000);
    }
    NW_SET(annotations, a, keywords, list);
    return 0;
}

#define CREATOR    "newswired"
#define MEDIATOPIC "http://cv.iptc.org/newscodes/mediatopic/"

static struct nw_str uri_of(struct nw_arena *arena, struct nw_str head, struct nw_str code)
{
    char *uri = nw_arena_alloc(arena, head.n + code.n + 1);
    if (uri == NULL) {
        return nw_str(NULL, 0);
    }
    memcpy(uri, head.p, head.n);
    memcpy(uri + head.n, code.p, code.n);
    uri[head.n + code.n] = '\0';
    return nw_str(uri, head.n + code.n);
}

/* Joins the topics that the source gave, which stay, marked as its own; those of an earlier run of ours go. */
static int put_subjects(struct nw_arena *arena, const struct findings *found, struct nw_record *record)
{
    size_t kept = 0;
    for (size_t i = 0; NW_HAS(record, record, subjects) && i < record->subjects.n; i++) {
        struct nw_subject *s = &record->subjects.v[i];
        if (NW_HAS(subject, s, creator) && nw_str_eq(s->creator, NW_S(CREATOR))) {
            continue;
        }
        if (!NW_HAS(subject, s, creator)) {
            NW_SET(subject, s, creator, NW_S("source"));
        }
        record->subjects.v[kept++] = *s;
    }
    if (NW_HAS(record, record, subjects)) {
        record->subjects.n = kept;
    }
    for (size_t i = 0; i < found->topic_count; i++) {
        const struct topics_label *label = &found->topics_model->labels[found->topics[i].label];
        struct nw_str code = topics_text(found->topics_model, label->code);
        struct nw_str uri = uri_of(arena, NW_S(MEDIATOPIC), code);
        bool there = false;
        for (size_t k = 0; k < kept; k++) {
            there |= nw_str_eq(record->subjects.v[k].uri, uri);
        }
        if (there) {
            continue;
        }
        struct nw_subject *s = NW_APPEND(arena, record, record, subjects, subject);
        if (s == NULL || uri.p == NULL) {
            return -ENOMEM;
        }
        NW_SET(subject, s, name, topics_text(found->topics_model, label->name));
        NW_SET(subject, s, uri, uri);
        NW_SET(subject, s, creator, NW_S(CREATOR));
        NW_SET(subject, s, relevance, lroundf(found->topics[i].relevance * 100));
        NW_SET(subject, s, confidence, lroundf(found->topics[i].confidence * 100));
    }
    return 0;
}

/* People, organisations and places, each once. */
/* The dateline's place: where the article was written. */
static int put_located(struct nw_arena *arena, const struct document *d, struct nw_record *record)
{
    const struct gazetteer_thing *thing = NW_HAS(record, record, located) ? located_thing(d, record->located) : NULL;
    if (thing == NULL || thing->id == 0) {
        return 0;
    }
    struct name name = {
        .thing = thing, .of = d->types->gazetteer, .label = gazetteer_text(d->types->gazetteer, thing->name)};
    name.uri = nw_arena_printf(arena, "https://sws.geonames.org/%u/", thing->id);
    return name.uri.p == NULL ? -ENOMEM : put_place(arena, record, &name, record->places.n);
}

static int put_lists(struct nw_arena *arena, const struct document *d, struct nw_record *record)
{
    size_t people = NW_HAS(record, record, people) ? record->people.n : 0;
    size_t organisations = NW_HAS(record, record, organisations) ? record->organisations.n : 0;
    size_t places = NW_HAS(record, record, places) ? record->places.n : 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        if (name->canonical != i) {
            continue;
        }
        rc = name->type == NAME_PER   ? put_person(arena, record, name, people)
             : name->type == NAME_ORG ? put_organisation(arena, record, name, organisations)
             : name->type == NAME_LOC ? put_place(arena, record, name, places)
                                      : 0;
    }
    return rc;
}

int annotate(struct nw_arena *arena, const struct findings *found, struct nw_record *record)
{
    const struct document *d = found->document;
    struct nw_annotations *a = NW_ARENA_NEW(arena, struct nw_annotations, 1);
    if (a == NULL) {
        return -ENOMEM;
    }
    int rc = put_sentences(arena, d, a);
    rc = rc ? rc : put_entities(arena, d, a);
    rc = rc ? rc : put_quotes(arena, d, found->quotes, a);
    rc = rc ? rc : put_times(arena, d, found->times, a);
    rc = rc ? rc : put_quantities(arena, d, found->quantities, a);
    rc = rc ? rc : put_keywords(arena, found, a);
    rc = rc ? rc : put_subjects(arena, found, record);
    rc = rc ? rc : put_lists(arena, d, record);
    rc = rc ? rc : put_located(arena, d, record);
    if (rc == 0) {
        NW_SET(record, record, annotations, a);
    }
    return rc;
}
