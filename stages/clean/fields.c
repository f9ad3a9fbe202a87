/* The fields of an article while it is read: see draft.h. */
#include "draft.h"

#include "chars.h"
#include "unicode.h"

#include <stdio.h>

static bool is_full(struct draft *draft, size_t n)
{
    if (n >= LIST_MOST)
        bound_reach(draft->clean, BOUND_LIST);
    return n >= LIST_MOST;
}

#define LIST_FULL(list) (NW_HAS(record, draft->record, list) && is_full(draft, draft->record->list.n))

#define SET_ONCE(member)                                                                                               \
    do {                                                                                                               \
        if (!draft->record || NW_HAS(record, draft->record, member))                                                   \
            return;                                                                                                    \
        struct nw_str line_ = draft_line(draft, s);                                                                    \
        if (line_.n > 0)                                                                                               \
            NW_SET(record, draft->record, member, line_);                                                              \
    } while (0)

void draft_headline_role(struct draft *draft, struct nw_str s, const char *role)
{
    struct nw_str line = draft_line(draft, s);
    if (!draft->record || line.n == 0 || LIST_FULL(headlines))
        return;
    struct nw_text *text = NW_APPEND(draft->arena, record, draft->record, headlines, text);
    if (!text) {
        draft->failed = true;
        return;
    }
    NW_SET(text, text, role, nw_str_z(role));
    NW_SET(text, text, value, line);
}

void draft_headline(struct draft *draft, struct nw_str s)
{
    if (draft->record && nw_record_headline(draft->record).n == 0)
        draft_headline_role(draft, s, "main");
}

void draft_describe(struct draft *draft, struct nw_text *entry, struct nw_str text, const char *role)
{
    if (!entry) {
        draft->failed = true;
        return;
    }
    NW_SET(text, entry, role, nw_str_z(role));
    NW_SET(text, entry, content_type, NW_S("text/plain"));
    NW_SET(text, entry, value, text);
}

void draft_description(struct draft *draft, struct nw_str s, const char *role)
{
    struct nw_str text = text_lines(draft->arena, s, 2);
    if (!draft->record || text.n == 0 || LIST_FULL(descriptions))
        return;
    draft_describe(draft, NW_APPEND(draft->arena, record, draft->record, descriptions, text), text, role);
}

struct nw_str draft_join(struct draft *draft, struct nw_str all, struct nw_str one)
{
    if (all.n + one.n > JOINED_MOST) {
        bound_reach(draft->clean, BOUND_JOINED);
        return all;
    }
    if (one.n == 0)
        return all;
    return all.n ? draft_printf(draft, "%.*s, %.*s", NW_FMT(all), NW_FMT(one)) : one;
}

void draft_by(struct draft *draft, struct nw_str s)
{
    SET_ONCE(by);
}

void draft_located(struct draft *draft, struct nw_str s)
{
    SET_ONCE(located);
}

void draft_slugline(struct draft *draft, struct nw_str s)
{
    SET_ONCE(slugline);
}

void draft_language(struct draft *draft, struct nw_str s)
{
    s = nw_str_trim(s);
    if (!draft->record || s.n < 2 || s.n > 35 || !is_alpha((unsigned char)s.p[0]) || !is_alpha((unsigned char)s.p[1]) ||
        NW_HAS(record, draft->record, language))
        return;
    char *tag = draft_alloc(draft, s.n);
    if (!tag)
        return;
    bool primary = true;
    for (size_t i = 0; i < s.n; i++) {
        tag[i] = s.p[i] == '_' ? '-' : s.p[i];
        primary = primary && tag[i] != '-';
        if (primary)
            tag[i] = to_lower(tag[i]);
        if (!is_alnum((unsigned char)tag[i]) && tag[i] != '-')
            return;
    }
    NW_SET(record, draft->record, language, nw_str(tag, s.n));
}

void draft_note(struct draft *draft, struct nw_str s)
{
    if (s.n > NOTES_MOST) {
        bound_reach(draft->clean, BOUND_NOTES);
        s.n = nw_utf8_floor(s, NOTES_MOST);
    }
    struct nw_str note = text_lines(draft->arena, s, 1);
    if (!draft->record || note.n == 0)
        return;
    if (NW_HAS(record, draft->record, ed_note)) {
        struct nw_str old = draft->record->ed_note;
        if (nw_str_find(old, note) != SIZE_MAX)
            return;
        if (old.n + note.n >= NOTES_MOST) {
            bound_reach(draft->clean, BOUND_NOTES);
            return;
        }
        note = draft_printf(draft, "%.*s\n%.*s", NW_FMT(old), NW_FMT(note));
    }
    NW_SET(record, draft->record, ed_note, note);
}

