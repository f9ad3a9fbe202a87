/* What ledger and books have in common: see statements.h. */
#include "statements.h"
#include "ledger.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

int statements_open(sqlite3 *db, const char *schema, const char *const sql[], size_t n, sqlite3_stmt *statement[],
                    const char *what, char why[NW_WHY])
{
    bool good = sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK;

    for (size_t i = 0; good && i < n; i++)
        good = sqlite3_prepare_v2(db, sql[i], -1, &statement[i], NULL) == SQLITE_OK;
    if (good)
        return 0;
    snprintf(why, NW_WHY, "fetch.db can't hold %s: %.150s", what, sqlite3_errmsg(db));
    return LEDGER_BAD;
}

bool statements_columns(sqlite3 *db, const struct statements_column *column, size_t n)
{
    char sql[256];

    for (size_t i = 0; i < n; i++) {
        const struct statements_column *c = &column[i];
        if (sqlite3_table_column_metadata(db, NULL, c->table, c->name, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK)
            continue;
        snprintf(sql, sizeof sql, "ALTER TABLE %s ADD COLUMN %s %s", c->table, c->name, c->type);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
            return false;
    }
    return true;
}

void statements_close(sqlite3_stmt *statement[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        sqlite3_finalize(statement[i]);
}

int statements_fault(sqlite3 *db)
{
    nw_error("fetch.db: %s; is its disk full or read-only?", sqlite3_errmsg(db));
    return nw_fault(-EIO);
}
