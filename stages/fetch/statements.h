/*
 * Prepared statements over fetch.db, kept as long as the tables that they are for are open: what ledger and books
 * (feed_book.h, page_book.h, mail_book.h) have in common.
 */
#ifndef FETCH_STATEMENTS_H
#define FETCH_STATEMENTS_H

#include <newswire/record.h>

#include <sqlite3.h>

/* STATEMENTS(X) is a list of X(NAME, "sql"): makes STATEMENT_NAME, …, STATEMENT_COUNT and `statements`, their texts. */
#define STATEMENT_NAME(name, sql) STATEMENT_##name,
#define STATEMENT_SQL(name, sql)  sql,
#define STATEMENT_TABLE                                                                                                \
    enum statement { STATEMENTS(STATEMENT_NAME) STATEMENT_COUNT };                                                     \
    static const char *const statements[] = {STATEMENTS(STATEMENT_SQL)};

/* Makes the tables that are not there, and prepares the statements. 0, or LEDGER_BAD with a sentence, "fetch.db can't
 * hold WHAT: …"; statements_close is due in either case. */
int statements_open(sqlite3 *db, const char *schema, const char *const sql[], size_t n, sqlite3_stmt *statement[],
                    const char *what, char why[NW_WHY]);
void statements_close(sqlite3_stmt *statement[], size_t n); /* accepts zeroed ones */

/* A column that a table may lack, of an older version. */
struct statements_column {
    const char *table, *name, *type;
};

/* Adds those that are not there; false: the database says why. */
bool statements_columns(sqlite3 *db, const struct statements_column *column, size_t n);

/* A statement failed: -EIO, logged. */
int statements_fault(sqlite3 *db);

#endif
