/* Bytes that came in one message, shared by the records cut from it, and freed with the last of them. */
#ifndef BROKER_CHUNK_H
#define BROKER_CHUNK_H

#include <newswire/str.h>

struct chunk {
    size_t uses;
    size_t n;
    char bytes[];
};

/* A copy of bytes with one use; NULL when there is no memory. */
struct chunk *chunk_new(struct nw_str bytes);
struct chunk *chunk_use(struct chunk *chunk);

/* Ends a use; returns the bytes that this freed. NULL is accepted. */
size_t chunk_drop(struct chunk *chunk);

#endif
