/*
 * NITF 3.1 to 3.6.
 *
 * Quirks: an embargo is management-status "embargoed" and a date.release later than date.issue; a date.release equal to
 * date.issue is none; hl2 repeats the headline or holds the slug; byline holds person and byttl, with no blank between,
 * or only initials, or a subheadline; AAP's slug is the meta anpa-keyword, its paragraphs have br at the end of each
 * line of print, and the dateline in the text; dates may lack their zone; tagline in body.end credits others; an empty
 * hl1 leaves the title of the head; a media-reference may name a file that came beside the article.
 */
#include "nitf.h"

#include "chars.h"
#include "picture.h"
#include "topics.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

bool nitf_is_initials(struct nw_str by)
{
    by = nw_str_trim(by);
    size_t letters = 0;
    if (by.n > 12)
        return false;
    for (size_t i = 0; i < by.n; i++) {
        if (by.p[i] == ' ')
            return false;
        letters += is_alpha((unsigned char)by.p[i]);
    }
    bool slash = memchr(by.p ? by.p : "", '/', by.n) != NULL;
    bool lower = true;
    for (size_t i = 0; i < by.n; i++)
        lower = lower && !is_upper(by.p[i]);
    return letters > 0 && (slash || (lower && by.n <= 5));
}

/* Names in a byline: its persons, else its text without the title. */
static void byline(struct draft *draft, const struct tree *tree, uint32_t node)
{
    struct nw_str names = nw_str(NULL, 0);
    for (uint32_t i = xml_find(tree, node, "person"); i; i = xml_each(tree, node, i, "person")) {
        struct nw_str one = xml_line(tree, i);
        if (one.n > 0)
            names = draft_join(draft, names, one);
    }
    uint32_t title = xml_find(tree, node, "byttl");
    if (names.n == 0) {
        for (uint32_t i = node + 1; i < tree->nodes[node].end && names.n < JOINED_MOST; i++)
            if (tree->nodes[i].is_text && !(title && i > title && i < tree->nodes[title].end)) {
                struct nw_str piece = draft_line(draft, tree->nodes[i].text);
                if (piece.n > 0)
                    names = names.n ? draft_printf(draft, "%.*s %.*s", NW_FMT(names), NW_FMT(piece)) : piece;
            }
    }
    if (names.n > 0 && names.n <= 160 && !nitf_is_initials(names))
        wire_by(draft, names);
}

/* Who and what the item is about: identified-content. */
static void identified(struct draft *draft, const struct tree *tree, uint32_t within)
{
    uint32_t about = xml_find(tree, within, "identified-content");
    for (uint32_t i = xml_find(tree, about, "person"); about && i; i = xml_each(tree, about, i, "person"))
        draft_person(draft, xml_line(tree, i), xml_attr(tree, i, "idsrc"), "about");
    for (uint32_t i = xml_find(tree, about, "org"); about && i; i = xml_each(tree, about, i, "org"))
        draft_organisation(draft, xml_line(tree, i), xml_attr(tree, i, "value"),
                           xml_attr(tree, xml_find(tree, i, "alt-code"), "value"),
                           xml_attr(tree, xml_find(tree, i, "alt-code"), "idsrc"));
    for (uint32_t i = xml_find(tree, about, "location"); about && i; i = xml_each(tree, about, i, "location"))
        draft_place(draft, xml_line(tree, i), xml_attr(tree, i, "location-code"));
}

