/*
 * `listen`: a TCP port to which wires and programs send items, framed as lines, NDJSON or wire blocks (framing.h). What
 * came whole goes into the spool and the ledger together (batches.h), and only then an answer goes out, where answers
 * are asked for: "OK 7" says that item 7 of this connection is durable here and will come out, "NO 8 ..." why item 8 is
 * refused. Who did not get its answer sends the item again.
 *
 * While the broker withholds nothing is read, and the senders' kernels hold them. Time that passes so counts against no
 * sender. Half an item at a connection's end is refused with a sentence: nobody can say whether it was all of it.
 *
 * Nobody is asked who they are. So the port is a loopback one, unless the config names the addresses of the senders.
 */
#include "batches.h"
#include "connection.h"
#include "failure.h"
#include "ledger.h"
#include "split.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BACKLOG = 128,
    ACCEPTED = 64, /* new connections of one turn */
    BATCH_ITEMS = 1024,
    BATCH_BYTES = 8 << 20,
    SPOOL_MOST = BATCH_BYTES + SPLIT_WINDOW + (1 << 20), /* items of BATCH_BYTES, one more, and their heads */
    COMPLAINTS = 64 << 10,
    REFUSED_TOLD = 10, /* items of one connection; the rest is told as a number */
    LOOK_MS = 1000,    /* between two turns; a longer gap was none of the senders' making */
    WHOLE_MS = 300000, /* for one item to come whole: 9600 baud bring 350 kB in it */
    CROWD_MS = 60000,  /* between two sentences about too many connections */
    IDLE_MS = 60000,
};

struct listener {
    struct source source;
    const struct nw_conf *conf;
    struct batches batches;
    struct framing framing;
    bool answers;
    int64_t silence_ms; /* after which a connection is closed; 0: never */
    int fd, epoll;
    struct connection **connections;
    size_t count, most, turn; /* turn: whose it is to be read first */
    int64_t now, looked;      /* ms that we attended, and the monotonic clock when that was counted */
    int64_t crowd_at;         /* of `now`: when too many connections are told again */
    struct nw_buf spooled;    /* the batch that is being made */
    size_t items;             /* in it */
    struct nw_buf complaint;  /* "PEER\nsentence\n" of each that is to be told */
    char path[2 * CONNECTION_PEER];
};

static void complain(struct listener *listener, const char *peer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct listener *listener, const char *peer, const char *format, ...)
{
    size_t before = listener->complaint.n;
    char why[NW_WHY];
    va_list list;

    va_start(list, format);
    vsnprintf(why, sizeof why, format, list);
    va_end(list);
    if (nw_buf_printf(&listener->complaint, "%s\n%s\n", peer, why) < 0) {
        /* So many wait already that one more says little. */
        listener->complaint.n = before;
        listener->complaint.error = 0;
    }
}

static int tell(struct listener *listener)
{
    struct source *source = &listener->source;
    struct nw_str text = nw_buf_view(&listener->complaint), peer, why;

    nw_str_line(&text, &peer);
    nw_str_line(&text, &why);
    snprintf(listener->path, sizeof listener->path, "%.60s %.*s", source->key.p, NW_FMT(peer));
    snprintf(source->why, sizeof source->why, "%.*s", NW_FMT(why));
    source->path = nw_str_z(listener->path);
    nw_buf_take(&listener->complaint, listener->complaint.n - text.n);
    return SOURCE_COMPLAINT;
}

/* ---- connections */

static bool is_sender(const struct listener *listener, const char *address)
{
    size_t count = nw_conf_count(listener->conf, "senders");

    for (size_t i = 0; i < count; i++) {
        if (nw_str_eq(nw_conf_str_at(listener->conf, "senders", i), nw_str_z(address)))
            return true;
    }
    return count == 0;
}

