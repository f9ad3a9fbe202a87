/* Values of time expressions: durations, days, quarters, spans before and behind now. See timex.h. */
#include "timex.h"

#include <math.h>
#include <stdio.h>

bool timex_put_text(struct time_phrase *out, size_t first, size_t last, enum timex_type type, const char *value)
{
    snprintf(out->value, sizeof out->value, "%s", value);
    return timex_put(out, first, last, type);
}

/* PnY, PTnH, PXW, … */
bool timex_put_duration(struct time_phrase *out, size_t first, size_t last, int32_t span, double n,
                        enum timex_type type)
{
    static const char *const marks[] = {"TS", "TM", "TH", "D", "W", "W", "M", "M", "Y", "E", "Y", "D"};
    const char *mark = marks[span];
    if (span == SPAN_FORTNIGHT) {
        n *= 2;
    } else if (span == SPAN_CENTURY) {
        n *= 100;
    } else if (span == SPAN_QUARTER) {
        n *= 3;
    } else if (span == SPAN_WEEKEND) {
        n *= 2;
    }
    if (isnan(n) || n < 0 || n > 1e6) {
        snprintf(out->value, sizeof out->value, mark[0] == 'T' ? "PTX%s" : "PX%s", mark[0] == 'T' ? mark + 1 : mark);
    } else if (n > floor(n) && span == SPAN_HOUR) {
        snprintf(out->value, sizeof out->value, "PT%.0fH%.0fM", floor(n), round((n - floor(n)) * 60));
    } else if (n > floor(n) && span == SPAN_YEAR) {
        snprintf(out->value, sizeof out->value, "P%.0fM", round(n * 12));
    } else {
        snprintf(out->value, sizeof out->value, mark[0] == 'T' ? "PT%g%s" : "P%g%s", n,
                 mark[0] == 'T' ? mark + 1 : mark);
    }
    return timex_put(out, first, last, type);
}

/* The day that a weekday's name means: direction -1 before today, 1 behind, 0 as the tense asks. */
struct day timex_weekday_date(const struct timex_work *w, size_t i, int32_t weekday, int direction)
{
    int back = (calendar_weekday(w->now) - weekday + 7) % 7;
    int ahead = (7 - back) % 7;
    if (direction > 0) {
        return calendar_add_days(w->now, ahead ? ahead : 7);
    }
    if (direction < 0) {
        return calendar_add_days(w->now, -(back ? back : 7));
    }
    return timex_future(w, i) ? calendar_add_days(w->now, ahead) : calendar_add_days(w->now, -back);
}

const char *const timex_dayparts[] = {"MO", "MI", "AF", "EV", "NI", "NI"};

/* A day, with the part of it that may stand behind. */
bool timex_put_day(const struct timex_work *w, struct time_phrase *out, size_t first, size_t last, struct day day)
{
    char text[CALENDAR_TEXT];
    calendar_print_day(day, text);
    if (timex_classes(w, last + 1) & WORD(DAYPART) && timex_time(w, last + 1) != PART_MIDDAY) {
        snprintf(out->value, sizeof out->value, "%.10sT%s", text, timex_dayparts[timex_time(w, last + 1)]);
        return timex_put(out, first, last + 1, TIMEX_TIME);
    }
    return timex_put_text(out, first, last, TIMEX_DATE, text);
}

bool timex_put_quarter(struct timex_work *w, struct time_phrase *out, size_t first, size_t last, int quarter)
{
    int year = w->now.year;
    size_t end = last;
    size_t at = last + 1 + (timex_word(w, last + 1, "of") ? 1U : 0U);
    struct time_phrase date;
    if (timex_in(w, at) && timex_absolute(w, at, &date) && date.last == at && strlen(date.value) == 4) {
        sscanf(date.value, "%4d", &year);
        end = at;
    } else if (first > w->from && timex_absolute(w, first - 1, &date) && strlen(date.value) == 4) {
        sscanf(date.value, "%4d", &year);
    } else if (timex_classes(w, at) & (WORD(LAST) | WORD(THIS) | WORD(NEXT)) && timex_word(w, at + 1, "year")) {
        year += timex_classes(w, at) & WORD(LAST) ? -1 : timex_classes(w, at) & WORD(NEXT) ? 1 : 0;
        end = at + 1;
    } else if (!w->dated) {
        return false;
    } else if (quarter - (w->now.month + 2) / 3 > 1) {
        year--;
    }
    w->quarter_year = year;
    w->quarter = quarter;
    calendar_print_quarter(year, quarter, out->value);
    return timex_put(out, first, end, TIMEX_DATE);
}

bool timex_put_moved(struct timex_work *w, size_t first, size_t last, int32_t span, int by, struct time_phrase *out)
{
    struct day d = w->now;
    char text[CALENDAR_TEXT];
    switch (span) {
    case SPAN_YEAR:
        calendar_print_year(d.year + by, out->value);
        break;
    case SPAN_MONTH:
        calendar_print_month(calendar_add_months(d, by), out->value);
        break;
    case SPAN_WEEK:
        calendar_print_week(calendar_add_days(d, 7 * by), out->value);
        break;
    case SPAN_WEEKEND:
        calendar_print_week(calendar_add_days(d, 7 * by), text);
        snprintf(out->value, sizeof out->value, "%.8s-WE", text);
        break;
    case SPAN_QUARTER: {
        struct day q = calendar_add_months(d, 3 * by);
        calendar_print_quarter(q.year, (q.month + 2) / 3, out->value);
        break;
    }
    case SPAN_DAY:
        calendar_print_day(calendar_add_days(d, by), out->value);
        break;
    case SPAN_DECADE:
        snprintf(out->value, sizeof out->value, "%03d", d.year / 10 + by);
        break;
    case SPAN_CENTURY:
        snprintf(out->value, sizeof out->value, "%02d", d.year / 100 + by);
        break;
    default:
        return false;
    }
    return timex_put(out, first, last, TIMEX_DATE);
}
