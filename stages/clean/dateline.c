/*
 * Datelines: "VILNIUS, Jan. 13 (Reuters) - ", "(ANSA) - ROMA, 1 LUG - ", "MOSCOW, January 21. /TASS/. ". A reader of
 * elements: places, a date, an agency, in any order, up to the dash. What holds anything else is prose.
 */
#include "dateline.h"
#include "chars.h"
#include "wire.h"

enum { DATELINE_MOST = 160, PLACE_WORDS = 7, BRACKET_MOST = 32, AGENCY_MOST = 32, PARTICLE_MOST = 4 };

struct dateline {
    size_t place, place_end; /* bytes; place_end 0: none */
    size_t agency, agency_end;
    size_t date, date_end;
    bool capitals; /* the place is written in capitals */
    int words;
};

/* Length of the dash at s[i], 0 for none: hyphen(s), en and em dash, horizontal bar, AP's underscore. */
static size_t dash_at(struct nw_str s, size_t i)
{
    unsigned char c = byte_at(s, i);
    if (c == '_')
        return 1;
    if (c == '-')
        return byte_at(s, i + 1) == '-' ? 2 : 1;
    if (c == 0xE2 && byte_at(s, i + 1) == 0x80 && byte_at(s, i + 2) >= 0x90 && byte_at(s, i + 2) <= 0x95)
        return 3;
    return 0;
}

static const char NOT_PLACES[] =
    " By BY NATO OPEC FIFA UEFA NASA UNESCO UNICEF UPDATE UPDATES CORRECTED CORRECTION REFILE WRAPUP EXCLUSIVE "
    "BREAKING NOTE "
    "EDITORS WATCH "
    "VIDEO LIVE ANALYSIS FACTBOX TIMELINE INTERVIEW PREVIEW NEWS URGENT FLASH ALERT ADVISORY KILL OPINION REVIEW MORE "
    "READ ALSO RELATED "
    "WITHDRAWAL WITHDRAWN WITHDRAWS CORR RECTIFICATIF RECTIFICACIÓN BERICHTIGUNG KORREKTUR KORR CORRECCIÓN CORREZIONE "
    "HAST EIL EILMELDUNG URGENTE LEAD WRAPUP RPT REPEAT ROUNDUP BULLETIN SNAP SOURCE CONTACT BACKGROUND ABOUT KEYWORDS "
    "PHOTOS PICTURES Q&A FAQ TECH SPORT SPORTS SCORES TV GRAPHIC COLUMN FEATURE BRIEF SUMMARY HIGHLIGHTS ";

static bool not_place(struct nw_str word)
{
    if (word.n < 2 || (is_lower(word.p[1]) && !nw_str_eq(word, NW_S("By")))) /* all but one are in capitals */
        return false;
    return in_words(nw_str(NOT_PLACES, sizeof NOT_PLACES - 1), word);
}

static bool is_particle(struct nw_str word)
{
    static const struct nw_str particles[] = {
        NW_STR("de"),  NW_STR("da"),  NW_STR("do"),  NW_STR("di"),   NW_STR("del"),  NW_STR("la"),  NW_STR("las"),
        NW_STR("los"), NW_STR("le"),  NW_STR("les"), NW_STR("el"),   NW_STR("al"),   NW_STR("am"),  NW_STR("an"),
        NW_STR("der"), NW_STR("den"), NW_STR("im"),  NW_STR("in"),   NW_STR("of"),   NW_STR("on"),  NW_STR("the"),
        NW_STR("und"), NW_STR("and"), NW_STR("sur"), NW_STR("sous"), NW_STR("upon"), NW_STR("bei"), NW_STR("ob"),
        NW_STR("y"),   NW_STR("e"),   NW_STR("i"),   NW_STR("a"),    NW_STR("nad")};
    for (size_t i = 0; word.n <= PARTICLE_MOST && i < sizeof particles / sizeof *particles; i++)
        if (word.p[0] == particles[i].p[0] && nw_str_eq(word, particles[i]))
            return true;
    return false;
}

