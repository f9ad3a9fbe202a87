/* A NITF document, alone or inside NewsML. */
#ifndef CLEAN_FORMATS_NITF_H
#define CLEAN_FORMATS_NITF_H

#include "format.h"
#include "markup.h"

/* Fills what the draft has not yet from the nitf element (or any that holds its parts): head, body.head, and the text
 * of body.content. */
void nitf_read(struct draft *draft, const struct tree *tree, uint32_t nitf);

/* Initials of a desk, as some agencies put where a byline stands. */
bool nitf_is_initials(struct nw_str by);

#endif
