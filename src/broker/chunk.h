/*
 * Bytes that came in one message, or from the journal, shared by the records cut from it, and freed with the last of
 * them. They live in a ZeroMQ message, so that a batch which leaves as it came is sent without a copy.
 */
#ifndef BROKER_CHUNK_H
#define BROKER_CHUNK_H

#include <newswire/str.h>

struct chunk;

/* Room for n bytes, with one use; NULL when there is no memory. */
struct chunk *chunk_new(size_t n);

/* For socket.c: takes over a zmq_msg_t, which is empty afterwards; NULL when there is no memory. */
struct chunk *chunk_take(void *message);

/* For socket.c: makes a zmq_msg_t, which the caller has initialised, share the bytes. 0 or a negative fault. */
int chunk_share(struct chunk *chunk, void *message);

struct chunk *chunk_use(struct chunk *chunk);

/* Ends a use. NULL is accepted. */
void chunk_drop(struct chunk *chunk);

/* Its bytes; they may be written while nobody else uses it. */
char *chunk_bytes(struct chunk *chunk);
size_t chunk_size(const struct chunk *chunk);

#endif
