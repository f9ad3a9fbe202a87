/* Time expressions that need the article's date, durations, sets and times of day: see timex.h. */
#include "timex.h"

#include "letters.h"

#include <math.h>
#include <stdio.h>

static bool put(struct time_phrase *out, size_t first, size_t last, enum timex_type type)
{
    out->first = (uint32_t)first;
    out->last = (uint32_t)last;
    out->type = type;
    return true;
}

static bool put_text(struct time_phrase *out, size_t first, size_t last, enum timex_type type, const char *value)
{
    snprintf(out->value, sizeof out->value, "%s", value);
    return put(out, first, last, type);
}

/* PnY, PTnH, PXW, … */
static bool put_duration(struct time_phrase *out, size_t first, size_t last, int32_t span, double n,
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
    return put(out, first, last, type);
}

static bool is_span(const struct timex_work *w, size_t i)
{
    return (timex_classes(w, i) & WORD(SPAN)) != 0;
}

static int32_t time_of(const struct timex_work *w, size_t i)
{
    return document_type(w->d, i)->time;
}

static bool is_plural(const struct timex_work *w, size_t i)
{
    return nw_str_ends(document_token(w->d, i), NW_S("s"));
}

/* The day that a weekday's name means: direction -1 before today, 1 behind, 0 as the tense asks. */
static struct day weekday_date(const struct timex_work *w, size_t i, int32_t weekday, int direction)
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

static const char *const parts[] = {"MO", "MI", "AF", "EV", "NI", "NI"};

/* A day, with the part of it that may stand behind. */
static bool put_day(const struct timex_work *w, struct time_phrase *out, size_t first, size_t last, struct day day)
{
    char text[CALENDAR_TEXT];
    calendar_print_day(day, text);
    if (timex_classes(w, last + 1) & WORD(DAYPART) && time_of(w, last + 1) != PART_MIDDAY) {
        snprintf(out->value, sizeof out->value, "%.10sT%s", text, parts[time_of(w, last + 1)]);
        return put(out, first, last + 1, TIMEX_TIME);
    }
    return put_text(out, first, last, TIMEX_DATE, text);
}

static bool weekday(struct timex_work *w, size_t i, struct time_phrase *out)
{
    if (!(timex_classes(w, i) & WORD(WEEKDAY)) || !(document_type(w->d, i)->flags & TYPE_CAPITAL)) {
        return false;
    }
    struct nw_str s = document_token(w->d, i);
    if (s.n == 3 && (nw_str_eq(s, NW_S("Sun")) || nw_str_eq(s, NW_S("Sat")))) {
        return false;
    }
    if (s.n > 4 && nw_str_ends(s, NW_S("days"))) {
        snprintf(out->value, sizeof out->value, "XXXX-WXX-%d", time_of(w, i) + 1);
        return put(out, i, i, TIMEX_SET);
    }
    size_t next = i + 1 + (timex_mark(w, i + 1, ',') ? 1U : 0U);
    struct time_phrase date;
    if (timex_in(w, next) && timex_classes(w, next) & WORD(MONTH) && timex_absolute(w, next, &date)) {
        *out = date;
        return put(out, i, date.last, TIMEX_DATE);
    }
    return w->dated && put_day(w, out, i, i, weekday_date(w, i, time_of(w, i), 0));
}