static bool all_capitals(struct nw_str word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word.n;) {
        uint32_t c = nw_utf8_next(word, &i);
        if (!is_letter(c))
            continue;
        letters++;
        if (!is_upper_letter(c))
            return false;
    }
    return letters > 0;
}

/* "ats afp", "dpa/AFP": agencies and nothing else. */
static bool all_agencies(struct nw_str s)
{
    size_t known = 0;
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && s.p[end] != ' ' && s.p[end] != '/' && s.p[end] != ',')
            end++;
        if (end > i && !wire_is_agency(nw_str(s.p + i, end - i)))
            return false;
        known += end > i;
        i = end + 1;
    }
    return known > 0;
}

/* "(Reuters)", "(dpa/tmn)", "/TASS/": what stands between the marks may be an agency, not a remark. */
static bool agency_like(struct nw_str s)
{
    if (s.n < 2 || s.n > 40)
        return false;
    if (wire_is_agency(s) || all_agencies(s))
        return true;
    size_t capitals = 0, spaces = 0;
    for (size_t i = 0; i < s.n; i++) {
        capitals += is_upper(s.p[i]);
        spaces += s.p[i] == ' ';
        if (is_digit(s.p[i]))
            return false;
    }
    size_t cut = 0;
    while (cut < s.n && s.p[cut] != '/' && s.p[cut] != '-')
        cut++;
    return (spaces <= 2 && capitals > 0 && is_upper(s.p[0])) || (cut < s.n && wire_is_agency(nw_str(s.p, cut)));
}

static bool begins_sentence(struct nw_str s)
{
    size_t at = 0;
    if (s.n == 0)
        return false;
    uint32_t c = nw_utf8_next(s, &at);
    return is_upper_letter(c) || c == 0xAB || c == 0x201C || c == '"';
}

