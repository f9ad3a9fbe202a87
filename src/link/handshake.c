/* A socket's monitor, read: see handshake.h. */
#include "link/handshake.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

/* Connections in a row that the other side has closed during the handshake, after which we give up: a broker that is
 * just ending closes one or two. ZeroMQ's pauses grow to 2 s between them, so it is about 10 s. */
enum { CLOSED_MAX = 8, ENDPOINT_BYTES = 128 };

struct nw_handshake {
    void *watched, *monitor;
    unsigned closed;
    bool refused, keys;
    char public[NW_CURVE_TEXT]; /* ours */
    char endpoint[ENDPOINT_BYTES];
    char why[NW_WHY];
};

int nw_handshake_open(void *context, void *socket, const char *endpoint, const struct nw_curve_client *keys,
                      struct nw_handshake **result)
{
    struct nw_handshake *handshake = nw_calloc(1, sizeof *handshake);
    char place[64];
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
    int r = 0;

    *result = NULL;
    if (!handshake)
        return nw_fault(-ENOMEM);
    snprintf(handshake->endpoint, sizeof handshake->endpoint, "%s", endpoint);
    handshake->keys = keys != NULL;
    if (keys)
        memcpy(handshake->public, keys->own.public, sizeof handshake->public);
    /* One of a kind in its context, as the socket is. */
    snprintf(place, sizeof place, "inproc://handshake-%p", socket);
    if (zmq_socket_monitor(socket, place, events) < 0) {
        r = nw_fault(-errno);
    } else {
        handshake->watched = socket;
        handshake->monitor = zmq_socket(context, ZMQ_PAIR);
        if (!handshake->monitor || zmq_connect(handshake->monitor, place) < 0)
            r = nw_fault(-errno);
    }
    if (r < 0)
        nw_handshake_close(&handshake);
    *result = handshake;
    return r;
}

void nw_handshake_close(struct nw_handshake **handshake)
{
    if (!*handshake)
        return;
    if ((*handshake)->watched)
        zmq_socket_monitor((*handshake)->watched, NULL, 0);
    if ((*handshake)->monitor)
        zmq_close((*handshake)->monitor);
    nw_free(*handshake);
    *handshake = NULL;
}

void *nw_handshake_socket(const struct nw_handshake *handshake)
{
    return handshake->monitor;
}

const char *nw_handshake_why(const struct nw_handshake *handshake)
{
    return handshake->why;
}

/* ---- what each event means */

static void on_unknown_key(struct nw_handshake *h)
{
    h->refused = true;
    snprintf(h->why, sizeof h->why,
             "the broker at %.100s does not know this key: put its public key, %s, as a file NAME.pub in the broker's "
             "authorized/ folder",
             h->endpoint, h->public);
}

static void on_protocol(struct nw_handshake *h, uint32_t reason)
{
    h->refused = true;
    if (reason != ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
        snprintf(h->why, sizeof h->why,
                 "what listens at %.100s is no broker of newswired (ZeroMQ's protocol error 0x%x)", h->endpoint,
                 (unsigned)reason);
    else if (h->keys)
        snprintf(
            h->why, sizeof h->why,
            "the broker at %.100s takes no keys (it listens with insecure: true); leave --broker-key and --key out",
            h->endpoint);
    else
        snprintf(h->why, sizeof h->why,
                 "the broker at %.100s asks for keys: make them with `newswire keygen`, then give --broker-key and "
                 "--key",
                 h->endpoint);
}

static void on_closed(struct nw_handshake *h, uint32_t error)
{
    /* A broker that is cut off, stopped or gone closes nothing. */
    if (error != EPIPE && error != ECONNRESET)
        return;
    h->refused = ++h->closed >= CLOSED_MAX;
    /* ZeroMQ is not always quick enough to see that one side has keys and the other none: then it looks like this, too.
     */
    if (h->keys)
        snprintf(h->why, sizeof h->why,
                 "the broker at %.100s ends the handshake: its public key is another than the one that --broker-key "
                 "names, or it takes no keys",
                 h->endpoint);
    else
        snprintf(h->why, sizeof h->why,
                 "what listens at %.100s ends the handshake: a broker that asks for keys (give --broker-key and --key; "
                 "`newswire keygen` makes them), or no broker",
                 h->endpoint);
}

static void take_event(struct nw_handshake *h, uint16_t event, uint32_t value)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        h->closed = 0;
        h->refused = false;
        h->why[0] = '\0';
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        on_unknown_key(h);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        on_protocol(h, value);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        on_closed(h, value);
        break;
    default:
        break;
    }
}

int nw_handshake_hear(struct nw_handshake *handshake)
{
    /* An event is a 16-bit number and a 32-bit value; the address follows in a frame of its own. */
    char bytes[sizeof(uint16_t) + sizeof(uint32_t)], address[ENDPOINT_BYTES];

    while (zmq_recv(handshake->monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) == (int)sizeof bytes) {
        uint16_t event;
        uint32_t value;
        memcpy(&event, bytes, sizeof event);
        memcpy(&value, bytes + sizeof event, sizeof value);
        (void)zmq_recv(handshake->monitor, address, sizeof address, ZMQ_DONTWAIT);
        take_event(handshake, event, value);
    }
    return handshake->refused ? NW_HANDSHAKE_REFUSED : 0;
}
