/* Two tables in fetch.db: see feed_book.h. */
#include "feed_book.h"
#include "statements.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum {
    SEEN_AGAIN_MS = 86400000, /* an item that stays in its feed is written again once a day */
    MARKS = 2,                /* by which an item is seen */
};

/* Makes of an id or a link the mark that items share it. */
static const uint64_t shared_mark = UINT64_C(0x5bd1e995cc9e2d51);

#define STATEMENTS(X)                                                                                                  \
    X(MAKE, "INSERT OR IGNORE INTO feed (source, url) VALUES (?1, ?2)")                                                \
    X(FIND,                                                                                                            \
      "SELECT id, moved, etag, modified, gap, spread, last_item, items, errors, polled, due, status, why, quiet, "     \
      "paused, wanted, week FROM feed WHERE source = ?1 AND url = ?2")                                                 \
    X(PUT, "UPDATE feed SET moved = ?2, etag = ?3, modified = ?4, gap = ?5, spread = ?6, last_item = ?7, items = ?8, " \
           "errors = ?9, polled = ?10, due = ?11, status = ?12, why = ?13, quiet = ?14, week = ?15, wanted = 0 WHERE " \
           "id = ?1")                                                                                                  \
    X(WISHES, "SELECT paused, wanted FROM feed WHERE id = ?1")                                                         \
    X(CHANGED, "PRAGMA data_version")                                                                                  \
    X(SEEN, "SELECT at FROM seen WHERE feed = ?1 AND identity = ?2")                                                   \
    X(SEE, "INSERT OR REPLACE INTO seen (feed, identity, at) VALUES (?1, ?2, ?3)")                                     \
    X(FORGET, "DELETE FROM seen WHERE feed = ?1 AND at < ?2")

STATEMENT_TABLE

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS feed (id INTEGER PRIMARY KEY, source TEXT NOT NULL, url TEXT NOT NULL,"
    " moved TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',"
    " gap REAL NOT NULL DEFAULT 0, spread REAL NOT NULL DEFAULT 0, last_item INTEGER NOT NULL DEFAULT 0,"
    " items INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, polled INTEGER NOT NULL DEFAULT 0,"
    " due INTEGER NOT NULL DEFAULT 0, status INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '',"
    " quiet INTEGER NOT NULL DEFAULT 0, paused INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (source, url));"
    "CREATE TABLE IF NOT EXISTS seen (feed INTEGER NOT NULL, identity INTEGER NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (feed, identity)) WITHOUT ROWID;";

/* It came later: a data folder outlives a version. */
static const struct statements_column week_column = {"feed", "week", "BLOB NOT NULL DEFAULT x''"};

struct feed_book {
    sqlite3 *db; /* the ledger's */
    sqlite3_stmt *statement[STATEMENT_COUNT];
    int64_t version;
};

static int fault(struct feed_book *book)
{
    return statements_fault(book->db);
}

int feed_book_open(struct ledger *ledger, struct feed_book **result, char why[NW_WHY])
{
    struct feed_book *book = nw_calloc(1, sizeof *book);

    *result = book;
    if (!book)
        return nw_fault(-ENOMEM);
    book->db = ledger_db(ledger);
    if (sqlite3_exec(book->db, schema, NULL, NULL, NULL) != SQLITE_OK || !statements_columns(book->db, &week_column, 1))
        return statements_fault(book->db);
    return statements_open(book->db, schema, statements, STATEMENT_COUNT, book->statement, "feeds", why);
}

void feed_book_close(struct feed_book **pointer)
{
    struct feed_book *book = *pointer;

    if (!book)
        return;
    statements_close(book->statement, STATEMENT_COUNT);
    nw_free(book);
    *pointer = NULL;
}

static sqlite3_stmt *start(struct feed_book *book, enum statement which)
{
    sqlite3_reset(book->statement[which]);
    return book->statement[which];
}

static int run(struct feed_book *book, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(book);
}

static void bind_text(sqlite3_stmt *statement, int i, struct nw_str s)
{
    sqlite3_bind_text(statement, i, s.p ? s.p : "", (int)s.n, SQLITE_TRANSIENT);
}

static void text_at(sqlite3_stmt *statement, int i, char *to, size_t room)
{
    const char *p = (const char *)sqlite3_column_text(statement, i);

    snprintf(to, room, "%s", p ? p : "");
}

int feed_book_find(struct feed_book *book, struct nw_str source, struct nw_str url, struct feed_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_MAKE);
    int r;

    bind_text(statement, 1, source);
    bind_text(statement, 2, url);
    r = run(book, statement);
    if (r < 0)
        return r;
    statement = start(book, STATEMENT_FIND);
    bind_text(statement, 1, source);
    bind_text(statement, 2, url);
    if (sqlite3_step(statement) != SQLITE_ROW)
        return fault(book);
    *row = (struct feed_row){
        .id = sqlite3_column_int64(statement, 0),
        .pace = {.gap_ms = sqlite3_column_double(statement, 4),
                 .spread_ms = sqlite3_column_double(statement, 5),
                 .last_item_ms = sqlite3_column_int64(statement, 6),
                 .items = (uint64_t)sqlite3_column_int64(statement, 7),
                 .errors = (unsigned)sqlite3_column_int64(statement, 8)},
        .polled_ms = sqlite3_column_int64(statement, 9),
        .due_ms = sqlite3_column_int64(statement, 10),
        .status = sqlite3_column_int64(statement, 11),
        .quiet = sqlite3_column_int(statement, 13),
        .paused = sqlite3_column_int(statement, 14),
        .wanted = sqlite3_column_int(statement, 15),
    };
    text_at(statement, 1, row->moved, sizeof row->moved);
    text_at(statement, 2, row->etag, sizeof row->etag);
    text_at(statement, 3, row->modified, sizeof row->modified);
    text_at(statement, 12, row->why, sizeof row->why);
    week_read(&row->pace.week, sqlite3_column_blob(statement, 16), (size_t)sqlite3_column_bytes(statement, 16));
    sqlite3_reset(statement);
    return 0;
}

