/*
 * Records that a feeder sends in one message and keeps until the broker says that they are durable. Belongs to one
 * thread; only the bytes of a sealed batch are shared, with what ZeroMQ has under way.
 */
#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

#include <newswire/buf.h>

#include <zmq.h>

struct batch {
    struct batch *next;
    uint64_t first;       /* fseq of its first record */
    uint32_t *sizes;      /* of its records */
    size_t n;             /* records */
    size_t bytes;         /* of the body */
    struct nw_buf urgent; /* of uint64_t: which of its records are urgent */
    struct nw_buf body;   /* while it is filled */
    zmq_msg_t message;    /* once it is sealed: the body; empty before */
    int64_t opened;       /* monotonic ms */
};

/* A batch for at most that many records, with room for so many bytes (more are found when they come). NULL without
 * memory. */
struct batch *batch_new(uint64_t first, size_t records, size_t bytes);
void batch_free(struct batch *batch); /* NULL is accepted */

/* Copies a record behind the others; the batch is neither sealed nor full. 0 or a negative fault. */
int batch_add(struct batch *batch, struct nw_str record);

/* Nothing comes into it any more: its body becomes `message`, whose copies share the bytes. Again: nothing happens. 0
 * or a negative fault. */
int batch_seal(struct batch *batch);

#endif
