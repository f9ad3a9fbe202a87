/* A table in fetch.db: see page_book.h. */
#include "page_book.h"
#include "statements.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

#define STATEMENTS(X)                                                                                                  \
    X(ADD, "INSERT INTO page (source, feed, type, url, entry) VALUES (?1, ?2, ?3, ?4, ?5)")                            \
    X(NEXT, "SELECT id, feed, type, url FROM page WHERE source = ?1 AND id > ?2 ORDER BY id LIMIT 1")                  \
    X(GET, "SELECT id, feed, type, url, entry FROM page WHERE id = ?1")                                                \
    X(DROP, "DELETE FROM page WHERE id = ?1")

STATEMENT_TABLE

/* AUTOINCREMENT: an id is never given again, so rows come in the order in which they were written. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS page (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, feed TEXT NOT NULL,"
    " type TEXT NOT NULL, url TEXT NOT NULL, entry BLOB NOT NULL);";

struct page_book {
    sqlite3 *db; /* the ledger's */
    sqlite3_stmt *statement[STATEMENT_COUNT];
};

static int fault(struct page_book *book)
{
    return statements_fault(book->db);
}

int page_book_open(struct ledger *ledger, struct page_book **result, char why[NW_WHY])
{
    struct page_book *book = nw_calloc(1, sizeof *book);

    *result = book;
    if (!book)
        return nw_fault(-ENOMEM);
    book->db = ledger_db(ledger);
    return statements_open(book->db, schema, statements, STATEMENT_COUNT, book->statement, "pages", why);
}

void page_book_close(struct page_book **pointer)
{
    struct page_book *book = *pointer;

    if (!book)
        return;
    statements_close(book->statement, STATEMENT_COUNT);
    nw_free(book);
    *pointer = NULL;
}

/* A statement to be bound and run; what an earlier one gave is over. */
static sqlite3_stmt *start(struct page_book *book, enum statement which)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_reset(book->statement[i]);
    return book->statement[which];
}

static void bind(sqlite3_stmt *statement, int i, struct nw_str s)
{
    sqlite3_bind_text(statement, i, s.p ? s.p : "", (int)s.n, SQLITE_STATIC);
}

static struct nw_str column(sqlite3_stmt *statement, int i)
{
    const char *p = (const char *)sqlite3_column_text(statement, i);

    return nw_str(p, (size_t)sqlite3_column_bytes(statement, i));
}

int page_book_add(struct page_book *book, struct nw_str source, struct page_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_ADD);
    int result;

    bind(statement, 1, source);
    bind(statement, 2, row->feed);
    bind(statement, 3, row->type);
    bind(statement, 4, row->url);
    sqlite3_bind_blob(statement, 5, row->entry.p, (int)row->entry.n, SQLITE_STATIC);
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    row->id = sqlite3_last_insert_rowid(book->db);
    return result == SQLITE_DONE ? 0 : fault(book);
}

/* Steps to a row; it stays where it is, for the texts' sake, until the next statement starts. */
static int row_of(struct page_book *book, sqlite3_stmt *statement, struct page_row *row)
{
    int result = sqlite3_step(statement);

    if (result == SQLITE_DONE)
        return LEDGER_NONE;
    if (result != SQLITE_ROW)
        return fault(book);
    *row = (struct page_row){.id = sqlite3_column_int64(statement, 0),
                             .feed = column(statement, 1),
                             .type = column(statement, 2),
                             .url = column(statement, 3)};
    return 0;
}

int page_book_next(struct page_book *book, struct nw_str source, int64_t after, struct page_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_NEXT);

    bind(statement, 1, source);
    sqlite3_bind_int64(statement, 2, after);
    return row_of(book, statement, row);
}

int page_book_get(struct page_book *book, int64_t id, struct page_row *row)
{
    sqlite3_stmt *statement = start(book, STATEMENT_GET);
    int r;

    sqlite3_bind_int64(statement, 1, id);
    r = row_of(book, statement, row);
    if (r == 0)
        row->entry = nw_str(sqlite3_column_blob(statement, 4), (size_t)sqlite3_column_bytes(statement, 4));
    return r == LEDGER_NONE ? nw_fault(-EINVAL) : r;
}

int page_book_drop(struct page_book *book, int64_t id)
{
    sqlite3_stmt *statement = start(book, STATEMENT_DROP);
    int result;

    sqlite3_bind_int64(statement, 1, id);
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fault(book);
}
