/*
 * A link over ZeroMQ: one context, one DEALER. Options and their reasons stand in the design's list of pitfalls: no
 * ZMTP heartbeats (they abort libzmq 4.3.4 under load; PING and CREDIT do their work), IMMEDIATE so that nothing is
 * queued for a broker that is not there. The context is made here, so never before a fork.
 */
#include "link/curve.h"
#include "link/frame.h"
#include "link/handshake.h"
#include "link/link.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <zmq.h>

enum {
    QUEUE_MESSAGES = 1024,
    RECONNECT_MS = 100,
    RECONNECT_MAX_MS = 2000,
    GIVE_LEAST = 4 << 10, /* bytes: to copy less costs less than to hand it over and to get a buffer anew */
};

struct link_zmq {
    struct nw_link link;
    void *context, *socket;
    struct nw_handshake *handshake; /* NULL over ipc, where nobody can be refused */
    zmq_msg_t header, body;         /* the last message received */
};

static int send_frame(void *socket, struct nw_str frame, int flags)
{
    return zmq_send(socket, frame.p ? frame.p : "", frame.n, flags | ZMQ_DONTWAIT) < 0 ? -errno : 0;
}

static int link_zmq_send(struct nw_link *base, struct nw_str header, struct nw_str body)
{
    struct link_zmq *link = (struct link_zmq *)base;
    int r = send_frame(link->socket, header, ZMQ_SNDMORE);

    if (r < 0)
        return r == -EAGAIN ? r : nw_fault(r);
    /* After the first frame was taken the second is too: a message is queued whole. */
    r = send_frame(link->socket, body, 0);
    return r < 0 ? nw_fault(r) : 0;
}

static void body_free(void *bytes, void *unused)
{
    (void)unused;
    nw_free(bytes);
}

static int link_zmq_give(struct nw_link *base, struct nw_str header, struct nw_buf *body)
{
    struct link_zmq *link = (struct link_zmq *)base;
    zmq_msg_t message;
    int r;

    if (body->n < GIVE_LEAST) {
        r = link_zmq_send(base, header, nw_buf_view(body));
        nw_buf_clear(body);
        return r;
    }
    if (zmq_msg_init_data(&message, body->p, body->n, body_free, NULL) < 0) {
        nw_buf_clear(body);
        return nw_fault(-errno);
    }
    nw_buf_init(body, body->max); /* the message has its memory now */
    r = send_frame(link->socket, header, ZMQ_SNDMORE);
    if (r == 0 && zmq_msg_send(&message, link->socket, ZMQ_DONTWAIT) < 0)
        r = -errno;
    zmq_msg_close(&message);
    return r == 0 || r == -EAGAIN ? r : nw_fault(r);
}

static bool more(void *socket)
{
    int value = 0;
    size_t size = sizeof value;

    return zmq_getsockopt(socket, ZMQ_RCVMORE, &value, &size) == 0 && value;
}

/* Nothing has come: because nothing can? */
static int ask_why(struct link_zmq *link)
{
    if (!link->handshake || nw_handshake_hear(link->handshake) != NW_HANDSHAKE_REFUSED)
        return NW_LINK_EMPTY;
    nw_error("%s", nw_handshake_why(link->handshake));
    return NW_LINK_REFUSED;
}

static int link_zmq_receive(struct nw_link *base, struct nw_str *header, struct nw_str *body)
{
    struct link_zmq *link = (struct link_zmq *)base;

    for (;;) {
        bool whole;
        if (zmq_msg_recv(&link->header, link->socket, ZMQ_DONTWAIT) < 0)
            return errno == EAGAIN ? ask_why(link) : nw_fault(-errno);
        whole = more(link->socket);
        if (whole && zmq_msg_recv(&link->body, link->socket, ZMQ_DONTWAIT) < 0)
            return nw_fault(-errno);
        while (more(link->socket)) {
            zmq_msg_t extra;
            zmq_msg_init(&extra);
            zmq_msg_recv(&extra, link->socket, ZMQ_DONTWAIT);
            zmq_msg_close(&extra);
            whole = false;
        }
        if (whole)
            break;
        nw_warn("a message that has not two frames was dropped; the peer does not speak this protocol");
    }
    *header = nw_str(zmq_msg_data(&link->header), zmq_msg_size(&link->header));
    *body = nw_str(zmq_msg_data(&link->body), zmq_msg_size(&link->body));
    return 0;
}

