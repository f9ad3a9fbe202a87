/*
 * NewsML-G2: a newsItem or packageItem, in a newsMessage's itemSet or as the root. conceptItem, knowledgeItem and
 * planningItem are no articles.
 *
 * Quirks: prefixes other than the usual; headlines by role (…subtitle, …subHeadline are not the headline) or rank;
 * pubStatus stat:canceled is a kill (same guid, higher version, no body); an empty embargoed is none; edNotes by the
 * dozen, those for the public first; bodies as XHTML or NITF in inlineXML, escaped HTML or plain text in inlineData, at
 * times the same text several times; a whole preformatted story in one p; dpa opens with a header and has its text in
 * section.main; press release wires repeat the headline as h1. An item without a headline may have one in its NITF.
 */
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

/* What a node is called: a name inside, its literal, else its code without the prefix. */
static struct nw_str name_of(const struct tree *tree, uint32_t node)
{
    struct nw_str name = xml_line(tree, xml_child(tree, node, "name"));
    if (name.n == 0)
        name = xml_attr(tree, node, "literal");
    if (name.n == 0) {
        struct nw_str code = xml_attr(tree, node, "qcode");
        size_t colon = nw_str_find(code, NW_S(":"));
        name = colon == SIZE_MAX ? code : nw_str_from(code, colon + 1);
    }
    return name.n ? name : node ? xml_line(tree, node) : name;
}

static bool has(struct nw_str s, const char *word)
{
    return find_nocase(s, nw_str_z(word)) != SIZE_MAX;
}

