/*
 * NewsML 1.0 to 1.2.
 *
 * Quirks: dates in basic form (20140829T134951+0000), at times without a zone; Status FormalName in any case; one
 * NewsItem may hold a story in two languages: two articles; a release may pack abstract, headline, logos, contact, body
 * and a tweet as sibling components: only Role Body is the text; DataContent is NITF, XHTML, escaped HTML or text;
 * DateLine is a sentence; SlugLine may hold the author, HeadLine nothing; some agencies give all items one
 * PublicIdentifier: then the item's own id is put before it.
 */
#include "chars.h"
#include "lines.h"
#include "markup.h"
#include "nitf.h"
#include "topics.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

static struct nw_str formal(const struct tree *tree, uint32_t node)
{
    return xml_attr(tree, node, "FormalName");
}

static uint32_t up(const struct tree *tree, uint32_t node, const char *name)
{
    for (uint32_t i = tree->nodes[node].parent; i != 0; i = tree->nodes[i].parent)
        if (xml_is(tree, i, name))
            return i;
    return 0;
}

/* The text of the nearest line of that name: of this component, else of those around it. */
static struct nw_str news_line(const struct tree *tree, uint32_t component, const char *name)
{
    for (uint32_t c = component; c; c = up(tree, c, "NewsComponent")) {
        struct nw_str line = xml_line(tree, xml_path(tree, c, "NewsLines"));
        if (line.n == 0)
            continue;
        line = xml_line(tree, xml_child(tree, xml_child(tree, c, "NewsLines"), name));
        if (line.n > 0)
            return line;
    }
    return nw_str(NULL, 0);
}

static uint32_t data_of(const struct tree *tree, uint32_t component)
{
    for (uint32_t i = xml_child(tree, component, "ContentItem"); i; i = xml_sibling(tree, i, "ContentItem")) {
        struct nw_str media = formal(tree, xml_child(tree, i, "MediaType"));
        uint32_t data = xml_child(tree, i, "DataContent");
        if (data && (media.n == 0 || find_nocase(media, NW_S("text")) != SIZE_MAX) &&
            nw_str_trim(xml_text(tree, data)).n > 0)
            return data;
    }
    return 0;
}

static bool is_body(const struct tree *tree, uint32_t component)
{
    struct nw_str role = formal(tree, xml_child(tree, component, "Role"));
    return nw_str_eq_nocase(role, NW_S("body")) || nw_str_eq_nocase(role, NW_S("main"));
}

static void parties(struct draft *draft, const struct tree *tree, uint32_t component)
{
    static const char *const places[] = {"Provider", "Source"};
    for (uint32_t c = component; c; c = up(tree, c, "NewsComponent")) {
        uint32_t administrative = xml_child(tree, c, "AdministrativeMetadata");
        for (size_t k = 0; administrative && k < 2; k++)
            for (uint32_t i = xml_child(tree, administrative, places[k]); i; i = xml_sibling(tree, i, places[k]))
                draft_source(draft, formal(tree, xml_child(tree, i, "Party")), k ? NULL : "provider");
    }
}

static void descriptive(struct draft *draft, const struct tree *tree, uint32_t component)
{
    for (uint32_t c = component; c; c = up(tree, c, "NewsComponent")) {
        uint32_t meta = xml_child(tree, c, "DescriptiveMetadata");
        if (!meta)
            continue;
        draft_language(draft, formal(tree, xml_child(tree, meta, "Language")));
        for (uint32_t i = xml_child(tree, meta, "Genre"); i; i = xml_sibling(tree, i, "Genre"))
            draft_genre(draft, nw_str(NULL, 0), formal(tree, i));
        static const char *const codes[] = {"Subject", "SubjectMatter", "SubjectDetail"};
        for (uint32_t i = xml_find(tree, meta, "SubjectCode"); i; i = xml_each(tree, meta, i, "SubjectCode"))
            for (size_t k = 0; k < 3; k++)
                for (uint32_t s = xml_child(tree, i, codes[k]); s; s = xml_sibling(tree, s, codes[k]))
                    topic_add(draft, nw_str(NULL, 0), formal(tree, s));
        for (uint32_t i = xml_child(tree, meta, "Location"); i; i = xml_sibling(tree, i, "Location")) {
            struct nw_str how = xml_attr(tree, i, "HowPresent");
            for (uint32_t p = xml_child(tree, i, "Property"); p; p = xml_sibling(tree, p, "Property"))
                if (!nw_str_eq_nocase(formal(tree, p), NW_S("city")))
                    continue;
                else if (how.n && !nw_str_eq_nocase(how, NW_S("origin")))
                    draft->place = draft->place.n ? draft->place : xml_attr(tree, p, "Value");
                else
                    draft_located(draft, wire_place_case(draft, draft_line(draft, xml_attr(tree, p, "Value"))));
        }
    }
}