/* Reads the elements; where the dateline ends (behind the dash), or 0. */
static size_t parse(struct nw_str s, struct dateline *d)
{
    size_t i = 0, fallback = 0;
    bool spaced = false; /* the agency stands between " / " */
    bool stop = false;   /* a place followed by a full stop ends it too, once an agency was named: "… /TASS/. " */
    while (i < s.n) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ' ' || c == ',') {
            i++;
            continue;
        }
        size_t dash = dash_at(s, i);
        if (dash && (i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == ')' || s.p[i - 1] == '.' || dash > 1) && i > 0) {
            size_t behind = i + dash;
            if (c == '-' && dash == 1 && byte_at(s, behind) != ' ' && behind < s.n)
                break;
            if (dash == 2 && byte_at(s, behind) == '(' && !d->agency_end) { /* "ROTTERDAM--(BUSINESS WIRE)--" */
                i = behind;
                continue;
            }
            while (byte_at(s, behind) == ' ')
                behind++;
            if (d->agency_end && !d->place_end && !d->date_end && !fallback) { /* "(ANSA) - ROMA, 1 LUG - " goes on */
                fallback = behind;
                i = behind;
                continue;
            }
            return behind;
        }
        if (c == '/' && spaced && d->date_end && byte_at(s, i + 1) == ' ')
            return i + 2; /* "… / ACCESSWIRE / March 3, 2026 / " */
        if (c == '(' || c == '/') {
            char close = c == '(' ? ')' : '/';
            const char *end = memchr(s.p + i + 1, close, s.n - i - 1);
            if (!end)
                break;
            struct nw_str inside = nw_str(s.p + i + 1, (size_t)(end - s.p) - i - 1), name = nw_str_trim(inside);
            for (const char *more; c == '/' && (more = memchr(end + 1, '/', s.n - (size_t)(end + 1 - s.p))) != NULL &&
                                   wire_is_agency(nw_str(end + 1, (size_t)(more - end) - 1));) {
                end = more; /* "/ritzau/AFP/" */
                inside.n = (size_t)(end - s.p) - i - 1;
                name = inside;
            }
            if (d->agency_end || !agency_like(name))
                break;
            d->agency = (size_t)(name.p - s.p);
            d->agency_end = d->agency + name.n;
            i += inside.n + 2;
            spaced = name.n < inside.n;
            if (byte_at(s, i) == ':' && byte_at(s, i + 1) == ' ' && d->place_end)
                return i + 2; /* "KØBENHAVN /ritzau/: " */
            if (byte_at(s, i) == '.' && dash_at(s, i + 1))
                i++; /* "MADRID, 2 ene (EFE).- " */
            if (!spaced && (d->place_end || i == inside.n + 2) && all_agencies(inside) && byte_at(s, i) == ' ' &&
                !dash_at(s, i + 1) && begins_sentence(nw_str_from(s, i + 1)))
                return i + 1; /* "Paris (ats afp) Les …" */
            stop = byte_at(s, i) == '.' && byte_at(s, i + 1) == ' ';
            if (stop && d->place_end)
                return i + 2;
            continue;
        }
        if (c == '[' && d->place_end && !d->agency_end) { /* "New Delhi [India], January 14 (ANI): " */
            const char *end = memchr(s.p + i, ']', s.n - i < BRACKET_MOST ? s.n - i : BRACKET_MOST);
            if (!end)
                break;
            i = (size_t)(end - s.p) + 1;
            continue;
        }
        size_t end = dateline_date_end(s, i);
        if (end > i) {
            if (d->date_end)
                break;
            d->date = i;
            d->date_end = end;
            i = end;
            if (byte_at(s, i) == '.')
                i++;
            continue;
        }
        if (c == ':' && d->place_end && d->capitals && byte_at(s, i + 1) == ' ')
            return i + 2;
        end = dateline_hijri_end(s, i);
        if (d->place_end && end > i) {
            i = end;
            continue;
        }
        end = dateline_word_end(s, i);
        if (d->date_end && dateline_is_weekday(nw_str(s.p + i, end - i))) {
            i = end;
            continue;
        }
        if (d->place_end && d->date_end && !d->agency_end && end > i + 1 && s.p[end - 1] == '.' &&
            wire_is_agency(nw_str(s.p + i, end - i - 1))) { /* "КИЇВ. 14 січня. УНН. " */
            d->agency = i;
            d->agency_end = end - 1;
            return end;
        }
        bool date_first =
            d->date_end && !d->place_end && d->date == 0 && is_digit(s.p[0]); /* "03.03.2026 Haga (PAP)" */
        if (end == i || (d->date_end && !date_first && !wire_is_agency(nw_str(s.p + i, end - i))) ||
            d->agency_end > d->place_end + 40)
            break;
        struct nw_str word = nw_str(s.p + i, end - i);
        if ((d->place_end || d->date_end) && !d->agency_end && dash_at(s, end + (byte_at(s, end) == ' ')) &&
            wire_is_agency(word)) {
            d->agency = i; /* "MELBOURNE, March 3 AAP - " */
            d->agency_end = end;
            i = end;
            continue;
        }
        size_t at = 0;
        uint32_t initial = nw_utf8_next(word, &at);
        bool capital = is_upper_letter(initial) || (initial >= 0x590 && initial < 0x1C80); /* scripts without case */
        if (++d->words > PLACE_WORDS || not_place(word) || (!capital && !(d->place_end && is_particle(word))))
            break;
        if (!d->place_end) {
            d->place = i;
            d->capitals = all_capitals(word) && word.n >= 2;
        }
        d->place_end = end;
        i = end;
    }
    if (fallback) { /* "(dpa) - Text" */
        d->place_end = d->date_end = 0;
        d->capitals = false;
    }
    return fallback;
}