/* Takes a new connection, or sends it away. The descriptor is taken over. */
static int welcome(struct listener *listener, int fd, const struct sockaddr *address, socklen_t size)
{
    char host[CONNECTION_PEER - 16] = "?", port[8] = "?", peer[CONNECTION_PEER];
    struct connection *connection;
    struct epoll_event event = {.events = EPOLLIN};
    int r;

    getnameinfo(address, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(peer, sizeof peer, "%s:%s", host, port);
    if (!is_sender(listener, host) || listener->count == listener->most) {
        if (listener->now >= listener->crowd_at) {
            listener->crowd_at = listener->now + CROWD_MS;
            complain(listener, peer,
                     listener->count == listener->most
                         ? "sent away: there are %zu connections, as many as `connections` allows; this is told once a "
                           "minute"
                         : "sent away: its address is not among `senders`; this is told once a minute",
                     listener->count);
        }
        close(fd);
        return 0;
    }
    r = connection_open(fd, peer, &listener->framing, listener->answers, listener->now, &connection);
    if (r < 0)
        return r;
    event.data.ptr = connection;
    connection->events = event.events;
    listener->connections[listener->count++] = connection;
    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? nw_fault(-errno) : 0;
}

static int accept_some(struct listener *listener)
{
    int r = 0;

    for (size_t i = 0; i < ACCEPTED && r == 0; i++) {
        struct sockaddr_storage address;
        struct sockaddr *any = (struct sockaddr *)(void *)&address;
        socklen_t size = sizeof address;
        int fd = accept(listener->fd, any, &size);
        if (fd >= 0 && (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0))
            return nw_fault(-errno);
        if (fd >= 0)
            r = welcome(listener, fd, any, size);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            return nw_fault(-errno); /* `connections` is above what the machine allows: better told than half served */
        else if (errno != EINTR && errno != ECONNABORTED)
            return 0;
    }
    return r;
}

/* Takes the whole items of a connection into the batch. */
static int take(struct listener *listener, struct connection *connection)
{
    struct framed framed;

    while (connection->more && connection_has_room(connection) && listener->items < BATCH_ITEMS &&
           listener->spooled.n < BATCH_BYTES) {
        enum framing_step step = connection_next(connection, listener->now, &framed);
        if (step == FRAMING_BAD) {
            connection_answer(connection, framed.why);
            if (connection->refused++ < REFUSED_TOLD)
                complain(listener, connection->peer, "item %llu is refused: %s", (unsigned long long)connection->items,
                         framed.why);
        }
        if (step != FRAMING_ITEM)
            continue;
        if (spool_add(&listener->spooled, nw_str("", 0), nw_str("", 0), framed.item) < 0)
            return nw_fault(listener->spooled.error);
        connection_answer(connection, NULL);
        listener->items++;
    }
    return 0;
}

/* Reads who may be read, each in its turn. */
static int serve(struct listener *listener)
{
    struct epoll_event events[BACKLOG];
    int n = epoll_wait(listener->epoll, events, BACKLOG, 0), r = 0;

    for (int i = 0; i < n && r == 0; i++) {
        struct connection *connection = events[i].data.ptr;
        if (!connection) {
            r = accept_some(listener);
            continue;
        }
        connection_write(connection);
        if (connection_reads(connection))
            connection_read(connection, listener->now);
    }
    for (size_t i = 0; i < listener->count && r == 0; i++)
        r = take(listener, listener->connections[(listener->turn + i) % listener->count]);
    listener->turn = listener->count ? (listener->turn + 1) % listener->count : 0;
    return r;
}

/* Makes the batch durable; then its answers are true. */
static int settle(struct listener *listener)
{
    struct ledger *ledger = listener->source.commons->ledger;
    int r = 0;

    if (listener->spooled.n > 0) {
        r = ledger_begin(ledger);
        if (r == 0)
            r = batches_add(&listener->batches, nw_buf_view(&listener->spooled), NULL);
        if (r == 0)
            r = ledger_commit(ledger);
        nw_buf_clear(&listener->spooled);
        listener->items = 0;
    }
    for (size_t i = 0; i < listener->count && r == 0; i++) {
        connection_settle(listener->connections[i]);
        connection_write(listener->connections[i]);
    }
    return r;
}

/* Whether a connection is over; what is to be said about its end is said. */
static bool is_over(struct listener *listener, struct connection *connection)
{
    unsigned long long next = connection->items + 1;

    if (connection_writes(connection) && listener->now - connection->heard > WHOLE_MS) {
        complain(listener, connection->peer, "does not read its answers: closed behind item %llu", next - 1);
        return true;
    }
    if (connection->more)
        return false;
    if (connection->ended) {
        if (connection->begun >= 0)
            complain(listener, connection->peer,
                     "ended inside item %llu, %zu bytes behind its beginning: it is left out; send it again", next,
                     connection->in.n - connection->at);
        connection->begun = -1; /* told once, though answers may still be on their way */
        return !connection_writes(connection);
    }
    if (connection->begun >= 0 && listener->now - connection->begun > WHOLE_MS) {
        complain(listener, connection->peer,
                 "item %llu did not end within %d s: it is left out, and the connection closed", next, WHOLE_MS / 1000);
        return true;
    }
    if (listener->silence_ms > 0 && listener->now - connection->heard > listener->silence_ms) {
        complain(listener, connection->peer, "silent for %lld s: closed", (long long)listener->silence_ms / 1000);
        return true;
    }
    return false;
}

/* Closes what is over, and has epoll tell of what the others may do next. */
static int sort_out(struct listener *listener)
{
    for (size_t i = listener->count; i-- > 0;) {
        struct connection *connection = listener->connections[i];
        struct epoll_event event = {.data.ptr = connection};
        if (is_over(listener, connection)) {
            if (connection->refused > REFUSED_TOLD)
                complain(listener, connection->peer, "%llu more of its items were refused",
                         (unsigned long long)connection->refused - REFUSED_TOLD);
            connection_close(&listener->connections[i]);
            listener->connections[i] = listener->connections[--listener->count];
            continue;
        }
        event.events = (connection_reads(connection) ? EPOLLIN : 0u) | (connection_writes(connection) ? EPOLLOUT : 0u);
        if (event.events != connection->events && epoll_ctl(listener->epoll, EPOLL_CTL_MOD, connection->fd, &event) < 0)
            return nw_fault(-errno);
        connection->events = event.events;
    }
    return 0;
}

/* ---- the source */

static int listener_next(struct source *source, struct document *document)
{
    struct listener *listener = (struct listener *)source;
    int64_t mono = nw_clock_mono(), gap = mono - listener->looked;
    int r = batches_next(&listener->batches, document);

    if (r != SOURCE_IDLE)
        return r;
    if (listener->complaint.n > 0)
        return tell(listener);
    listener->looked = mono;
    listener->now += gap < LOOK_MS ? gap : LOOK_MS;
    r = batches_land(&listener->batches);
    if (r == 0)
        r = serve(listener);
    if (r == 0)
        r = settle(listener);
    if (r == 0)
        r = sort_out(listener);
    if (r < 0)
        return r;
    r = batches_next(&listener->batches, document);
    if (r != SOURCE_IDLE)
        return r;
    for (size_t i = 0; i < listener->count; i++) {
        if (listener->connections[i]->more && connection_has_room(listener->connections[i]))
            return SOURCE_BUSY;
    }
    source->idle_ms = listener->count ? LOOK_MS : IDLE_MS;
    return listener->complaint.n > 0 ? SOURCE_BUSY : SOURCE_IDLE;
}

static int listener_done(struct source *source, const struct outcome *outcome)
{
    batches_done(&((struct listener *)source)->batches, outcome);
    return 0;
}

static int listener_accepted(struct source *source, uint64_t accepted)
{
    ((struct listener *)source)->batches.accepted = accepted;
    return 0;
}

static int listener_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    return batches_resume(&((struct listener *)source)->batches, row, skip);
}

