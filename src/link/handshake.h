/*
 * What becomes of a tcp connection before the first message can pass: ZeroMQ gives up for good, without a word, after a
 * handshake that was refused. This watches a connecting socket and turns that into a sentence that says what to do.
 * Belongs to the thread of the socket; never waits.
 */
#ifndef LINK_HANDSHAKE_H
#define LINK_HANDSHAKE_H

#include "link/curve.h"

struct nw_handshake;

/* Before the socket connects. `keys`: what it connects with, NULL for none. 0 or a negative fault. */
int nw_handshake_open(void *context, void *socket, const char *endpoint, const struct nw_curve_client *keys,
                      struct nw_handshake **handshake);

/* Before the socket is closed. Accepts NULL, nulls the pointer. */
void nw_handshake_close(struct nw_handshake **handshake);

/* The ZeroMQ socket to wait for. */
void *nw_handshake_socket(const struct nw_handshake *handshake);

/* Handles what has happened. 0, or NW_HANDSHAKE_REFUSED when the connection will not come: `why` says the rest. */
enum { NW_HANDSHAKE_REFUSED = 1 };
int nw_handshake_hear(struct nw_handshake *handshake);

/* A sentence; "" while all is well. It may be there before the connection is given up: what is amiss so far. */
const char *nw_handshake_why(const struct nw_handshake *handshake);

#endif
