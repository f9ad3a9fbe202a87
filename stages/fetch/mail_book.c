/* Three tables in fetch.db: see mail_book.h. */
#include "mail_book.h"
#include "http.h"
#include "statements.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

#define STATEMENTS(X)                                                                                                  \
    X(FIND, "SELECT validity, last, known_below FROM mailbox WHERE source = ?1")                                       \
    X(PUT, "INSERT OR REPLACE INTO mailbox (source, validity, last, known_below) VALUES (?1, ?2, ?3, ?4)")             \
    X(KNOWS, "SELECT 1 FROM mail WHERE source = ?1 AND identity = ?2")                                                 \
    X(KEEP, "INSERT OR IGNORE INTO mail (source, identity) VALUES (?1, ?2)")                                           \
    X(FORGET, "DELETE FROM mail WHERE source = ?1 AND id <= (SELECT id FROM mail WHERE source = ?1 "                   \
              "ORDER BY id DESC LIMIT 1 OFFSET ?2)")                                                                   \
    X(OWE, "INSERT OR REPLACE INTO mail_owed (source, uid, batch) VALUES (?1, ?2, ?3)")                                \
    X(LANDED, "UPDATE mail_owed SET batch = 0 WHERE source = ?1 AND batch = ?2")                                       \
    X(OWED, "SELECT uid FROM mail_owed WHERE source = ?1 AND batch = 0 ORDER BY uid LIMIT ?2")                         \
    X(PAID, "DELETE FROM mail_owed WHERE source = ?1 AND uid = ?2")                                                    \
    X(RENEWED, "DELETE FROM mail_owed WHERE source = ?1")

STATEMENT_TABLE

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS mailbox (source TEXT PRIMARY KEY, validity INTEGER NOT NULL, last INTEGER NOT NULL,"
    " known_below INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, source TEXT NOT NULL, identity INTEGER NOT NULL,"
    " UNIQUE (source, identity));"
    "CREATE TABLE IF NOT EXISTS mail_owed (source TEXT NOT NULL, uid INTEGER NOT NULL, batch INTEGER NOT NULL,"
    " PRIMARY KEY (source, uid)) WITHOUT ROWID;";

struct mail_book {
    sqlite3 *db; /* the ledger's */
    struct nw_str source;
    sqlite3_stmt *statement[STATEMENT_COUNT];
};

static int fault(struct mail_book *book)
{
    return statements_fault(book->db);
}

int mail_book_open(struct ledger *ledger, struct nw_str source, struct mail_book **result, char why[NW_WHY])
{
    struct mail_book *book = nw_calloc(1, sizeof *book);

    *result = book;
    if (!book)
        return nw_fault(-ENOMEM);
    book->db = ledger_db(ledger);
    book->source = source;
    return statements_open(book->db, schema, statements, STATEMENT_COUNT, book->statement, "mailboxes", why);
}

void mail_book_close(struct mail_book **pointer)
{
    struct mail_book *book = *pointer;

    if (!book)
        return;
    statements_close(book->statement, STATEMENT_COUNT);
    nw_free(book);
    *pointer = NULL;
}

/* The statement, with the source as its first value. */
static sqlite3_stmt *start(struct mail_book *book, enum statement which)
{
    sqlite3_stmt *statement = book->statement[which];

    sqlite3_reset(statement);
    sqlite3_bind_text(statement, 1, book->source.p, (int)book->source.n, SQLITE_STATIC);
    return statement;
}

/* Runs a statement that gives no row, with a second and a third value where it has them. */
static int run(struct mail_book *book, enum statement which, int64_t second, int64_t third)
{
    sqlite3_stmt *statement = start(book, which);
    int result;

    if (sqlite3_bind_parameter_count(statement) > 1)
        sqlite3_bind_int64(statement, 2, second);
    if (sqlite3_bind_parameter_count(statement) > 2)
        sqlite3_bind_int64(statement, 3, third);
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(book);
}

int mail_book_find(struct mail_book *book, struct mail_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_FIND);
    int result = sqlite3_step(statement);

    *row = (struct mail_row){.validity = 0};
    if (result == SQLITE_ROW)
        *row = (struct mail_row){.validity = (uint32_t)sqlite3_column_int64(statement, 0),
                                 .last = (uint32_t)sqlite3_column_int64(statement, 1),
                                 .known_below = (uint32_t)sqlite3_column_int64(statement, 2)};
    sqlite3_reset(statement);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : fault(book);
}

int mail_book_put(struct mail_book *book, const struct mail_row *row)
{
    struct mail_row before;
    sqlite3_stmt *statement;
    int r = mail_book_find(book, &before), result;

    if (r == 0 && before.validity != row->validity)
        r = run(book, STATEMENT_RENEWED, 0, 0);
    if (r < 0)
        return r;
    statement = start(book, STATEMENT_PUT);
    sqlite3_bind_int64(statement, 2, row->validity);
    sqlite3_bind_int64(statement, 3, row->last);
    sqlite3_bind_int64(statement, 4, row->known_below);
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(book);
}

int mail_book_knows(struct mail_book *book, uint64_t identity, bool *known)
{
    sqlite3_stmt *statement = start(book, STATEMENT_KNOWS);
    int result;

    sqlite3_bind_int64(statement, 2, (int64_t)identity);
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    *known = result == SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : fault(book);
}

int mail_book_keep(struct mail_book *book, uint64_t identity)
{
    return run(book, STATEMENT_KEEP, (int64_t)identity, 0);
}

int mail_book_forget(struct mail_book *book)
{
    return run(book, STATEMENT_FORGET, MAIL_KEPT, 0);
}

int mail_book_owe(struct mail_book *book, uint32_t uid, int64_t batch)
{
    return run(book, STATEMENT_OWE, uid, batch);
}

int mail_book_landed(struct mail_book *book, int64_t batch)
{
    return run(book, STATEMENT_LANDED, batch, 0);
}

int mail_book_owed(struct mail_book *book, uint32_t uids[MAIL_MARKED], size_t *n)
{
    sqlite3_stmt *statement = start(book, STATEMENT_OWED);
    int result;

    sqlite3_bind_int64(statement, 2, MAIL_MARKED);
    for (*n = 0; (result = sqlite3_step(statement)) == SQLITE_ROW && *n < MAIL_MARKED; ++*n)
        uids[*n] = (uint32_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(book);
}

int mail_book_paid(struct mail_book *book, const uint32_t *uids, size_t n)
{
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++)
        r = run(book, STATEMENT_PAID, uids[i], 0);
    return r;
}

uint64_t mail_identity(struct nw_str message)
{
    size_t body = http_block_end(message, 0);
    struct nw_str head = body == SIZE_MAX ? message : nw_str(message.p, body);

    return nw_hash64(nw_str_from(message, head.n), nw_hash64(http_field(head, NW_S("Message-ID")), 1));
}