static void docdata(struct draft *draft, const struct tree *tree, uint32_t data)
{
    struct nw_str status = xml_attr(tree, data, "management-status");
    struct nw_str id = xml_attr(tree, xml_child(tree, data, "doc-id"), "id-string");
    draft_uri(draft, "nitf", id);
    draft_urgency(draft, number_of(nw_str_trim(xml_attr(tree, xml_child(tree, data, "urgency"), "ed-urg"))));
    struct date issue = {0}, release = {0};
    if (date_read(xml_attr(tree, xml_child(tree, data, "date.issue"), "norm"), &issue))
        draft_moment(draft, MOMENT_VERSION, &issue);
    if (date_read(xml_attr(tree, xml_child(tree, data, "date.release"), "norm"), &release) &&
        nw_str_eq_nocase(status, NW_S("embargoed")) && release.ms > issue.ms)
        draft_moment(draft, MOMENT_EMBARGO, &release);
    if (nw_str_starts_nocase(status, NW_S("cancel")) || nw_str_eq_nocase(status, NW_S("killed")) ||
        nw_str_eq_nocase(status, NW_S("withdrawn")))
        draft_status(draft, "canceled");
    else if (nw_str_eq_nocase(status, NW_S("withheld")) || nw_str_eq_nocase(status, NW_S("embargoed")))
        draft_status(draft, "withheld");
    else if (status.n)
        draft_status(draft, "usable");
    for (uint32_t i = xml_child(tree, data, "ed-msg"); i; i = xml_sibling(tree, i, "ed-msg"))
        draft_note(draft, xml_attr(tree, i, "info"));
    draft_copyright(draft, xml_attr(tree, xml_child(tree, data, "doc.copyright"), "holder"),
                    xml_line(tree, xml_child(tree, data, "doc.copyright")), nw_str(NULL, 0));
    struct nw_str version = draft_line(draft, xml_attr(tree, xml_child(tree, data, "du-key"), "version"));
    if (version.n > 0 && draft->record)
        NW_SET(record, draft->record, version, version);
    for (uint32_t i = xml_find(tree, data, "keyword"); i; i = xml_each(tree, data, i, "keyword"))
        draft_subject(draft, xml_attr(tree, i, "key"), nw_str(NULL, 0), nw_str(NULL, 0));
    identified(draft, tree, data);
    draft_slugline(draft, xml_attr(tree, xml_path(tree, data, "fixture"), "fix-id"));
    draft_slugline(draft, xml_attr(tree, xml_child(tree, data, "du-key"), "key"));
    for (uint32_t i = xml_find(tree, data, "from-src"); i; i = xml_each(tree, data, i, "from-src"))
        draft_source(draft, xml_attr(tree, i, "src-name"), NULL);
    draft_source(draft, xml_attr(tree, xml_child(tree, data, "doc-id"), "regsrc"), NULL);
    draft_source(draft, xml_attr(tree, xml_child(tree, data, "doc.rights"), "agent"), NULL);
    struct nw_str city = xml_attr(tree, xml_child(tree, data, "evloc"), "city");
    if (city.n > 0 && draft->record)
        draft->place = city;
    for (uint32_t i = xml_find(tree, data, "classifier"); i; i = xml_each(tree, data, i, "classifier"))
        topic_add(draft, xml_attr(tree, i, "value"), xml_attr(tree, i, "idsrc"));
}

static void head(struct draft *draft, const struct tree *tree, uint32_t node)
{
    for (uint32_t i = xml_child(tree, node, "meta"); i; i = xml_sibling(tree, i, "meta")) {
        struct nw_str name = xml_attr(tree, i, "name"), content = xml_attr(tree, i, "content");
        if (nw_str_eq(name, NW_S("anpa-keyword")) || nw_str_eq_nocase(name, NW_S("slug")) ||
            nw_str_eq_nocase(name, NW_S("slugline")))
            draft_slugline(draft, content);
        else if (nw_str_eq_nocase(name, NW_S("aap-source")) || nw_str_eq_nocase(name, NW_S("source")))
            draft_source(draft, content, NULL);
        else if (nw_str_eq_nocase(name, NW_S("language")))
            draft_language(draft, content);
    }
    uint32_t data = xml_child(tree, node, "docdata");
    if (data)
        docdata(draft, tree, data);
    for (uint32_t i = xml_find(tree, node, "tobject.subject"); i; i = xml_each(tree, node, i, "tobject.subject")) {
        struct nw_str name = xml_attr(tree, i, "tobject.subject.detail");
        if (name.n == 0)
            name = xml_attr(tree, i, "tobject.subject.matter");
        if (name.n == 0)
            name = xml_attr(tree, i, "tobject.subject.type");
        topic_add(draft, name, xml_attr(tree, i, "tobject.subject.refnum"));
    }
}