int feed_book_put(struct feed_book *book, const struct feed_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_PUT);
    unsigned char week[WEEK_BYTES];

    sqlite3_bind_int64(statement, 1, row->id);
    bind_text(statement, 2, nw_str_z(row->moved));
    bind_text(statement, 3, nw_str_z(row->etag));
    bind_text(statement, 4, nw_str_z(row->modified));
    sqlite3_bind_double(statement, 5, row->pace.gap_ms);
    sqlite3_bind_double(statement, 6, row->pace.spread_ms);
    sqlite3_bind_int64(statement, 7, row->pace.last_item_ms);
    sqlite3_bind_int64(statement, 8, (int64_t)row->pace.items);
    sqlite3_bind_int64(statement, 9, row->pace.errors);
    sqlite3_bind_int64(statement, 10, row->polled_ms);
    sqlite3_bind_int64(statement, 11, row->due_ms);
    sqlite3_bind_int64(statement, 12, row->status);
    bind_text(statement, 13, nw_str_z(row->why));
    sqlite3_bind_int(statement, 14, row->quiet);
    week_write(&row->pace.week, week);
    sqlite3_bind_blob(statement, 15, week, sizeof week, SQLITE_TRANSIENT);
    return run(book, statement);
}

int feed_book_wishes(struct feed_book *book, int64_t id, bool *paused, bool *wanted)
{
    sqlite3_stmt *statement = start(book, STATEMENT_WISHES);

    sqlite3_bind_int64(statement, 1, id);
    if (sqlite3_step(statement) != SQLITE_ROW)
        return fault(book);
    *paused = sqlite3_column_int(statement, 0);
    *wanted = sqlite3_column_int(statement, 1);
    sqlite3_reset(statement);
    return 0;
}

int feed_book_changed(struct feed_book *book, bool *changed)
{
    sqlite3_stmt *statement = start(book, STATEMENT_CHANGED);
    int64_t version;

    if (sqlite3_step(statement) != SQLITE_ROW)
        return fault(book);
    version = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    *changed = version != book->version;
    book->version = version;
    return 0;
}

/* *was: this mark was there. Where it was, or is to be made, it is there for another while. */
static int mark(struct feed_book *book, int64_t feed, uint64_t identity, int64_t now, bool make, bool *was)
{
    sqlite3_stmt *statement = start(book, STATEMENT_SEEN);
    int result;
    int64_t at = 0;

    sqlite3_bind_int64(statement, 1, feed);
    sqlite3_bind_int64(statement, 2, (int64_t)identity);
    result = sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return fault(book);
    *was = result == SQLITE_ROW;
    if (*was)
        at = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    if (*was ? now - at < SEEN_AGAIN_MS : !make)
        return 0;
    statement = start(book, STATEMENT_SEE);
    sqlite3_bind_int64(statement, 1, feed);
    sqlite3_bind_int64(statement, 2, (int64_t)identity);
    sqlite3_bind_int64(statement, 3, now);
    return run(book, statement);
}

int feed_book_see(struct feed_book *book, int64_t feed, const struct feed_item *item, int64_t now, bool *is_new)
{
    unsigned marks = 0;
    int r = 0;

    /* The best that tells it apart decides; the next best is marked too, in case that the best turns out to be shared.
     */
    for (size_t way = 0; way < KNOWN_WAYS && marks < MARKS && r == 0; way++) {
        uint64_t by = item->known_by[way];
        bool shared = false, was;
        if (by == 0)
            continue;
        if (way != KNOWN_BY_BYTES)
            r = mark(book, feed, by ^ shared_mark, now, item->shared[way], &shared);
        if (r < 0 || shared || item->shared[way])
            continue;
        r = mark(book, feed, by, now, true, &was);
        if (marks++ == 0)
            *is_new = !was;
    }
    return r;
}

int feed_book_forget(struct feed_book *book, int64_t feed, int64_t before)
{
    sqlite3_stmt *statement = start(book, STATEMENT_FORGET);

    sqlite3_bind_int64(statement, 1, feed);
    sqlite3_bind_int64(statement, 2, before);
    return run(book, statement);
}