struct nw_str wire_place_case(struct draft *draft, struct nw_str place)
{
    char *out = draft_alloc(draft, place.n * 2 + 4);
    if (!out)
        return place;
    size_t n = 0;
    for (size_t i = 0; i < place.n;) {
        size_t end = i;
        while (end < place.n && place.p[end] != ' ' && place.p[end] != '-' && place.p[end] != ',')
            end++;
        struct nw_str word = nw_str(place.p + i, end - i);
        bool change = all_capitals(word) && word.n > 1 && !memchr(word.p, '.', word.n) &&
                      !(word.n == 2 && i > 0 && place.p[i - 1] == ' ' && i > 1 && place.p[i - 2] == ',');
        char lower[32];
        size_t length = 0;
        bool first = true;
        for (size_t k = 0; change && k < word.n && length + 4 < sizeof lower;)
            length += nw_utf8_put(lower + length, lower_letter(nw_utf8_next(word, &k)));
        bool particle = change && n > 0 && is_particle(nw_str(lower, length));
        for (size_t k = 0; k < word.n;) {
            uint32_t c = nw_utf8_next(word, &k);
            n += nw_utf8_put(out + n, change && (!first || particle) ? lower_letter(c) : c);
            first = false;
        }
        if (end < place.n)
            out[n++] = place.p[end++];
        i = end;
    }
    return nw_str(out, n);
}

/* The place as far as it names one: "City" or "City, Region". */
static struct nw_str place_of(struct nw_str s, const struct dateline *d)
{
    return trim_set(nw_str(s.p + d->place, d->place_end - d->place), " ,.");
}

/* Whether there is a mark that a dateline could end with: most first paragraphs have none, and are done here. */
static bool may_end(struct nw_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        char c = s.p[i];
        if ((unsigned char)c == 0xE2 || c == '_' || c == ')' || c == '/' || c == ':' ||
            (c == '-' && (s.p[i + 1] == ' ' || s.p[i + 1] == '-')))
            return true;
        if (c == '.' && s.p[i + 1] == ' ' && (unsigned char)s.p[0] >= 0xD0 && (unsigned char)s.p[0] <= 0xD1)
            return true; /* Cyrillic: "КИЇВ. 14 січня. УНН. " */
        if (c == '"' || c == ';')
            return false;
    }
    return false;
}

/* Whether a word in small letters that no dateline has stands before the first mark: most paragraphs are done here. */
static bool is_prose(struct nw_str s)
{
    for (size_t i = 0; i < s.n;) {
        if (!is_alpha((unsigned char)s.p[i]))
            return false; /* a mark, a digit, a letter of another script: parse decides */
        size_t end = i;
        while (end < s.n && (is_alpha((unsigned char)s.p[end]) || s.p[end] == '\''))
            end++;
        unsigned char mark = byte_at(s, end);
        struct nw_str word = nw_str(s.p + i, end - i);
        if (mark == ' ' && is_lower(s.p[i]) && !is_particle(word))
            return !dash_at(s, end + 1); /* "Wien apa - " */
        if (mark != ' ' && mark != ',' && mark != '.')
            return false;
        i = end + 1;
        while (byte_at(s, i) == ' ' || byte_at(s, i) == ',')
            i++;
    }
    return true;
}

/* "dpa/AFP", "ats afp", "Bernama-Anadolu": each agency becomes a source. */
static void credit(struct draft *draft, struct nw_str agency)
{
    const char *hyphen = memchr(agency.p, '-', agency.n);
    bool whole = wire_is_agency(agency);
    bool pair = hyphen && !whole && wire_is_agency(nw_str(agency.p, (size_t)(hyphen - agency.p))) &&
                wire_is_agency(nw_str_from(agency, (size_t)(hyphen - agency.p) + 1));
    if (whole || !(pair || all_agencies(agency) || memchr(agency.p, '/', agency.n))) {
        draft_source(draft, agency, NULL);
        return;
    }
    for (size_t i = 0; i < agency.n;) {
        size_t stop = i;
        while (stop < agency.n && agency.p[stop] != '/' && agency.p[stop] != ' ' && !(pair && agency.p[stop] == '-'))
            stop++;
        draft_source(draft, nw_str(agency.p + i, stop - i), NULL);
        i = stop + 1;
    }
}

bool wire_place_line(struct nw_str line)
{
    size_t words = 0;
    line = nw_str_trim(line);
    if (line.n < 3 || line.n > 40 || !all_capitals(line))
        return false;
    for (size_t i = 0; i < line.n;) {
        size_t end = dateline_word_end(line, i);
        if (end == i || ++words > 4 || not_place(nw_str(line.p + i, end - i)) || line.p[end - 1] == '.')
            return false;
        i = end;
        while (i < line.n && (line.p[i] == ' ' || line.p[i] == ','))
            i++;
    }
    return true;
}

