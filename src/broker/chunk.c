/* Shared bytes with a count of uses: see chunk.h. One thread. */
#include "broker/chunk.h"

#include <newswire/alloc.h>

struct chunk *chunk_new(struct nw_str bytes)
{
    struct chunk *chunk = nw_malloc(sizeof *chunk + bytes.n);

    if (!chunk)
        return NULL;
    chunk->uses = 1;
    chunk->n = bytes.n;
    if (bytes.n)
        memcpy(chunk->bytes, bytes.p, bytes.n);
    return chunk;
}

struct chunk *chunk_use(struct chunk *chunk)
{
    chunk->uses++;
    return chunk;
}

size_t chunk_drop(struct chunk *chunk)
{
    size_t n;

    if (!chunk || --chunk->uses > 0)
        return 0;
    n = chunk->n;
    nw_free(chunk);
    return n;
}
