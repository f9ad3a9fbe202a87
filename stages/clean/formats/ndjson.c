/*
 * One JSON object an article: lines of NDJSON, and what else comes as a plain object.
 *
 * Quirks: nobody agrees on the names of keys. The section's `fields` says which key is which field; without it the
 * usual ones are tried. An object that is ninjs is read as such. A key may be a path ("meta.title"); a value may be a
 * list of strings, or of objects with a name.
 */
#include "chars.h"
#include "format.h"
#include "json.h"
#include "lines.h"
#include "markup.h"
#include "ninjs.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

enum { KEYS = 12 };

static const struct field {
    const char *name;
    const char *keys[KEYS];
} FIELDS[] = {
    {"headline", {"headline", "title", "heading", "name"}},
    {"body",
     {"body", "text", "content", "article", "story", "body_text", "maintext", "article_text", "content_html", "html",
      "raw_text"}},
    {"by", {"by", "byline", "author", "authors", "creator", "writer"}},
    {"published",
     {"published", "date", "published_at", "publishedAt", "date_published", "pub_date", "publish_date", "datePublished",
      "created_at", "timestamp", "firstCreated", "time"}},
    {"updated", {"updated", "modified", "updated_at", "date_modified", "dateModified", "versionCreated"}},
    {"id", {"uri", "id", "guid", "_id", "uuid", "article_id"}},
    {"link", {"url", "link", "href", "source_url", "canonical_url"}},
    {"source", {"source", "publisher", "agency", "source_name", "publication", "site", "domain"}},
    {"language", {"language", "lang", "locale"}},
    {"summary", {"summary", "description", "abstract", "lead", "excerpt", "snippet"}},
    {"subjects", {"tags", "keywords", "topics", "categories", "section", "category"}},
    {"slugline", {"slugline", "slug"}},
    {"located", {"located", "location", "dateline"}},
    {"urgency", {"urgency", "priority"}},
    {"embargo", {"embargo", "embargoed", "embargo_until", "embargoedUntil"}},
    {"note", {"edNote", "ednote", "ed_note", "editorial_note"}},
    {"copyright", {"copyright", "copyrightNotice", "rights", "license"}},
    {"version", {"version", "revision"}},
};

enum {
    HEADLINE,
    BODY,
    BY,
    PUBLISHED,
    UPDATED,
    ID,
    LINK,
    SOURCE,
    LANGUAGE,
    SUMMARY,
    SUBJECTS,
    SLUGLINE,
    LOCATED,
    URGENCY,
    EMBARGO,
    NOTE,
    COPYRIGHT,
    VERSION,
    FIELD_COUNT
};

/* The member that a path names. */
static const struct json *at_path(const struct json *object, struct nw_str path)
{
    while (object && path.n > 0) {
        size_t n = 0;
        while (n < path.n && path.p[n] != '.')
            n++;
        const struct json *found = NULL;
        for (const struct json *m = object->kind == JSON_OBJECT ? object->child : NULL; m && !found; m = m->next)
            if (nw_str_eq(m->key, nw_str(path.p, n)) || nw_str_eq(m->key, path)) {
                found = m;
                if (m->key.n == path.n)
                    n = path.n;
            }
        object = found;
        path = nw_str_from(path, n + 1);
    }
    return object;
}

static bool says(const struct json *value)
{
    return value && (value->kind == JSON_STRING ? nw_str_trim(value->text).n > 0
                                                : value->kind == JSON_NUMBER || value->child != NULL);
}

static const struct json *field(const struct input *input, const struct json *object, int which)
{
    const struct nw_conf *conf = nw_stage_conf(input->context);
    for (size_t i = 0, n = conf ? nw_conf_count(conf, "fields") : 0; i < n; i++) {
        const struct nw_conf *row = nw_conf_at(conf, "fields", i);
        if (nw_str_eq(nw_conf_str(row, "field"), nw_str_z(FIELDS[which].name))) {
            const struct json *value = at_path(object, nw_conf_str(row, "key"));
            if (says(value))
                return value;
        }
    }
    for (size_t i = 0; i < KEYS && FIELDS[which].keys[i]; i++) {
        const struct json *value = json_get(object, FIELDS[which].keys[i]);
        if (says(value))
            return value;
    }
    return NULL;
}

static struct nw_str text_of_one(const struct json *one)
{
    return one->kind == JSON_OBJECT ? json_text_of(one, "name") : json_text(one);
}

/* A value as one text: a list's elements parted by `between`. */
static struct nw_str text(struct draft *draft, const struct json *value, const char *between)
{
    if (!value)
        return nw_str(NULL, 0);
    if (value->kind == JSON_NUMBER || value->kind == JSON_STRING)
        return value->text;
    if (value->kind == JSON_OBJECT) {
        struct nw_str name = json_text_of(value, "name");
        return name.n ? name : json_text_of(value, "value");
    }
    size_t room = 0, n = 0, gap = strlen(between);
    const struct json *first = value->kind == JSON_ARRAY ? value->child : NULL;
    for (const struct json *one = first; one; one = one->next)
        room += text_of_one(one).n + gap;
    char *out = room ? draft_alloc(draft, room) : NULL;
    for (const struct json *one = out ? first : NULL; one; one = one->next) {
        struct nw_str part = text_of_one(one);
        if (part.n > 0 && n > 0) {
            memcpy(out + n, between, gap);
            n += gap;
        }
        if (part.n > 0)
            memcpy(out + n, part.p, part.n);
        n += part.n;
    }
    return nw_str(out, n);
}

