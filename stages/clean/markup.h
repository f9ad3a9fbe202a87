/* Markup inside other formats: escaped HTML of feeds, XHTML and NITF of news items, strings of JSON. */
#ifndef CLEAN_MARKUP_H
#define CLEAN_MARKUP_H

#include "draft.h"
#include "xml.h"

/* Whether s holds tags or references. */
bool markup_is(struct nw_str s);

/* Body text of HTML, or of plain text where there is no markup. */
void markup_body(struct draft *draft, struct nw_str html);

/* The text of HTML as one line. */
struct nw_str markup_line(struct draft *draft, struct nw_str html);

/* Body text of an XML element that holds XHTML, NITF, or nothing but text; preformatted copy is parted into its
 * paragraphs. Heads inside (header elements, h1) are left out. */
void markup_element(struct draft *draft, const struct tree *tree, uint32_t node);

/* Takes paragraphs off the front that say a headline once more. */
void markup_drop_headlines(struct draft *draft);

/* What of an xml:base and what stands around it makes an address whole; `ref` itself where nothing does. */
struct nw_str markup_address(struct draft *draft, const struct tree *tree, uint32_t node, struct nw_str ref);
struct nw_str address_join(struct draft *draft, struct nw_str base, struct nw_str ref);

#endif
