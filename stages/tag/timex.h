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

/* What the rules work with; shared by timex.c and timex_relative.c. */
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

static inline bool timex_word(const struct timex_work *work, size_t i, const char *word)
{
    return i < work->to && document_is(work->d, i, word);
}

static inline bool timex_mark(const struct timex_work *work, size_t i, char mark)
{
    return i < work->to && document_mark(work->d, i, mark);
}

#endif