/* A date as text, or as seconds or milliseconds since 1970. */
static void moment(struct draft *draft, enum moment which, const struct json *value)
{
    if (!value)
        return;
    struct nw_str s = text(draft, value, " ");
    bool digits = s.n >= 9 && s.n <= 13;
    int64_t number = 0;
    for (size_t i = 0; i < s.n && digits; i++) {
        digits = is_digit((unsigned char)s.p[i]);
        number = number * 10 + (s.p[i] - '0');
    }
    if (digits) {
        struct date date = {number > INT64_C(100000000000) ? number : number * 1000, PRECISION_SECOND, true};
        draft_moment(draft, which, &date);
    } else {
        draft_moment_of(draft, which, s);
    }
}

static int object_read(const struct input *input, const struct json *object, const char *charset)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "ndjson");
    if (!draft.record)
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(charset));
    draft_headline(&draft, markup_line(&draft, text(&draft, field(input, object, HEADLINE), " ")));
    draft_by(&draft, markup_line(&draft, text(&draft, field(input, object, BY), ", ")));
    moment(&draft, MOMENT_FIRST, field(input, object, PUBLISHED));
    moment(&draft, MOMENT_VERSION, field(input, object, UPDATED));
    draft_uri(&draft, "ndjson", text(&draft, field(input, object, ID), " "));
    struct nw_str link = draft_line(&draft, text(&draft, field(input, object, LINK), " "));
    if (link.n > 0) {
        NW_SET(source, draft.record->source, link, link);
        draft_uri(&draft, "ndjson", link);
    }
    draft_source(&draft, text(&draft, field(input, object, SOURCE), ", "), NULL);
    draft.hint = text(&draft, field(input, object, LANGUAGE), " ");
    draft_slugline(&draft, text(&draft, field(input, object, SLUGLINE), " "));
    draft_located(&draft, text(&draft, field(input, object, LOCATED), ", "));
    draft_urgency(&draft, number_of(text(&draft, field(input, object, URGENCY), " ")));
    moment(&draft, MOMENT_EMBARGO, field(input, object, EMBARGO));
    draft_note(&draft, text(&draft, field(input, object, NOTE), " "));
    draft_copyright(&draft, nw_str(NULL, 0), text(&draft, field(input, object, COPYRIGHT), " "), nw_str(NULL, 0));
    struct nw_str version = draft_line(&draft, text(&draft, field(input, object, VERSION), " "));
    if (version.n > 0)
        NW_SET(record, draft.record, version, version);
    const struct json *subjects = field(input, object, SUBJECTS);
    if (subjects && subjects->kind == JSON_ARRAY)
        for (const struct json *one = subjects->child; one; one = one->next)
            draft_subject(&draft, one->kind == JSON_OBJECT ? json_text_of(one, "name") : json_text(one),
                          nw_str(NULL, 0), nw_str(NULL, 0));
    else if (subjects)
        draft_subject(&draft, text(&draft, subjects, " "), nw_str(NULL, 0), nw_str(NULL, 0));
    struct nw_str body = text(&draft, field(input, object, BODY), "\n\n"),
                  summary = text(&draft, field(input, object, SUMMARY), " ");
    if (markup_is(body))
        markup_body(&draft, body);
    else
        lines_read(&draft, text_tidy(draft.arena, body));
    if (draft.count == 0)
        markup_body(&draft, summary);
    else if (summary.n > 0)
        draft_description(&draft, markup_line(&draft, summary), "summary");
    if (draft.failed)
        return nw_fault(-ENOMEM);
    if (draft.count == 0 && nw_record_headline(draft.record).n == 0)
        return nw_reject(input->context, "read as ndjson, expected a key for the headline or the text (such as title, "
                                         "text), found none; name yours in clean's fields");
    return draft_emit(&draft, CONVENTIONS_STRIP);
}

int ndjson_format(const struct input *input)
{
    const char *why;
    struct decoded d = decode(input->arena, input->bytes, input->declared, false);
    const struct json *root = json_parse(input->arena, d.text, false, &why);
    if (!root)
        return nw_reject(input->context, "read as ndjson, expected a JSON object, found %s", why);
    if (root->kind != JSON_OBJECT && root->kind != JSON_ARRAY)
        return nw_reject(input->context, "read as ndjson, expected a JSON object, found another value");
    size_t emitted = 0;
    int refused = NW_REJECTED;
    bool list = root->kind == JSON_ARRAY;
    for (const struct json *one = list ? root->child : root; one && !input_full(input, emitted);
         one = list ? one->next : NULL) {
        if (one->kind != JSON_OBJECT)
            continue;
        int verdict = ninjs_is(one) ? ninjs_read(input, one, "ndjson", d.charset) : object_read(input, one, d.charset);
        if (verdict < 0)
            return verdict;
        emitted += verdict == NW_OK;
        refused = verdict == NW_OK ? refused : verdict;
        if (!list)
            return verdict;
    }
    return emitted > 0
               ? NW_OK
               : nw_reject(input->context, "read as ndjson, expected objects with a headline or text, found none");
}
