/* Other calendars: see calendars.h. */
#include "calendars.h"

enum {
    BUDDHIST = 543, /* years before the common era */
    JALALI_CYCLE = 33,
    JALALI_LEAPS = 8, /* of them */
};

int calendar_jalali_month(struct nw_str word)
{
    static const char *const months[] = {"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
                                         "مهر",     "آبان",     "آذر",   "دی",  "بهمن",  "اسفند"};
    for (int i = 0; i < 12; i++)
        if (nw_str_eq(word, nw_str_z(months[i])))
            return i + 1;
    return 0;
}

static int is_gregorian_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* By the cycle of 33 years with 8 leap years, which is right from 1342 to 1502 (1963 to 2123): days since the first of
 * Farvardin 1342, which was the 21st of March 1963, are counted on from there. */
void calendar_from_jalali(int *year, int *month, int *day)
{
    static const int leaps[JALALI_LEAPS] = {1, 5, 9, 13, 17, 22, 26, 30}; /* years of a cycle that have a day more */
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int days = *day - 1 + (*month <= 7 ? (*month - 1) * 31 : 186 + (*month - 7) * 30);
    for (int y = 1342; y < *year; y++) {
        days += 365;
        for (int i = 0; i < JALALI_LEAPS; i++)
            days += y % JALALI_CYCLE == leaps[i];
    }
    int y = 1963, m = 3, d = 21 + days;
    for (;;) {
        int length = lengths[m - 1] + (m == 2 && is_gregorian_leap(y));
        if (d <= length)
            break;
        d -= length;
        m = m % 12 + 1;
        y += m == 1;
    }
    *year = y;
    *month = m;
    *day = d;
}

int calendar_era(struct nw_str word)
{
    static const struct {
        struct nw_str name;
        int before;
    } eras[] = {{NW_STR("令和"), 2018},
                {NW_STR("平成"), 1988},
                {NW_STR("昭和"), 1925},
                {NW_STR("民國"), 1911},
                {NW_STR("民国"), 1911}};
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++)
        if (nw_str_ends(word, eras[i].name))
            return eras[i].before;
    return 0;
}

int calendar_from_buddhist(int year)
{
    return year >= 1957 + BUDDHIST && year <= 2100 + BUDDHIST ? year - BUDDHIST : 0;
}
