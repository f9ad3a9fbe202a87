/* Blocks inside an article's body that are none of its text: teasers, promotion, share bars, captions, the headline
 * once more. */
#ifndef CLEAN_HTML_TEASERS_H
#define CLEAN_HTML_TEASERS_H

#include "html/blocks.h"

/* Empties the text of such blocks. */
void teasers_drop(struct blocks *blocks, const struct tree *tree, struct nw_str headline);

#endif