void draft_source(struct draft *draft, struct nw_str name, const char *role)
{
    struct nw_str line = draft_line(draft, name);
    if (!draft->record || line.n == 0 || LIST_FULL(info_sources))
        return;
    for (size_t i = 0; NW_HAS(record, draft->record, info_sources) && i < draft->record->info_sources.n; i++)
        if (nw_str_eq_nocase(draft->record->info_sources.v[i].name, line))
            return;
    struct nw_info_source *source = NW_APPEND(draft->arena, record, draft->record, info_sources, info_source);
    if (!source) {
        draft->failed = true;
        return;
    }
    NW_SET(info_source, source, name, line);
    if (role)
        NW_SET(info_source, source, role, nw_str_z(role));
}

void draft_subject(struct draft *draft, struct nw_str name, struct nw_str code, struct nw_str uri)
{
    name = draft_line(draft, name);
    code = draft_line(draft, code);
    if (!draft->record || name.n + code.n + uri.n == 0 || LIST_FULL(subjects))
        return;
    for (size_t i = 0; NW_HAS(record, draft->record, subjects) && i < draft->record->subjects.n; i++) {
        const struct nw_subject *old = &draft->record->subjects.v[i];
        if (uri.n ? NW_HAS(subject, old, uri) && nw_str_eq(old->uri, uri)
                  : nw_str_eq(old->name, name) && nw_str_eq(old->literal, code))
            return;
    }
    struct nw_subject *subject = NW_APPEND(draft->arena, record, draft->record, subjects, subject);
    if (!subject) {
        draft->failed = true;
        return;
    }
    if (name.n)
        NW_SET(subject, subject, name, name);
    if (uri.n)
        NW_SET(subject, subject, uri, uri);
    if (code.n)
        NW_SET(subject, subject, literal, code);
    NW_SET(subject, subject, creator, NW_S("source"));
}

/* Whether a code is an address in the web, which goes to uri; all else is a literal. */
static bool is_address(struct nw_str code)
{
    return nw_str_starts(code, NW_S("http://")) || nw_str_starts(code, NW_S("https://"));
}

#define ADD_NAMED(list, element, name_, literal_)                                                                      \
    struct nw_str line_ = draft_line(draft, name_), code_ = draft_line(draft, literal_);                               \
    if (!draft->record || line_.n + code_.n == 0 || LIST_FULL(list))                                                   \
        return;                                                                                                        \
    for (size_t i = 0; NW_HAS(record, draft->record, list) && i < draft->record->list.n; i++)                          \
        if (nw_str_eq(draft->record->list.v[i].name, line_) &&                                                         \
            nw_str_eq(is_address(code_) ? draft->record->list.v[i].uri : draft->record->list.v[i].literal, code_))     \
            return;                                                                                                    \
    struct nw_##element *added = NW_APPEND(draft->arena, record, draft->record, list, element);                        \
    if (!added) {                                                                                                      \
        draft->failed = true;                                                                                          \
        return;                                                                                                        \
    }                                                                                                                  \
    if (line_.n)                                                                                                       \
        NW_SET(element, added, name, line_);                                                                           \
    if (is_address(code_))                                                                                             \
        NW_SET(element, added, uri, code_);                                                                            \
    else if (code_.n)                                                                                                  \
    NW_SET(element, added, literal, code_)

void draft_genre(struct draft *draft, struct nw_str name, struct nw_str code)
{
    ADD_NAMED(genres, genre, name, code);
}

void draft_place(struct draft *draft, struct nw_str name, struct nw_str code)
{
    ADD_NAMED(places, place, name, code);
}

void draft_person(struct draft *draft, struct nw_str name, struct nw_str code, const char *rel)
{
    ADD_NAMED(people, person, name, code);
    NW_SET(person, added, rel, nw_str_z(rel));
}

void draft_organisation(struct draft *draft, struct nw_str name, struct nw_str code, struct nw_str symbol,
                        struct nw_str exchange)
{
    ADD_NAMED(organisations, organisation, name, code);
    symbol = draft_line(draft, symbol);
    if (symbol.n == 0)
        return;
    struct nw_symbol *ticker = NW_APPEND(draft->arena, organisation, added, symbols, symbol);
    if (!ticker) {
        draft->failed = true;
        return;
    }
    NW_SET(symbol, ticker, symbol, symbol);
    exchange = draft_line(draft, exchange);
    if (exchange.n)
        NW_SET(symbol, ticker, exchange, exchange);
}

