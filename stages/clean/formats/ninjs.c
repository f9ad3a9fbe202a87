/*
 * ninjs 1.x to 3.x.
 *
 * Quirks: 1.x has byline, headline, body_text, body_html, body_xhtml, body_html5, versioncreated; 2.x by, headlines[],
 * bodies[] in small letters; 3.x the same in camelCase. Superdesk writes guid for uri, source for infosource,
 * embargoed, ednote, dates as +0000. Some wrap items in {"item": […]} or {"_items": […]}, with a type of their own.
 * bodies may hold NITF and plain text of one story: one body comes out. associations and their renditions are lists, in
 * 1.x objects by name. Empty strings are nothing.
 */
#include "ninjs.h"

#include "chars.h"
#include "html/extract.h"
#include "lines.h"
#include "markup.h"
#include "nitf.h"
#include "picture.h"
#include "topics.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

enum { ASSOCIATIONS_MOST = 1 << 16 }; /* bytes of the list as written */

bool ninjs_is(const struct json *object)
{
    static const char *const marks[] = {"versioncreated", "versionCreated", "pubstatus",          "pubStatus",
                                        "body_html",      "body_text",      "body_xhtml",         "bodies",
                                        "headlines",      "usageterms",     "representationtype", "representationType",
                                        "contentcreated", "contentCreated"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (json_get(object, marks[i]))
            return true;
    return json_get(object, "guid") && json_get(object, "headline");
}

/* A member under its name in 3.x or in small letters. */
static const struct json *get(const struct json *object, const char *camel)
{
    const struct json *value = json_get(object, camel);
    if (value)
        return value;
    char small[32];
    size_t n = strlen(camel);
    if (n >= sizeof small)
        return NULL;
    for (size_t i = 0; i <= n; i++)
        small[i] = to_lower(camel[i]);
    return json_get(object, small);
}

static struct nw_str text(const struct json *object, const char *camel)
{
    const struct json *value = get(object, camel);
    return value && value->kind == JSON_NUMBER ? value->text : json_text(value);
}

static const struct json *first(const struct json *object, const char *plural, const char *singular)
{
    const struct json *list = get(object, plural);
    if (!list && singular)
        list = get(object, singular);
    return list && list->kind == JSON_ARRAY ? list->child : NULL;
}

static struct nw_str code_of(const struct json *one)
{
    static const char *const keys[] = {"uri", "literal", "code", "qcode"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct nw_str code = text(one, keys[i]);
        if (code.n)
            return code;
    }
    return nw_str(NULL, 0);
}

static void headlines(struct draft *draft, const struct json *object)
{
    draft_headline(draft, markup_line(draft, text(object, "headline")));
    const struct json *best = NULL;
    for (const struct json *one = first(object, "headlines", NULL); one; one = one->next)
        if (!best || nw_str_eq_nocase(text(one, "role"), NW_S("main")) ||
            nw_str_eq_nocase(text(one, "role"), NW_S("hl1")))
            if (nw_str_trim(text(one, "value")).n && (!best || !nw_str_eq_nocase(text(best, "role"), NW_S("main"))))
                best = one;
    if (best)
        draft_headline(draft, markup_line(draft, text(best, "value")));
    for (const struct json *one = first(object, "headlines", NULL); one; one = one->next)
        if (one != best && !nw_str_eq(draft_line(draft, text(one, "value")), nw_record_headline(draft->record)))
            draft_headline_role(draft, markup_line(draft, text(one, "value")),
                                draft_name(draft, text(one, "role"), "sub"));
    if (nw_record_headline(draft->record).n == 0)
        draft_headline(draft, markup_line(draft, text(object, "title")));
    struct nw_str title = draft_line(draft, text(object, "title"));
    if (title.n)
        NW_SET(record, draft->record, title, title);
}

static bool is_nitf(struct nw_str s)
{
    struct nw_str head = nw_str(s.p, s.n < 300 ? s.n : 300);
    return nw_str_find(head, NW_S("<nitf")) != SIZE_MAX;
}

static void body_value(struct draft *draft, struct nw_str value)
{
    if (is_nitf(value)) {
        struct tree tree;
        if (xml_parse(&tree, draft->arena, value))
            nitf_read(draft, &tree, xml_find(&tree, 0, "nitf"));
        draft_tree(draft, &tree);
    } else if (markup_is(value)) {
        struct tree tree;
        tree_parse_html(&tree, draft->arena, value);
        if (!draft_tree(draft, &tree))
            return;
        markup_element(draft, &tree, 0);
        if (draft->count == 0)
            extract_all(draft, &tree, 0, true);
    } else {
        lines_read(draft, text_tidy(draft->arena, value));
    }
}

static void bodies(struct draft *draft, const struct json *object)
{
    static const char *const members[] = {"body_html", "body_xhtml", "body_html5",
                                          "body_text", "body",       "body_richtext"};
    for (size_t i = 0; i < sizeof members / sizeof *members && draft->count == 0; i++)
        body_value(draft, json_text_of(object, members[i]));
    /* of several, HTML before text before NITF */
    static const char *const kinds[] = {"html", "plain", "", "nitf"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && draft->count == 0; k++)
        for (const struct json *one = first(object, "bodies", NULL); one && draft->count == 0; one = one->next) {
            struct nw_str type = text(one, "contentType");
            if (find_nocase(type, nw_str_z(kinds[k])) != SIZE_MAX && (k == 3 || !is_nitf(text(one, "value"))))
                body_value(draft, text(one, "value"));
        }
}

static void lists(struct draft *draft, const struct json *object)
{
    for (const struct json *one = first(object, "subjects", "subject"); one; one = one->next)
        topic_add(draft, text(one, "name"), code_of(one));
    for (const struct json *one = first(object, "genres", "genre"); one; one = one->next)
        draft_genre(draft, text(one, "name"), code_of(one));
    for (const struct json *one = first(object, "places", "place"); one; one = one->next)
        draft_place(draft, text(one, "name"), code_of(one));
    for (const struct json *one = first(object, "people", "person"); one; one = one->next)
        draft_person(draft, text(one, "name"), code_of(one), draft_name(draft, text(one, "rel"), "about"));
    for (const struct json *one = first(object, "organisations", "organisation"); one; one = one->next) {
        const struct json *symbols = first(one, "symbols", NULL);
        draft_organisation(draft, text(one, "name"), code_of(one),
                           symbols && text(symbols, "symbol").n ? text(symbols, "symbol") : text(symbols, "ticker"),
                           text(symbols, "exchange"));
    }
    for (const struct json *one = first(object, "infoSources", "infosource"); one; one = one->next)
        draft_source(draft, text(one, "name").n ? text(one, "name") : code_of(one),
                     draft_name(draft, text(one, "role"), NULL));
    draft_source(draft, text(object, "source"), NULL);
    const struct json *ids = get(object, "altIds");
    for (const struct json *one = ids ? ids->child : NULL; one; one = one->next) /* 3.x: objects; 1.x: members */
        draft_alt_id(draft, one->kind == JSON_OBJECT ? text(one, "value") : json_text(one),
                     draft_name(draft, one->kind == JSON_OBJECT ? text(one, "role") : one->key, "source"));
    struct nw_str description = text(object, "description_text");
    if (description.n == 0)
        description = markup_line(draft, text(object, "description_html"));
    draft_description(draft, draft_line(draft, description), "main");
    for (const struct json *one = first(object, "descriptions", NULL); one; one = one->next)
        draft_description(draft, markup_line(draft, text(one, "value")),
                          draft_name(draft, text(one, "role"), "summary"));
    for (const struct json *one = first(object, "keywords", NULL); one; one = one->next)
        draft_subject(draft, json_text(one), nw_str(NULL, 0), nw_str(NULL, 0));
}

/* The value of the first of a list's texts with that role; of any where role is NULL. */
static struct nw_str of_role(struct draft *draft, const struct json *list, const char *role)
{
    for (const struct json *one = list; one; one = one->next)
        if (!role || find_nocase(text(one, "role"), nw_str_z(role)) != SIZE_MAX)
            return markup_line(draft, text(one, "value"));
    return nw_str(NULL, 0);
}

/* A list of objects (3.x, 2.x) or an object of them by name (1.x). */
static const struct json *members(const struct json *list)
{
    return list && (list->kind == JSON_ARRAY || list->kind == JSON_OBJECT) ? list->child : NULL;
}

static struct nw_str name_of(const struct json *one)
{
    return one->key.n > 0 ? one->key : text(one, "name");
}

static void association(struct draft *draft, const struct json *one)
{
    const struct json *descriptions = first(one, "descriptions", NULL), *files = members(get(one, "renditions"));
    struct nw_str id = text(one, "uri").n ? text(one, "uri") : text(one, "guid");
    struct picture picture = {
        .uri = draft_line(draft, id),
        .name = name_of(one),
        .type = text(one, "type"),
        .title = text(one, "headline").n ? markup_line(draft, text(one, "headline"))
                                         : of_role(draft, first(one, "headlines", NULL), NULL),
        .caption = of_role(draft, descriptions, "caption"),
        .alt = of_role(draft, descriptions, "alt"),
        .credit = text(one, "by").n ? text(one, "by") : text(one, "byline"),
        .holder = text(one, "copyrightHolder"),
        .notice = text(one, "copyrightNotice"),
        .terms = text(one, "usageTerms"),
    };
    if (picture.caption.n == 0)
        picture.caption = text(one, "description_text");
    if (picture.caption.n == 0)
        picture.caption = markup_line(draft, text(one, "description_html"));
    if (picture.caption.n == 0 && picture.alt.n == 0)
        picture.caption = of_role(draft, descriptions, NULL);
    for (const struct json *file = files; file && picture.uri.n == 0; file = file->next)
        picture.uri = picture_uri(draft, "ninjs", text(file, "href"));
    if (picture.uri.n > 0 && !draft_is_uri(picture.uri))
        picture.uri = draft_urn(draft, "ninjs", picture.uri);
    struct nw_association *put = draft_picture(draft, &picture);
    for (const struct json *file = files; put && file; file = file->next)
        draft_picture_file(
            draft, put,
            &(struct picture_file){
                .name = name_of(file),
                .href = text(file, "href"),
                .media = text(file, "contentType").n ? text(file, "contentType") : text(file, "mimetype"),
                .width = number_of(text(file, "width")),
                .height = number_of(text(file, "height")),
                .bytes = number_of(text(file, "sizeInBytes")),
            });
}

/* Pictures and related items: a list that is as ninjs 3 has it stays as it is, with all that we do not know. */
static void associations(struct draft *draft, const struct json *object)
{
    const struct json *list = json_get(object, "associations");
    struct nw_record *read = NULL;
    char why[NW_WHY];
    if (!members(list) || draft->failed)
        return;
    if (list->kind == JSON_ARRAY && list->text.n <= ASSOCIATIONS_MOST) {
        struct nw_str json =
            draft_printf(draft, "{\"source\": {\"index\": 0}, \"associations\": %.*s}", NW_FMT(list->text));
        if (nw_record_from_json(draft->arena, json, &read, why) == 0 && NW_HAS(record, read, associations)) {
            NW_SET(record, draft->record, associations, read->associations);
            return;
        }
    }
    for (const struct json *one = members(list); one; one = one->next)
        if (one->kind == JSON_OBJECT)
            association(draft, one);
}

static void strings(struct draft *draft, const struct json *object)
{
    struct nw_record *r = draft->record;
    struct nw_str s;
    struct nw_str by = text(object, "by").n ? text(object, "by") : text(object, "byline");
    if (draft_line(draft, by).n > 0 && !nitf_is_initials(by))
        wire_by(draft, markup_line(draft, by));
    for (const struct json *one = first(object, "authors", NULL); one && !NW_HAS(record, r, by); one = one->next)
        draft_by(draft, one->kind == JSON_STRING ? json_text(one) : text(one, "name"));
    draft_slugline(draft, text(object, "slugline"));
    draft_slugline(draft, text(object, "slug"));
    draft_located(draft, text(object, "located"));
    draft_language(draft, text(object, "language"));
    draft_note(draft, markup_line(draft, text(object, "edNote")));
    if ((s = draft_line(draft, text(object, "version"))).n > 0)
        NW_SET(record, r, version, s);
    draft_copyright(draft, text(object, "copyrightHolder"), text(object, "copyrightNotice"),
                    text(object, "usageTerms"));
    struct nw_str status = text(object, "pubStatus");
    if (nw_str_starts_nocase(status, NW_S("cancel")))
        draft_status(draft, "canceled");
    else if (nw_str_eq_nocase(status, NW_S("withheld")))
        draft_status(draft, "withheld");
    else if (status.n)
        draft_status(draft, "usable");
    draft_urgency(draft, number_of(text(object, "urgency")));
    draft_urgency(draft, number_of(text(object, "priority")));
    draft_moment_of(draft, MOMENT_FIRST, text(object, "firstCreated"));
    draft_moment_of(draft, MOMENT_VERSION, text(object, "versionCreated"));
    draft_moment_of(draft, MOMENT_CONTENT, text(object, "contentCreated"));
    draft_moment_of(draft, MOMENT_EMBARGO, text(object, "embargoedUntil"));
    draft_moment_of(draft, MOMENT_EMBARGO, text(object, "embargoed"));
}

int ninjs_read(const struct input *input, const struct json *object, const char *format, const char *charset)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, format);
    if (!draft.record)
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(charset));
    struct nw_str id = text(object, "uri");
    draft_uri(&draft, "ninjs", id.n ? id : text(object, "guid"));
    headlines(&draft, object);
    strings(&draft, object);
    lists(&draft, object);
    associations(&draft, object);
    bodies(&draft, object);
    if (draft.failed)
        return nw_fault(-ENOMEM);
    markup_drop_headlines(&draft);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}

