/* What RSS, Atom and JSON Feed entries have in common. */
#ifndef CLEAN_FORMATS_FEED_H
#define CLEAN_FORMATS_FEED_H

#include "format.h"
#include "markup.h"

struct feed {
    const struct input *input;
    const char *format;
    const char *charset;
    struct nw_str title, language, rights;
    size_t emitted, entries;
};

/* Begins the draft of an entry. */
void feed_entry(struct feed *feed, struct draft *draft);

/* Decodes and parses a document of XML, whatever it is; false with *verdict set where that can't be done. */
bool feed_document(const struct input *input, const char *format, struct tree *tree, struct feed *feed, int *verdict);

/* Ends an entry: summary and content in the draft, its link. Entries that say nothing are left out. A negative fault,
 * or 0. */
int feed_emit(struct feed *feed, struct draft *draft, struct nw_str summary, struct nw_str content, struct nw_str link);

/* A category by its name, its term and its scheme: an IPTC code becomes a Media Topic, all else a subject by name. */
void feed_category(struct draft *draft, struct nw_str name, struct nw_str term, struct nw_str scheme);

/* The verdict at the end of the feed. */
int feed_end(const struct feed *feed);

#endif
