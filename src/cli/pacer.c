/* See pacer.h. */
#include "pacer.h"

#include "arguments.h"

#include <stdio.h>
#include <string.h>

enum { RATE_MOST = 1000000000, SPEED_MOST = 1000000, CATCH_UP_PERCENT = 80 /* of the interval, when behind */ };

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void by_rate(struct pacer *pacer, double now)
{
    pacer->due = larger(pacer->due + pacer->interval, now - PACER_DEBT);
    pacer->went =
        larger(pacer->due, larger(pacer->went, now - PACER_SLACK) + pacer->interval * CATCH_UP_PERCENT / 100.0);
}

static void by_time(struct pacer *pacer, double now, int64_t time)
{
    int64_t gap = pacer->timed && time != PACER_NO_TIME ? time - pacer->newest : 0;

    if (time == PACER_NO_TIME || (pacer->timed && gap <= 0 && gap >= -PACER_GAP_MS)) {
        return; /* with the one before it */
    }
    if (pacer->timed && gap > 0 && gap <= PACER_GAP_MS) {
        pacer->newest_at = larger(pacer->newest_at + (double)gap * 1000 / pacer->speed, now - PACER_DEBT);
    } else {
        pacer->newest_at = now;
    }
    pacer->newest = time;
    pacer->timed = true;
    pacer->went = larger(pacer->went, pacer->newest_at);
}

int64_t pacer_next(struct pacer *pacer, int64_t now, int64_t time)
{
    if (!pacer->begun) {
        pacer->begun = true;
        pacer->due = pacer->went = (double)now;
    } else if (pacer->interval > 0) {
        by_rate(pacer, (double)now);
    } else {
        pacer->went = (double)now;
    }
    if (pacer->speed > 0) {
        by_time(pacer, (double)now, time);
    }
    return (int64_t)pacer->went;
}

/* The number before `unit`, which may be left out; text has no other end. */
static bool number_before(const char *text, const char *unit, char digits[24])
{
    size_t n = strlen(text), u = strlen(unit);

    if (n > u && strcmp(text + n - u, unit) == 0) {
        n -= u;
    }
    if (n == 0 || n >= 24) {
        return false;
    }
    snprintf(digits, 24, "%.*s", (int)n, text);
    return true;
}

bool pacer_rate(const char *text, double *interval)
{
    char digits[24];
    int64_t rate;

    if (!number_before(text, "/s", digits) || !number_parse(digits, 1, RATE_MOST, &rate)) {
        return false;
    }
    *interval = 1e6 / (double)rate;
    return true;
}

/* Digits with at most one point: "10", "0.5". */
bool pacer_speed(const char *text, double *speed)
{
    char digits[24];
    double value = 0, scale = 0;
    bool some = false;

    if (!number_before(text, "x", digits)) {
        return false;
    }
    for (const char *p = digits; *p; p++) {
        if (*p == '.' && scale == 0) {
            scale = 1;
        } else if (*p < '0' || *p > '9') {
            return false;
        } else {
            value = value * 10 + (*p - '0');
            scale *= 10;
            some = true;
        }
    }
    *speed = scale > 0 ? value / scale : value;
    return some && *speed > 0 && *speed <= SPEED_MOST;
}
