/* SQLite in WAL mode, synchronous: a commit costs one fsync, so files are planned and settled by the batch. */
#include "ledger.h"
#include "statements.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

/* One list: enum, statements. */
#define ROW "id, source, path, device, inode, size, modified, state, first FROM file"
#define STATEMENTS(X)                                                                                                  \
    X(DURABLY, "PRAGMA synchronous = FULL")                                                                            \
    X(LAZILY, "PRAGMA synchronous = NORMAL")                                                                           \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                                        \
    X(COMMIT, "COMMIT")                                                                                                \
    X(FIND, "SELECT " ROW " WHERE source = ?1 AND path = ?2")                                                          \
    X(FIND_OPEN, "SELECT " ROW " WHERE state < 2 AND path = ?1 LIMIT 1")                                               \
    X(PLAN, "INSERT OR REPLACE INTO file (source, path, device, inode, size, modified, state, first) "                 \
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)")                                                                  \
    X(FIRST, "UPDATE file SET first = ?2 WHERE id = ?1")                                                               \
    X(STATE, "UPDATE file SET state = ?2 WHERE id = ?1")                                                               \
    X(DELETE, "DELETE FROM file WHERE id = ?1")                                                                        \
    X(NEXT, "SELECT " ROW " WHERE state < 2 AND id > ?1 ORDER BY id LIMIT 1")                                          \
    X(NEXT_KEPT, "SELECT " ROW " WHERE source = ?2 AND state = 2 AND id > ?1 ORDER BY id LIMIT 1")

STATEMENT_TABLE

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;"
    "CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY AUTOINCREMENT, source BLOB NOT NULL, path BLOB NOT NULL,"
    " device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,"
    " state INTEGER NOT NULL, first INTEGER NOT NULL, UNIQUE (source, path));"
    "CREATE INDEX IF NOT EXISTS file_open ON file (id) WHERE state < 2;";

enum { TEXTS = 64 << 10 };

struct ledger {
    sqlite3 *db;
    struct nw_buf texts; /* of the row given last */
    sqlite3_stmt *statement[STATEMENT_COUNT];
};

static int fault(struct ledger *ledger)
{
    return statements_fault(ledger->db);
}

int ledger_open(struct nw_str folder, struct ledger **out, char why[NW_WHY])
{
    struct ledger *ledger = nw_calloc(1, sizeof *ledger);
    char path[4096];
    char *message = NULL;
    bool good = snprintf(path, sizeof path, "%.*s/fetch.db", NW_FMT(folder)) < (int)sizeof path;

    if (!ledger)
        return nw_fault(-ENOMEM);
    *out = ledger;
    nw_buf_init(&ledger->texts, TEXTS);
    good = good &&
           sqlite3_open_v2(path, &ledger->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) ==
               SQLITE_OK &&
           sqlite3_exec(ledger->db, schema, NULL, NULL, &message) == SQLITE_OK;
    for (size_t i = 0; good && i < STATEMENT_COUNT; i++)
        good = sqlite3_prepare_v2(ledger->db, statements[i], -1, &ledger->statement[i], NULL) == SQLITE_OK;
    if (!good) {
        snprintf(why, NW_WHY, "%.*s/fetch.db can't be opened: %s", NW_FMT(folder),
                 message      ? message
                 : ledger->db ? sqlite3_errmsg(ledger->db)
                              : "its path is too long");
        sqlite3_free(message);
        ledger_close(out);
        return LEDGER_BAD;
    }
    return 0;
}

void ledger_close(struct ledger **ledger)
{
    if (ledger && *ledger) {
        statements_close((*ledger)->statement, STATEMENT_COUNT);
        sqlite3_close((*ledger)->db);
        nw_buf_free(&(*ledger)->texts);
        nw_free(*ledger);
        *ledger = NULL;
    }
}

struct sqlite3 *ledger_db(struct ledger *ledger)
{
    return ledger->db;
}

static sqlite3_stmt *start(struct ledger *ledger, enum statement which)
{
    sqlite3_reset(ledger->statement[which]);
    return ledger->statement[which];
}

/* Runs a statement that gives no row. */
static int run(struct ledger *ledger, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(ledger);
}

static int keep_text(struct ledger *ledger, sqlite3_stmt *statement, int i)
{
    /* A blob of no bytes has no place. */
    int r = nw_buf_add(&ledger->texts, sqlite3_column_blob(statement, i), (size_t)sqlite3_column_bytes(statement, i));

    return r == 0 ? nw_buf_char(&ledger->texts, '\0') : r;
}

