/*
 * Trends: how often people, organisations, places, topics and stories are mentioned in the last 5 minutes, hour and 24
 * hours, and which of them are mentioned more than before. All that it knows is in the output log, so a restart that
 * reads it changes nothing, and whoever else reads the log has the same trends.
 *
 * Time is the articles': the windows end at the newest one's time (its version's, never after it was received), not at
 * the clock on the wall. So trends depend on the log alone, a replay of last month's copy has last month's trends, and
 * a backlog that arrives late is counted where it belongs. Windows move by whole minutes, that of 24 hours by whole
 * hours. The past that a window is compared with: of 5 minutes and of an hour, the rest of the last 24 hours; of 24
 * hours, the 24 before.
 *
 * An article counts once for each thing; an exact copy does not count; one that is canceled or withheld does not
 * either, and a kill takes back what it kills (its own uri and those of story.kills, among the newest 131,072
 * articles).
 *
 * Bounds: counts are exact while a kind has at most 1,024 different things a minute and 4,096 an hour, else too low by
 * at most 2 * mentions / 1024 in the short windows and 2 * mentions / 4096 in that of 24 hours (tally.h); the report
 * says by how much. Memory: at most 80 MB, of which what the
 * articles fill is used: 10 MB of minutes, 31 MB of hours, 28 MB of names, 5 MB of places of articles, 3 MB to report.
 */
#ifndef TRENDS_TRENDS_H
#define TRENDS_TRENDS_H

#include "trends/when.h"

#include <newswire/buf.h>

#include <stdint.h>

/* K(NAME, word): kinds of things. */
#define NW_TREND_KINDS(K) K(PERSON, "person") K(ORG, "org") K(PLACE, "place") K(TOPIC, "topic") K(STORY, "story")

enum nw_trend_kind {
#define NW_TREND_KIND(NAME, word) NW_TREND_##NAME,
    NW_TREND_KINDS(NW_TREND_KIND)
#undef NW_TREND_KIND
        NW_TREND_KIND_COUNT
};

/* W(NAME, word): windows. */
#define NW_TREND_WINDOWS(W) W(5M, "5m") W(1H, "1h") W(24H, "24h")

enum nw_trend_window {
#define NW_TREND_WINDOW(NAME, word) NW_TREND_##NAME,
    NW_TREND_WINDOWS(NW_TREND_WINDOW)
#undef NW_TREND_WINDOW
        NW_TREND_WINDOW_COUNT
};

extern const char *const nw_trend_kind_words[], *const nw_trend_window_words[]; /* NULL ends them */

enum { NW_TRENDS_TOP = 50 /* of each kind and window */ };

struct nw_trends;

int nw_trends_new(const struct nw_when_log *log, struct nw_trends **trends); /* 0 or -ENOMEM */
void nw_trends_free(struct nw_trends **trends);                              /* accepts NULL, nulls the pointer */

/* Reads on in the log, at most `most` entries. The first calls look for the place from where the last 48 hours stand,
 * at most 1,048,576 entries before the end. 0 when all is read, NW_TRENDS_BEHIND when there is more, or a negative
 * fault. */
int nw_trends_step(struct nw_trends *trends, size_t most);
enum { NW_TRENDS_BEHIND = 1 };

/* The article that goes into the log as entry `oseq`, from who has it at hand: reading it from the log would cost eight
 * times as much. Taken where it is the next one, else left to nw_trends_step. What counts is what an encoder keeps of
 * it, so it is as if it had been read. 0 or a negative fault. */
int nw_trends_offer(struct nw_trends *trends, uint64_t oseq, const struct nw_record *record);

/* The last entry that is read; 0 before any. */
uint64_t nw_trends_through(const struct nw_trends *trends);

/*
 * Appends the report as msgpack:
 *     {time: text, oseq: as of this entry,
 *      windows: [{window: "5m", articles, articlesBefore,
 *                 things: [{kind, name, uri?, count, error, expected, score, headline?, oseq?}, …]}, …]}
 * of each kind its NW_TRENDS_TOP that were seen twice or more, best first: by score (burst.h), then by count. `error`
 * is what the count may be too low by; `expected` the mentions if its share of the articles were what it was before;
 * headline and oseq those of the newest article about it. 0 or a negative fault.
 */
int nw_trends_report(const struct nw_trends *trends, struct nw_buf *out);

#endif