/* A media element: its references are the files that it comes in. */
static void media(struct draft *draft, const struct tree *tree, uint32_t node)
{
    struct nw_str kind = xml_attr(tree, node, "media-type");
    bool still = kind.n == 0 || nw_str_eq_nocase(kind, NW_S("image")) || nw_str_eq_nocase(kind, NW_S("photo"));
    uint32_t reference = xml_find(tree, node, "media-reference"), caption = xml_child(tree, node, "media-caption");
    struct picture picture = {
        .uri = picture_uri(draft, "nitf", xml_attr(tree, reference, "source")),
        .name = xml_attr(tree, reference, "name"),
        .type = still ? nw_str(NULL, 0) : kind,
        .caption = caption ? tree_line(tree, caption) : nw_str(NULL, 0),
        .alt = xml_attr(tree, reference, "alternate-text"),
        .credit = xml_line(tree, xml_child(tree, node, "media-producer")),
        .notice = xml_attr(tree, reference, "copyright"),
    };
    struct nw_association *put = draft_picture(draft, &picture);
    for (uint32_t i = reference; put && i; i = xml_each(tree, node, i, "media-reference"))
        draft_picture_file(draft, put,
                           &(struct picture_file){
                               .name = xml_attr(tree, i, "name"),
                               .href = xml_attr(tree, i, "source"),
                               .media = xml_attr(tree, i, "mime-type"),
                               .width = number_of(nw_str_trim(xml_attr(tree, i, "width"))),
                               .height = number_of(nw_str_trim(xml_attr(tree, i, "height"))),
                           });
}

void nitf_read(struct draft *draft, const struct tree *tree, uint32_t nitf)
{
    uint32_t head_node = xml_child(tree, nitf, "head"), body = xml_child(tree, nitf, "body");
    uint32_t body_head = body ? xml_child(tree, body, "body.head") : xml_find(tree, nitf, "body.head"),
             content = body ? xml_child(tree, body, "body.content") : xml_find(tree, nitf, "body.content");
    if (!content)
        content = xml_find(tree, nitf, "body.content");
    if (head_node)
        head(draft, tree, head_node);
    if (body_head) {
        draft_headline(draft, xml_line(tree, xml_find(tree, body_head, "hl1")));
        struct nw_str second = xml_line(tree, xml_find(tree, body_head, "hl2"));
        if (draft->record && second.n > 0 && !nw_str_eq_nocase(second, nw_record_headline(draft->record)) &&
            nw_record_headline(draft->record).n > 0)
            draft_headline_role(draft, second, "sub");
        uint32_t by = xml_child(tree, body_head, "byline");
        if (by)
            byline(draft, tree, by);
        uint32_t place = xml_path(tree, body_head, "dateline/location");
        struct nw_str city = xml_line(tree, xml_find(tree, place ? place : body_head, "city"));
        struct nw_str located = place ? city.n ? city : xml_line(tree, place) : city;
        if (located.n == 0)
            located = xml_line(tree, xml_child(tree, body_head, "dateline"));
        if (located.n > 0 && located.n < 80 && !is_digit((unsigned char)located.p[0]) && !wire_dateline(draft, located))
            draft_located(draft, wire_place_case(draft, located));
        for (uint32_t i = xml_child(tree, body_head, "distributor"); i; i = xml_sibling(tree, i, "distributor"))
            draft_source(draft, xml_line(tree, i), "distributor");
        uint32_t abstract = xml_child(tree, body_head, "abstract");
        struct nw_str summary = abstract ? tree_line(tree, abstract) : nw_str(NULL, 0);
        if (summary.n)
            draft_description(draft, summary, "abstract");
        draft_note(draft, xml_line(tree, xml_child(tree, body_head, "note")));
    }
    draft_located(draft, draft->place);
    draft_headline(draft, xml_line(tree, xml_path(tree, nitf, "head/title")));
    markup_element(draft, tree, content ? content : body);
    for (uint32_t i = body ? xml_find(tree, body, "media") : 0; i; i = xml_each(tree, body, i, "media"))
        media(draft, tree, i);
    uint32_t end = xml_find(tree, nitf, "body.end");
    if (end)
        draft_note(draft, tree_line(tree, end));
}

int nitf_format(const struct input *input)
{
    struct draft draft;
    struct nw_str text;
    struct tree tree;
    if (!input_begin(input, "nitf", true, &draft, &text))
        return nw_fault(-ENOMEM);
    text = text_unmojibake(input->arena, text);
    bool found = xml_parse(&tree, input->arena, text);
    if (!draft_tree(&draft, &tree) || !found)
        return tree.failed
                   ? nw_fault(-ENOMEM)
                   : nw_reject(input->context,
                               "read as nitf, expected an XML document, found no element; the input may be cut off");
    uint32_t nitf = xml_find(&tree, 0, "nitf");
    if (!nitf)
        return nw_reject(input->context, "read as nitf, expected a nitf element, found none; check the input's format");
    draft_language(&draft, xml_attr(&tree, nitf, "lang"));
    draft_language(&draft, xml_attr(&tree, nitf, "baselang"));
    nitf_read(&draft, &tree, nitf);
    markup_drop_headlines(&draft);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}