/* Takes over the row that the statement stands at. */
static int take_row(struct ledger *ledger, sqlite3_stmt *statement, struct ledger_row *row)
{
    size_t source, all;

    nw_buf_clear(&ledger->texts);
    keep_text(ledger, statement, 1);
    source = ledger->texts.n;
    if (keep_text(ledger, statement, 2) < 0)
        return nw_fault(ledger->texts.error);
    all = ledger->texts.n;
    *row = (struct ledger_row){
        .id = sqlite3_column_int64(statement, 0),
        .source = nw_str(ledger->texts.p, source - 1),
        .path = nw_str(ledger->texts.p + source, all - source - 1),
        .identity = {sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
                     sqlite3_column_int64(statement, 5), sqlite3_column_int64(statement, 6)},
        .state = (enum ledger_state)sqlite3_column_int(statement, 7),
        .first = (uint64_t)sqlite3_column_int64(statement, 8),
    };
    return 0;
}

/* Runs a statement that gives a row or none. It is never left standing at its row: the database would stay as it is now
 * for us, and could not be changed once somebody else has (`newswire sources pause`). */
static int fetch_row(struct ledger *ledger, sqlite3_stmt *statement, struct ledger_row *row)
{
    int result = sqlite3_step(statement);

    if (result == SQLITE_ROW)
        result = take_row(ledger, statement, row);
    else
        result = result == SQLITE_DONE ? LEDGER_NONE : fault(ledger);
    sqlite3_reset(statement);
    return result;
}

int ledger_begin(struct ledger *ledger)
{
    int r = run(ledger, start(ledger, STATEMENT_DURABLY));

    return r == 0 ? run(ledger, start(ledger, STATEMENT_BEGIN)) : r;
}

int ledger_begin_lazily(struct ledger *ledger)
{
    int r = run(ledger, start(ledger, STATEMENT_LAZILY));

    return r == 0 ? run(ledger, start(ledger, STATEMENT_BEGIN)) : r;
}

int ledger_commit(struct ledger *ledger)
{
    return run(ledger, start(ledger, STATEMENT_COMMIT));
}

static void bind_text(sqlite3_stmt *statement, int i, struct nw_str s)
{
    sqlite3_bind_blob(statement, i, s.p ? s.p : "", (int)s.n, SQLITE_TRANSIENT);
}

int ledger_find(struct ledger *ledger, struct nw_str source, struct nw_str path, struct ledger_row *row)
{
    sqlite3_stmt *statement = start(ledger, STATEMENT_FIND);

    bind_text(statement, 1, source);
    bind_text(statement, 2, path);
    return fetch_row(ledger, statement, row);
}

int ledger_find_open(struct ledger *ledger, struct nw_str path, struct ledger_row *row)
{
    sqlite3_stmt *statement = start(ledger, STATEMENT_FIND_OPEN);

    bind_text(statement, 1, path);
    return fetch_row(ledger, statement, row);
}

int ledger_plan(struct ledger *ledger, struct nw_str source, struct nw_str path, const struct identity *identity,
                uint64_t first, int64_t *id)
{
    sqlite3_stmt *statement = start(ledger, STATEMENT_PLAN);
    int result;

    bind_text(statement, 1, source);
    bind_text(statement, 2, path);
    sqlite3_bind_int64(statement, 3, identity->device);
    sqlite3_bind_int64(statement, 4, identity->inode);
    sqlite3_bind_int64(statement, 5, identity->size);
    sqlite3_bind_int64(statement, 6, identity->modified);
    sqlite3_bind_int64(statement, 7, (int64_t)first);
    result = run(ledger, statement);
    *id = sqlite3_last_insert_rowid(ledger->db);
    return result;
}

static int update(struct ledger *ledger, enum statement which, int64_t id, int64_t value)
{
    sqlite3_stmt *statement = start(ledger, which);

    sqlite3_bind_int64(statement, 1, id);
    if (which != STATEMENT_DELETE)
        sqlite3_bind_int64(statement, 2, value);
    return run(ledger, statement);
}

int ledger_first(struct ledger *ledger, int64_t id, uint64_t first)
{
    return update(ledger, STATEMENT_FIRST, id, (int64_t)first);
}

int ledger_state(struct ledger *ledger, int64_t id, enum ledger_state state)
{
    return update(ledger, STATEMENT_STATE, id, state);
}

int ledger_delete(struct ledger *ledger, int64_t id)
{
    return update(ledger, STATEMENT_DELETE, id, 0);
}

int ledger_next(struct ledger *ledger, int64_t after, struct ledger_row *row)
{
    sqlite3_stmt *statement = start(ledger, STATEMENT_NEXT);

    sqlite3_bind_int64(statement, 1, after);
    return fetch_row(ledger, statement, row);
}

int ledger_next_kept(struct ledger *ledger, struct nw_str source, int64_t after, struct ledger_row *row)
{
    sqlite3_stmt *statement = start(ledger, STATEMENT_NEXT_KEPT);

    sqlite3_bind_int64(statement, 1, after);
    bind_text(statement, 2, source);
    return fetch_row(ledger, statement, row);
}
