/* Time expressions that need the article's date: weekdays, today, last year, the third quarter. See timex.h. */
#include "timex.h"

#include <math.h>
#include <stdio.h>

bool timex_weekday(struct timex_work *w, size_t i, struct time_phrase *out)
{
    if (!(timex_classes(w, i) & WORD(WEEKDAY)) || !(document_type(w->d, i)->flags & TYPE_CAPITAL)) {
        return false;
    }
    struct nw_str s = document_token(w->d, i);
    if (s.n == 3 && (nw_str_eq(s, NW_S("Sun")) || nw_str_eq(s, NW_S("Sat")))) {
        return false;
    }
    if (s.n > 4 && nw_str_ends(s, NW_S("days"))) {
        snprintf(out->value, sizeof out->value, "XXXX-WXX-%d", timex_time(w, i) + 1);
        return timex_put(out, i, i, TIMEX_SET);
    }
    size_t next = i + 1 + (timex_mark(w, i + 1, ',') ? 1U : 0U);
    struct time_phrase date;
    if (timex_in(w, next) && timex_classes(w, next) & WORD(MONTH) && timex_absolute(w, next, &date)) {
        *out = date;
        return timex_put(out, i, date.last, TIMEX_DATE);
    }
    return w->dated && timex_put_day(w, out, i, i, timex_weekday_date(w, i, timex_time(w, i), 0));
}

bool timex_simple_word(struct timex_work *w, size_t i, struct time_phrase *out)
{
    static const struct {
        const char *word, *value;
        enum timex_type type;
    } fixed[] = {
        {"now", "PRESENT_REF", TIMEX_DATE},
        {"currently", "PRESENT_REF", TIMEX_DATE},
        {"nowadays", "PRESENT_REF", TIMEX_DATE},
        {"formerly", "PAST_REF", TIMEX_DATE},
        {"daily", "P1D", TIMEX_SET},
        {"weekly", "P1W", TIMEX_SET},
        {"monthly", "P1M", TIMEX_SET},
        {"yearly", "P1Y", TIMEX_SET},
        {"hourly", "PT1H", TIMEX_SET},
    };
    static const struct {
        const char *word;
        int days;
    } days[] = {{"today", 0}, {"yesterday", -1}, {"tomorrow", 1}};
    struct nw_str s = document_token(w->d, i);
    if (!(timex_classes(w, i) & WORD(TIMEWORD)) || s.n < sizeof "now" - 1) {
        return false;
    }
    for (size_t k = 0; w->dated && k < sizeof days / sizeof *days; k++) {
        if (nw_str_eq_nocase(s, nw_str_z(days[k].word))) {
            return timex_put_day(w, out, i, i, calendar_add_days(w->now, days[k].days));
        }
    }
    if (w->dated && nw_str_eq_nocase(s, NW_S("tonight"))) {
        snprintf(out->value, sizeof out->value, "%04d-%02d-%02dTNI", w->now.year, w->now.month, w->now.day);
        return timex_put(out, i, i, TIMEX_TIME);
    }
    for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++) {
        if (nw_str_eq_nocase(s, nw_str_z(fixed[k].word))) {
            bool title = i > w->from && (document_type(w->d, i)->flags & TYPE_CAPITAL);
            return !title && timex_put_text(out, i, i, fixed[k].type, fixed[k].value);
        }
    }
    if (nw_str_eq_nocase(s, NW_S("future")) && i > w->from &&
        (timex_word(w, i - 1, "the") || timex_word(w, i - 1, "near") || timex_word(w, i - 1, "foreseeable"))) {
        return timex_put_text(out, i, i, TIMEX_DATE, "FUTURE_REF");
    }
    if (nw_str_eq_nocase(s, NW_S("recent")) && !timex_is_span(w, i + 1)) {
        return timex_put_text(out, i, i, TIMEX_DATE, "PAST_REF");
    }
    return false;
}

/* ---- quarters and halves ---- */

static bool ordinal_period(struct timex_work *w, size_t i, struct time_phrase *out)
{
    if (!(timex_classes(w, i) & (WORD(ORDINAL) | WORD(LAST)))) {
        return false;
    }
    int n = (int)document_type(w->d, i)->number;
    bool ordinal = (timex_classes(w, i) & WORD(ORDINAL)) != 0;
    if (timex_in(w, i + 1) && timex_is_span(w, i + 1) && timex_time(w, i + 1) == SPAN_QUARTER &&
        !timex_is_plural(w, i + 1) && ordinal && n <= 4) {
        return timex_put_quarter(w, out, i, i + 1, n);
    }
    if (timex_word(w, i + 1, "half") && (ordinal ? n <= 2 : timex_word(w, i, "last"))) {
        int year = w->now.year;
        size_t last = i + 1;
        struct time_phrase date;
        if (timex_word(w, i + 2, "of") && timex_in(w, i + 3) && timex_absolute(w, i + 3, &date) &&
            strlen(date.value) == 4) {
            sscanf(date.value, "%4d", &year);
            last = date.last;
        } else if (!w->dated) {
            return false;
        }
        snprintf(out->value, sizeof out->value, "%04d-H%d", year, ordinal ? n : 2);
        return timex_put(out, i, last, TIMEX_DATE);
    }
    double count;
    size_t next;
    if (timex_in(w, i + 1) && number_read(w->d, i + 1, &count, &next) && timex_in(w, next) && timex_is_span(w, next) &&
        (n == 1 || !ordinal)) {
        return timex_put_duration(out, i, next, timex_time(w, next), count, TIMEX_DURATION);
    }
    if (ordinal && timex_word(w, i + 1, "century")) {
        snprintf(out->value, sizeof out->value, "%02d", n - 1);
        return timex_put(out, i, i + 1, TIMEX_DATE);
    }
    return false;
}

