/* See connection.h. */
#include "connection.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 64 << 10 /* bytes of one read(2) */ };

int connection_open(int fd, const char *peer, const struct framing *framing, bool answers, int64_t now,
                    struct connection **result)
{
    struct connection *connection = nw_calloc(1, sizeof *connection);
    int on = 1;

    *result = connection;
    if (!connection) {
        close(fd);
        return nw_fault(-ENOMEM);
    }
    *connection = (struct connection){.fd = fd, .framing = *framing, .answers = answers, .heard = now, .begun = -1};
    snprintf(connection->peer, sizeof connection->peer, "%s", peer);
    nw_buf_init(&connection->in, framing->most + FRAMING_SLACK + CONNECTION_READ);
    nw_buf_init(&connection->held, 2 * CONNECTION_ANSWERS);
    nw_buf_init(&connection->out, 4 * CONNECTION_ANSWERS);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on); /* a sender that lost its power is found gone */
    return 0;
}

void connection_close(struct connection **pointer)
{
    struct connection *connection = *pointer;

    if (!connection)
        return;
    close(connection->fd);
    nw_buf_free(&connection->in);
    nw_buf_free(&connection->held);
    nw_buf_free(&connection->out);
    nw_free(connection);
    *pointer = NULL;
}

bool connection_has_room(const struct connection *connection)
{
    return connection->held.n < CONNECTION_ANSWERS && connection->out.n < CONNECTION_ANSWERS;
}

bool connection_reads(const struct connection *connection)
{
    return !connection->ended && !connection->more && connection_has_room(connection);
}

bool connection_writes(const struct connection *connection)
{
    return connection->out.n > 0;
}

void connection_read(struct connection *connection, int64_t now)
{
    struct nw_buf *in = &connection->in;
    size_t most;

    nw_buf_take(in, connection->at);
    connection->at = 0;
    most = in->n + CONNECTION_READ;
    while (in->n < most) {
        ssize_t n;
        if (nw_buf_reserve(in, PIECE) < 0) {
            in->error = 0; /* full but for less than a piece: what is there is taken first */
            break;
        }
        n = read(connection->fd, in->p + in->n, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            connection->ended = n == 0 || errno != EAGAIN;
            break;
        }
        in->n += (size_t)n;
        connection->heard = now;
    }
    connection->more = true;
}

enum framing_step connection_next(struct connection *connection, int64_t now, struct framed *framed)
{
    struct nw_str rest = nw_str_from(nw_buf_view(&connection->in), connection->at);
    enum framing_step step = framing_next(&connection->framing, rest, framed);

    connection->at += framed->taken;
    if (step != FRAMING_MORE) {
        connection->items++;
        connection->begun = -1;
        return step;
    }
    connection->more = false;
    rest = nw_str_from(rest, framed->taken);
    if (rest.n == 0) { /* one that waits for its next item holds no memory */
        nw_buf_free(&connection->in);
        connection->at = 0;
    }
    if (!framing_is_inside(&connection->framing, rest))
        connection->begun = -1;
    else if (connection->begun < 0)
        connection->begun = now;
    return step;
}

void connection_answer(struct connection *connection, const char *why)
{
    unsigned long long n = connection->items;

    if (!connection->answers)
        return;
    if (why && why[0])
        nw_buf_printf(&connection->held, "NO %llu %s\n", n, why);
    else
        nw_buf_printf(&connection->held, "OK %llu\n", n);
}

void connection_settle(struct connection *connection)
{
    nw_buf_str(&connection->out, nw_buf_view(&connection->held));
    nw_buf_clear(&connection->held);
}

void connection_write(struct connection *connection)
{
    while (connection->out.n > 0) {
        ssize_t n = send(connection->fd, connection->out.p, connection->out.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN) { /* it is gone, and nobody reads them */
            nw_buf_clear(&connection->out);
            connection->ended = true;
        }
        if (n <= 0)
            return;
        nw_buf_take(&connection->out, (size_t)n);
    }
}
