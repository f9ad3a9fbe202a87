/* Time expressions: the loop, numbers, and what is absolute. See timex.h. */
#include "timex.h"

#include <errno.h>
#include <math.h>
#include <newswire/alloc.h>
#include <stdio.h>

bool number_read(const struct document *d, size_t i, double *value, size_t *next)
{
    const struct word_type *w = document_type(d, i);
    double total = 0;
    double part = 0;
    bool any = false;
    size_t k = i;
    size_t n = d->tokens.n;
    if (w->flags & TYPE_NUMERIC) {
        part = w->number;
        any = true;
        k++;
    } else if (w->classes & WORD(NUMBER)) {
        part = w->number;
        any = true;
        k++;
        if (k < n && (document_type(d, k)->classes & WORD(NUMBER)) && document_type(d, k)->number < 10 && part >= 20) {
            part += document_type(d, k++)->number;
        }
    } else {
        struct nw_str s = document_token(d, i);
        bool article = nw_str_eq_nocase(s, NW_S("a")) || nw_str_eq_nocase(s, NW_S("an"));
        if (article && k + 1 < n) {
            struct nw_str t = document_token(d, k + 1);
            if (nw_str_eq_nocase(t, NW_S("few")) || nw_str_eq_nocase(t, NW_S("couple"))) {
                bool couple = t.n == 6;
                k += 2;
                if (k < n && nw_str_eq_nocase(document_token(d, k), NW_S("of"))) {
                    k++;
                }
                *value = couple ? 2 : NAN;
                *next = k;
                return true;
            }
            if (document_type(d, k + 1)->classes & WORD(MAGNITUDE)) {
                part = 1;
                any = true;
                k++;
            }
        } else if (nw_str_eq_nocase(s, NW_S("several")) || nw_str_eq_nocase(s, NW_S("many")) ||
                   nw_str_eq_nocase(s, NW_S("few"))) {
            *value = NAN;
            *next = k + 1;
            return true;
        }
    }
    if (!any) {
        return false;
    }
    /* two hundred thousand; 3.5 million; 5 1/2 */
    for (;;) {
        if (k < n && (document_type(d, k)->classes & WORD(MAGNITUDE)) && !(document_type(d, k)->flags & TYPE_CAPITAL)) {
            double by = document_type(d, k)->number;
            if (by < 1000) {
                part *= by;
            } else {
                total += part * by;
                part = 0;
            }
            k++;
        } else if (part > 0 && k < n && k > i && (document_type(d, k)->classes & WORD(NUMBER)) &&
                   (document_type(d, k - 1)->classes & WORD(MAGNITUDE))) {
            part += document_type(d, k++)->number;
        } else {
            break;
        }
    }
    if (k < n) {
        struct nw_str s = document_token(d, k);
        if (nw_str_eq(s, NW_S("1/2"))) {
            part += 0.5;
            k++;
        } else if (nw_str_eq(s, NW_S("1/4")) || nw_str_eq(s, NW_S("3/4"))) {
            part += s.p[0] == '1' ? 0.25 : 0.75;
            k++;
        }
    }
    *value = total + part;
    *next = k;
    return true;
}

bool timex_future(const struct timex_work *w, size_t i)
{
    size_t low = i > w->from + 10 ? i - 10 : w->from;
    bool future = false;
    bool past = false;
    for (size_t k = low; k < i; k++) {
        struct nw_str s = document_token(w->d, k);
        uint64_t classes = timex_classes(w, k);
        if (nw_str_eq_nocase(s, NW_S("will")) || nw_str_eq_nocase(s, NW_S("'ll")) ||
            nw_str_eq_nocase(s, NW_S("shall")) || nw_str_eq_nocase(s, NW_S("scheduled")) ||
            nw_str_eq_nocase(s, NW_S("due")) || nw_str_eq_nocase(s, NW_S("expires")) ||
            nw_str_eq_nocase(s, NW_S("would")) || nw_str_eq_nocase(s, NW_S("planned")) ||
            nw_str_eq_nocase(s, NW_S("plans")) || nw_str_eq_nocase(s, NW_S("expected")) ||
            nw_str_eq_nocase(s, NW_S("deadline"))) {
            future = true;
            past = false;
        } else if ((classes & (WORD(PAST) | WORD(CUE))) && s.n > 2 && nw_str_ends(s, NW_S("d"))) {
            past = true;
        }
    }
    return future && !past;
}

