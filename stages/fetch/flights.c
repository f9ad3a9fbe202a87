/*
 * A queue in the order of taking. The end of a file's way: first it is written down, durably, that its records are
 * accepted (or that there are none); then its source does with it what it does; then its row goes, or stays, with the
 * next commit. A crash between finds the row and goes on.
 */
#include "flights.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM_LEAST = 1024 };

/* ---- files */

bool flight_stat(const char *whole, struct identity *identity, int64_t *changed)
{
    struct stat stat;

    if (fstatat(AT_FDCWD, whole, &stat, 0) < 0 || !S_ISREG(stat.st_mode))
        return false;
    memset(identity, 0, sizeof *identity); /* compared by memcmp */
    identity->device = (int64_t)stat.st_dev;
    identity->inode = (int64_t)stat.st_ino;
    identity->size = (int64_t)stat.st_size;
    identity->modified = (int64_t)stat.st_mtim.tv_sec * 1000000000 + stat.st_mtim.tv_nsec;
    if (changed) /* the kernel's own time of any change: senders set the other one as they like */
        *changed = (int64_t)stat.st_ctim.tv_sec * 1000 + stat.st_ctim.tv_nsec / 1000000;
    return true;
}

bool flight_path(const struct flights *flights, const char *path, char whole[2 * WALK_PATH])
{
    struct nw_str root = flights->root;
    bool parted = root.n == 0 || root.p[root.n - 1] == '/';

    return snprintf(whole, 2 * WALK_PATH, "%.*s%s%s", NW_FMT(root), parted ? "" : "/", path) < 2 * WALK_PATH;
}

static bool stat_below(const struct flights *flights, const char *path, struct identity *identity)
{
    char whole[2 * WALK_PATH];

    return flight_path(flights, path, whole) && flight_stat(whole, identity, NULL);
}

