/* One table in fetch.db: see rhythm.h. Its statements run once a second at most, so none is kept. */
#include "rhythm.h"
#include "statements.h"

#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { SAVE_MS = 10000 };

/* Silence below three of these is none, whatever the rhythm. */
static const struct feed_limits limits = {.least_ms = 1000, .most_ms = 600000};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS rhythm (source TEXT PRIMARY KEY, kind TEXT NOT NULL, gap REAL NOT NULL DEFAULT 0,"
    " spread REAL NOT NULL DEFAULT 0, last_item INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0,"
    " quiet INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0,"
    " paused INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0);";
/* Columns that came later: a data folder outlives a version. */
static const struct statements_column columns[] = {
    {"rhythm", "place", "TEXT NOT NULL DEFAULT ''"},
    {"rhythm", "ended", "INTEGER NOT NULL DEFAULT 0"},
    {"rhythm", "week", "BLOB NOT NULL DEFAULT x''"},
};
static const char make_sql[] = "INSERT INTO rhythm (source, kind) VALUES (?1, ?2) "
                               "ON CONFLICT (source) DO UPDATE SET kind = ?2";
static const char find_sql[] = "SELECT gap, spread, last_item, items, quiet, week FROM rhythm WHERE source = ?1";
static const char put_sql[] = "UPDATE rhythm SET gap = ?2, spread = ?3, last_item = ?4, items = ?5, quiet = ?6, "
                              "errors = ?7, due = ?8, place = ?9, ended = ?10, week = ?11 WHERE source = ?1";
static const char wishes_sql[] = "SELECT paused, wanted FROM rhythm WHERE source = ?1";
static const char granted_sql[] = "UPDATE rhythm SET wanted = 0 WHERE source = ?1";

/* The statement, with the source as its first value; NULL when it can't be had. */
static sqlite3_stmt *start(const struct rhythm *rhythm, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(ledger_db(rhythm->ledger), sql, -1, &statement, NULL) == SQLITE_OK)
        sqlite3_bind_text(statement, 1, rhythm->source.p, (int)rhythm->source.n, SQLITE_STATIC);
    return statement;
}

int rhythm_open(struct rhythm *rhythm, struct ledger *ledger, struct nw_str source, const char *kind)
{
    sqlite3 *db = ledger_db(ledger);
    sqlite3_stmt *statement;
    int result;

    *rhythm = (struct rhythm){.ledger = ledger, .source = source};
    if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK ||
        !statements_columns(db, columns, sizeof columns / sizeof *columns))
        return statements_fault(db);
    statement = start(rhythm, make_sql);
    sqlite3_bind_text(statement, 2, kind, -1, SQLITE_STATIC);
    result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE)
        return statements_fault(db);
    statement = start(rhythm, find_sql);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        rhythm->pace = (struct feed_pace){.gap_ms = sqlite3_column_double(statement, 0),
                                          .spread_ms = sqlite3_column_double(statement, 1),
                                          .last_item_ms = sqlite3_column_int64(statement, 2),
                                          .items = (uint64_t)sqlite3_column_int64(statement, 3)};
        rhythm->quiet = sqlite3_column_int(statement, 4) != 0;
        week_read(&rhythm->pace.week, sqlite3_column_blob(statement, 5), (size_t)sqlite3_column_bytes(statement, 5));
    }
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? 0 : statements_fault(db);
}

static void set_quiet(struct rhythm *rhythm, bool quiet)
{
    if (quiet == rhythm->quiet)
        return;
    rhythm->quiet = quiet;
    rhythm->changed = true;
    if (quiet)
        nw_warn("source %.*s has gone quiet: nothing new for longer than its rhythm explains", NW_FMT(rhythm->source));
    else
        nw_info("source %.*s is not quiet any more", NW_FMT(rhythm->source));
}