/* ---- years, months, days ---- */

static bool year_at(const struct timex_work *w, size_t i, int *year)
{
    if (!timex_in(w, i)) {
        return false;
    }
    const struct word_type *t = document_type(w->d, i);
    if (!(t->flags & TYPE_NUMERIC) || t->letters != 4 || t->number < 1000 || t->number > 2199 ||
        t->number > floor(t->number)) {
        return false;
    }
    *year = (int)t->number;
    return true;
}

static bool day_at(const struct timex_work *w, size_t i, int *day)
{
    if (!timex_in(w, i)) {
        return false;
    }
    const struct word_type *t = document_type(w->d, i);
    bool ordinal = (t->classes & WORD(ORDINAL)) && (t->flags & TYPE_DIGITS);
    if (!ordinal && !((t->flags & TYPE_NUMERIC) && t->letters <= 2)) {
        return false;
    }
    double n = t->number;
    if (n < 1 || n > 31 || n > floor(n)) {
        return false;
    }
    *day = (int)n;
    return true;
}

static bool month_at(const struct timex_work *w, size_t i, int *month)
{
    if (!(timex_classes(w, i) & WORD(MONTH))) {
        return false;
    }
    const struct word_type *t = document_type(w->d, i);
    struct nw_str s = document_token(w->d, i);
    if (!(t->flags & TYPE_CAPITAL)) {
        return false;
    }
    /* May and March are words: at a sentence's start a number or "of" has to follow. */
    bool word = nw_str_eq_nocase(s, NW_S("may")) || nw_str_eq_nocase(s, NW_S("march")) || s.n == 3;
    if (word && i == w->from) {
        int number;
        if (!day_at(w, i + 1, &number) && !year_at(w, i + 1, &number)) {
            return false;
        }
    }
    *month = t->time;
    return true;
}

/* The year of a month (and day) that is named without one: the nearest, the past first. */
static int nearest_year(const struct timex_work *w, size_t i, int month, int day)
{
    int here = w->now.year * 12 + w->now.month;
    int there = w->now.year * 12 + month;
    int year = w->now.year;
    if (there - here >= 6) {
        year--;
    } else if (here - there > 6) {
        year++;
    }
    bool past = year * 12 + month < here || (year * 12 + month == here && day && day < w->now.day);
    if (past && timex_future(w, i)) {
        year++;
    }
    return year;
}

/* Behind a month (and day): its year, with a comma or "of" before; sets *last. */
static bool year_behind(const struct timex_work *w, size_t i, size_t *last, int *year)
{
    if (year_at(w, i, year) && *year >= 1400) {
        *last = i;
        return true;
    }
    if ((timex_mark(w, i, ',') || timex_word(w, i, "of")) && year_at(w, i + 1, year) && *year >= 1400) {
        *last = i + 1;
        return true;
    }
    if (timex_classes(w, i) & (WORD(LAST) | WORD(THIS) | WORD(NEXT)) && timex_word(w, i + 1, "year") && w->dated) {
        uint64_t c = timex_classes(w, i);
        *year = w->now.year + (c & WORD(NEXT) ? 1 : c & WORD(THIS) ? 0 : -1);
        *last = i + 1;
        return true;
    }
    return false;
}

static bool month_date(struct timex_work *w, size_t i, struct time_phrase *out)
{
    int month;
    int day = 0;
    int year;
    size_t last;
    if (month_at(w, i, &month)) {
        last = i;
        if (day_at(w, i + 1, &day)) {
            last = i + 1;
        }
    } else if (day_at(w, i, &day) && month_at(w, i + 1, &month)) {
        last = i + 1;
    } else if (day_at(w, i, &day) && timex_word(w, i + 1, "of") && month_at(w, i + 2, &month)) {
        last = i + 2;
    } else {
        return false;
    }
    if (!year_behind(w, last + 1, &last, &year)) {
        if (!w->dated) {
            return false;
        }
        year = nearest_year(w, i, month, day);
    }
    struct day d = {year, month, day};
    if (day) {
        calendar_print_day(d, out->value);
    } else {
        calendar_print_month(d, out->value);
    }
    return timex_put(out, i, last, TIMEX_DATE);
}

