/*
 * A page and the entry of the feed that led to it (fetch, `follow: page`), as one article: the page's text and what the
 * page says of itself; what it does not say, from the entry; the entry's id, by which its feed knows it.
 *
 * Quirks: pages that are a wall of cookies or a log-in say less than the entry does, or nothing: then the article is
 * the entry alone.
 */
#include "format.h"

#include <newswire/error.h>

static bool is_feed(const struct format *format)
{
    return format && (format->read == rss_format || format->read == atom_format || format->read == jsonfeed_format ||
                      format->read == wxr_format);
}

/* Reads the entry; *article stays NULL where it says nothing. 0 or a negative fault. */
static int read_entry(const struct input *entry, struct nw_record **article)
{
    struct input input = *entry;
    const char *why;
    const struct format *format = format_of(entry->bytes, &why);
    int verdict;
    input.kept = article;
    if (!is_feed(format))
        return 0;
    verdict = format->read(&input);
    return verdict < 0 ? verdict : 0;
}

/* Members that the page has not, from the entry. */
#define FILL(owner, kind, member, key, type, need, doc)                                                                \
    if (!NW_HAS(owner, page, member) && NW_HAS(owner, entry, member))                                                  \
        NW_SET(owner, page, member, entry->member);

static void fill(struct nw_record *page, const struct nw_record *entry)
{
    const uint64_t times = NW_F(first_created) | NW_F(version_created) | NW_F(content_created);
    uint64_t dated = page->has & times;
    NW_RECORD_FIELDS(FILL, record)
    /* Times go together, with what is said of how exact they are. */
    if (dated)
        page->has = (page->has & ~times) | dated;
    else if (NW_HAS(source, entry->source, precision))
        NW_SET(source, page->source, precision, entry->source->precision);
    if (NW_HAS(record, entry, uri)) {
        NW_SET(record, page, uri, entry->uri);
        page->alt_ids = entry->alt_ids;
        page->has = (page->has & ~NW_F(alt_ids)) | (entry->has & NW_F(alt_ids));
    }
    if (NW_HAS(source, entry->source, link))
        NW_SET(source, page->source, link, entry->source->link);
    if (NW_HAS(source, entry->source, feed) && !NW_HAS(source, page->source, feed))
        NW_SET(source, page->source, feed, entry->source->feed);
}

int linked_read(const struct input *page, const struct input *entry)
{
    struct nw_record *of_page = NULL, *of_entry = NULL;
    struct input input = *page;
    int verdict;
    input.kept = &of_page;
    verdict = read_entry(entry, &of_entry);
    if (verdict == 0)
        verdict = html_format(&input);
    if (verdict < 0)
        return verdict;
    if (of_page && of_entry && nw_record_body(of_page).n < nw_record_body(of_entry).n)
        of_page = NULL;
    if (of_page && of_entry)
        fill(of_page, of_entry);
    if (!of_page && !of_entry)
        return verdict;
    return nw_emit(page->context, of_page ? of_page : of_entry);
}
