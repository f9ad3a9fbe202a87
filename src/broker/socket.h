/*
 * The broker's ROUTER: messages of three frames, [peer][header][body]. MANDATORY makes a send to a peer that is gone
 * fail at once, which is how a lost worker is noticed first.
 *
 * Over ipc anybody who may enter the socket's folder is let in. Over tcp, where keys are given, only those whose public
 * key is in one folder (link/zap.h).
 */
#ifndef BROKER_SOCKET_H
#define BROKER_SOCKET_H

#include "broker/chunk.h"
#include "link/curve.h"
#include "link/frame.h"

#include <newswire/str.h>

enum { PEER_ID = 16 }; /* most bytes of a routing id that ROUTER made itself: 5 on libzmq 4.3 */

struct peer_id {
    unsigned char n, bytes[PEER_ID];
};

struct broker_socket;

/* What receive and send return beside 0 and a negative fault. */
enum {
    SOCKET_EMPTY = 1,
    SOCKET_FULL = 2, /* the peer's queue is full: later */
    SOCKET_GONE = 3, /* the peer is not connected any more */
};

struct socket_options {
    const char *const *endpoints;
    size_t n;
    const struct nw_curve_pair *keys; /* of tcp endpoints; NULL: they are open to everybody */
    const char *authorized;           /* with keys: the folder of the public keys that may connect */
};

/* Binds every endpoint. A line in the log says what could not be bound and why. */
int socket_open(const struct socket_options *options, struct broker_socket **socket);
void socket_close(struct broker_socket **socket);

/* Views live until the next receive. A message that has not three frames is dropped. */
int socket_receive(struct broker_socket *socket, struct peer_id *peer, struct nw_str *header, struct nw_str *body);

/* Under which name the key of the last message's sender is known; "" for one that needed none. Until the next receive.
 */
const char *socket_sender(struct broker_socket *socket);

/* The body of the last message received, to be kept: the views of it stay good while the chunk is used. NULL when there
 * is no memory. */
struct chunk *socket_keep(struct broker_socket *socket);

int socket_send(struct broker_socket *socket, const struct peer_id *peer, struct nw_str header, struct nw_str body);

/* The same with a whole chunk for a body, which is not copied. */
int socket_send_chunk(struct broker_socket *socket, const struct peer_id *peer, struct nw_str header,
                      struct chunk *body);

/* As nw_link_wait: 1 when a message waits, 2 << i when fds[i] is readable. Answers whose key may come in meanwhile. */
int socket_wait(struct broker_socket *socket, const int *fds, size_t n, int64_t timeout_ms);

#endif