static bool is_same(const struct identity *a, const struct identity *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* ---- the queue */

void flights_open(struct flights *flights, struct source *source, struct nw_str root)
{
    *flights = (struct flights){.source = source, .root = root};
}

void flights_close(struct flights *flights)
{
    if (flights->source && flights->source->commons->ledger)
        flights_land(flights);
    for (size_t i = flights->head; i < flights->tail; i++)
        nw_free(flights->flight[i].path);
    nw_free(flights->flight);
}

size_t flights_planned(const struct flights *flights)
{
    return flights->tail - flights->next;
}

bool flights_full(const struct flights *flights)
{
    return flights_planned(flights) >= FLIGHTS_BATCH || flights->bytes >= FLIGHTS_BYTES;
}

static int make_room(struct flights *flights)
{
    size_t room = flights->room ? flights->room * 2 : ROOM_LEAST;
    struct flight *grown;

    if (flights->tail < flights->room)
        return 0;
    /* What has landed at the front makes room first. */
    if (flights->head > flights->room / 2) {
        memmove(flights->flight, flights->flight + flights->head,
                (flights->tail - flights->head) * sizeof *flights->flight);
        flights->next -= flights->head;
        flights->tail -= flights->head;
        flights->head = 0;
        return 0;
    }
    grown = nw_realloc(flights->flight, room * sizeof *grown);
    if (!grown)
        return nw_fault(-ENOMEM);
    flights->flight = grown;
    flights->room = room;
    return 0;
}

static int add(struct flights *flights, int64_t id, struct nw_str path, const struct identity *identity, uint64_t skip)
{
    struct flight *flight;
    int result = make_room(flights);

    if (result < 0)
        return result;
    flight = &flights->flight[flights->tail];
    *flight = (struct flight){.id = id, .identity = *identity, .skip = skip, .path = nw_malloc(path.n + 1)};
    if (!flight->path)
        return nw_fault(-ENOMEM);
    memcpy(flight->path, path.p, path.n);
    flight->path[path.n] = '\0';
    flights->tail++;
    flights->bytes += identity->size;
    flights->source->whole_turn = true;
    return 0;
}

/* The number, at the receiver, that the next record gets. */
static uint64_t next_number(const struct flights *flights)
{
    const struct commons *commons = flights->source->commons;

    return commons->before + commons->emitted + 1;
}

int flights_plan(struct flights *flights, struct nw_str path, const struct identity *identity)
{
    struct ledger *ledger = flights->source->commons->ledger;
    bool head = flights->next == flights->tail; /* of a batch */
    struct ledger_row row;
    int64_t id;
    int result = ledger_find(ledger, flights->source->key, path, &row);

    if (result < 0)
        return result;
    /* Under way, or taken already; what was kept and has changed since is a new file. */
    if (result == 0 && (row.state != LEDGER_KEPT || is_same(&row.identity, identity)))
        return 0;
    result = ledger_plan(ledger, flights->source->key, path, identity, head ? next_number(flights) : 0, &id);
    return result < 0 ? result : add(flights, id, path, identity, 0);
}

int flights_next(struct flights *flights, struct document *document)
{
    struct source *source = flights->source;
    struct flight *flight;
    struct identity now;
    bool is_folder = false;
    int step;

    source->whole_turn = false;
    if (flights->next == flights->tail)
        return SOURCE_IDLE;
    flight = &flights->flight[flights->next++];
    flights->bytes -= flight->identity.size;
    source->whole_turn = flights->next < flights->tail;
    flight->first = next_number(flights) - flight->skip;
    flight_path(flights, flight->path, flights->path);
    source->path = nw_str_z(flights->path);
    step = source_open_path(flights->path, document, &is_folder, source->why);
    if (step == SOURCE_DOCUMENT && !is_folder) {
        document->skip = flight->skip;
        document->planned = true;
        if (stat_below(flights, flight->path, &now) && is_same(&now, &flight->identity))
            return SOURCE_DOCUMENT;
        close(document->fd);
    }
    /* Gone, or another file by now: it is found again as what it is. What can't be opened is told, and kept. */
    flight->read = true;
    flight->forget = step == SOURCE_DOCUMENT || !stat_below(flights, flight->path, &now);
    return flight->forget ? SOURCE_BUSY : SOURCE_COMPLAINT;
}

void flights_done(struct flights *flights, const struct outcome *outcome)
{
    struct flight *flight = &flights->flight[flights->next - 1];

    flight->read = true;
    flight->last = outcome->last;
    flight->items = outcome->items;
}

/* ---- landing */

/* Whether the row of a file that has landed may go; else it is to be remembered. */
static bool finish(const struct flights *flights, const struct flight *flight)
{
    char whole[2 * WALK_PATH];
    struct identity now;

    if (flight->forget || !flight_path(flights, flight->path, whole) || !flight_stat(whole, &now, NULL))
        return true;
    if (!is_same(&now, &flight->identity)) {
        nw_warn("%s: has changed after it was read; it will be read again", whole);
        return true;
    }
    return flight->items > 0 && flights->finish && flights->finish(flights->source, flight, whole);
}

/* Writes down that head..end have landed, and the number that the next file begins at. */
static int note_landed(struct flights *flights, size_t end)
{
    struct ledger *ledger = flights->source->commons->ledger;
    int result = ledger_begin(ledger);

    for (size_t i = flights->head; i < end && result == 0; i++) {
        const struct flight *flight = &flights->flight[i];
        result = ledger_state(ledger, flight->id, flight->items || flight->forget ? LEDGER_ACCEPTED : LEDGER_KEPT);
    }
    if (result == 0 && end < flights->tail) {
        const struct flight *next = &flights->flight[end];
        result = ledger_first(ledger, next->id, next->first ? next->first : next_number(flights) - next->skip);
    }
    return result == 0 ? ledger_commit(ledger) : result;
}

int flights_land(struct flights *flights)
{
    struct ledger *ledger = flights->source->commons->ledger;
    size_t end = flights->head;
    int result;

    while (end < flights->next && flights->flight[end].read && flights->flight[end].last <= flights->accepted)
        end++;
    if (end == flights->head)
        return 0;
    result = note_landed(flights, end);
    if (result == 0)
        result = ledger_begin(ledger);
    for (; flights->head < end && result == 0; flights->head++) {
        struct flight *flight = &flights->flight[flights->head];
        result =
            finish(flights, flight) ? ledger_delete(ledger, flight->id) : ledger_state(ledger, flight->id, LEDGER_KEPT);
        nw_free(flight->path);
        flight->path = NULL;
    }
    return result == 0 ? ledger_commit(ledger) : result;
}

int flights_accepted(struct flights *flights, uint64_t accepted)
{
    size_t head = flights->head, next = flights->next;
    const struct flight *flight = flights->flight;

    flights->accepted = accepted;
    /* By the batch, for a commit costs an fsync; or when no more are to come. */
    if (head + FLIGHTS_BATCH < next && flight[head + FLIGHTS_BATCH].last <= accepted)
        return flights_land(flights);
    if (head < next && next == flights->tail && flight[next - 1].read && flight[next - 1].last <= accepted)
        return flights_land(flights);
    return 0;
}

/* A row of an earlier life: what was accepted is finished, what was not is read again. */
int flights_resume(struct flights *flights, const struct ledger_row *row, uint64_t skip)
{
    int result = add(flights, row->id, row->path, &row->identity, skip);

    if (result < 0 || row->state != LEDGER_ACCEPTED)
        return result;
    flights->flight[flights->next].read = true;
    flights->bytes -= row->identity.size;
    flights->flight[flights->next++].items = 1;
    flights->source->whole_turn = flights->next < flights->tail;
    return flights_land(flights);
}

int flights_prune(struct flights *flights)
{
    struct ledger *ledger = flights->source->commons->ledger;
    struct ledger_row row;
    int64_t id = 0;
    int result = ledger_begin(ledger);

    if (result < 0)
        return result;
    while ((result = ledger_next_kept(ledger, flights->source->key, id, &row)) == 0) {
        struct identity now;
        id = row.id;
        if (!stat_below(flights, row.path.p, &now))
            result = ledger_delete(ledger, id);
        if (result < 0)
            return result;
    }
    return result < 0 ? result : ledger_commit(ledger);
}