void draft_copyright(struct draft *draft, struct nw_str holder, struct nw_str notice, struct nw_str terms)
{
    struct nw_record *r = draft->record;
    holder = draft_line(draft, holder);
    notice = draft_line(draft, notice);
    terms = draft_line(draft, terms);
    if (r && holder.n && !NW_HAS(record, r, copyright_holder))
        NW_SET(record, r, copyright_holder, holder);
    if (r && notice.n && !NW_HAS(record, r, copyright_notice))
        NW_SET(record, r, copyright_notice, notice);
    if (r && terms.n && !NW_HAS(record, r, usage_terms))
        NW_SET(record, r, usage_terms, terms);
}

void draft_alt_id(struct draft *draft, struct nw_str value, const char *role)
{
    value = draft_line(draft, value);
    if (!draft->record || value.n == 0 || LIST_FULL(alt_ids))
        return;
    for (size_t i = 0; NW_HAS(record, draft->record, alt_ids) && i < draft->record->alt_ids.n; i++)
        if (nw_str_eq(draft->record->alt_ids.v[i].value, value))
            return;
    struct nw_alt_id *id = NW_APPEND(draft->arena, record, draft->record, alt_ids, alt_id);
    if (!id) {
        draft->failed = true;
        return;
    }
    NW_SET(alt_id, id, role, nw_str_z(role));
    NW_SET(alt_id, id, value, value);
}

void draft_status(struct draft *draft, const char *status)
{
    struct nw_record *r = draft->record;

    if (r && !(NW_HAS(record, r, pub_status) && nw_str_eq(r->pub_status, NW_S("canceled"))))
        NW_SET(record, r, pub_status, nw_str_z(status));
}

void draft_urgency(struct draft *draft, int64_t urgency)
{
    if (draft->record && urgency >= 1 && urgency <= 9 && !NW_HAS(record, draft->record, urgency))
        NW_SET(record, draft->record, urgency, urgency);
}

bool draft_is_uri(struct nw_str s)
{
    size_t i = 0;
    while (i < s.n && (is_alnum((unsigned char)s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.'))
        i++;
    if (i < 2 || i + 1 >= s.n || s.p[i] != ':' || !is_alpha((unsigned char)s.p[0]))
        return false;
    for (size_t k = 0; k < s.n; k++)
        if ((unsigned char)s.p[k] <= ' ' || strchr("<>\"{}|\\^`", s.p[k]))
            return false;
    return true;
}

struct nw_str draft_urn(struct draft *draft, const char *source, struct nw_str id)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t prefix = strlen("urn:newswire:") + strlen(source) + 1;
    char *out = draft_alloc(draft, prefix + 3 * id.n + 1);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = (size_t)snprintf(out, prefix + 1, "urn:newswire:%s:", source);
    for (size_t i = 0; i < id.n; i++) {
        unsigned char c = (unsigned char)id.p[i];
        if (is_alnum(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=", c))) {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = hex[c >> 4];
            out[n++] = hex[c & 15];
        }
    }
    return nw_str(out, n);
}

void draft_uri(struct draft *draft, const char *source, struct nw_str id)
{
    id = draft_line(draft, id);
    if (!draft->record || id.n == 0 || NW_HAS(record, draft->record, uri))
        return;
    if (id.n > ID_MOST) {
        bound_reach(draft->clean, BOUND_ID);
        return;
    }
    if (!draft_is_uri(id)) {
        draft_alt_id(draft, id, "source");
        id = draft_urn(draft, source, id);
    }
    if (id.n > 0)
        NW_SET(record, draft->record, uri, id);
}

void draft_moment(struct draft *draft, enum moment moment, const struct date *date)
{
    static const char *const keys[] = {"firstCreated", "versionCreated", "contentCreated", "embargoedUntil"};
    struct nw_record *r = draft->record;
    if (!r || date->precision == PRECISION_NONE)
        return;
    uint64_t had = r->has;
    switch (moment) {
    case MOMENT_FIRST:
        if (!NW_HAS(record, r, first_created))
            NW_SET(record, r, first_created, date->ms);
        break;
    case MOMENT_VERSION:
        if (!NW_HAS(record, r, version_created))
            NW_SET(record, r, version_created, date->ms);
        break;
    case MOMENT_CONTENT:
        if (!NW_HAS(record, r, content_created))
            NW_SET(record, r, content_created, date->ms);
        break;
    default:
        if (!NW_HAS(record, r, embargoed_until))
            NW_SET(record, r, embargoed_until, date->ms);
    }
    const char *precision = date_precision(date);
    if (had != r->has && precision && nw_record_set_precision(draft->arena, r, keys[moment], precision) < 0)
        draft->failed = true;
}

void draft_moment_of(struct draft *draft, enum moment moment, struct nw_str text)
{
    struct date date;
    if (date_read(text, &date))
        draft_moment(draft, moment, &date);
}
