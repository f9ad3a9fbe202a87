/* Feeds: see feed.h. */
#include "feed.h"

#include "chars.h"
#include "topics.h"
#include "unicode.h"

#include <newswire/error.h>

#include <errno.h>

void feed_entry(struct feed *feed, struct draft *draft)
{
    const struct input *input = feed->input;
    feed->entries++;
    draft_begin(draft, input->context, input->clean, input->raw, feed->format);
    draft->kept = input->kept;
    if (!draft->record)
        return;
    NW_SET(source, draft->record->source, charset, nw_str_z(feed->charset));
    if (feed->title.n > 0 && !NW_HAS(source, draft->record->source, feed))
        NW_SET(source, draft->record->source, feed, feed->title);
    draft->hint = feed->language;
}

bool feed_document(const struct input *input, const char *format, struct tree *tree, struct feed *feed, int *verdict)
{
    struct decoded d = decode(input->arena, input->bytes, input->declared, true);
    *feed = (struct feed){.input = input, .format = format, .charset = d.charset};
    if (d.text.p)
        d.text = text_unmojibake(input->arena, d.text);
    bool found = d.text.p && xml_parse(tree, input->arena, d.text);
    input->clean->reached |= found ? tree->reached : 0;
    if (found)
        return true;
    *verdict =
        (!d.text.p && input->bytes.n > 0) || tree->failed
            ? nw_fault(-ENOMEM)
            : nw_reject(input->context,
                        "read as %s, expected an XML document, found no element; the input may be cut off", format);
    return false;
}

int feed_emit(struct feed *feed, struct draft *draft, struct nw_str summary, struct nw_str content, struct nw_str link)
{
    if (!draft->record)
        return nw_fault(-ENOMEM);
    if (link.n > 0) {
        NW_SET(source, draft->record->source, link, link);
        draft_uri(draft, feed->format, link); /* where no id came first */
    }
    markup_body(draft, content);
    if (draft->count == 0)
        markup_body(draft, summary);
    else if (nw_str_trim(summary).n > 0)
        draft_description(draft, markup_line(draft, summary), "summary");
    if (draft->failed)
        return nw_fault(-ENOMEM);
    if ((draft->count == 0 && nw_record_headline(draft->record).n == 0) || input_full(feed->input, feed->emitted))
        return 0;
    int verdict = draft_emit(draft, CONVENTIONS_READ);
    feed->emitted += verdict == NW_OK;
    return verdict < 0 ? verdict : 0;
}

void feed_category(struct draft *draft, struct nw_str name, struct nw_str term, struct nw_str scheme)
{
    bool media = find_nocase(scheme, NW_S("medtop")) != SIZE_MAX || find_nocase(scheme, NW_S("mediatopic")) != SIZE_MAX,
         iptc = media || find_nocase(scheme, NW_S("iptc")) != SIZE_MAX ||
                find_nocase(scheme, NW_S("subjectcode")) != SIZE_MAX;
    struct nw_str code = nw_str_trim(term.n ? term : name);
    bool digits = code.n == 8 && number_of(code) > 0;
    if (iptc && digits)
        topic_add(draft, nw_str_eq(name, code) ? nw_str(NULL, 0) : name,
                  draft_printf(draft, "%s:%.*s", media ? "medtop" : "subj", NW_FMT(code)));
    else if (iptc && scheme.n > 8 && number_of(nw_str_from(scheme, scheme.n - 8)) > 0)
        topic_add(draft, name, scheme);
    else
        draft_subject(draft, name.n ? name : term, term, nw_str(NULL, 0));
}

int feed_end(const struct feed *feed)
{
    if (feed->emitted > 0)
        return NW_OK;
    if (feed->entries > 0)
        return nw_reject(feed->input->context, "read as %s, found %zu entries and none with a title or text",
                         feed->format, feed->entries);
    return nw_reject(feed->input->context, "read as %s, found no entries; nothing to do where the feed is empty",
                     feed->format);
}
