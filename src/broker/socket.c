/* The ROUTER and its options; the reasons for each stand in the design's list of pitfalls. */
#include "broker/socket.h"
#include "link/zap.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <zmq.h>

enum { QUEUE_MESSAGES = 4096, WAIT_FDS = 8 };

struct broker_socket {
    void *context, *router;
    struct nw_zap *zap;           /* NULL: nobody is asked for a key */
    zmq_msg_t peer, header, body; /* of the last message received */
};

static int set(void *router, int option, int value)
{
    return zmq_setsockopt(router, option, &value, sizeof value) < 0 ? nw_fault(-errno) : 0;
}

static int configure(void *router)
{
    static const struct {
        int option, value;
    } settings[] = {
        {ZMQ_ROUTER_MANDATORY, 1},    {ZMQ_ROUTER_HANDOVER, 0},     {ZMQ_LINGER, 0},
        {ZMQ_SNDHWM, QUEUE_MESSAGES}, {ZMQ_RCVHWM, QUEUE_MESSAGES}, {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, 10}, {ZMQ_TCP_KEEPALIVE_INTVL, 5}, {ZMQ_TCP_KEEPALIVE_CNT, 3},
        {ZMQ_TCP_MAXRT, 15000},
    };
    int64_t most = NW_FRAME_MAX;
    int r = 0;

    for (size_t i = 0; i < sizeof settings / sizeof *settings && r == 0; i++)
        r = set(router, settings[i].option, settings[i].value);
    if (r == 0 && zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &most, sizeof most) < 0)
        r = nw_fault(-errno);
    return r;
}

/* Binds the endpoints that ask for keys, or those that do not. */
static int bind_some(struct broker_socket *socket, const struct socket_options *options, bool asking)
{
    for (size_t i = 0; i < options->n; i++) {
        const char *endpoint = options->endpoints[i];
        if ((options->keys && nw_curve_is_tcp(endpoint)) != asking)
            continue;
        if (zmq_bind(socket->router, endpoint) < 0) {
            int error = -errno;
            nw_error("cannot listen on %s: %s; is another broker running there, and may this user write the folder?",
                     endpoint, zmq_strerror(errno));
            return error;
        }
    }
    return 0;
}

/* One ROUTER has both kinds: ZeroMQ takes a socket's keys over when it binds (zmq_setsockopt(3)), so what was bound
 * before they are set stays without. The doorkeeper comes first: without one any key would do. */
static int bind_all(struct broker_socket *socket, const struct socket_options *options)
{
    int r = bind_some(socket, options, false);

    if (r < 0 || !options->keys)
        return r;
    r = nw_zap_open(socket->context, options->authorized, &socket->zap);
    if (r == 0)
        r = nw_curve_set_server(socket->router, options->keys);
    return r == 0 ? bind_some(socket, options, true) : r;
}

int socket_open(const struct socket_options *options, struct broker_socket **result)
{
    struct broker_socket *socket = nw_calloc(1, sizeof *socket);
    int r;

    if (!socket)
        return nw_fault(-ENOMEM);
    zmq_msg_init(&socket->peer);
    zmq_msg_init(&socket->header);
    zmq_msg_init(&socket->body);
    socket->context = zmq_ctx_new();
    socket->router = socket->context ? zmq_socket(socket->context, ZMQ_ROUTER) : NULL;
    r = socket->router ? configure(socket->router) : nw_fault(-errno);
    if (r == 0)
        r = bind_all(socket, options);
    if (r < 0)
        socket_close(&socket);
    *result = socket;
    return r;
}

void socket_close(struct broker_socket **pointer)
{
    struct broker_socket *socket = *pointer;

    if (!socket)
        return;
    zmq_msg_close(&socket->peer);
    zmq_msg_close(&socket->header);
    zmq_msg_close(&socket->body);
    if (socket->router)
        zmq_close(socket->router);
    nw_zap_close(&socket->zap);
    if (socket->context)
        zmq_ctx_term(socket->context);
    nw_free(socket);
    *pointer = NULL;
}

/* Throws away what is left of a message whose last frame so far is `frame`. */
static void skip_rest(void *router, zmq_msg_t *frame)
{
    zmq_msg_t extra;

    zmq_msg_init(&extra);
    for (bool more = zmq_msg_more(frame); more; more = zmq_msg_more(&extra)) {
        if (zmq_msg_recv(&extra, router, ZMQ_DONTWAIT) < 0)
            break;
    }
    zmq_msg_close(&extra);
}

