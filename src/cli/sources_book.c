/* See sources_book.h. */
#include "sources_book.h"

#include <newswire/alloc.h>

#include <sqlite3.h>
#include <stdio.h>

enum { BUSY_MS = 5000 };

/* A database without feeds, or without fetch's tables at all, has none of either. */
static const char feeds_sql[] = "SELECT source, url, moved, why, gap, last_item, items, errors, polled, due, status, "
                                "quiet, paused, wanted FROM feed ORDER BY source, url";
static const char others_sql[] =
    "SELECT source, kind, gap, last_item, items, quiet,"
    " (SELECT count(*) FROM file WHERE file.source = CAST(rhythm.source AS BLOB) AND state = 2),"
    " (SELECT count(*) FROM file WHERE file.source = CAST(rhythm.source AS BLOB) AND state < 2)"
    ", errors, due, paused, wanted, place, ended FROM rhythm ORDER BY source";

struct sources_book {
    sqlite3 *db;
    sqlite3_stmt *feeds, *others;
};

static int bad(struct sources_book *book, char why[SOURCES_WHY])
{
    snprintf(why, SOURCES_WHY, "%.200s", sqlite3_errmsg(book->db));
    return SOURCES_BAD;
}

static bool has_table(struct sources_book *book, const char *name)
{
    return sqlite3_table_column_metadata(book->db, NULL, name, NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

int sources_book_open(const char *path, struct sources_book **out, char why[SOURCES_WHY])
{
    struct sources_book *book = nw_calloc(1, sizeof *book);

    *out = book;
    if (!book) {
        snprintf(why, SOURCES_WHY, "there is no memory");
        return SOURCES_BAD;
    }
    if (sqlite3_open_v2(path, &book->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        snprintf(why, SOURCES_WHY, "%.160s; has this daemon sources that remember (feeds, folder)?",
                 sqlite3_errmsg(book->db));
        return SOURCES_BAD;
    }
    sqlite3_busy_timeout(book->db, BUSY_MS);
    if (has_table(book, "feed") && sqlite3_prepare_v2(book->db, feeds_sql, -1, &book->feeds, NULL) != SQLITE_OK)
        return bad(book, why);
    if (has_table(book, "rhythm") && sqlite3_prepare_v2(book->db, others_sql, -1, &book->others, NULL) != SQLITE_OK)
        return bad(book, why);
    return SOURCES_OK;
}

void sources_book_close(struct sources_book **book)
{
    if (book && *book) {
        sqlite3_finalize((*book)->feeds);
        sqlite3_finalize((*book)->others);
        sqlite3_close((*book)->db);
        nw_free(*book);
        *book = NULL;
    }
}

static const char *text(sqlite3_stmt *statement, int i)
{
    const char *p = (const char *)sqlite3_column_text(statement, i);

    return p ? p : "";
}

/* SOURCES_OK where the statement has a row. */
static int step(struct sources_book *book, sqlite3_stmt *statement, char why[SOURCES_WHY])
{
    int result = statement ? sqlite3_step(statement) : SQLITE_DONE;

    return result == SQLITE_ROW ? SOURCES_OK : result == SQLITE_DONE ? SOURCES_END : bad(book, why);
}

int sources_book_feed(struct sources_book *book, struct sources_feed *feed, char why[SOURCES_WHY])
{
    sqlite3_stmt *s = book->feeds;
    int rc = step(book, s, why);

    if (rc == SOURCES_OK)
        *feed = (struct sources_feed){.source = text(s, 0),
                                      .url = text(s, 1),
                                      .moved = text(s, 2),
                                      .why = text(s, 3),
                                      .gap_ms = sqlite3_column_double(s, 4),
                                      .last_item = sqlite3_column_int64(s, 5),
                                      .items = sqlite3_column_int64(s, 6),
                                      .errors = sqlite3_column_int64(s, 7),
                                      .polled = sqlite3_column_int64(s, 8),
                                      .due = sqlite3_column_int64(s, 9),
                                      .status = sqlite3_column_int64(s, 10),
                                      .quiet = sqlite3_column_int(s, 11) != 0,
                                      .paused = sqlite3_column_int(s, 12) != 0,
                                      .wanted = sqlite3_column_int(s, 13) != 0};
    return rc;
}

int sources_book_other(struct sources_book *book, struct sources_other *other, char why[SOURCES_WHY])
{
    sqlite3_stmt *s = book->others;
    int rc = step(book, s, why);

    if (rc == SOURCES_OK)
        *other = (struct sources_other){.source = text(s, 0),
                                        .kind = text(s, 1),
                                        .gap_ms = sqlite3_column_double(s, 2),
                                        .last_item = sqlite3_column_int64(s, 3),
                                        .items = sqlite3_column_int64(s, 4),
                                        .quiet = sqlite3_column_int(s, 5) != 0,
                                        .taken = sqlite3_column_int64(s, 6),
                                        .under_way = sqlite3_column_int64(s, 7),
                                        .errors = sqlite3_column_int64(s, 8),
                                        .due = sqlite3_column_int64(s, 9),
                                        .paused = sqlite3_column_int(s, 10) != 0,
                                        .wanted = sqlite3_column_int(s, 11) != 0,
                                        .place = text(s, 12),
                                        .ended = sqlite3_column_int(s, 13) != 0};
    return rc;
}

/* Runs a statement about the rows that `word` means: how many it has changed, or the number that it gives. */
static int run(struct sources_book *book, const char *sql, const char *word, int64_t *number, char why[SOURCES_WHY])
{
    sqlite3_stmt *statement = NULL;
    int rc = SOURCES_OK, result;

    if (sqlite3_prepare_v2(book->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, word, -1, SQLITE_TRANSIENT) != SQLITE_OK)
        result = SQLITE_ERROR;
    else
        result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *number = sqlite3_column_int64(statement, 0);
    else if (result == SQLITE_DONE)
        *number = sqlite3_changes(book->db);
    else
        rc = bad(book, why);
    sqlite3_finalize(statement);
    return rc;
}

/* Of a list of statements the one about feeds and the one about others, where there are such tables. */
static int run_both(struct sources_book *book, const char *const sql[2], const char *word, struct sources_count *count,
                    char why[SOURCES_WHY])
{
    int rc = SOURCES_OK;

    *count = (struct sources_count){0, 0};
    if (book->feeds)
        rc = run(book, sql[0], word, &count->feeds, why);
    if (rc == SOURCES_OK && book->others)
        rc = run(book, sql[1], word, &count->others, why);
    return rc;
}

int sources_book_wish(struct sources_book *book, enum sources_wish wish, const char *word, struct sources_count *count,
                      char why[SOURCES_WHY])
{
    static const char *const sql[][2] = {
        [SOURCES_PAUSE] = {"UPDATE feed SET paused = 1 WHERE source = ?1 OR url = ?1",
                           "UPDATE rhythm SET paused = 1 WHERE source = ?1 AND NOT ended"},
        [SOURCES_RESUME] = {"UPDATE feed SET paused = 0 WHERE source = ?1 OR url = ?1",
                            "UPDATE rhythm SET paused = 0 WHERE source = ?1"},
        /* One that is sent to, or read once, has nothing to look at again. */
        [SOURCES_POLL] = {"UPDATE feed SET wanted = 1 WHERE source = ?1 OR url = ?1",
                          "UPDATE rhythm SET wanted = 1 WHERE source = ?1 AND kind IN ('folder', 'imap')"},
    };

    return run_both(book, sql[wish], word, count, why);
}

int sources_book_count(struct sources_book *book, const char *word, struct sources_count *all,
                       struct sources_count *paused, char why[SOURCES_WHY])
{
    static const char *const of_all[] = {"SELECT count(*) FROM feed WHERE source = ?1 OR url = ?1",
                                         "SELECT count(*) FROM rhythm WHERE source = ?1"};
    static const char *const of_paused[] = {"SELECT count(*) FROM feed WHERE (source = ?1 OR url = ?1) AND paused",
                                            "SELECT count(*) FROM rhythm WHERE source = ?1 AND paused"};
    int rc = run_both(book, of_all, word, all, why);

    return rc == SOURCES_OK ? run_both(book, of_paused, word, paused, why) : rc;
}
