/* Reads spans and times; see since.h. */
#include "since.h"

#include "arguments.h"

#include <newswire/clock.h>

#include <stdio.h>
#include <string.h>

enum { SPAN_TEXT = 16 };

bool since_parse(const char *text, struct since *since)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    char digits[SPAN_TEXT];
    size_t n = strlen(text);
    int64_t number;

    *since = (struct since){0};
    if (strcmp(text, "start") == 0 || nw_time_parse(nw_str_z(text), &since->ms)) {
        return true;
    }
    if (n < 2 || n > sizeof digits) {
        return false;
    }
    snprintf(digits, sizeof digits, "%.*s", (int)n - 1, text);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (text[n - 1] == units[i].unit && number_parse(digits, 1, 100000000, &number)) {
            *since = (struct since){.back = true, .ms = number * units[i].ms};
            return true;
        }
    }
    return false;
}