/* ---- last, next, this ---- */

static bool directed(struct timex_work *w, size_t i, struct time_phrase *out)
{
    uint64_t c = timex_classes(w, i);
    bool recent = timex_word(w, i, "recent");
    if (!(c & (WORD(LAST) | WORD(NEXT) | WORD(THIS))) && !recent) {
        return false;
    }
    int by = recent || c & WORD(LAST) ? -1 : c & WORD(NEXT) ? 1 : 0;
    size_t k = i + 1;
    if (timex_word(w, i, "past") && i > w->from && timex_word(w, i - 1, "the") && !(timex_classes(w, k) & WORD(SPAN)) &&
        (!timex_in(w, k) || document_type(w->d, k)->flags & TYPE_MARK)) {
        return timex_put_text(out, i, i, TIMEX_DATE, "PAST_REF");
    }
    if (!timex_in(w, k)) {
        return false;
    }
    if (timex_word(w, k, "period") && w->quarter && by <= 0) {
        calendar_print_quarter(w->quarter_year, w->quarter, out->value);
        return timex_put(out, i, k, TIMEX_DATE);
    }
    double n;
    size_t next;
    uint64_t c2 = timex_classes(w, k);
    if (number_read(w->d, k, &n, &next) && timex_in(w, next) && timex_is_span(w, next) && by != 0) {
        return timex_put_duration(out, i, next, timex_time(w, next), n, TIMEX_DURATION);
    }
    if (c2 & WORD(SPAN) && !(c2 & WORD(ORDINAL))) {
        if (timex_is_plural(w, k) && recent) {
            return timex_put_text(out, i, k, TIMEX_DATE, "PAST_REF"); /* in recent years: no length is meant */
        }
        if (timex_is_plural(w, k)) {
            return by != 0 && timex_put_duration(out, i, k, timex_time(w, k), NAN, TIMEX_DURATION);
        }
        if (timex_word(w, i, "past")) {
            return timex_put_duration(out, i, k, timex_time(w, k), 1, TIMEX_DURATION);
        }
        if (timex_word(w, i, "latest") && timex_time(w, k) == SPAN_QUARTER && w->quarter &&
            w->quarter_year * 4 + w->quarter < w->now.year * 4 + (w->now.month + 2) / 3) {
            calendar_print_quarter(w->quarter_year, w->quarter, out->value);
            return timex_put(out, i, k, TIMEX_DATE);
        }
        if (timex_time(w, k) == SPAN_DAY && by == 0) {
            return false;
        }
        return w->dated && timex_put_moved(w, i, k, timex_time(w, k), by, out);
    }
    if (!w->dated) {
        return false;
    }
    if (c2 & WORD(WEEKDAY)) {
        return timex_put_day(w, out, i, k,
                             by ? timex_weekday_date(w, i, timex_time(w, k), by)
                                : timex_weekday_date(w, i, timex_time(w, k), 0));
    }
    if (c2 & WORD(MONTH) && document_type(w->d, k)->flags & TYPE_CAPITAL) {
        int month = timex_time(w, k);
        int year = w->now.year;
        year += by < 0 ? -(month >= w->now.month) : by > 0 ? month <= w->now.month : 0;
        calendar_print_month((struct day){year, month, 1}, out->value);
        return timex_put(out, i, k, TIMEX_DATE);
    }
    if (c2 & WORD(SEASON)) {
        static const char *const seasons[] = {"SP", "SU", "FA", "WI"};
        static const int ends[] = {5, 8, 11, 12};
        int season = timex_time(w, k);
        int year = w->now.year;
        year += by < 0 ? -(ends[season] >= w->now.month) : by > 0 ? ends[season] <= w->now.month : 0;
        snprintf(out->value, sizeof out->value, "%04d-%s", year, seasons[season]);
        return timex_put(out, i, k, TIMEX_DATE);
    }
    if (c2 & WORD(DAYPART) && by <= 0) {
        char text[CALENDAR_TEXT];
        calendar_print_day(calendar_add_days(w->now, by), text);
        snprintf(out->value, sizeof out->value, "%.10sT%s", text, timex_dayparts[timex_time(w, k)]);
        return timex_put(out, i, k, TIMEX_TIME);
    }
    return false;
}

/* the summer, winter of 1994 */
static bool season(struct timex_work *w, size_t i, struct time_phrase *out)
{
    static const char *const seasons[] = {"SP", "SU", "FA", "WI"};
    if (!(timex_classes(w, i) & WORD(SEASON)) || timex_word(w, i, "fall")) {
        return false;
    }
    size_t at = i + 1 + (timex_word(w, i + 1, "of") ? 1U : 0U);
    struct time_phrase date;
    if (timex_in(w, at) && timex_absolute(w, at, &date) && strlen(date.value) == 4) {
        snprintf(out->value, sizeof out->value, "%.4s-%s", date.value, seasons[timex_time(w, i)]);
        return timex_put(out, i, at, TIMEX_DATE);
    }
    if (!w->dated || i == w->from || !(timex_classes(w, i - 1) & (WORD(DETERMINER) | WORD(PREPOSITION)))) {
        return false;
    }
    snprintf(out->value, sizeof out->value, "%04d-%s", w->now.year, seasons[timex_time(w, i)]);
    return timex_put(out, i, i, TIMEX_DATE);
}

bool timex_relative(struct timex_work *w, size_t i, struct time_phrase *out)
{
    return timex_simple_word(w, i, out) || timex_weekday(w, i, out) || ordinal_period(w, i, out) ||
           directed(w, i, out) || season(w, i, out);
}