/* the week of March 6 */
static bool week_of(struct timex_work *w, size_t i, struct time_phrase *out)
{
    struct time_phrase date;
    struct day d;
    if (!timex_word(w, i, "week") || !timex_word(w, i + 1, "of") || !month_date(w, i + 2, &date) ||
        sscanf(date.value, "%4d-%2d-%2d", &d.year, &d.month, &d.day) != 3) {
        return false;
    }
    calendar_print_week(d, out->value);
    return timex_put(out, i, date.last, TIMEX_DATE);
}

/* 1998-02-13, 11/1/89, 1996/97 */
static bool numeric_date(struct timex_work *w, size_t i, struct time_phrase *out)
{
    const struct word_type *t = document_type(w->d, i);
    struct nw_str s = document_token(w->d, i);
    int a = 0;
    int b = 0;
    int c = 0;
    char text[16];
    if (!(t->flags & TYPE_DIGITS) || (t->flags & TYPE_NUMERIC) || s.n > 10 || s.n < 6) {
        return false;
    }
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    int end = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &a, &b, &c, &end) == 3 && (size_t)end == s.n && a >= 1000 && b >= 1 && b <= 12 &&
        c >= 1 && c <= 31) {
        snprintf(out->value, sizeof out->value, "%04d-%02d-%02d", a, b, c);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    end = 0;
    if (sscanf(text, "%2d/%2d/%4d%n", &a, &b, &c, &end) == 3 && (size_t)end == s.n && a >= 1 && a <= 12 && b >= 1 &&
        b <= 31) {
        c += c < 100 ? (c > 40 ? 1900 : 2000) : 0;
        snprintf(out->value, sizeof out->value, "%04d-%02d-%02d", c, a, b);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    return false;
}

/* 1990s, '90s, mid-1990s, nineties: the decade's first digits */
static bool decade(struct timex_work *w, size_t i, struct time_phrase *out)
{
    const struct word_type *t = document_type(w->d, i);
    struct nw_str s = document_token(w->d, i);
    if (!(t->classes & WORD(TIMEWORD)) && (t->flags & (TYPE_DIGITS | TYPE_NUMERIC)) != TYPE_DIGITS) {
        return false;
    }
    if (nw_str_starts_nocase(s, NW_S("mid-")) || nw_str_starts_nocase(s, NW_S("pre-"))) {
        s = nw_str_from(s, 4);
    } else if (nw_str_starts_nocase(s, NW_S("post-")) || nw_str_starts_nocase(s, NW_S("late-"))) {
        s = nw_str_from(s, 5);
    }
    if (s.n && s.p[0] == '\'') {
        s = nw_str_from(s, 1);
    }
    bool digits = s.n >= 3 && (s.n == 3 || s.n == 5 || s.n == 4);
    for (size_t k = 0; digits && k < (s.n == 4 ? 4 : s.n - 1); k++) {
        digits = s.p[k] >= '0' && s.p[k] <= '9';
    }
    if (digits && s.n == 4 && s.n != (document_token(w->d, i)).n && s.p[0] != '0') {
        snprintf(out->value, sizeof out->value, "%.4s", s.p); /* mid-1996 */
        return timex_put(out, i, i, TIMEX_DATE);
    }
    if (digits && s.n == 5 && s.p[4] == 's' && s.p[3] == '0') {
        snprintf(out->value, sizeof out->value, "%.3s", s.p);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    if (digits && s.n == 3 && s.p[2] == 's' && s.p[1] == '0') {
        snprintf(out->value, sizeof out->value, "19%c", s.p[0]);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    static const char *const names[] = {"twenties", "thirties",  "forties",  "fifties",
                                        "sixties",  "seventies", "eighties", "nineties"};
    for (unsigned k = 0; k < sizeof names / sizeof *names; k++) {
        if (timex_word(w, i, names[k])) {
            snprintf(out->value, sizeof out->value, "19%u", k + 2);
            return timex_put(out, i, i, TIMEX_DATE);
        }
    }
    return false;
}

/* A year that stands alone. */
static bool bare_year(struct timex_work *w, size_t i, struct time_phrase *out)
{
    int year;
    if (!year_at(w, i, &year) || year < 1500 || year > 2100) {
        return false;
    }
    if (i > w->from) {
        const struct word_type *before = document_type(w->d, i - 1);
        if ((before->flags & TYPE_MARK && strchr("$#.@", before->mark) && before->mark) ||
            before->flags & TYPE_NUMERIC) {
            return false;
        }
        if (before->classes & WORD(APPROX) && timex_classes(w, i + 1) & WORD(UNIT)) {
            return false;
        }
    }
    uint64_t next = timex_classes(w, i + 1);
    bool counted = next & (WORD(UNIT) | WORD(SPAN) | WORD(CURRENCY) | WORD(MAGNITUDE));
    if (counted || timex_mark(w, i + 1, '%') || timex_word(w, i + 1, "percent") || timex_word(w, i + 1, "people")) {
        return false;
    }
    bool likely = year >= 1800 && year <= 2060;
    bool led = i > w->from && timex_classes(w, i - 1) & (WORD(PREPOSITION) | WORD(DETERMINER));
    if (!likely && !led) {
        return false;
    }
    calendar_print_year(year, out->value);
    return timex_put(out, i, i, TIMEX_DATE);
}

bool timex_absolute(struct timex_work *w, size_t i, struct time_phrase *out)
{
    return week_of(w, i, out) || month_date(w, i, out) || numeric_date(w, i, out) || decade(w, i, out) ||
           bare_year(w, i, out);
}

/* ---- the loop ---- */

static bool may_begin(const struct token *t)
{
    const uint64_t classes = WORD(MONTH) | WORD(WEEKDAY) | WORD(SPAN) | WORD(DAYPART) | WORD(SEASON) | WORD(NUMBER) |
                             WORD(ORDINAL) | WORD(NEXT) | WORD(LAST) | WORD(THIS) | WORD(TIMEWORD);
    return (t->classes & classes) || (t->flags & (TYPE_DIGITS | TYPE_HYPHEN));
}

static int keep(struct timexes *list, const struct time_phrase *x)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 64;
        struct time_phrase *v = nw_realloc(list->v, cap * sizeof *v);
        if (v == NULL) {
            return -ENOMEM;
        }
        list->v = v;
        list->cap = cap;
    }
    list->v[list->n++] = *x;
    return 0;
}

static bool best_at(struct timex_work *w, size_t i, struct time_phrase *out)
{
    static const struct {
        bool (*read)(struct timex_work *, size_t, struct time_phrase *);
        const char *name;
    } rules[] = {{timex_clock, "rule:clock"},
                 {timex_absolute, "rule:calendar"},
                 {timex_relative, "rule:relative"},
                 {timex_span, "rule:span"}};
    bool any = false;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        struct time_phrase x;
        if (rules[k].read(w, i, &x) && (!any || x.last > out->last)) {
            *out = x;
            out->by = rules[k].name;
            any = true;
        }
    }
    return any;
}

int timexes_find(const struct document *d, struct timexes *list)
{
    struct timex_work w = {.d = d, .dated = d->date != INT64_MIN};
    list->n = 0;
    if (w.dated) {
        w.now = calendar_day(d->date);
    }
    for (size_t i = 0; i < d->tokens.n; i++) {
        if (d->tokens.v[i].marks & TOKEN_SENTENCE) {
            w.from = i;
            w.to = i + 1;
            while (w.to < d->tokens.n && !(d->tokens.v[w.to].marks & TOKEN_SENTENCE)) {
                w.to++;
            }
        }
        struct time_phrase x;
        if (!may_begin(&d->tokens.v[i]) || !best_at(&w, i, &x)) {
            continue;
        }
        int rc = keep(list, &x);
        if (rc != 0) {
            return rc;
        }
        i = x.last;
    }
    return 0;
}

void timexes_free(struct timexes *list)
{
    nw_free(list->v);
    *list = (struct timexes){0};
}