static void identification(struct draft *draft, const struct tree *tree, uint32_t item, uint32_t component, bool many)
{
    uint32_t id = xml_path(tree, item, "Identification/NewsIdentifier");
    struct nw_str public = xml_line(tree, xml_child(tree, id, "PublicIdentifier")),
                  own = xml_line(tree, xml_child(tree, id, "NewsItemId")), part = xml_attr(tree, component, "Duid");
    size_t colons = 0;
    for (size_t i = 0; i < public.n; i++)
        colons += public.p[i] == ':';
    if (public.n > 0 && (many || (nw_str_starts(public, NW_S("urn:newsml:")) && colons < 4)))
    public =
        draft_printf(draft, "urn:newswire:newsml-1:%.*s:%.*s", NW_FMT(many && part.n ? part : own), NW_FMT(public));
    draft_uri(draft, "newsml-1", public.n ? public : own);
    draft_alt_id(draft, own, "source");
    struct nw_str version = xml_line(tree, xml_child(tree, id, "RevisionId"));
    if (draft->record && version.n)
        NW_SET(record, draft->record, version, version);
}

static void management(struct draft *draft, const struct tree *tree, uint32_t item)
{
    uint32_t m = xml_child(tree, item, "NewsManagement");
    draft_moment_of(draft, MOMENT_FIRST, xml_line(tree, xml_child(tree, m, "FirstCreated")));
    draft_moment_of(draft, MOMENT_VERSION, xml_line(tree, xml_child(tree, m, "ThisRevisionCreated")));
    struct nw_str status = formal(tree, xml_child(tree, m, "Status"));
    if (nw_str_starts_nocase(status, NW_S("cancel")) || nw_str_eq_nocase(status, NW_S("killed")))
        draft_status(draft, "canceled");
    else if (nw_str_eq_nocase(status, NW_S("withheld")) || nw_str_eq_nocase(status, NW_S("embargoed")))
        draft_status(draft, "withheld");
    else if (status.n)
        draft_status(draft, "usable");
    draft_moment_of(draft, MOMENT_EMBARGO, xml_line(tree, xml_path(tree, m, "StatusWillChange/DateAndTime")));
    draft_urgency(draft, number_of(formal(tree, xml_child(tree, m, "Urgency"))));
    for (uint32_t i = xml_child(tree, m, "Instruction"); i; i = xml_sibling(tree, i, "Instruction"))
        draft_note(draft, formal(tree, i));
}

static void data(struct draft *draft, const struct tree *tree, uint32_t node)
{
    uint32_t nitf = xml_find(tree, node, "nitf"), html = xml_find(tree, node, "body");
    struct nw_str text = xml_text(tree, node);
    if (nitf || xml_find(tree, node, "body.content"))
        nitf_read(draft, tree, nitf ? nitf : node);
    else if (xml_child(tree, node, "*"))
        markup_element(draft, tree, html ? html : node);
    else if (markup_is(text))
        markup_body(draft, text);
    else
        lines_read(draft, text_tidy(draft->arena, text));
}