void rhythm_items(struct rhythm *rhythm, uint64_t items, int64_t now)
{
    int64_t pause;

    if (!rhythm->ledger || items == 0)
        return;
    feed_pace_answer(&rhythm->pace, &limits, now, items > UINT32_MAX ? UINT32_MAX : (unsigned)items, 0, &pause);
    rhythm->changed = true;
    set_quiet(rhythm, false);
}

static int save(struct rhythm *rhythm)
{
    sqlite3_stmt *statement;
    unsigned char week[WEEK_BYTES];
    int r = ledger_begin_lazily(rhythm->ledger), result;

    if (r < 0)
        return r;
    statement = start(rhythm, put_sql);
    sqlite3_bind_double(statement, 2, rhythm->pace.gap_ms);
    sqlite3_bind_double(statement, 3, rhythm->pace.spread_ms);
    sqlite3_bind_int64(statement, 4, rhythm->pace.last_item_ms);
    sqlite3_bind_int64(statement, 5, (int64_t)rhythm->pace.items);
    sqlite3_bind_int(statement, 6, rhythm->quiet);
    sqlite3_bind_int64(statement, 7, (int64_t)rhythm->errors);
    sqlite3_bind_int64(statement, 8, rhythm->next_ms);
    sqlite3_bind_text(statement, 9, rhythm->place, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 10, rhythm->ended);
    week_write(&rhythm->pace.week, week);
    sqlite3_bind_blob(statement, 11, week, sizeof week, SQLITE_STATIC);
    result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? ledger_commit(rhythm->ledger) : statements_fault(ledger_db(rhythm->ledger));
}

void rhythm_state(struct rhythm *rhythm, uint64_t errors, int64_t next_ms)
{
    rhythm->changed |= errors != rhythm->errors || next_ms != rhythm->next_ms;
    rhythm->errors = errors;
    rhythm->next_ms = next_ms;
}

void rhythm_place(struct rhythm *rhythm, const char *place, bool ended)
{
    rhythm->changed |= ended != rhythm->ended || strcmp(place, rhythm->place) != 0;
    rhythm->ended = ended;
    snprintf(rhythm->place, sizeof rhythm->place, "%s", place);
}

int rhythm_wishes(struct rhythm *rhythm, bool *paused, bool *wanted)
{
    sqlite3_stmt *statement;
    int result;

    *paused = *wanted = false;
    if (!rhythm->ledger)
        return 0;
    statement = start(rhythm, wishes_sql);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        *paused = sqlite3_column_int(statement, 0) != 0;
        *wanted = sqlite3_column_int(statement, 1) != 0;
    }
    sqlite3_finalize(statement);
    if (result == SQLITE_ROW && *wanted) {
        statement = start(rhythm, granted_sql);
        result = sqlite3_step(statement) == SQLITE_DONE ? SQLITE_ROW : SQLITE_ERROR;
        sqlite3_finalize(statement);
    }
    return result == SQLITE_ROW ? 0 : statements_fault(ledger_db(rhythm->ledger));
}

int rhythm_look(struct rhythm *rhythm, int64_t now, bool still, bool at_once)
{
    bool was_quiet;

    if (!rhythm->ledger)
        return 0;
    was_quiet = rhythm->quiet;
    set_quiet(rhythm, !still && feed_pace_is_quiet(&rhythm->pace, &limits, now));
    at_once |= rhythm->quiet != was_quiet;
    if (!rhythm->changed || (!at_once && nw_clock_wall() - rhythm->saved_ms < SAVE_MS))
        return 0;
    rhythm->saved_ms = nw_clock_wall();
    rhythm->changed = false;
    return save(rhythm);
}

void rhythm_sentence(int64_t last_item_ms, double gap_ms, char out[RHYTHM_SENTENCE])
{
    char last[NW_TIME_TEXT];

    nw_time_print(last_item_ms / 1000 * 1000, last);
    snprintf(out, RHYTHM_SENTENCE, "nothing new since %s; an item came every %.0f %s", last,
             gap_ms >= 120000 ? gap_ms / 60000 : gap_ms / 1000, gap_ms >= 120000 ? "min" : "s");
}
