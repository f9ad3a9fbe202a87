/* Shared bytes in a ZeroMQ message: see chunk.h. Uses are counted by one thread; ZeroMQ counts those of messages under
 * way by itself. */
#include "broker/chunk.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <zmq.h>

struct chunk {
    size_t uses, n;
    char *bytes;
    zmq_msg_t message;
};

struct chunk *chunk_new(size_t n)
{
    struct chunk *chunk = nw_malloc(sizeof *chunk);

    if (!chunk)
        return NULL;
    if (zmq_msg_init_size(&chunk->message, n) < 0) {
        nw_free(chunk);
        return NULL;
    }
    chunk->uses = 1;
    chunk->n = n;
    chunk->bytes = zmq_msg_data(&chunk->message);
    return chunk;
}

struct chunk *chunk_take(void *message)
{
    struct chunk *chunk = nw_malloc(sizeof *chunk);

    if (!chunk)
        return NULL;
    zmq_msg_init(&chunk->message);
    zmq_msg_move(&chunk->message, message);
    chunk->uses = 1;
    chunk->n = zmq_msg_size(&chunk->message);
    chunk->bytes = zmq_msg_data(&chunk->message);
    return chunk;
}

int chunk_share(struct chunk *chunk, void *message)
{
    return zmq_msg_copy(message, &chunk->message) < 0 ? nw_fault(-errno) : 0;
}

struct chunk *chunk_use(struct chunk *chunk)
{
    chunk->uses++;
    return chunk;
}

void chunk_drop(struct chunk *chunk)
{
    if (!chunk || --chunk->uses > 0)
        return;
    zmq_msg_close(&chunk->message);
    nw_free(chunk);
}

char *chunk_bytes(struct chunk *chunk)
{
    return chunk->bytes;
}

size_t chunk_size(const struct chunk *chunk)
{
    return chunk->n;
}
