/*
 * Years and months of other calendars than the Gregorian, as pages in Persian, Thai, Japanese and Chinese show them.
 */
#ifndef CLEAN_CALENDARS_H
#define CLEAN_CALENDARS_H

#include <newswire/str.h>

/* The month, 1 to 12, of the Solar Hijri (Persian) calendar that a word names; 0 for none. */
int calendar_jalali_month(struct nw_str word);

/* A day of the Solar Hijri calendar, of the years 1200 to 1498, as a Gregorian one. */
void calendar_from_jalali(int *year, int *month, int *day);

/* The year before the first of an era that a word ends with (Reiwa, Heisei, Shōwa; the Republic's in Taiwan): to be
 * added to the year in it. 0 for none. */
int calendar_era(struct nw_str word);

/* A year of the Buddhist era that is one of 1957 to 2100, as such; 0 for none. No other year is written so high. */
int calendar_from_buddhist(int year);

#endif
