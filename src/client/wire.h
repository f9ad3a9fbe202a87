/*
 * One ZeroMQ socket of a client and what it needs to send and read the protocol's messages. Never blocks but in
 * wire_wait. Belongs to one thread.
 */
#ifndef CLIENT_WIRE_H
#define CLIENT_WIRE_H

#include "link/frame.h"
#include "link/handshake.h"

#include <zmq.h>

struct wire {
    void *context; /* borrowed */
    void *socket;
    struct nw_handshake *handshake; /* NULL over ipc, where nobody is refused */
    struct nw_buf out;              /* the header being sent */
    struct nw_arena arena;          /* lists of the header that was read last */
    zmq_msg_t head, body;           /* what was read last; views of it hold until the next read */
    struct nw_header header;
    char why[NW_WHY];   /* what was wrong with a message (-EPROTO) */
    int64_t last_heard; /* monotonic ms; 0: never */
    int64_t last_sent;
};

/* A socket of `type` (ZMQ_DEALER or ZMQ_SUB) that connects to `endpoint`, now or when somebody is there, with keys or
 * NULL. 0 or a negative errno: -EINVAL for an endpoint that is none. wire_close may follow in either case. */
int wire_open(struct wire *wire, void *context, int type, const char *endpoint, const struct nw_curve_client *keys);
void wire_close(struct wire *wire, int linger_ms);

/* A header with an empty body, or with one that the caller keeps: its bytes are shared, not copied. 0, -EAGAIN when
 * nobody is connected or the peer is too slow, or another negative errno. */
int wire_send(struct wire *wire, const struct nw_header *header);
int wire_send_shared(struct wire *wire, const struct nw_header *header, zmq_msg_t *body);

/* Reads one message into wire->header and wire->body (of a SUB: without its channel frame). 0, -EAGAIN when there is
 * none, -ECONNREFUSED when none can come or -EPROTO (wire->why says more), -ENOMEM or another negative errno. */
int wire_read(struct wire *wire);
struct nw_str wire_body(struct wire *wire);

/* Waits until one of the wires has something to read (or, where `send` is set, could send), at most until the
 * monotonic time `until` (ms; INT64_MAX: for ever). 0, or -EINTR when a signal came. */
int wire_wait(struct wire *const *wires, size_t count, bool send, int64_t until);

/* The deadline of a call with a timeout: INT64_MAX for -1. */
int64_t wire_deadline(int64_t timeout_ms);

/* Nobody is there when nothing was heard for so long; the broker's own rule for its workers. */
enum { WIRE_SILENCE_MS = 5000 };
int wire_timeout_error(const struct wire *wire);

/* What is amiss with the connection so far; "" while nothing is known to be. */
const char *wire_trouble(const struct wire *wire);

#endif