static void headlines(struct draft *draft, const struct tree *tree, uint32_t meta)
{
    uint32_t best = 0;
    long best_rank = 0;
    for (uint32_t i = xml_child(tree, meta, "headline"); i; i = xml_sibling(tree, i, "headline")) {
        struct nw_str role = xml_attr(tree, i, "role");
        long rank = number_of(xml_attr(tree, i, "rank"));
        bool sub = has(role, "sub") || has(role, "short") || has(role, "kicker") || has(role, "overline");
        if (xml_line(tree, i).n == 0)
            continue;
        rank = (rank < 0 ? 50 : rank) + (sub ? 1000 : 0);
        if (!best || rank < best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    if (best)
        draft_headline(draft, xml_line(tree, best));
    for (uint32_t i = xml_child(tree, meta, "headline"); i; i = xml_sibling(tree, i, "headline"))
        if (i != best && has(xml_attr(tree, i, "role"), "sub"))
            draft_headline_role(draft, xml_line(tree, i), "sub");
}

static void subjects(struct draft *draft, const struct tree *tree, uint32_t meta)
{
    for (uint32_t i = xml_child(tree, meta, "subject"); i; i = xml_sibling(tree, i, "subject")) {
        struct nw_str name = xml_line(tree, xml_child(tree, i, "name")), code = xml_attr(tree, i, "qcode"),
                      type = xml_attr(tree, i, "type");
        if (name.n == 0)
            name = xml_attr(tree, i, "literal");
        if (code.n == 0)
            code = xml_attr(tree, i, "uri");
        if (has(type, "person")) {
            draft_person(draft, name, code, "about");
        } else if (has(type, "organi")) {
            draft_organisation(draft, name, code, xml_attr(tree, xml_find(tree, i, "hasInstrument"), "symbol"),
                               xml_attr(tree, xml_find(tree, i, "hasInstrument"), "marketlabel"));
        } else if (has(type, "geo") || has(type, "place")) {
            draft_place(draft, name, code);
        } else if (name.n + code.n > 0) {
            topic_add(draft, name, code);
        }
        for (uint32_t k = xml_child(tree, i, "sameAs"); k; k = xml_sibling(tree, k, "sameAs"))
            if (has(xml_attr(tree, k, "qcode"), "medtop") || has(xml_attr(tree, k, "uri"), "mediatopic"))
                topic_add(draft,
                          xml_line(tree, xml_child(tree, k, "name")).n ? xml_line(tree, xml_child(tree, k, "name"))
                                                                       : name,
                          xml_attr(tree, k, "qcode").n ? xml_attr(tree, k, "qcode") : xml_attr(tree, k, "uri"));
    }
}

/* All bylines as one: "Ada Example, Bo Sample"; where there is none, the creators. */
static void bylines(struct draft *draft, const struct tree *tree, uint32_t meta)
{
    static const char *const kinds[] = {"by", "creator"};
    struct nw_str all = nw_str(NULL, 0);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && all.n == 0; k++)
        for (uint32_t i = xml_child(tree, meta, kinds[k]); i; i = xml_sibling(tree, i, kinds[k])) {
            struct nw_str one = k == 0 ? xml_line(tree, i) : xml_line(tree, xml_child(tree, i, "name"));
            if (one.n > 0 && !nitf_is_initials(one) &&
                (k == 0 || (memchr(one.p, ' ', one.n) && !wire_is_agency(one)))) /* not a desk's user */
                all = draft_join(draft, all, one);
        }
    if (all.n > 0)
        wire_by(draft, all);
}

/* "drol:summary" or "http://…/descriptionrole/summary": the last part. */
static struct nw_str role_of(struct nw_str role)
{
    for (size_t i = role.n; i-- > 0;)
        if (role.p[i] == ':' || role.p[i] == '/')
            return nw_str_from(role, i + 1);
    return role;
}

static void content_meta(struct draft *draft, const struct tree *tree, uint32_t meta)
{
    headlines(draft, tree, meta);
    draft_urgency(draft, number_of(xml_line(tree, xml_child(tree, meta, "urgency"))));
    draft_moment_of(draft, MOMENT_CONTENT, xml_line(tree, xml_child(tree, meta, "contentCreated")));
    uint32_t language = xml_child(tree, meta, "language");
    draft_language(draft, xml_attr(tree, language, "tag"));
    bylines(draft, tree, meta);
    for (uint32_t i = xml_child(tree, meta, "slugline"); i; i = xml_sibling(tree, i, "slugline"))
        draft_slugline(draft, xml_line(tree, i));
    uint32_t located = xml_child(tree, meta, "located");
    if (located)
        draft_located(draft, wire_place_case(draft, draft_line(draft, name_of(tree, located))));
    for (uint32_t i = xml_child(tree, meta, "infoSource"); i; i = xml_sibling(tree, i, "infoSource"))
        draft_source(draft, name_of(tree, i), NULL);
    for (uint32_t i = xml_child(tree, meta, "creditline"); i; i = xml_sibling(tree, i, "creditline"))
        draft_source(draft, xml_line(tree, i), "credit");
    subjects(draft, tree, meta);
    for (uint32_t i = xml_child(tree, meta, "genre"); i; i = xml_sibling(tree, i, "genre"))
        draft_genre(draft, xml_line(tree, xml_child(tree, i, "name")), xml_attr(tree, i, "qcode"));
    for (uint32_t i = xml_child(tree, meta, "altId"); i; i = xml_sibling(tree, i, "altId"))
        draft_alt_id(draft, xml_line(tree, i), draft_name(draft, role_of(xml_attr(tree, i, "type")), "source"));
    for (uint32_t i = xml_child(tree, meta, "description"); i; i = xml_sibling(tree, i, "description"))
        draft_description(draft, xml_line(tree, i), draft_name(draft, role_of(xml_attr(tree, i, "role")), "summary"));
    for (uint32_t i = xml_child(tree, meta, "keyword"); i; i = xml_sibling(tree, i, "keyword"))
        draft_subject(draft, xml_line(tree, i), nw_str(NULL, 0), nw_str(NULL, 0));
    uint32_t dateline = xml_child(tree, meta, "dateline");
    struct nw_str line = xml_line(tree, dateline);
    if (line.n > 0 && line.n < 120)
        wire_dateline(draft, draft_printf(draft, "%.*s - X", NW_FMT(trim_set(line, " -"))));
}

static void item_meta(struct draft *draft, const struct tree *tree, uint32_t meta)
{
    static const char *const moments[] = {"versionCreated", "firstCreated", "embargoed"};
    draft_moment_of(draft, MOMENT_VERSION, xml_line(tree, xml_child(tree, meta, moments[0])));
    draft_moment_of(draft, MOMENT_FIRST, xml_line(tree, xml_child(tree, meta, moments[1])));
    draft_moment_of(draft, MOMENT_EMBARGO, xml_line(tree, xml_child(tree, meta, moments[2])));
    struct nw_str status = xml_attr(tree, xml_child(tree, meta, "pubStatus"), "qcode");
    if (has(status, "cancel"))
        draft_status(draft, "canceled");
    else if (has(status, "withh"))
        draft_status(draft, "withheld");
    else if (status.n)
        draft_status(draft, "usable");
    for (uint32_t i = xml_child(tree, meta, "signal"); i; i = xml_sibling(tree, i, "signal")) {
        struct nw_str code = xml_attr(tree, i, "qcode");
        if (nw_str_eq(code, NW_S("edStat:D")) || has(code, "sig:kill") || has(code, "sig:delete"))
            draft_status(draft, "canceled");
    }
    draft_source(draft, name_of(tree, xml_child(tree, meta, "provider")), "provider");
    for (int public = 1; public >= 0; public --)
        for (uint32_t i = xml_child(tree, meta, "edNote"); i; i = xml_sibling(tree, i, "edNote"))
            if ((xml_attr(tree, i, "pubconstraint").n == 0) == (public == 1))
                draft_note(draft, tree_line(tree, i));
    struct nw_str title = xml_line(tree, xml_child(tree, meta, "title"));
    if (draft->record && title.n)
        NW_SET(record, draft->record, title, title);
}

static void rights(struct draft *draft, const struct tree *tree, uint32_t item)
{
    for (uint32_t i = xml_child(tree, item, "rightsInfo"); i; i = xml_sibling(tree, i, "rightsInfo"))
        draft_copyright(draft, name_of(tree, xml_child(tree, i, "copyrightHolder")),
                        xml_line(tree, xml_child(tree, i, "copyrightNotice")),
                        xml_line(tree, xml_child(tree, i, "usageTerms")));
}

/* The element that holds the text: dpa's section.main, else the body, else all. */
static uint32_t text_element(const struct tree *tree, uint32_t within)
{
    for (uint32_t i = xml_find(tree, within, "section"); i; i = xml_each(tree, within, i, "section"))
        if (has_word(xml_attr(tree, i, "class"), NW_S("main")))
            return i;
    uint32_t body = xml_find(tree, within, "body");
    return body ? body : within;
}

static void content_set(struct draft *draft, const struct tree *tree, uint32_t set)
{
    for (uint32_t i = xml_child(tree, set, "inlineXML"); i && draft->count == 0;
         i = xml_sibling(tree, i, "inlineXML")) {
        uint32_t nitf = xml_find(tree, i, "nitf");
        if (nitf) {
            nitf_read(draft, tree, nitf);
            continue;
        }
        uint32_t text = text_element(tree, i);
        for (uint32_t k = xml_find(tree, i, "span"); k; k = xml_each(tree, i, k, "span"))
            if (has_word(xml_attr(tree, k, "class"), NW_S("byline")) && !nitf_is_initials(xml_line(tree, k)))
                wire_by(draft, xml_line(tree, k));
        for (uint32_t k = xml_find(tree, i, "p"); k; k = xml_each(tree, i, k, "p"))
            if (has_word(xml_attr(tree, k, "class"), NW_S("byline")))
                wire_by(draft, xml_line(tree, k));
        markup_element(draft, tree, text);
        if (nw_record_headline(draft->record).n == 0)
            draft_headline(draft, xml_line(tree, xml_find(tree, i, "h1")));
    }
    /* inlineData: HTML is better than the same as plain text */
    for (int html = 1; html >= 0 && draft->count == 0; html--)
        for (uint32_t i = xml_child(tree, set, "inlineData"); i && draft->count == 0;
             i = xml_sibling(tree, i, "inlineData")) {
            struct nw_str text = xml_text(tree, i);
            if (markup_is(text) != (html == 1) || nw_str_trim(text).n == 0)
                continue;
            if (html)
                markup_body(draft, text);
            else
                lines_read(draft, text_tidy(draft->arena, text));
        }
}

/* What the item says of a picture: of its own, where it is one, or of those that it refers to. */
static struct picture own_picture(struct draft *draft, const struct tree *tree, uint32_t item)
{
    const struct nw_record *r = draft->record;
    uint32_t meta = xml_child(tree, item, "contentMeta");
    struct picture picture = {.uri = xml_attr(tree, item, "guid"), .name = nw_record_headline(r)};
    for (uint32_t i = xml_child(tree, meta, "description"); i; i = xml_sibling(tree, i, "description"))
        if (picture.caption.n == 0 || has(xml_attr(tree, i, "role"), "caption"))
            picture.caption = xml_line(tree, i);
    picture.credit = xml_line(tree, xml_child(tree, meta, "creditline"));
    if (picture.credit.n == 0 && NW_HAS(record, r, by))
        picture.credit = r->by;
    picture.holder = NW_HAS(record, r, copyright_holder) ? r->copyright_holder : nw_str(NULL, 0);
    picture.notice = NW_HAS(record, r, copyright_notice) ? r->copyright_notice : nw_str(NULL, 0);
    picture.terms = NW_HAS(record, r, usage_terms) ? r->usage_terms : nw_str(NULL, 0);
    return picture;
}

static bool is_image(const struct tree *tree, uint32_t content)
{
    struct nw_str type = xml_attr(tree, content, "contenttype");
    return nw_str_starts_nocase(type, NW_S("image/")) ||
           (type.n == 0 && xml_attr(tree, content, "width").n > 0 && xml_attr(tree, content, "duration").n == 0);
}

/* remoteContent: the files of one picture, which the item is or brings along. */
static void remote_content(struct draft *draft, const struct tree *tree, uint32_t item, uint32_t set)
{
    bool own = has(xml_attr(tree, xml_path(tree, item, "itemMeta/itemClass"), "qcode"), "picture");
    struct nw_association *put = NULL;
    for (uint32_t i = xml_child(tree, set, "remoteContent"); i; i = xml_sibling(tree, i, "remoteContent")) {
        struct nw_str href = xml_attr(tree, i, "href");
        if (!is_image(tree, i))
            continue;
        if (!put) {
            struct picture picture = own ? own_picture(draft, tree, item) : (struct picture){.uri = {0}};
            if (!draft_is_uri(picture.uri))
                picture.uri = picture_uri(draft, "newsml-g2", href.n ? href : xml_attr(tree, i, "residref"));
            put = draft_picture(draft, &picture);
        }
        if (put)
            draft_picture_file(draft, put,
                               &(struct picture_file){
                                   .name = role_of(xml_attr(tree, i, "rendition")),
                                   .href = href,
                                   .media = xml_attr(tree, i, "contenttype"),
                                   .width = number_of(xml_attr(tree, i, "width")),
                                   .height = number_of(xml_attr(tree, i, "height")),
                                   .bytes = number_of(xml_attr(tree, i, "size")),
                               });
    }
}

/* A package's references to pictures, and links to them. */
static void references(struct draft *draft, const struct tree *tree, uint32_t item)
{
    static const char *const kinds[] = {"itemRef", "link"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (uint32_t i = xml_find(tree, item, kinds[k]); i; i = xml_each(tree, item, i, kinds[k])) {
            struct nw_str id = xml_attr(tree, i, "residref"), href = xml_attr(tree, i, "href");
            if (!has(xml_attr(tree, xml_child(tree, i, "itemClass"), "qcode"), "picture") && !is_image(tree, i))
                continue;
            struct picture picture = {
                .uri = draft_is_uri(id) ? id : picture_uri(draft, "newsml-g2", id.n ? id : href),
                .name = xml_line(tree, xml_child(tree, i, "title")),
                .title = xml_line(tree, xml_child(tree, i, "headline")),
                .caption = xml_line(tree, xml_child(tree, i, "description")),
                .credit = xml_line(tree, xml_child(tree, i, "creditline")),
            };
            struct nw_association *put = draft_picture(draft, &picture);
            if (put)
                draft_picture_file(draft, put,
                                   &(struct picture_file){.href = href, .media = xml_attr(tree, i, "contenttype")});
        }
}

static int item(const struct input *input, const struct tree *tree, uint32_t node, const char *charset)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "newsml-g2");
    if (!draft.record)
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(charset));
    draft_uri(&draft, "newsml-g2", xml_attr(tree, node, "guid"));
    struct nw_str version = draft_line(&draft, xml_attr(tree, node, "version"));
    if (version.n)
        NW_SET(record, draft.record, version, version);
    rights(&draft, tree, node);
    uint32_t meta = xml_child(tree, node, "contentMeta");
    content_meta(&draft, tree, meta);
    item_meta(&draft, tree, xml_child(tree, node, "itemMeta"));
    draft_urgency(&draft, number_of(xml_line(tree, xml_path(tree, xml_root(tree), "header/priority"))));
    draft_language(&draft, xml_attr(tree, node, "lang"));
    for (uint32_t i = xml_child(tree, node, "contentSet"); i; i = xml_sibling(tree, i, "contentSet"))
        content_set(&draft, tree, i);
    for (uint32_t i = xml_child(tree, node, "contentSet"); i; i = xml_sibling(tree, i, "contentSet"))
        remote_content(&draft, tree, node, i);
    references(&draft, tree, node);
    if (draft.failed)
        return nw_fault(-ENOMEM);
    if (nw_record_headline(draft.record).n == 0 && draft.count == 0 && NW_HAS(record, draft.record, title))
        draft_headline(&draft, draft.record->title);
    markup_drop_headlines(&draft);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}

