/* The figure of a page that shows its main picture: caption and credit. */
#ifndef CLEAN_HTML_FIGURE_H
#define CLEAN_HTML_FIGURE_H

#include "html/tree.h"
#include "picture.h"

/*
 * Looks for the figure that shows the picture at picture->href (the same file, in whatever size) and takes what it says
 * into those of caption, alt and credit that are empty. Without an href, the first figure with a caption beside the
 * headline (node `heading`) gives all, its address as written.
 */
void figure_read(struct draft *draft, const struct tree *tree, uint32_t heading, struct picture *picture);

#endif