/* ---- opening */

static bool is_loopback(struct nw_str address)
{
    return nw_str_starts(address, NW_S("127.")) || nw_str_eq(address, NW_S("::1"));
}

static int refuse(char why[NW_WHY], const char *sentence)
{
    snprintf(why, NW_WHY, "%s", sentence);
    return SOURCE_COMPLAINT;
}

static int listen_at(struct listener *listener, struct nw_str address, int64_t port, char why[NW_WHY])
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    struct addrinfo *found = NULL;
    char service[16], text[FAILURE_TEXT];
    int on = 1;

    snprintf(service, sizeof service, "%lld", (long long)port);
    if (getaddrinfo(address.p, service, &hints, &found) != 0) {
        snprintf(why, NW_WHY, "`address`: %.60s is no address; expected one like 127.0.0.1, 0.0.0.0 or ::1", address.p);
        return SOURCE_COMPLAINT;
    }
    listener->fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd < 0 || setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(listener->fd, found->ai_addr, found->ai_addrlen) < 0 || listen(listener->fd, BACKLOG) < 0) {
        snprintf(why, NW_WHY, "can't listen at %.60s port %lld: %s", address.p, (long long)port,
                 failure_text(errno, text));
        freeaddrinfo(found);
        return SOURCE_COMPLAINT;
    }
    freeaddrinfo(found);
    return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, listener->fd, &event) < 0 ? nw_fault(-errno) : 0;
}