static bool simple_word(struct timex_work *w, size_t i, struct time_phrase *out)
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
            return put_day(w, out, i, i, calendar_add_days(w->now, days[k].days));
        }
    }
    if (w->dated && nw_str_eq_nocase(s, NW_S("tonight"))) {
        snprintf(out->value, sizeof out->value, "%04d-%02d-%02dTNI", w->now.year, w->now.month, w->now.day);
        return put(out, i, i, TIMEX_TIME);
    }
    for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++) {
        if (nw_str_eq_nocase(s, nw_str_z(fixed[k].word))) {
            bool title = i > w->from && (document_type(w->d, i)->flags & TYPE_CAPITAL);
            return !title && put_text(out, i, i, fixed[k].type, fixed[k].value);
        }
    }
    if (nw_str_eq_nocase(s, NW_S("future")) && i > w->from &&
        (timex_word(w, i - 1, "the") || timex_word(w, i - 1, "near") || timex_word(w, i - 1, "foreseeable"))) {
        return put_text(out, i, i, TIMEX_DATE, "FUTURE_REF");
    }
    if (nw_str_eq_nocase(s, NW_S("recent")) && !is_span(w, i + 1)) {
        return put_text(out, i, i, TIMEX_DATE, "PAST_REF");
    }
    return false;
}

/* ---- quarters and halves ---- */

static bool put_quarter(struct timex_work *w, struct time_phrase *out, size_t first, size_t last, int quarter)
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
    return put(out, first, end, TIMEX_DATE);
}

static bool ordinal_period(struct timex_work *w, size_t i, struct time_phrase *out)
{
    if (!(timex_classes(w, i) & (WORD(ORDINAL) | WORD(LAST)))) {
        return false;
    }
    int n = (int)document_type(w->d, i)->number;
    bool ordinal = (timex_classes(w, i) & WORD(ORDINAL)) != 0;
    if (timex_in(w, i + 1) && is_span(w, i + 1) && time_of(w, i + 1) == SPAN_QUARTER && !is_plural(w, i + 1) &&
        ordinal && n <= 4) {
        return put_quarter(w, out, i, i + 1, n);
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
        return put(out, i, last, TIMEX_DATE);
    }
    double count;
    size_t next;
    if (timex_in(w, i + 1) && number_read(w->d, i + 1, &count, &next) && timex_in(w, next) && is_span(w, next) &&
        (n == 1 || !ordinal)) {
        return put_duration(out, i, next, time_of(w, next), count, TIMEX_DURATION);
    }
    if (ordinal && timex_word(w, i + 1, "century")) {
        snprintf(out->value, sizeof out->value, "%02d", n - 1);
        return put(out, i, i + 1, TIMEX_DATE);
    }
    return false;
}

/* ---- last, next, this ---- */

