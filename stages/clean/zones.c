/* Time zones: see zones.h. Rules of summer time: the United States' Uniform Time Act with its changes of 1986 and 2005;
 * New South Wales' and Victoria's since 2008; New Zealand's since 2007. */
#include "zones.h"

#include <newswire/clock.h>

/* When clocks are changed: the nth Sunday of a month, 5 for the last, at an hour that they show before the change. */
struct change {
    int month, nth, hour;
};

/* Which summer time holds from a year on, until the row behind it begins. */
struct summer {
    int since;
    struct change begin, end; /* the end comes first in the year where it is winter in June */
};

static const struct summer AMERICA[] = {
    {0, {4, 5, 2}, {10, 5, 2}}, {1987, {4, 1, 2}, {10, 5, 2}}, {2007, {3, 2, 2}, {11, 1, 2}}, {.since = 0}};
static const struct summer AUSTRALIA[] = {{0, {10, 1, 2}, {4, 1, 3}}, {.since = 0}};
static const struct summer NEW_ZEALAND[] = {{0, {9, 5, 2}, {4, 1, 3}}, {.since = 0}};

static const struct zone {
    const char *name;
    int minutes;                 /* of standard time, or of the season that the name says */
    const struct summer *summer; /* by which the name is an hour more; NULL: it never is */
} ZONES[] = {
    {"z", 0, NULL},        {"gmt", 0, NULL},          {"utc", 0, NULL},        {"ut", 0, NULL},
    {"est", -300, NULL},   {"edt", -240, NULL},       {"et", -300, AMERICA},   {"cst", -360, NULL},
    {"cdt", -300, NULL},   {"ct", -360, AMERICA},     {"mst", -420, NULL},     {"mdt", -360, NULL},
    {"mt", -420, AMERICA}, {"pst", -480, NULL},       {"pdt", -420, NULL},     {"pt", -480, AMERICA},
    {"akst", -540, NULL},  {"akdt", -480, NULL},      {"akt", -540, AMERICA},  {"hst", -600, NULL},
    {"wet", 0, NULL},      {"west", 60, NULL},        {"bst", 60, NULL},       {"cet", 60, NULL},
    {"cest", 120, NULL},   {"mez", 60, NULL},         {"mesz", 120, NULL},     {"eet", 120, NULL},
    {"eest", 180, NULL},   {"sast", 120, NULL},       {"msk", 180, NULL},      {"ist", 330, NULL},
    {"sgt", 480, NULL},    {"hkt", 480, NULL},        {"jst", 540, NULL},      {"kst", 540, NULL},
    {"aest", 600, NULL},   {"aedt", 660, NULL},       {"aet", 600, AUSTRALIA}, {"nzst", 720, NULL},
    {"nzdt", 780, NULL},   {"nzt", 720, NEW_ZEALAND}, {"МСК", 180, NULL},      {"мск", 180, NULL},
    {"wib", 420, NULL},    {"wita", 480, NULL},
};

const struct zone *zone_of(struct nw_str name)
{
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++)
        if (nw_str_eq_nocase(name, nw_str_z(ZONES[i].name)))
            return &ZONES[i];
    return NULL;
}

static int64_t change_time(const struct change *change, int year)
{
    enum { SUNDAY = 6, WEEK = 7 };
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int first = 1 + (SUNDAY - nw_time_weekday(nw_time_from_civil(year, change->month, 1, 0, 0, 0)) + WEEK) % WEEK;
    int day = first + WEEK * (change->nth - 1);
    while (day > days[change->month - 1]) /* no change is in February */
        day -= WEEK;
    return nw_time_from_civil(year, change->month, day, change->hour, 0, 0);
}

static bool is_summer(const struct summer *rule, int64_t wall)
{
    int year, month, day, hour, minute, second;
    nw_time_to_civil(wall, &year, &month, &day, &hour, &minute, &second);
    while (rule[1].since > 0 && rule[1].since <= year)
        rule++;
    int64_t begin = change_time(&rule->begin, year), end = change_time(&rule->end, year);
    return begin < end ? wall >= begin && wall < end : wall >= begin || wall < end;
}

int zone_minutes(const struct zone *zone, int64_t wall)
{
    return zone->minutes + (zone->summer && is_summer(zone->summer, wall) ? 60 : 0);
}
