/* Sockets of clients: options as the protocol page asks, two frames a message; see wire.h. */
#include "wire.h"

#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { WIRES = 2 }; /* most that are waited for at once */

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0 ? 0 : -errno;
}

/* DEALER: IMMEDIATE, so that nothing is queued for a peer that is not there. Never on SUB: there it drops what was
 * received and not yet read when the connection ends. */
static int set_options(void *socket, int type)
{
    int64_t most = NW_FRAME_MAX;
    int rc = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 ? 0 : -errno;

    rc = rc ? rc : set_int(socket, ZMQ_LINGER, 0);
    rc = rc ? rc : set_int(socket, ZMQ_RECONNECT_IVL, 100);
    rc = rc ? rc : set_int(socket, ZMQ_RECONNECT_IVL_MAX, 2000);
    rc = rc ? rc : set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
    rc = rc ? rc : set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, 10);
    rc = rc ? rc : set_int(socket, ZMQ_TCP_KEEPALIVE_INTVL, 5);
    rc = rc ? rc : set_int(socket, ZMQ_TCP_KEEPALIVE_CNT, 3);
    rc = rc ? rc : set_int(socket, ZMQ_TCP_MAXRT, 15000);
    return rc || type != ZMQ_DEALER ? rc : set_int(socket, ZMQ_IMMEDIATE, 1);
}

int wire_open(struct wire *wire, void *context, int type, const char *endpoint, const struct nw_curve_client *keys)
{
    int rc;

    memset(wire, 0, sizeof *wire);
    wire->context = context;
    nw_buf_init(&wire->out, NW_HEADER_MAX);
    nw_arena_init(&wire->arena, 0);
    zmq_msg_init(&wire->head);
    zmq_msg_init(&wire->body);
    wire->socket = zmq_socket(context, type);
    if (!wire->socket) {
        return nw_fault(-errno);
    }
    rc = set_options(wire->socket, type);
    if (rc == 0 && keys) {
        rc = nw_curve_set_client(wire->socket, keys);
    }
    if (rc == 0 && nw_curve_is_tcp(endpoint)) {
        rc = nw_handshake_open(context, wire->socket, endpoint, keys, &wire->handshake);
    }
    if (rc == 0 && zmq_connect(wire->socket, endpoint) != 0) {
        rc = errno == EINVAL || errno == EPROTONOSUPPORT || errno == ENAMETOOLONG || errno == ENODEV ? -EINVAL : -errno;
    }
    return rc;
}

void wire_close(struct wire *wire, int linger_ms)
{
    if (wire->context) {
        nw_handshake_close(&wire->handshake);
        if (wire->socket) {
            set_int(wire->socket, ZMQ_LINGER, linger_ms);
            zmq_close(wire->socket);
        }
        zmq_msg_close(&wire->head);
        zmq_msg_close(&wire->body);
        nw_buf_free(&wire->out);
        nw_arena_free(&wire->arena);
    }
    memset(wire, 0, sizeof *wire);
}