static bool moved_span(struct timex_work *w, size_t first, size_t last, int32_t span, int by, struct time_phrase *out)
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
    return put(out, first, last, TIMEX_DATE);
}

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
        return put_text(out, i, i, TIMEX_DATE, "PAST_REF");
    }
    if (!timex_in(w, k)) {
        return false;
    }
    if (timex_word(w, k, "period") && w->quarter && by <= 0) {
        calendar_print_quarter(w->quarter_year, w->quarter, out->value);
        return put(out, i, k, TIMEX_DATE);
    }
    double n;
    size_t next;
    uint64_t c2 = timex_classes(w, k);
    if (number_read(w->d, k, &n, &next) && timex_in(w, next) && is_span(w, next) && by != 0) {
        return put_duration(out, i, next, time_of(w, next), n, TIMEX_DURATION);
    }
    if (c2 & WORD(SPAN) && !(c2 & WORD(ORDINAL))) {
        if (is_plural(w, k) && recent) {
            return put_text(out, i, k, TIMEX_DATE, "PAST_REF"); /* in recent years: no length is meant */
        }
        if (is_plural(w, k)) {
            return by != 0 && put_duration(out, i, k, time_of(w, k), NAN, TIMEX_DURATION);
        }
        if (timex_word(w, i, "past")) {
            return put_duration(out, i, k, time_of(w, k), 1, TIMEX_DURATION);
        }
        if (timex_word(w, i, "latest") && time_of(w, k) == SPAN_QUARTER && w->quarter &&
            w->quarter_year * 4 + w->quarter < w->now.year * 4 + (w->now.month + 2) / 3) {
            calendar_print_quarter(w->quarter_year, w->quarter, out->value);
            return put(out, i, k, TIMEX_DATE);
        }
        if (time_of(w, k) == SPAN_DAY && by == 0) {
            return false;
        }
        return w->dated && moved_span(w, i, k, time_of(w, k), by, out);
    }
    if (!w->dated) {
        return false;
    }
    if (c2 & WORD(WEEKDAY)) {
        return put_day(w, out, i, k, by ? weekday_date(w, i, time_of(w, k), by) : weekday_date(w, i, time_of(w, k), 0));
    }
    if (c2 & WORD(MONTH) && document_type(w->d, k)->flags & TYPE_CAPITAL) {
        int month = time_of(w, k);
        int year = w->now.year;
        year += by < 0 ? -(month >= w->now.month) : by > 0 ? month <= w->now.month : 0;
        calendar_print_month((struct day){year, month, 1}, out->value);
        return put(out, i, k, TIMEX_DATE);
    }
    if (c2 & WORD(SEASON)) {
        static const char *const seasons[] = {"SP", "SU", "FA", "WI"};
        static const int ends[] = {5, 8, 11, 12};
        int season = time_of(w, k);
        int year = w->now.year;
        year += by < 0 ? -(ends[season] >= w->now.month) : by > 0 ? ends[season] <= w->now.month : 0;
        snprintf(out->value, sizeof out->value, "%04d-%s", year, seasons[season]);
        return put(out, i, k, TIMEX_DATE);
    }
    if (c2 & WORD(DAYPART) && by <= 0) {
        char text[CALENDAR_TEXT];
        calendar_print_day(calendar_add_days(w->now, by), text);
        snprintf(out->value, sizeof out->value, "%.10sT%s", text, parts[time_of(w, k)]);
        return put(out, i, k, TIMEX_TIME);
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
        snprintf(out->value, sizeof out->value, "%.4s-%s", date.value, seasons[time_of(w, i)]);
        return put(out, i, at, TIMEX_DATE);
    }
    if (!w->dated || i == w->from || !(timex_classes(w, i - 1) & (WORD(DETERMINER) | WORD(PREPOSITION)))) {
        return false;
    }
    snprintf(out->value, sizeof out->value, "%04d-%s", w->now.year, seasons[time_of(w, i)]);
    return put(out, i, i, TIMEX_DATE);
}

bool timex_relative(struct timex_work *w, size_t i, struct time_phrase *out)
{
    return simple_word(w, i, out) || weekday(w, i, out) || ordinal_period(w, i, out) || directed(w, i, out) ||
           season(w, i, out);
}

/* ---- durations and sets ---- */

/* The word behind the last hyphen of a token (ten-day, third-quarter), and what stands before the first. */
static const struct lexicon_word *half(const struct timex_work *w, size_t i, bool second)
{
    struct nw_str s = document_token(w->d, i);
    char lower[64];
    size_t at = nw_str_find(s, NW_S("-"));
    if (at >= s.n || at == 0 || s.n > 32) {
        return NULL;
    }
    struct nw_str part = second ? nw_str_from(s, at + 1) : nw_str(s.p, at);
    at = nw_str_find(part, NW_S("-"));
    part = second && at < part.n ? nw_str(part.p, at) : part;
    size_t n = letters_lower(part, lower, sizeof lower);
    return lexicon_find(w->d->types->lexicon, nw_str(lower, n));
}

