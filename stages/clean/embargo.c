/* Embargoes: lines that say until when an item may not be published. See wire.h. */
#include "chars.h"
#include "wire.h"

enum {
    EMBARGO_MOST = 240, /* bytes of a line that is an embargo */
    EMBARGO_DAYS = 90,  /* for which one without a year may run */
};

static const int64_t DAY = 86400000; /* ms */

/* "00.01 Thursday January 15 2026": the time put behind the day, where a name of a month tells that it is one. */
static struct nw_str time_last(struct draft *draft, struct nw_str when)
{
    size_t hour = 0, month = 0;
    while (is_digit(byte_at(when, hour)))
        hour++;
    if (hour < 1 || hour > 2 || byte_at(when, hour) != '.' || !is_digit(byte_at(when, hour + 1)) ||
        !is_digit(byte_at(when, hour + 2)) || byte_at(when, hour + 3) != ' ')
        return when;
    for (size_t i = hour + 3; i < when.n && !month; i++) {
        size_t end = i;
        while (is_alpha(byte_at(when, end)))
            end++;
        month = end > i + 2 && month_of(nw_str(when.p + i, end - i)) ? i : 0;
        i = end;
    }
    if (!month)
        return when;
    return draft_printf(draft, "%.*s %.*s:%.2s", NW_FMT(nw_str_from(when, hour + 4)), (int)hour, when.p,
                        when.p + hour + 1);
}

/* "10:00 a.m. local time (0800 GMT) on March 3": what the brackets say holds everywhere. */
static struct nw_str time_of_all(struct nw_str when)
{
    size_t local = find_nocase(when, NW_S("local"));
    struct nw_str rest = local == SIZE_MAX ? nw_str(NULL, 0) : nw_str_from(when, local);
    size_t open = nw_str_find(rest, NW_S("(")), close = nw_str_find(rest, NW_S(")"));
    if (open == SIZE_MAX || close == SIZE_MAX || close < open)
        return when;
    struct nw_str inside = nw_str(rest.p + open, close - open);
    return has_word(inside, NW_S("gmt")) || has_word(inside, NW_S("utc")) ? nw_str_from(rest, open + 1) : when;
}

/* The moment that `when` names. Where it has no year, the one by which it falls at or soon after the time that the item
 * or its source tells. */
static bool embargo_moment(struct draft *draft, struct nw_str when, struct date *date)
{
    const struct nw_record *r = draft->record;
    when = trim_set(time_last(draft, time_of_all(when)), " *!:-+");
    if (date_read(when, date) && date->precision >= PRECISION_DAY)
        return true;
    int64_t now = NW_HAS(record, r, version_created)    ? r->version_created
                  : NW_HAS(record, r, first_created)    ? r->first_created
                  : NW_HAS(source, r->source, received) ? r->source->received
                                                        : 0;
    int year, month, day, hour, minute, second;
    nw_time_to_civil(now, &year, &month, &day, &hour, &minute, &second);
    for (int later = 0; now && later < 2; later++) /* one of December may end in January */
        if (date_read(draft_printf(draft, "%.*s %d", NW_FMT(when), year + later), date) &&
            date->precision >= PRECISION_DAY && date->ms + DAY >= now && date->ms < now + EMBARGO_DAYS * DAY)
            return true;
    return false;
}

bool wire_embargo(struct draft *draft, struct nw_str line)
{
    static const char *const words[] = {"embargo",
                                        "(embargo",
                                        "*embargo",
                                        "**embargo",
                                        "under embargo",
                                        "strictly embargo",
                                        "sperrfrist",
                                        "achtung sperrfrist",
                                        "not for publication before",
                                        "not for release before",
                                        "not to be published before",
                                        "hold for release",
                                        "for release at",
                                        "for release on",
                                        "not for use before",
                                        "sous embargo",
                                        "embargado",
                                        "in embargo",
                                        "onder embargo",
                                        "sperrvermerk",
                                        "Эмбарго",
                                        "ЭМБАРГО",
                                        NULL};
    static const char *const marks[] = {"until ", "till ", "before ", "hasta ", "fino al", "jusqu", " tot ",
                                        " до ",   "to ",   "bis ",    ": ",     "at ",     "on ",   "for release "};
    struct nw_str bare = line.n > 0 && is_alpha(line.p[0]) ? line : trim_set(line, "*!-+# ");
    if (line.n > EMBARGO_MOST || !starts_any(bare, "e(*usanhfoi\xD0", words))
        return false;
    size_t from = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && from == 0; i++) {
        size_t at = find_nocase(line, nw_str_z(marks[i]));
        if (at != SIZE_MAX)
            from = at + strlen(marks[i]);
    }
    while (from < line.n && from > 0 && !is_digit(line.p[from])) { /* "ALLE ORE ", "Thursday, " */
        if (!is_alpha((unsigned char)line.p[from]) && (unsigned char)line.p[from] < 0x80 && line.p[from] != ' ' &&
            line.p[from] != ',' && line.p[from] != '.')
            break;
        size_t end = from;
        while (end < line.n && line.p[end] != ' ')
            end++;
        if (month_of(trim_set(nw_str(line.p + from, end - from), ".,")))
            break;
        from = end + 1;
    }
    struct date date;
    if (embargo_moment(draft, nw_str_from(line, from < line.n ? from : 0), &date) || embargo_moment(draft, line, &date))
        draft_moment(draft, MOMENT_EMBARGO, &date);
    if (draft->record)
        draft_status(draft, "withheld");
    draft_note(draft, line);
    return true;
}