int ninjs_format(const struct input *input)
{
    const char *why;
    struct decoded d = decode(input->arena, input->bytes, input->declared, false);
    const struct json *root = json_parse(input->arena, d.text, false, &why);
    if (!root)
        return nw_reject(input->context, "read as ninjs, expected JSON, found %s", why);
    const struct json *items = root->kind == JSON_ARRAY ? root : NULL;
    static const char *const wraps[] = {"item", "items", "_items"};
    for (size_t i = 0; i < sizeof wraps / sizeof *wraps && !items && !ninjs_is(root); i++) {
        const struct json *list = json_get(root, wraps[i]);
        items = list && list->kind == JSON_ARRAY ? list : NULL;
    }
    size_t emitted = 0;
    int refused = NW_REJECTED;
    for (const struct json *one = items ? items->child : root; one && !input_full(input, emitted);
         one = items ? one->next : NULL) {
        if (!ninjs_is(one))
            continue;
        int verdict = ninjs_read(input, one, "ninjs", d.charset);
        if (verdict < 0)
            return verdict;
        emitted += verdict == NW_OK;
        refused = verdict == NW_OK ? refused : verdict;
        if (!items)
            return verdict;
    }
    if (emitted > 0)
        return NW_OK;
    return items && refused != NW_REJECTED
               ? refused
               : nw_reject(input->context, "read as ninjs, expected an object with headline and body, found none");
}
