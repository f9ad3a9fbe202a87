/*
 * Memory for things that go in the order in which they came: blocks in large pages, filled one after the other; a block
 * is used again when the last thing in it has gone. It costs no call of malloc for a thing, none of the misses that
 * giving one back costs, and what came together stands together.
 */
#ifndef SHELF_H
#define SHELF_H

#include <stddef.h>

struct shelf_block;

struct shelf {
    struct shelf_block *oldest, *newest, *spare;
};

/* n bytes, aligned for any type; NULL when there is no memory. */
void *shelf_take(struct shelf *shelf, size_t n);

/* Gives back the newest thing, which has n bytes; or the oldest. */
void shelf_drop_newest(struct shelf *shelf, size_t n);
void shelf_drop_oldest(struct shelf *shelf);

/* Gives back all of it; the shelf can be used again. */
void shelf_free(struct shelf *shelf);

#endif
