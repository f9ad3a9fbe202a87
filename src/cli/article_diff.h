/* What differs between two versions of an article, field by field: out of their JSON, so that people see the names and
 * values that they know. */
#ifndef CLI_ARTICLE_DIFF_H
#define CLI_ARTICLE_DIFF_H

#include <newswire/buf.h>

enum {
    ARTICLE_DIFF_BAD = 1,    /* one of the two is no JSON object */
    ARTICLE_DIFF_FIELDS = 20 /* shown of one article in text; JSON has all */
};

/* Appends a line a field, indented: `path: old → new`, where texts are cut to what differs; elements of lists that only
 * one side has stand behind - and +. 0, ARTICLE_DIFF_BAD, out->error or -ENOMEM. */
int article_diff_text(struct nw_str old, struct nw_str new, bool colours, struct nw_buf *out);

/* Appends a JSON list of {"path":…,"old":…,"new":…}; what one side lacks is left out. The same results. */
int article_diff_json(struct nw_str old, struct nw_str new, struct nw_buf *out);

#endif