/* Receives the three frames; false when the message has another number of them. */
static bool receive_whole(struct broker_socket *socket)
{
    zmq_msg_t *frames[] = {&socket->peer, &socket->header, &socket->body};

    for (size_t i = 1; i < 3; i++) {
        if (!zmq_msg_more(frames[i - 1]) || zmq_msg_recv(frames[i], socket->router, ZMQ_DONTWAIT) < 0)
            return false;
    }
    if (!zmq_msg_more(&socket->body))
        return true;
    skip_rest(socket->router, &socket->body);
    return false;
}

int socket_receive(struct broker_socket *socket, struct peer_id *peer, struct nw_str *header, struct nw_str *body)
{
    size_t n;

    do {
        if (zmq_msg_recv(&socket->peer, socket->router, ZMQ_DONTWAIT) < 0)
            return errno == EAGAIN || errno == EINTR ? SOCKET_EMPTY : nw_fault(-errno);
        n = zmq_msg_size(&socket->peer);
    } while (!receive_whole(socket) || n > sizeof peer->bytes);
    peer->n = (unsigned char)n;
    memcpy(peer->bytes, zmq_msg_data(&socket->peer), n);
    *header = nw_str(zmq_msg_data(&socket->header), zmq_msg_size(&socket->header));
    *body = nw_str(zmq_msg_data(&socket->body), zmq_msg_size(&socket->body));
    return 0;
}

struct chunk *socket_keep(struct broker_socket *socket)
{
    return chunk_take(&socket->body);
}

/* The frames before the body. */
static int send_head(struct broker_socket *socket, const struct peer_id *peer, struct nw_str header)
{
    if (zmq_send(socket->router, peer->bytes, peer->n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        if (errno == EHOSTUNREACH)
            return SOCKET_GONE;
        return errno == EAGAIN ? SOCKET_FULL : nw_fault(-errno);
    }
    /* After the first frame was taken the rest is too: a message is queued whole. */
    return zmq_send(socket->router, header.p, header.n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ? nw_fault(-errno) : 0;
}

const char *socket_sender(struct broker_socket *socket)
{
    /* On libzmq 4.3 the routing id's frame has no such property; each other one has. */
    const char *name = zmq_msg_gets(&socket->header, "User-Id");

    return name ? name : "";
}

int socket_send(struct broker_socket *socket, const struct peer_id *peer, struct nw_str header, struct nw_str body)
{
    int r = send_head(socket, peer, header);

    if (r == 0 && zmq_send(socket->router, body.p ? body.p : "", body.n, ZMQ_DONTWAIT) < 0)
        r = nw_fault(-errno);
    return r;
}

int socket_send_chunk(struct broker_socket *socket, const struct peer_id *peer, struct nw_str header,
                      struct chunk *body)
{
    zmq_msg_t message;
    int r;

    zmq_msg_init(&message);
    r = chunk_share(body, &message);
    if (r == 0)
        r = send_head(socket, peer, header);
    if (r == 0 && zmq_msg_send(&message, socket->router, ZMQ_DONTWAIT) < 0)
        r = nw_fault(-errno);
    zmq_msg_close(&message);
    return r;
}

int socket_wait(struct broker_socket *socket, const int *fds, size_t n, int64_t timeout_ms)
{
    zmq_pollitem_t items[2 + WAIT_FDS] = {{.socket = socket->router, .events = ZMQ_POLLIN}};
    int count = 1, fds_end, bits = 0, index[1 + WAIT_FDS] = {0};

    for (size_t i = 0; i < n && i < WAIT_FDS; i++) {
        if (fds[i] < 0)
            continue;
        index[count] = (int)i;
        items[count++] = (zmq_pollitem_t){.fd = fds[i], .events = ZMQ_POLLIN};
    }
    fds_end = count;
    if (socket->zap)
        items[count++] = (zmq_pollitem_t){.socket = nw_zap_socket(socket->zap), .events = ZMQ_POLLIN};
    if (zmq_poll(items, count, (long)timeout_ms) < 0)
        return errno == EINTR ? 0 : nw_fault(-errno);
    if (socket->zap) {
        int r = nw_zap_serve(socket->zap);
        if (r < 0)
            return r;
    }
    if (items[0].revents)
        bits |= 1;
    for (int i = 1; i < fds_end; i++) {
        if (items[i].revents)
            bits |= 2 << index[i];
    }
    return bits;
}
