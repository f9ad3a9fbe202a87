/* The stretch of a compressed segment that is in memory: zstd frame `spot` of its index. */
#ifndef STORE_UNPACK_H
#define STORE_UNPACK_H

#include "store/view.h"

/* Unpacks stretch `spot`, unless it is the one at hand, and sets view->walk to its beginning: STORE_STEP_ENTRY;
 * STORE_STEP_BAD when it is damaged; or a negative error. */
int store_unpack(struct store_view *view, size_t spot);

void store_unpacker_free(struct store_unpacker **unpacker); /* accepts NULL, nulls the pointer */

#endif
