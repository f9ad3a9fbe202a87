/* Where words and dates of a dateline end: see dateline.h. */
#include "dateline.h"

#include "chars.h"
#include "dates.h"

/* A word's end: letters, marks inside words. */
size_t dateline_word_end(struct nw_str s, size_t i)
{
    while (i < s.n) {
        size_t before = i;
        uint32_t c = nw_utf8_next(s, &i);
        bool inside = is_letter(c) || (c == '\'' || c == 0x2019 || c == '.' || c == '&') ||
                      (c == '-' && before > 0 && i < s.n && s.p[i] != ' ' && s.p[i] != '-');
        if (!inside)
            return before;
    }
    return i;
}

/* "st", "nd", "rd", "th" behind the number that ends at i. */
static size_t ordinal_end(struct nw_str s, size_t i)
{
    static const char ordinals[] = " st nd rd th ";
    size_t end = dateline_word_end(s, i);
    return end == i + 2 && in_words(nw_str(ordinals, sizeof ordinals - 1), nw_str(s.p + i, 2)) ? end : i;
}

/* "03.03.2026", "2026. március 3.", "2026-03-03" at s[i]: its end, or i. */
static size_t numeric_end(struct nw_str s, size_t i)
{
    size_t end = i;
    while (is_digit(byte_at(s, end)) ||
           ((byte_at(s, end) == '.' || byte_at(s, end) == '-') && is_digit(byte_at(s, end + 1))))
        end++;
    if (end - i >= 8 && end - i <= 10)
        return end;
    if (end - i != 4 || byte_at(s, end) != '.' || byte_at(s, end + 1) != ' ')
        return i;
    size_t month = dateline_word_end(s, end + 2), day = month + 1;
    if (month == end + 2 || !month_of(nw_str(s.p + end + 2, month - end - 2)))
        return i;
    while (is_digit(byte_at(s, day)))
        day++;
    return day > month + 1 && day <= month + 3 ? day : i;
}

/* Days of the week, which stand beside dates. */
bool dateline_is_weekday(struct nw_str word)
{
    static const char days[] =
        " Monday Tuesday Wednesday Thursday Friday Saturday Sunday Montag Dienstag Mittwoch Donnerstag "
        "Freitag Samstag Sonntag lundi mardi mercredi jeudi vendredi samedi dimanche hétfő kedd szerda "
        "csütörtök péntek szombat vasárnap ";
    return in_words(nw_str(days, sizeof days - 1), word);
}

/* "Sha'ban 14, 1447": the end of a date of the Islamic calendar at s[i], which stands beside the other; or i. */
size_t dateline_hijri_end(struct nw_str s, size_t i)
{
    static const char *const months[] = {"Muharram", "Safar",    "Rabi",    "Jumada", "Rajab", "Sha",
                                         "Ramadan",  "Ramadhan", "Shawwal", "Dhul",   "Dhu",   "Thul"};
    bool found = false;
    for (size_t k = 0; k < sizeof months / sizeof *months && !found; k++)
        found = nw_str_starts(nw_str_from(s, i), nw_str_z(months[k]));
    size_t end = i;
    while (found && end < s.n && end < i + 24 && !is_digit(s.p[end]))
        end++;
    size_t day = end;
    while (is_digit(byte_at(s, day)))
        day++;
    if (!found || day == end || day > end + 2 || byte_at(s, day) != ',')
        return i;
    day++;
    while (byte_at(s, day) == ' ')
        day++;
    return byte_at(s, day) == '1' && byte_at(s, day + 1) == '4' && is_digit(byte_at(s, day + 2)) &&
                   is_digit(byte_at(s, day + 3))
               ? day + 4
               : i;
}

/* A date at s[i] ("Jan. 13", "13 January 2022", "1 LUG"): its end, or i. */
size_t dateline_date_end(struct nw_str s, size_t i)
{
    size_t end = numeric_end(s, i), next;
    if (end > i)
        return end;
    end = dateline_word_end(s, i);
    if (end > i) {
        if (!is_digit(byte_at(s, end + 1)) && !is_digit(byte_at(s, end + 2)))
            return i; /* a month is followed by its day */
        struct nw_str word = trim_set(nw_str(s.p + i, end - i), ".");
        if (!month_of(word) || word.n < 3)
            return i;
        next = end;
        while (byte_at(s, next) == ' ')
            next++;
        size_t digits = next;
        while (is_digit(byte_at(s, next)))
            next++;
        if (next == digits || next - digits > 2)
            return i;
        end = ordinal_end(s, next);
    } else {
        next = i;
        while (is_digit(byte_at(s, next)))
            next++;
        if (next == i || next - i > 2)
            return i;
        next = ordinal_end(s, next);
        if (byte_at(s, next) == '.')
            next++;
        while (byte_at(s, next) == ' ')
            next++;
        end = dateline_word_end(s, next);
        if (end == next || !month_of(trim_set(nw_str(s.p + next, end - next), ".")))
            return i;
    }
    next = end;
    while (byte_at(s, next) == ' ' || byte_at(s, next) == ',')
        next++;
    if (number_of(nw_str(s.p + next, next + 4 <= s.n ? 4 : 0)) >= 1900 && !is_digit(byte_at(s, next + 4)))
        end = next + 4;
    return end;
}