/* The header frame, which decides whether the message goes: 0, -EAGAIN, or another negative errno. */
static int head_send(struct wire *wire, const struct nw_header *header)
{
    int rc;

    nw_buf_clear(&wire->out);
    rc = nw_header_encode(header, &wire->out);
    if (rc < 0) {
        return nw_fault(rc);
    }
    if (zmq_send(wire->socket, wire->out.p, wire->out.n, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0) {
        return errno == EINTR ? -EAGAIN : -errno;
    }
    return 0;
}

int wire_send_shared(struct wire *wire, const struct nw_header *header, zmq_msg_t *body)
{
    zmq_msg_t message;
    int rc;

    zmq_msg_init(&message);
    rc = zmq_msg_copy(&message, body) < 0 ? -errno : head_send(wire, header);
    if (rc == 0) {
        do { /* the second part of a message never waits: it has its place */
            rc = zmq_msg_send(&message, wire->socket, ZMQ_DONTWAIT) < 0 ? -errno : 0;
        } while (rc == -EINTR);
    }
    if (rc == 0) {
        wire->last_sent = nw_clock_mono();
    }
    zmq_msg_close(&message);
    return rc;
}

int wire_send(struct wire *wire, const struct nw_header *header)
{
    zmq_msg_t nothing;

    zmq_msg_init(&nothing);
    return wire_send_shared(wire, header, &nothing);
}

/* The next frame of a message; *more tells whether another follows. */
static int frame_read(struct wire *wire, zmq_msg_t *frame, bool *more)
{
    int rc;

    do {
        rc = zmq_msg_recv(frame, wire->socket, ZMQ_DONTWAIT) < 0 ? -errno : 0;
    } while (rc == -EINTR);
    *more = rc == 0 && zmq_msg_more(frame);
    return rc;
}

/* Nothing has come: because nothing can? */
static int ask_why(struct wire *wire)
{
    if (!wire->handshake || nw_handshake_hear(wire->handshake) != NW_HANDSHAKE_REFUSED) {
        return -EAGAIN;
    }
    snprintf(wire->why, sizeof wire->why, "%s", nw_handshake_why(wire->handshake));
    return -ECONNREFUSED;
}

const char *wire_trouble(const struct wire *wire)
{
    return wire->handshake ? nw_handshake_why(wire->handshake) : "";
}

int wire_read(struct wire *wire)
{
    int type = 0;
    size_t size = sizeof type, frames = 0;
    bool more;
    int rc;

    zmq_getsockopt(wire->socket, ZMQ_TYPE, &type, &size);
    rc = frame_read(wire, &wire->head, &more);
    if (rc < 0) {
        return rc == -EAGAIN ? ask_why(wire) : rc;
    }
    wire->last_heard = nw_clock_mono();
    if (type == ZMQ_SUB && more) { /* over the channel frame, which only the subscription needs */
        rc = frame_read(wire, &wire->head, &more);
    }
    frames = 1;
    while (rc == 0 && more) { /* the last frame is the body; a message of another count of frames is refused below */
        rc = frame_read(wire, &wire->body, &more);
        frames++;
    }
    if (rc < 0) {
        return nw_fault(rc);
    }
    if (frames != 2) {
        snprintf(wire->why, sizeof wire->why, "expected a header and a body, got %zu frames", frames);
        return -EPROTO;
    }
    nw_arena_reset(&wire->arena);
    rc = nw_header_decode(&wire->arena, nw_str(zmq_msg_data(&wire->head), zmq_msg_size(&wire->head)), &wire->header,
                          wire->why);
    return rc == NW_BAD_HEADER ? -EPROTO : rc;
}

struct nw_str wire_body(struct wire *wire)
{
    return nw_str(zmq_msg_data(&wire->body), zmq_msg_size(&wire->body));
}

int wire_wait(struct wire *const *wires, size_t count, bool send, int64_t until)
{
    zmq_pollitem_t items[2 * WIRES] = {{0}};
    long wait = -1;
    int n = 0;

    for (size_t i = 0; i < count && i < WIRES; i++) {
        items[n].socket = wires[i]->socket;
        items[n++].events = (short)(ZMQ_POLLIN | (send ? ZMQ_POLLOUT : 0));
        if (wires[i]->handshake) {
            items[n].socket = nw_handshake_socket(wires[i]->handshake);
            items[n++].events = ZMQ_POLLIN;
        }
    }
    if (until != INT64_MAX) {
        int64_t left = until - nw_clock_mono();
        wait = left < 0 ? 0 : left > INT_MAX ? INT_MAX : (long)left;
    }
    if (zmq_poll(items, n, wait) < 0) {
        return errno == EINTR ? -EINTR : nw_fault(-errno);
    }
    return 0;
}

int64_t wire_deadline(int64_t timeout_ms)
{
    int64_t now = nw_clock_mono();

    return timeout_ms < 0 || timeout_ms > INT64_MAX - now ? INT64_MAX : now + timeout_ms;
}

int wire_timeout_error(const struct wire *wire)
{
    return nw_clock_mono() - wire->last_heard >= WIRE_SILENCE_MS ? -EHOSTUNREACH : -ETIMEDOUT;
}