static int component(const struct input *input, const struct tree *tree, uint32_t item, uint32_t node, bool many,
                     const char *charset)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "newsml-1");
    if (!draft.record)
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(charset));
    identification(&draft, tree, item, node, many);
    management(&draft, tree, item);
    draft_urgency(&draft, number_of(formal(tree, xml_path(tree, xml_root(tree), "NewsEnvelope/Priority"))));
    draft_headline(&draft, news_line(tree, node, "HeadLine"));
    draft_headline_role(&draft, news_line(tree, node, "SubHeadLine"), "sub");
    struct nw_str by = news_line(tree, node, "ByLine");
    if (by.n && !nitf_is_initials(by))
        wire_by(&draft, by);
    draft_slugline(&draft, news_line(tree, node, "SlugLine"));
    draft_slugline(&draft, xml_line(tree, xml_path(tree, item, "Identification/NameLabel")));
    draft_source(&draft, news_line(tree, node, "CreditLine"), "credit");
    struct nw_str copyright = news_line(tree, node, "CopyrightLine");
    uint32_t rights = xml_path(tree, node, "RightsMetadata/Copyright");
    draft_copyright(&draft, xml_line(tree, xml_child(tree, rights, "CopyrightHolder")), copyright, nw_str(NULL, 0));
    struct nw_str keywords = news_line(tree, node, "KeywordLine");
    draft_subject(&draft, keywords, nw_str(NULL, 0), nw_str(NULL, 0));
    parties(&draft, tree, node);
    struct nw_str dateline = news_line(tree, node, "DateLine");
    if (dateline.n > 0 && dateline.n < 120) {
        struct nw_str bare = trim_set(dateline, " -");
        if (!wire_dateline(&draft, draft_printf(&draft, "%.*s - X", NW_FMT(bare))))
            if (bare.n > 0 && !is_digit((unsigned char)bare.p[0]))
                draft_located(&draft, wire_place_case(&draft, bare));
    }
    descriptive(&draft, tree, node);
    data(&draft, tree, data_of(tree, node));
    draft_located(&draft, draft.place);
    for (uint32_t c = node; c; c = up(tree, c, "NewsComponent"))
        draft_language(&draft, xml_attr(tree, c, "lang"));
    draft_language(&draft, xml_attr(tree, item, "lang"));
    draft_source(&draft, xml_line(tree, xml_path(tree, item, "Identification/NewsIdentifier/ProviderId")), "provider");
    if (draft.failed)
        return nw_fault(-ENOMEM);
    markup_drop_headlines(&draft);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}

static int item(const struct input *input, const struct tree *tree, uint32_t node, const char *charset, size_t *emitted)
{
    bool bodies = false;
    size_t texts = 0;
    for (uint32_t i = xml_find(tree, node, "NewsComponent"); i; i = xml_each(tree, node, i, "NewsComponent"))
        if (data_of(tree, i)) {
            texts++;
            bodies = bodies || is_body(tree, i);
        }
    size_t chosen = 0;
    for (uint32_t i = xml_find(tree, node, "NewsComponent"); bodies && i; i = xml_each(tree, node, i, "NewsComponent"))
        chosen += data_of(tree, i) && is_body(tree, i);
    bool many = (bodies ? chosen : texts) > 1;
    if (texts == 0) { /* a headline alone */
        uint32_t first = xml_find(tree, node, "NewsComponent");
        if (!first || news_line(tree, first, "HeadLine").n == 0)
            return NW_OK;
        int verdict = component(input, tree, node, first, false, charset);
        *emitted += verdict == NW_OK;
        return verdict;
    }
    for (uint32_t i = xml_find(tree, node, "NewsComponent"); i && !input_full(input, *emitted);
         i = xml_each(tree, node, i, "NewsComponent")) {
        if (!data_of(tree, i) || (bodies && !is_body(tree, i)))
            continue;
        int verdict = component(input, tree, node, i, many, charset);
        if (verdict < 0)
            return verdict;
        *emitted += verdict == NW_OK;
    }
    return NW_OK;
}

int newsml_1_format(const struct input *input)
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
                         "read as newsml-1, expected an XML document, found no element; the input may be cut off");
    size_t emitted = 0;
    for (uint32_t i = xml_find(&tree, 0, "NewsItem"); i; i = xml_each(&tree, 0, tree.nodes[i].end - 1, "NewsItem")) {
        int verdict = item(input, &tree, i, d.charset, &emitted);
        if (verdict < 0)
            return verdict;
    }
    return emitted > 0
               ? NW_OK
               : nw_reject(input->context, "read as newsml-1, expected a NewsItem with text or a headline, found none");
}
