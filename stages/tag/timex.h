/*
 * Time expressions and their TIMEX3 values, by rules for English, against the article's own date. What needs a date
 * that the article has not is left out.
 */
#ifndef TAG_TIMEX_H
#define TAG_TIMEX_H

#include "calendar.h"
#include "document.h"

enum timex_type { TIMEX_DATE, TIMEX_TIME, TIMEX_DURATION, TIMEX_SET };

struct time_phrase {
    uint32_t first, last; /* tokens */
    enum timex_type type;
    char value[CALENDAR_TEXT];
    const char *by; /* a literal: the rule */
};

struct timexes {
    struct time_phrase *v;
    size_t n, cap;
};

/* Fills the list, in order, none in another. 0 or -ENOMEM. */
int timexes_find(const struct document *document, struct timexes *timexes);
void timexes_free(struct timexes *timexes);

/* A number that begins at token i: 14, two, twenty-five, a dozen, several (unknown: NAN). Sets *next behind it. */
bool number_read(const struct document *document, size_t i, double *value, size_t *next);

/* What the rules work with: timex.c holds the loop and what is absolute; timex_relative.c, timex_span.c, timex_clock.c
 * what they are named after; timex_value.c writes values. */
struct timex_work {
    const struct document *d;
    bool dated;
    struct day now;
    int quarter_year, quarter; /* the one spoken of last; 0: none */
    size_t from, to;           /* the sentence */
};

/* One expression that begins at token i; false if there is none. */
bool timex_absolute(struct timex_work *work, size_t i, struct time_phrase *out);
bool timex_relative(struct timex_work *work, size_t i, struct time_phrase *out);
bool timex_span(struct timex_work *work, size_t i, struct time_phrase *out);
bool timex_clock(struct timex_work *work, size_t i, struct time_phrase *out);

/* Parts that several of them know: a weekday's name; today, now, monthly. */
bool timex_weekday(struct timex_work *work, size_t i, struct time_phrase *out);
bool timex_simple_word(struct timex_work *work, size_t i, struct time_phrase *out);

/* timex_value.c: each fills `out` and says true, or false where the article has no date that is needed. */
bool timex_put_text(struct time_phrase *out, size_t first, size_t last, enum timex_type type, const char *value);

/* PnY, PTnH; PXW where n is NAN. `span` is of enum lexicon_span. */
bool timex_put_duration(struct time_phrase *out, size_t first, size_t last, int32_t span, double n,
                        enum timex_type type);

/* A day, with the part of it that may stand behind. */
bool timex_put_day(const struct timex_work *work, struct time_phrase *out, size_t first, size_t last, struct day day);

/* A quarter of the year that is named beside it, else the nearest; the work remembers it. */
bool timex_put_quarter(struct timex_work *work, struct time_phrase *out, size_t first, size_t last, int quarter);

/* The span that lies `by` of its kind from now: last year -1. */
bool timex_put_moved(struct timex_work *work, size_t first, size_t last, int32_t span, int by, struct time_phrase *out);

/* The day that a weekday's name at token i means: direction -1 before today, 1 behind, 0 as the tense asks. */
struct day timex_weekday_date(const struct timex_work *work, size_t i, int32_t weekday, int direction);

extern const char *const timex_dayparts[]; /* by enum lexicon_daypart */

static inline bool timex_put(struct time_phrase *out, size_t first, size_t last, enum timex_type type)
{
    out->first = (uint32_t)first;
    out->last = (uint32_t)last;
    out->type = type;
    return true;
}

/* Does the sentence speak of the future around token i? */
bool timex_future(const struct timex_work *work, size_t i);

static inline bool timex_in(const struct timex_work *work, size_t i)
{
    return i < work->to;
}

/* The token's classes; 0 behind the sentence. */
static inline uint64_t timex_classes(const struct timex_work *work, size_t i)
{
    return i < work->to ? document_classes(work->d, i) : 0;
}

static inline bool timex_is_span(const struct timex_work *work, size_t i)
{
    return (timex_classes(work, i) & WORD(SPAN)) != 0;
}

/* What its class says of a month, weekday, span, … */
static inline int32_t timex_time(const struct timex_work *work, size_t i)
{
    return document_type(work->d, i)->time;
}

static inline bool timex_is_plural(const struct timex_work *work, size_t i)
{
    return nw_str_ends(document_token(work->d, i), NW_S("s"));
}

static inline bool timex_word(const struct timex_work *work, size_t i, const char *word)
{
    return i < work->to && document_is(work->d, i, word);
}

static inline bool timex_mark(const struct timex_work *work, size_t i, char mark)
{
    return i < work->to && document_mark(work->d, i, mark);
}

#endif
