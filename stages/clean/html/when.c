/* Choice of a page's dates: see when.h. */
#include "html/when.h"

#include "chars.h"

enum {
    RANK_NONE = 100,
    RANK_MICRODATA = 2, /* itemprop, pubdate */
    RANK_SURE = 5,      /* metadata up to here is trusted before the date in the address */
    SHOWN_LEAST = 8,    /* bytes of a text that may be a date */
    SHOWN_MOST = 120,
    SHOWN_NODES = 24, /* of an element that shows a date */
    BESIDE = 60,      /* nodes from the headline to a date that is surely the article's */
    FAR = 600,        /* and to one that may be another article's */
};

static const int64_t DAY = INT64_C(86400000), ZONE_MOST = INT64_C(14) * 3600000; /* ms: how far a zone is from UTC */

void when_begin(struct when *when, const struct draft *draft, const struct tree *tree)
{
    const struct nw_source *source = draft->record->source;
    *when = (struct when){.tree = tree, .latest = INT64_MAX};
    for (size_t i = 0; i < WHEN_KINDS; i++)
        when->rank[i] = RANK_NONE;
    if (NW_HAS(source, source, received))
        when->latest = source->received + 2 * DAY;
}

void when_language(struct when *when, struct nw_str tag)
{
    /* English of the United States and of what learned its dates there; English alone mostly is that */
    static const char *const month_first[] = {"en", "en-us", "en-ph", "en-ca", "fil"};
    when->day_first = tag.n >= 2;
    for (size_t i = 0; i < sizeof month_first / sizeof *month_first; i++)
        if (nw_str_eq_nocase(tag, nw_str_z(month_first[i])))
            when->day_first = false;
}

static bool read_date(const struct when *when, struct nw_str text, struct date *date)
{
    return date_read_as(text, when->day_first, date) && date->precision >= PRECISION_DAY &&
           date->ms >= INT64_C(631152000000) /* 1990 */ && date->ms <= when->latest;
}

void when_said(struct when *when, enum when_what what, int rank, struct nw_str value)
{
    struct date date;
    if (rank < when->rank[what] && read_date(when, value, &date)) {
        when->rank[what] = rank;
        when->said[what] = date;
    }
}

/* The value of an element that marks a date: as its attribute has it, else as it is shown. */
static struct nw_str date_value(const struct tree *tree, uint32_t i)
{
    const struct node *node = &tree->nodes[i];
    struct nw_str value = tree_value(tree, node, ATTR_DATETIME);
    if (value.n == 0)
        value = tree_value(tree, node, ATTR_CONTENT);
    return value.n == 0 && node->end - i < 8 ? tree_line(tree, i) : value;
}

void when_element(struct when *when, uint32_t i)
{
    const struct node *node = &when->tree->nodes[i];
    struct nw_str item = tree_attr(when->tree, node, ATTR_ITEMPROP);
    if (item.n == 0 && node->tag != TAG_TIME)
        return;
    if (has_word(item, NW_S("datePublished")) || tree_attr(when->tree, node, ATTR_PUBDATE).p)
        when_said(when, WHEN_PUBLISHED, RANK_MICRODATA, date_value(when->tree, i));
    else if (has_word(item, NW_S("dateModified")))
        when_said(when, WHEN_MODIFIED, RANK_MICRODATA, date_value(when->tree, i));
}

/* ---- dates that the page shows */

struct shown {
    struct date date;
    uint32_t away; /* nodes from the headline; what stands before it counts double */
};

/* Whether the date in element i is the one of an update: by its class, its text or what stands before it. */
static bool is_update(const struct tree *tree, uint32_t i)
{
    struct nw_str class = tree_attr(tree, &tree->nodes[i], ATTR_CLASS);
    bool published = find_nocase(class, NW_S("publish")) != SIZE_MAX;
    return (!published &&
            (find_nocase(class, NW_S("updated")) != SIZE_MAX || find_nocase(class, NW_S("modified")) != SIZE_MAX)) ||
           near_called(tree_line(tree, i)) == CALLED_UPDATED || near_called_before(tree, i) == CALLED_UPDATED;
}

/* Whether element i shows a date, by its tag or class. */
static bool shows_date(const struct tree *tree, uint32_t i)
{
    static const char *const words[] = {"date", "time", "publish", "posted"};
    const struct node *node = &tree->nodes[i];
    if (node->tag == TAG_TIME)
        return true;
    struct nw_str class = tree_attr(tree, node, ATTR_CLASS);
    if (class.n == 0 || node->end - i > SHOWN_NODES || find_nocase(class, NW_S("comment")) != SIZE_MAX)
        return false;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (find_nocase(class, nw_str_z(words[k])) != SIZE_MAX)
            return true;
    return false;
}

