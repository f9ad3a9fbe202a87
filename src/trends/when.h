/* When articles came out, and where in the output log those from a time on begin. */
#ifndef TRENDS_WHEN_H
#define TRENDS_WHEN_H

#include <newswire/arena.h>
#include <newswire/record.h>

#include <stdint.h>

/* The output log. read: 0, an outcome above 0 where the entry is not there, or a negative fault; a view stands until
 * the next call. */
struct nw_when_log {
    void *user;
    int (*read)(void *user, uint64_t oseq, struct nw_str *record);
    void (*range)(void *user, uint64_t *first, uint64_t *head);
};

/* When the article came out, in ms since 1970: its version's time, not before an embargo's end. A source may say what
 * it likes, but nothing comes out after it was received; and when it was received counts where the source tells but a
 * date, or a time without a zone, that may mean this moment. 0: nobody knows. */
int64_t nw_when_out(const struct nw_record *record);

/* Entry `oseq`; *record is NULL where it is missing, which was said when the log was opened, or is no record. The arena
 * is emptied before. 0 or a negative fault. */
int nw_when_read(const struct nw_when_log *log, struct nw_arena *arena, uint64_t oseq, struct nw_record **record);

/* The newest time among the last entries of the log: *time is 0 in an empty one. 0 or a negative fault. */
int nw_when_newest(const struct nw_when_log *log, struct nw_arena *arena, int64_t *time);

/*
 * A search in steps, for who has other things to do. It goes back from the end of the log until what was received is
 * older than `since` for four looks in a row: nothing comes out after it was received, so nothing before that place
 * came out since. An entry that arrived long before it came to its place (a dead letter that was retried) stands among
 * others and is no reason to stop. Begin with {.since, .most}.
 */
struct nw_when_search {
    int64_t since;
    uint64_t most; /* entries before the end that it goes back at most */

    uint64_t at; /* this entry was looked at last; in the end: where to begin */
    int beyond;  /* looks in a row */
};
enum { NW_WHEN_ON = 1 /* it is not over yet */ };

/* 0, NW_WHEN_ON or a negative fault. In an empty log search->at is 1 in the end. */
int nw_when_step(struct nw_when_search *search, const struct nw_when_log *log, struct nw_arena *arena, size_t looks);

#endif
