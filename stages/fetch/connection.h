/*
 * One sender of a listening source: bytes that came and are not an item yet, and answers that it has not read yet. Both
 * have a bound; who does not read its answers is not read from.
 */
#ifndef FETCH_CONNECTION_H
#define FETCH_CONNECTION_H

#include "framing.h"

#include <newswire/buf.h>

enum {
    CONNECTION_PEER = 64,
    CONNECTION_READ = 256 << 10,   /* bytes that one may bring in one turn */
    CONNECTION_ANSWERS = 64 << 10, /* bytes of answers that may wait, for its disk or for it to read them */
};

struct connection {
    int fd;
    char peer[CONNECTION_PEER]; /* "127.0.0.1:40312" */
    struct framing framing;
    struct nw_buf in;
    size_t at;            /* of `in`: bytes before it are done with */
    bool answers;         /* it is told what became of each item */
    struct nw_buf held;   /* answers that are true once the batch at hand is durable */
    struct nw_buf out;    /* answers that may go */
    uint64_t items;       /* that came, refused ones too: the number in an answer */
    int64_t heard, begun; /* when its last byte came, and the first one of the item that is not whole; -1: none */
    bool ended;           /* it will send no more */
    bool more;            /* `in` may hold whole items */
    uint64_t refused;     /* items */
    uint32_t events;      /* that epoll was asked for */
};

/* The descriptor becomes the connection's. 0 or -ENOMEM (then it is closed). */
int connection_open(int fd, const char *peer, const struct framing *framing, bool answers, int64_t now,
                    struct connection **connection);
void connection_close(struct connection **connection); /* accepts NULL, nulls the pointer */

/* Reads what is there, without waiting. */
void connection_read(struct connection *connection, int64_t now);

/* The next item that came whole, or that is refused; FRAMING_MORE when there is none now. It lives until the next
 * connection_read. */
enum framing_step connection_next(struct connection *connection, int64_t now, struct framed *framed);

/* Says what becomes of the item that was given last, once the batch at hand is durable: why NULL or "" for OK. */
void connection_answer(struct connection *connection, const char *why);

/* The batch at hand is durable. */
void connection_settle(struct connection *connection);

/* Writes what can be written. */
void connection_write(struct connection *connection);

/* Whether there is room for one more answer; bytes may be read now; answers wait for it. */
bool connection_has_room(const struct connection *connection);
bool connection_reads(const struct connection *connection);
bool connection_writes(const struct connection *connection);

#endif