static int listener_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct listener *listener = nw_calloc(1, sizeof *listener);
    struct nw_str address = nw_conf_str(conf, "address"), framing = nw_conf_str(conf, "framing");
    int r;

    if (!listener)
        return nw_fault(-ENOMEM);
    listener->source = (struct source){.kind = &source_listen, .commons = commons};
    *source = &listener->source;
    listener->conf = conf;
    listener->fd = listener->epoll = -1;
    listener->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : NW_S("listen");
    while (!nw_str_eq(framing, nw_str_z(framing_names[listener->framing.kind])))
        listener->framing.kind++;
    listener->framing.most = (size_t)nw_conf_int(conf, "max_item");
    listener->answers = nw_conf_bool(conf, "answers");
    listener->silence_ms = nw_conf_int(conf, "silence") * 1000;
    listener->most = (size_t)nw_conf_int(conf, "connections");
    listener->looked = nw_clock_mono();
    nw_buf_init(&listener->spooled, SPOOL_MOST);
    nw_buf_init(&listener->complaint, COMPLAINTS);
    if (nw_conf_int(conf, "port") == 0)
        return refuse(why, "a source of kind listen needs `port`");
    if (!is_loopback(address) && nw_conf_count(conf, "senders") == 0)
        return refuse(why, "`address` can be reached from other machines, and nobody who connects is asked who they "
                           "are: name the addresses that may send in `senders`");
    listener->connections = nw_calloc(listener->most, sizeof *listener->connections);
    if (!listener->connections)
        return nw_fault(-ENOMEM);
    listener->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (listener->epoll < 0)
        return nw_fault(-errno);
    listener->source.fd = listener->epoll;
    r = batches_open(&listener->batches, &listener->source, why);
    return r ? r : listen_at(listener, address, nw_conf_int(conf, "port"), why);
}

static void listener_free(struct source *source)
{
    struct listener *listener = (struct listener *)source;

    batches_close(&listener->batches);
    while (listener->count)
        connection_close(&listener->connections[--listener->count]);
    nw_free(listener->connections);
    if (listener->fd >= 0)
        close(listener->fd);
    if (listener->epoll >= 0)
        close(listener->epoll);
    nw_buf_free(&listener->spooled);
    nw_buf_free(&listener->complaint);
    nw_free(listener);
}

const struct source_kind source_listen = {.name = "listen",
                                          .doc = "a TCP port that is sent items: lines, NDJSON, wire blocks",
                                          .open = listener_open,
                                          .next = listener_next,
                                          .done = listener_done,
                                          .accepted = listener_accepted,
                                          .resume = listener_resume,
                                          .free = listener_free};