int newsml_g2_format(const struct input *input)
{
    struct tree tree;
    struct decoded d = decode(input->arena, input->bytes, input->declared, true);
    if (!d.text.p && input->bytes.n > 0)
        return nw_fault(-ENOMEM);
    bool some = xml_parse(&tree, input->arena, text_unmojibake(input->arena, d.text));
    input->clean->reached |= tree.reached;
    if (!some)
        return tree.failed
                   ? nw_fault(-ENOMEM)
                   : nw_reject(
                         input->context,
                         "read as newsml-g2, expected an XML document, found no element; the input may be cut off");
    static const char *const kinds[] = {"newsItem", "packageItem"};
    size_t emitted = 0, found = 0;
    int refused = NW_REJECTED;
    for (size_t k = 0; k < 2 && emitted == 0; k++)
        for (uint32_t i = xml_find(&tree, 0, kinds[k]); i; i = xml_each(&tree, 0, tree.nodes[i].end - 1, kinds[k])) {
            found++;
            if (input_full(input, emitted))
                break;
            int verdict = item(input, &tree, i, d.charset);
            if (verdict < 0)
                return verdict;
            emitted += verdict == NW_OK;
            refused = verdict;
        }
    if (emitted > 0)
        return NW_OK;
    if (found > 0)
        return refused;
    static const char *const others[] = {"conceptItem", "knowledgeItem", "planningItem", "catalogItem"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (xml_find(&tree, 0, others[i]))
            return nw_reject(input->context, "read as newsml-g2, found a %s, which is no article", others[i]);
    return nw_reject(input->context,
                     "read as newsml-g2, expected a newsItem, found none; nothing to do where the message is empty");
}
