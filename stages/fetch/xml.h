/*
 * The tags of an XML document, and nothing else of it: enough to cut it at elements. Comments, CDATA sections,
 * processing instructions and declarations are passed over; names are not matched, entities not looked at. For
 * encodings in which `<` is one byte.
 */
#ifndef FETCH_XML_H
#define FETCH_XML_H

#include <newswire/str.h>

enum xml_kind { XML_OPEN, XML_EMPTY, XML_CLOSE };

struct xml_tag {
    enum xml_kind kind;
    size_t from, to;    /* the tag's bytes in the text */
    struct nw_str name; /* as it stands there, with its prefix */
};

/* The next tag at or behind *at; moves *at behind it and returns true. Else moves *at to where to go on once there is
 * more: nothing before it need be looked at again. */
bool xml_next(struct nw_str text, size_t *at, struct xml_tag *tag);

/* The name without its prefix. */
struct nw_str xml_local(struct nw_str name);

#endif
