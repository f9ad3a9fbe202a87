/* What the fakes of the broker and the publisher share: messages of the protocol over a ROUTER or PUB socket of theirs.
 * Included by one test program each; a fake runs in a thread of its own and asserts nothing, it only keeps what it saw.
 */
#ifndef TESTS_CLIENT_FAKE_H
#define TESTS_CLIENT_FAKE_H

#include "link/frame.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
#include <zmq.h>

/* An endpoint of its own for each test: in Linux' abstract names, so that no file is left. */
static inline void fake_endpoint(char out[64])
{
    static int count;

    snprintf(out, 64, "ipc://@newswire-test-%d-%d", (int)getpid(), ++count);
}

struct fake_peer {
    char p[256];
    size_t n;
};

/* Sends [first frame][header][body]: a peer's identity or a channel before the message. */
static inline void fake_send(void *socket, const void *first, size_t n, const struct nw_header *header,
                             struct nw_str body)
{
    struct nw_buf out;

    nw_buf_init(&out, NW_HEADER_MAX);
    if (nw_header_encode(header, &out) == 0 && zmq_send(socket, first, n, ZMQ_SNDMORE) >= 0) {
        zmq_send(socket, out.p, out.n, ZMQ_SNDMORE);
        zmq_send(socket, body.p, body.n, 0);
    }
    nw_buf_free(&out);
}

/* One message that a ROUTER has got: true with peer, header (in arena) and body set. Waits at most `wait` ms. */
static inline bool fake_receive(void *socket, long wait, struct nw_arena *arena, struct fake_peer *peer,
                                struct nw_header *header, struct nw_str *body)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    zmq_msg_t frames[2];
    char why[NW_WHY];
    int n;
    bool good;

    if (zmq_poll(&item, 1, wait) <= 0) {
        return false;
    }
    nw_arena_reset(arena);
    n = zmq_recv(socket, peer->p, sizeof peer->p, 0);
    peer->n = n < 0 ? 0 : (size_t)n;
    for (int i = 0; i < 2; i++) {
        zmq_msg_init(&frames[i]);
        zmq_msg_recv(&frames[i], socket, 0);
    }
    struct nw_str bytes = nw_arena_dup(arena, nw_str(zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0])));
    *body = nw_arena_dup(arena, nw_str(zmq_msg_data(&frames[1]), zmq_msg_size(&frames[1])));
    good = nw_header_decode(arena, bytes, header, why) == 0 && nw_header_fits(header, body->n);
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
    return good;
}

/* The same sequence on every machine, so that a failing seed can be run again. */
static inline uint32_t fake_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