/* The dates nearest to the headline: of publication (or called nothing), and of an update. */
static void find_shown(const struct when *when, uint32_t heading, struct shown best[WHEN_KINDS])
{
    const struct tree *tree = when->tree;
    for (size_t k = 0; k < WHEN_KINDS; k++)
        best[k] = (struct shown){.away = UINT32_MAX};
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        uint32_t away = i < heading ? 2 * (heading - i) : i - heading;
        if (i > heading && away > best[WHEN_PUBLISHED].away &&
            (away > best[WHEN_PUBLISHED].away + BESIDE || best[WHEN_MODIFIED].away != UINT32_MAX))
            break; /* all that follows is farther, and of no update beside it */
        if (node->is_text || node->attrs + (node->tag == TAG_TIME) == 0 || !shows_date(tree, i))
            continue;
        struct nw_str text = node->tag == TAG_TIME ? date_value(tree, i) : tree_line(tree, i);
        struct date date;
        if (text.n < SHOWN_LEAST || text.n > SHOWN_MOST || !read_date(when, text, &date))
            continue;
        struct shown *to = &best[is_update(tree, i) ? WHEN_MODIFIED : WHEN_PUBLISHED];
        if (away < to->away)
            *to = (struct shown){.date = date, .away = away};
        i = node->end - 1; /* what it holds is the same date */
    }
}

/* ---- the choice */

/* /2022/01/13/ or -2022-01-13 in an address. */
static bool address_date(struct nw_str url, struct date *date)
{
    for (size_t i = 0; i + 10 <= url.n; i++) {
        if (number_of(nw_str(url.p + i, 4)) < 1990 || (i > 0 && is_digit((unsigned char)url.p[i - 1])))
            continue;
        char mark = url.p[i + 4];
        if ((mark == '/' || mark == '-') && url.p[i + 7] == mark && number_of(nw_str(url.p + i + 5, 2)) > 0 &&
            number_of(nw_str(url.p + i + 8, 2)) > 0 && !is_digit(byte_at(url, i + 10)) &&
            date_read(nw_str(url.p + i, 10), date))
            return true;
    }
    return false;
}

static bool is_set(const struct date *date)
{
    return date->precision != PRECISION_NONE;
}

/* The date of publication that the page shows, beside the headline or called so, where JSON-LD's is no earlier than the
 * last change: many systems write the time of the last saving into both. */
static bool shown_before(const struct when *when, const struct near *near, uint32_t heading, int64_t said,
                         struct date *date)
{
    struct shown shown[WHEN_KINDS];
    find_shown(when, heading, shown);
    bool beside = shown[WHEN_PUBLISHED].away <= BESIDE;
    if (beside)
        *date = shown[WHEN_PUBLISHED].date;
    else if (is_set(&near->published))
        *date = near->published;
    else if (near->date_alone)
        *date = near->date;
    else
        return false;
    return date->precision >= PRECISION_DAY && date->ms + DAY <= said;
}

/* A day that is said elsewhere with its time, as it stands there; midnight sharp is mostly a day. */
static void make_exact(struct date *day, const struct date *other)
{
    bool is_day = is_set(day) && (day->precision == PRECISION_DAY || day->ms % DAY == 0),
         is_timed = other->precision > PRECISION_DAY && other->ms % DAY != 0;
    if (is_day && is_timed && other->ms > day->ms - ZONE_MOST && other->ms < day->ms + DAY + ZONE_MOST)
        *day = *other;
}

/* The dates that readers see, where the page says none to machines. */
static void choose_shown(const struct when *when, const struct near *near, uint32_t heading, struct date *published,
                         struct date *modified)
{
    struct shown shown[WHEN_KINDS];
    if (is_set(&near->original) && !is_set(&near->published)) {
        *published = near->original;
        return;
    }
    find_shown(when, heading, shown);
    if (!is_set(modified) && shown[WHEN_MODIFIED].away <= FAR)
        *modified = shown[WHEN_MODIFIED].date;
    if (!is_set(modified))
        *modified = near->updated;
    if (shown[WHEN_PUBLISHED].away <= FAR)
        *published = shown[WHEN_PUBLISHED].date;
    else if (is_set(&near->date))
        *published = near->date;
    else if (!is_set(modified))
        *published = shown[WHEN_PUBLISHED].date;
}

void when_choose(struct when *when, const struct ld *ld, const struct near *near, struct nw_str address,
                 uint32_t heading, struct date *published, struct date *modified)
{
    struct date said, changed, date;
    const struct date *meta = &when->said[WHEN_PUBLISHED];
    int rank = when->rank[WHEN_PUBLISHED];
    bool has_said = ld->published.n && read_date(when, ld->published, &said),
         has_changed = ld->modified.n && read_date(when, ld->modified, &changed);
    *modified = has_changed ? changed : when->said[WHEN_MODIFIED];
    *published = (struct date){0};
    if (has_said && has_changed && said.ms >= changed.ms) {
        if (shown_before(when, near, heading, said.ms, &date))
            said = date;
        else if (rank <= RANK_MICRODATA && meta->ms < said.ms)
            has_said = false;
    }
    if (has_said)
        *published = said;
    else if (rank <= RANK_SURE)
        *published = *meta;
    else if (address_date(address, &date) && date.ms <= when->latest)
        *published = date;
    else if (rank != RANK_NONE)
        *published = *meta;
    else
        choose_shown(when, near, heading, published, modified);
    if (!is_set(published) && !is_set(modified))
        *modified = near->updated;
    make_exact(published, meta);
    if (ld->page_published.n && read_date(when, ld->page_published, &date))
        make_exact(published, &date);
}
