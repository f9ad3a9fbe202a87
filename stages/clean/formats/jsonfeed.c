/*
 * JSON Feed 1 and 1.1.
 *
 * Quirks: 1 has one author, 1.1 a list; content_html before content_text; an id may be a number.
 */
#include "feed.h"
#include "json.h"
#include "unicode.h"

static struct nw_str text_of(const struct json *value)
{
    return value && value->kind == JSON_NUMBER ? value->text : json_text(value);
}

static struct nw_str authors(struct draft *draft, const struct json *object)
{
    const struct json *list = json_get(object, "authors"),
                      *one = list && list->kind == JSON_ARRAY ? list->child : json_get(object, "author");
    struct nw_str by = nw_str(NULL, 0);
    for (; one; one = list ? one->next : NULL) {
        struct nw_str name = draft_line(draft, one->kind == JSON_OBJECT ? json_text_of(one, "name") : json_text(one));
        if (name.n > 0 && name.n < 200)
            by = draft_join(draft, by, name);
    }
    return by;
}

static int item(struct feed *feed, const struct json *object, const struct json *root)
{
    struct draft draft;
    feed_entry(feed, &draft);
    draft_headline(&draft, markup_line(&draft, json_text_of(object, "title")));
    draft_uri(&draft, feed->format, text_of(json_get(object, "id")));
    draft_moment_of(&draft, MOMENT_FIRST, json_text_of(object, "date_published"));
    draft_moment_of(&draft, MOMENT_VERSION, json_text_of(object, "date_modified"));
    struct nw_str by = authors(&draft, object);
    draft_by(&draft, by.n ? by : authors(&draft, root));
    const struct json *tags = json_get(object, "tags");
    for (const struct json *tag = tags && tags->kind == JSON_ARRAY ? tags->child : NULL; tag; tag = tag->next)
        draft_subject(&draft, json_text(tag), nw_str(NULL, 0), nw_str(NULL, 0));
    struct nw_str language = json_text_of(object, "language");
    if (language.n)
        draft.hint = language;
    struct nw_str link = draft_line(&draft, json_text_of(object, "url"));
    if (link.n == 0)
        link = draft_line(&draft, json_text_of(object, "external_url"));
    else
        draft_alt_id(&draft, json_text_of(object, "external_url"), "external");
    struct nw_str content = json_text_of(object, "content_html");
    return feed_emit(feed, &draft, json_text_of(object, "summary"),
                     nw_str_trim(content).n ? content : json_text_of(object, "content_text"), link);
}

int jsonfeed_format(const struct input *input)
{
    const char *why;
    struct decoded d = decode(input->arena, input->bytes, input->declared, false);
    const struct json *root = json_parse(input->arena, d.text, false, &why);
    struct feed feed = {.input = input, .format = "jsonfeed", .charset = d.charset};
    const struct json *items = json_get(root, "items");
    if (!items || items->kind != JSON_ARRAY)
        return nw_reject(input->context, "read as jsonfeed, expected an object with items, found %s",
                         root ? "none" : why);
    feed.title = text_line(input->arena, json_text_of(root, "title"));
    feed.language = json_text_of(root, "language");
    for (const struct json *one = items->child; one; one = one->next) {
        int error = one->kind == JSON_OBJECT ? item(&feed, one, root) : 0;
        if (error < 0)
            return error;
    }
    return feed_end(&feed);
}
