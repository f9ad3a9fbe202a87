/* Days, weeks, months and quarters as TIMEX3 values need them. Proleptic Gregorian. */
#ifndef TAG_CALENDAR_H
#define TAG_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

struct day {
    int year, month, day;
};

struct day calendar_day(int64_t ms);
/* Days later; months later (the day cut to the month's last). */
struct day calendar_add_days(struct day d, int64_t days);
struct day calendar_add_months(struct day d, int64_t months);
int calendar_weekday(struct day d); /* 0 Monday to 6 Sunday */
/* ISO 8601 week and its year. */
void calendar_week(struct day d, int *year, int *week);

enum { CALENDAR_TEXT = 40 };
/* "1998-02-13", "1998-02", "1998", "1998-W07", "1998-Q1" */
void calendar_print_day(struct day d, char out[CALENDAR_TEXT]);
void calendar_print_month(struct day d, char out[CALENDAR_TEXT]);
void calendar_print_year(int year, char out[CALENDAR_TEXT]);
void calendar_print_week(struct day d, char out[CALENDAR_TEXT]);
void calendar_print_quarter(int year, int quarter, char out[CALENDAR_TEXT]);

#endif
