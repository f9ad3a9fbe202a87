/* The one piece of JSON that everybody who prints some needs. Records have their own codec: record.h. */
#ifndef NEWSWIRE_JSON_H
#define NEWSWIRE_JSON_H

#include <newswire/buf.h>

/* Appends text (UTF-8) in quotation marks, escaped. 0 or out->error. */
int nw_json_text(struct nw_buf *out, struct nw_str text);

#endif