static int link_zmq_wait(struct nw_link *base, const int *fds, size_t n, int64_t timeout_ms)
{
    struct link_zmq *link = (struct link_zmq *)base;
    zmq_pollitem_t items[2 + NW_LINK_FDS] = {{.socket = link->socket, .events = ZMQ_POLLIN}};
    int count = 1, fds_end, bits = 0, index[1 + NW_LINK_FDS] = {0};

    for (size_t i = 0; i < n && i < NW_LINK_FDS; i++) {
        if (fds[i] < 0)
            continue;
        index[count] = (int)i;
        items[count++] = (zmq_pollitem_t){.fd = fds[i], .events = ZMQ_POLLIN};
    }
    fds_end = count;
    if (link->handshake)
        items[count++] = (zmq_pollitem_t){.socket = nw_handshake_socket(link->handshake), .events = ZMQ_POLLIN};
    if (zmq_poll(items, count, (long)timeout_ms) < 0)
        return errno == EINTR ? 0 : nw_fault(-errno);
    /* What the handshake came to is told by receive. */
    if (items[0].revents || (count > fds_end && items[fds_end].revents))
        bits |= NW_LINK_READABLE;
    for (int i = 1; i < fds_end; i++) {
        if (items[i].revents)
            bits |= NW_LINK_FD_READABLE << index[i];
    }
    return bits;
}

static void link_zmq_free(struct nw_link *base)
{
    struct link_zmq *link = (struct link_zmq *)base;

    zmq_msg_close(&link->header);
    zmq_msg_close(&link->body);
    nw_handshake_close(&link->handshake);
    if (link->socket)
        zmq_close(link->socket);
    if (link->context)
        zmq_ctx_term(link->context);
    nw_free(link);
}

static int set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) < 0 ? -errno : 0;
}

int nw_link_zmq_open(const struct nw_link_zmq_options *options, struct nw_link **result)
{
    static const struct nw_link_calls calls = {link_zmq_send, link_zmq_give, link_zmq_receive, link_zmq_wait,
                                               link_zmq_free};
    static const struct {
        int option, value;
    } settings[] = {
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_SNDHWM, QUEUE_MESSAGES},
        {ZMQ_RCVHWM, QUEUE_MESSAGES},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, 10},
        {ZMQ_TCP_KEEPALIVE_INTVL, 5},
        {ZMQ_TCP_KEEPALIVE_CNT, 3},
        {ZMQ_TCP_MAXRT, 15000},
    };
    struct link_zmq *link = nw_calloc(1, sizeof *link);
    int64_t most = NW_FRAME_MAX;
    int r = 0;

    if (!link)
        return nw_fault(-ENOMEM);
    link->link.calls = &calls;
    zmq_msg_init(&link->header);
    zmq_msg_init(&link->body);
    link->context = zmq_ctx_new();
    link->socket = link->context ? zmq_socket(link->context, ZMQ_DEALER) : NULL;
    if (!link->socket) {
        r = nw_fault(-errno);
        goto out;
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings && r == 0; i++)
        r = set(link->socket, settings[i].option, settings[i].value);
    if (r == 0)
        r = set(link->socket, ZMQ_LINGER, options->linger_ms);
    if (r == 0 && zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &most, sizeof most) < 0)
        r = -errno;
    if (r == 0 && options->keys)
        r = nw_curve_set_client(link->socket, options->keys);
    if (r == 0 && nw_curve_is_tcp(options->endpoint))
        r = nw_handshake_open(link->context, link->socket, options->endpoint, options->keys, &link->handshake);
    if (r == 0 && zmq_connect(link->socket, options->endpoint) < 0) {
        r = -errno;
        nw_error("cannot connect to %s: %s; an endpoint looks like ipc://run/broker.sock or tcp://host:7001",
                 options->endpoint, zmq_strerror(errno));
    }
out:
    if (r < 0) {
        link_zmq_free(&link->link);
        return r;
    }
    *result = &link->link;
    return 0;
}