static bool hyphenated(struct timex_work *w, size_t i, struct time_phrase *out)
{
    const struct word_type *t = document_type(w->d, i);
    if (!(t->flags & TYPE_HYPHEN)) {
        return false;
    }
    const struct lexicon_word *right = half(w, i, true);
    const struct lexicon_word *left = half(w, i, false);
    struct nw_str s = document_token(w->d, i);
    if (nw_str_starts_nocase(s, NW_S("mid-")) && right && right->classes & WORD(MONTH) && w->dated) {
        struct day d = {w->now.year, right->time, 1};
        d.year += right->time - w->now.month > 6 ? -1 : w->now.month - right->time > 6 ? 1 : 0;
        calendar_print_month(d, out->value);
        return put(out, i, i, TIMEX_DATE);
    }
    if (nw_str_eq_nocase(s, NW_S("year-ago")) || nw_str_eq_nocase(s, NW_S("year-earlier"))) {
        if (!w->dated) {
            return false;
        }
        if (w->quarter) {
            calendar_print_quarter(w->quarter_year - 1, w->quarter, out->value);
        } else {
            calendar_print_year(w->now.year - 1, out->value);
        }
        return put(out, i, i, TIMEX_DATE);
    }
    if (nw_str_eq_nocase(s, NW_S("year-end")) && w->dated) {
        snprintf(out->value, sizeof out->value, "%04d-12-31", w->now.year);
        return put(out, i, i, TIMEX_DATE);
    }
    if (nw_str_ends(s, NW_S("-old")) || nw_str_ends(s, NW_S("-olds"))) {
        return false; /* an age */
    }
    if (right == NULL || !(right->classes & WORD(SPAN))) {
        if (left && left->classes & WORD(SPAN) && nw_str_ends(s, NW_S("-long"))) {
            return put_duration(out, i, i, left->time, nw_str_find(s, NW_S("s-")) < s.n ? NAN : 1, TIMEX_DURATION);
        }
        return false;
    }
    if (left && left->classes & WORD(ORDINAL) && right->time == SPAN_QUARTER && left->number <= 4) {
        return put_quarter(w, out, i, i, (int)left->number);
    }
    double n = left && left->classes & WORD(NUMBER) ? left->number : 0;
    if (n <= 0) {
        for (size_t k = 0; k < s.n && s.p[k] >= '0' && s.p[k] <= '9'; k++) {
            n = n * 10 + (s.p[k] - '0');
        }
    }
    return n > 0 && put_duration(out, i, i, right->time, n, TIMEX_DURATION);
}

/* n spans before or behind now */
static bool distant(struct timex_work *w, size_t first, size_t last, int32_t span, double n, int direction,
                    struct time_phrase *out)
{
    if (!w->dated) {
        return false;
    }
    if (isnan(n) || n > 10000) {
        return put_text(out, first, last, TIMEX_DATE, direction < 0 ? "PAST_REF" : "FUTURE_REF");
    }
    int64_t k = (int64_t)n * direction;
    switch (span) {
    case SPAN_YEAR:
        if (n <= 1 && direction < 0 && w->quarter) {
            calendar_print_quarter(w->quarter_year - 1, w->quarter, out->value);
        } else {
            calendar_print_year(w->now.year + (int)k, out->value);
        }
        break;
    case SPAN_DECADE:
        calendar_print_year(w->now.year + (int)k * 10, out->value);
        break;
    case SPAN_MONTH:
        calendar_print_month(calendar_add_months(w->now, k), out->value);
        break;
    case SPAN_WEEK:
        calendar_print_week(calendar_add_days(w->now, 7 * k), out->value);
        break;
    case SPAN_DAY:
        calendar_print_day(calendar_add_days(w->now, k), out->value);
        break;
    default:
        return put_duration(out, first, last, span, n, TIMEX_DURATION);
    }
    return put(out, first, last, TIMEX_DATE);
}

