/* What the tag stage found in an article, one line an annotation, each with what made it and how sure it was. */
#ifndef CLI_EXPLAIN_LINES_H
#define CLI_EXPLAIN_LINES_H

#include <newswire/record.h>

enum { EXPLAIN_MAX = 64 << 20 };

/* Appends lines for people, behind one that names the article. Control characters never reach the terminal. 0 or
 * out->error. */
int explain_text(const struct nw_record *record, bool colours, struct nw_buf *out);

/* Appends one JSON object a line. Positions count code points of the body, as in all JSON of ours. 0 or out->error. */
int explain_json(const struct nw_record *record, struct nw_buf *out);

#endif