size_t wire_dateline(struct draft *draft, struct nw_str paragraph)
{
    struct nw_str s = paragraph;
    if (s.n > DATELINE_MOST)
        s.n = nw_utf8_floor(s, DATELINE_MOST);
    size_t east = wire_dateline_east(draft, paragraph);
    if (east)
        return east;
    if (is_prose(s) || !may_end(s))
        return 0;
    struct dateline d = {0};
    const char *close = s.n > 0 && s.p[0] == '(' ? memchr(s.p, ')', s.n < 80 ? s.n : 80) : NULL;
    struct nw_str inside = close ? nw_str(s.p + 1, (size_t)(close - s.p) - 1) : nw_str(NULL, 0);
    size_t dash = nw_str_find(inside, NW_S(" - "));
    if (dash != SIZE_MAX && dateline_date_end(inside, dash + 3) == inside.n &&
        wire_dateline(
            draft, draft_printf(draft, "%.*s, %.*s - X", (int)dash, inside.p, NW_FMT(nw_str_from(inside, dash + 3)))))
        return inside.n + 2; /* "(New York, NY - October 21) " */
    size_t end = parse(s, &d);
    if (!end || (!d.place_end && !(d.date_end && d.agency_end) &&
                 !(d.agency_end && wire_is_agency(nw_str(s.p + d.agency, d.agency_end - d.agency)))))
        return 0;
    if (d.place_end && !d.capitals && !d.agency_end && !d.date_end)
        return 0;
    /* "МОСКВА, 14 янв - РИА Новости. ": the agency behind the dash */
    size_t behind = end;
    while (!d.agency_end && d.place_end && d.date_end && behind < s.n && behind < end + AGENCY_MOST &&
           s.p[behind] != '.')
        behind++;
    if (behind > end && byte_at(s, behind) == '.' && wire_is_agency(nw_str(s.p + end, behind - end))) {
        d.agency = end;
        d.agency_end = behind;
        for (end = behind + 1; byte_at(s, end) == ' ';)
            end++;
    }
    /* What follows must look like the beginning of a sentence. */
    size_t at = end;
    if (at < paragraph.n) {
        uint32_t c = nw_utf8_next(paragraph, &at);
        if (c < 0x80 && is_lower((int)c) && !d.agency_end && !d.date_end)
            return 0;
    }
    if (d.place_end)
        draft_located(draft, wire_place_case(draft, place_of(s, &d)));
    if (d.agency_end) {
        struct nw_str agency = nw_str(s.p + d.agency, d.agency_end - d.agency);
        credit(draft, agency);
    }
    if (d.date_end && draft->record && !NW_HAS(record, draft->record, content_created)) {
        struct date date;
        struct nw_str text = nw_str(s.p + d.date, d.date_end - d.date);
        bool known = NW_HAS(record, draft->record, version_created) || NW_HAS(record, draft->record, first_created);
        if (date_read(text, &date)) {
            draft_moment(draft, MOMENT_CONTENT, &date);
        } else if (known) { /* no year: the one that puts it nearest before the item's own time */
            int64_t own = NW_HAS(record, draft->record, version_created) ? draft->record->version_created
                                                                         : draft->record->first_created;
            int year, month, day, hour, minute, second;
            nw_time_to_civil(own, &year, &month, &day, &hour, &minute, &second);
            if (date_read(draft_printf(draft, "%.*s %d", NW_FMT(text), year), &date) &&
                date.precision == PRECISION_DAY) {
                if (date.ms > own + (int64_t)2 * 86400000 &&
                    date_read(draft_printf(draft, "%.*s %d", NW_FMT(text), year - 1), &date) == false)
                    return end;
                draft_moment(draft, MOMENT_CONTENT, &date);
            }
        }
    }
    return end;
}