bool timex_span(struct timex_work *w, size_t i, struct time_phrase *out)
{
    double n = 1;
    size_t k = i;
    if (hyphenated(w, i, out)) {
        return true;
    }
    const struct word_type *t = document_type(w->d, i);
    if (!(t->classes & (WORD(TIMEWORD) | WORD(NUMBER) | WORD(SPAN))) && !(t->flags & TYPE_DIGITS)) {
        return false;
    }
    bool each = timex_word(w, i, "every") || timex_word(w, i, "each") || timex_word(w, i, "per");
    bool article = timex_word(w, i, "a") || timex_word(w, i, "an");
    bool bare = is_span(w, i) && !(timex_classes(w, i) & WORD(ORDINAL));
    if (each) {
        k = i + 1;
        if (timex_classes(w, k) & WORD(WEEKDAY)) {
            snprintf(out->value, sizeof out->value, "XXXX-WXX-%d", time_of(w, k) + 1);
            return put(out, i, k, TIMEX_SET);
        }
        if (timex_in(w, k) && !is_span(w, k) && !number_read(w->d, k, &n, &k)) {
            return false;
        }
    } else if (number_read(w->d, i, &n, &k)) {
        article = false;
    } else if (article) {
        k = i + 1;
    } else if (!bare) {
        return false;
    }
    if (timex_word(w, k, "more") || timex_word(w, k, "full") || timex_word(w, k, "straight")) {
        k++;
    }
    if (!timex_in(w, k) || !is_span(w, k)) {
        return false;
    }
    int32_t span = time_of(w, k);
    if (each) {
        return put_duration(out, i, k, span, n, TIMEX_SET);
    }
    if (timex_word(w, k + 1, "ago") || timex_word(w, k + 1, "earlier")) {
        return distant(w, i, k + 1, span, bare ? NAN : n, -1, out);
    }
    if (timex_word(w, k + 1, "later") || (timex_word(w, k + 1, "from") && timex_word(w, k + 2, "now"))) {
        return distant(w, i, k + (timex_word(w, k + 1, "later") ? 1U : 2U), span, bare ? NAN : n, 1, out);
    }
    if (!bare) {
        if ((article || n < 1.5) && span == SPAN_SECOND) {
            return false;
        }
        if (timex_classes(w, k) & WORD(ORDINAL)) {
            return false;
        }
        bool rate = article && i > w->from &&
                    (document_type(w->d, i - 1)->flags & TYPE_NUMERIC ||
                     timex_classes(w, i - 1) & (WORD(MAGNITUDE) | WORD(CURRENCY) | WORD(UNIT)));
        return put_duration(out, i, k, span, n, rate ? TIMEX_SET : TIMEX_DURATION);
    }
    if (is_plural(w, i)) {
        bool led = i > w->from && timex_classes(w, i - 1) & (WORD(PREPOSITION) | WORD(CLAUSE));
        return led && span == SPAN_YEAR && put_duration(out, i, i, span, NAN, TIMEX_DURATION);
    }
    bool full = i > w->from + 1 && timex_word(w, i - 1, "full");
    bool the = i > w->from && timex_word(w, full ? i - 2 : i - 1, "the");
    if (the && w->dated && span == SPAN_YEAR && !timex_word(w, i + 1, "before")) {
        return moved_span(w, i, i, span, 0, out);
    }
    if (the && span == SPAN_QUARTER && w->quarter) {
        calendar_print_quarter(w->quarter_year, w->quarter, out->value);
        return put(out, i, i, TIMEX_DATE);
    }
    return false;
}

/* ---- times of day ---- */

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
        (timex_classes(w, k) & (WORD(WEEKDAY) | WORD(TIMEWORD)) ? weekday(w, k, &date) || simple_word(w, k, &date)
                                                                : timex_absolute(w, k, &date)) &&
        strlen(date.value) >= 10 && sscanf(date.value, "%4d-%2d-%2d", &day.year, &day.month, &day.day) == 3) {
        last = date.last;
    } else if (i > w->from + 1) {
        size_t before = i - 1 - (timex_word(w, i - 1, "at") ? 1U : 0U);
        if (timex_classes(w, before) & WORD(WEEKDAY)) {
            day = weekday_date(w, before, time_of(w, before), 0);
        }
    }
    snprintf(out->value, sizeof out->value, "%04d-%02d-%02dT%02d:%02d", day.year % 10000, day.month % 100,
             day.day % 100, hour % 100, minute);
    return put(out, i, last, TIMEX_TIME);
}
