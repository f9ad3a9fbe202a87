/* Times of day: noon on Tuesday, 10:30 a.m. EST. See timex.h. */
#include "timex.h"

#include <stdio.h>

static int half_day(const struct timex_work *w, size_t i)
{
    if (timex_word(w, i, "a.m.") || timex_word(w, i, "am") || timex_word(w, i, "a.m")) {
        return 1;
    }
    return timex_word(w, i, "p.m.") || timex_word(w, i, "pm") || timex_word(w, i, "p.m") ? 2 : 0;
}

static bool is_zone(const struct timex_work *w, size_t i)
{
    static const char *const zones[] = {"EST", "EDT", "ET",  "GMT", "PST", "PDT", "CST",
                                        "CDT", "MST", "MDT", "UTC", "BST", "CET"};
    for (size_t k = 0; timex_in(w, i) && k < sizeof zones / sizeof *zones; k++) {
        if (nw_str_eq(document_token(w->d, i), nw_str_z(zones[k]))) {
            return true;
        }
    }
    return false;
}

bool timex_clock(struct timex_work *w, size_t i, struct time_phrase *out)
{
    struct nw_str s = document_token(w->d, i);
    const struct word_type *t = document_type(w->d, i);
    int hour = -1;
    int minute = 0;
    size_t last = i;
    char text[16];
    if (!w->dated) {
        return false;
    }
    if (timex_word(w, i, "noon") || timex_word(w, i, "midnight")) {
        hour = timex_word(w, i, "noon") ? 12 : 24;
    } else if (t->flags & TYPE_DIGITS && s.n <= 7) {
        int end = 0;
        memcpy(text, s.p, s.n);
        text[s.n] = 0;
        int half_of_day = half_day(w, i + 1);
        if (strchr(text, ':') && sscanf(text, "%2d:%2d%n", &hour, &minute, &end) == 2 && (size_t)end == s.n &&
            s.n >= 4) {
            bool led = i > w->from && timex_classes(w, i - 1) & WORD(PREPOSITION);
            if (!half_of_day && !led && !is_zone(w, i + 1)) {
                return false;
            }
        } else if (t->flags & TYPE_NUMERIC && t->letters <= 2 && half_of_day) {
            hour = (int)t->number;
            minute = 0;
        } else if (t->flags & TYPE_NUMERIC && t->letters == 4 && is_zone(w, i + 1)) {
            hour = (int)t->number / 100;
            minute = (int)t->number % 100;
        } else {
            return false;
        }
        if (half_of_day) {
            last = i + 1;
            hour = hour % 12 + (half_of_day == 2 ? 12 : 0);
        }
    } else {
        return false;
    }
    if (hour < 0 || hour > 24 || minute > 59) {
        return false;
    }
    if (is_zone(w, last + 1)) {
        last++;
    }
    struct day day = w->now;
    size_t k = last + 1 + (timex_word(w, last + 1, "on") ? 1U : 0U);
    struct time_phrase date;
    if (timex_in(w, k) &&
        (timex_classes(w, k) & (WORD(WEEKDAY) | WORD(TIMEWORD))
             ? timex_weekday(w, k, &date) || timex_simple_word(w, k, &date)
             : timex_absolute(w, k, &date)) &&
        strlen(date.value) >= 10 && sscanf(date.value, "%4d-%2d-%2d", &day.year, &day.month, &day.day) == 3) {
        last = date.last;
    } else if (i > w->from + 1) {
        size_t before = i - 1 - (timex_word(w, i - 1, "at") ? 1U : 0U);
        if (timex_classes(w, before) & WORD(WEEKDAY)) {
            day = timex_weekday_date(w, before, timex_time(w, before), 0);
        }
    }
    snprintf(out->value, sizeof out->value, "%04d-%02d-%02dT%02d:%02d", day.year % 10000, day.month % 100,
             day.day % 100, hour % 100, minute);
    return timex_put(out, i, last, TIMEX_TIME);
}
