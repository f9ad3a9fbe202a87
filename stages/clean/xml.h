/*
 * XML into the node array of html/tree.h, by libxml2's SAX reader, from memory: no network, no DTD, no entity but the
 * predefined ones (named references of HTML, which feeds use without declaring them, are put in beforehand; others stay
 * as they are written). What is not well-formed is read as far as it makes sense.
 *
 * Names are compared without their prefix. Node 0 is above the root element; 0 also means "none" where a function gives
 * a node.
 */
#ifndef CLEAN_XML_H
#define CLEAN_XML_H

#include "draft.h"
#include "html/tree.h"

/* Namespaces that decide between elements of one name; found by their address, else by the usual prefix. */
enum xml_space {
    SPACE_NONE,
    SPACE_OTHER,
    SPACE_ATOM,
    SPACE_RSS,
    SPACE_DC,
    SPACE_CONTENT,
    SPACE_MEDIA,
    SPACE_ITUNES,
    SPACE_WP,
    SPACE_EXCERPT,
    SPACE_XHTML,
    SPACE_NITF,
    SPACE_XML
};

/* False when memory ran out, or there is no root element. */
bool xml_parse(struct tree *tree, struct nw_arena *arena, struct nw_str text);

/* The document's root element. */
uint32_t xml_root(const struct tree *tree);

/* First child, next sibling, first descendant of that name; "*": any element. */
uint32_t xml_child(const struct tree *tree, uint32_t parent, const char *name);
uint32_t xml_sibling(const struct tree *tree, uint32_t node, const char *name);
uint32_t xml_find(const struct tree *tree, uint32_t within, const char *name);

/* The next element of that name behind `after`, in document order, within `within`: for loops, starting with after =
 * within. */
uint32_t xml_each(const struct tree *tree, uint32_t within, uint32_t after, const char *name);

/* Child of a child: "head/docdata/urgency". */
uint32_t xml_path(const struct tree *tree, uint32_t from, const char *path);

bool xml_is(const struct tree *tree, uint32_t node, const char *name);
enum xml_space xml_space_of(const struct tree *tree, uint32_t node);

/* An attribute's value; "" for none. */
struct nw_str xml_attr(const struct tree *tree, uint32_t node, const char *name);

/* All text below a node as it stands; "" for node 0. */
struct nw_str xml_text(const struct tree *tree, uint32_t node);

/* The same as one line. */
struct nw_str xml_line(const struct tree *tree, uint32_t node);

#endif
