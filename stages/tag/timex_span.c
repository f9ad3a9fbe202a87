/* Durations and sets: three weeks, a ten-day trip, every Monday; and what lies so far from now. See timex.h. */
#include "timex.h"

#include "letters.h"

#include <math.h>
#include <stdio.h>

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
        return timex_put(out, i, i, TIMEX_DATE);
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
        return timex_put(out, i, i, TIMEX_DATE);
    }
    if (nw_str_eq_nocase(s, NW_S("year-end")) && w->dated) {
        snprintf(out->value, sizeof out->value, "%04d-12-31", w->now.year);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    if (nw_str_ends(s, NW_S("-old")) || nw_str_ends(s, NW_S("-olds"))) {
        return false; /* an age */
    }
    if (right == NULL || !(right->classes & WORD(SPAN))) {
        if (left && left->classes & WORD(SPAN) && nw_str_ends(s, NW_S("-long"))) {
            return timex_put_duration(out, i, i, left->time, nw_str_find(s, NW_S("s-")) < s.n ? NAN : 1,
                                      TIMEX_DURATION);
        }
        return false;
    }
    if (left && left->classes & WORD(ORDINAL) && right->time == SPAN_QUARTER && left->number <= 4) {
        return timex_put_quarter(w, out, i, i, (int)left->number);
    }
    double n = left && left->classes & WORD(NUMBER) ? left->number : 0;
    if (n <= 0) {
        for (size_t k = 0; k < s.n && s.p[k] >= '0' && s.p[k] <= '9'; k++) {
            n = n * 10 + (s.p[k] - '0');
        }
    }
    return n > 0 && timex_put_duration(out, i, i, right->time, n, TIMEX_DURATION);
}

/* n spans before or behind now */
static bool distant(struct timex_work *w, size_t first, size_t last, int32_t span, double n, int direction,
                    struct time_phrase *out)
{
    if (!w->dated) {
        return false;
    }
    if (isnan(n) || n > 10000) {
        return timex_put_text(out, first, last, TIMEX_DATE, direction < 0 ? "PAST_REF" : "FUTURE_REF");
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
        return timex_put_duration(out, first, last, span, n, TIMEX_DURATION);
    }
    return timex_put(out, first, last, TIMEX_DATE);
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
    bool bare = timex_is_span(w, i) && !(timex_classes(w, i) & WORD(ORDINAL));
    if (each) {
        k = i + 1;
        if (timex_classes(w, k) & WORD(WEEKDAY)) {
            snprintf(out->value, sizeof out->value, "XXXX-WXX-%d", timex_time(w, k) + 1);
            return timex_put(out, i, k, TIMEX_SET);
        }
        if (timex_in(w, k) && !timex_is_span(w, k) && !number_read(w->d, k, &n, &k)) {
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
    if (!timex_in(w, k) || !timex_is_span(w, k)) {
        return false;
    }
    int32_t span = timex_time(w, k);
    if (each) {
        return timex_put_duration(out, i, k, span, n, TIMEX_SET);
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
        return timex_put_duration(out, i, k, span, n, rate ? TIMEX_SET : TIMEX_DURATION);
    }
    if (timex_is_plural(w, i)) {
        bool led = i > w->from && timex_classes(w, i - 1) & (WORD(PREPOSITION) | WORD(CLAUSE));
        return led && span == SPAN_YEAR && timex_put_duration(out, i, i, span, NAN, TIMEX_DURATION);
    }
    bool full = i > w->from + 1 && timex_word(w, i - 1, "full");
    bool the = i > w->from && timex_word(w, full ? i - 2 : i - 1, "the");
    if (the && w->dated && span == SPAN_YEAR && !timex_word(w, i + 1, "before")) {
        return timex_put_moved(w, i, i, span, 0, out);
    }
    if (the && span == SPAN_QUARTER && w->quarter) {
        calendar_print_quarter(w->quarter_year, w->quarter, out->value);
        return timex_put(out, i, i, TIMEX_DATE);
    }
    return false;
}
