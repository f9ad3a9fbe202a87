/*
 * Reuters-21578 SGML: one item for each <REUTERS …>…</REUTERS>. Not SGML read in full: `<` stands as &lt; inside an
 * element, so the two tags are all there is to look for, and one search for the name they share finds both. Bytes pass
 * as they are. An element that meets the next one's opening, or the end, before its own closing is cut off: it is told
 * and left out, and the rest goes on.
 */
#include "find.h"
#include "split.h"

static const struct nw_str word = NW_STR("REUTERS");
enum {
    WORD = 7,
    BLANKS = 32,   /* before the '>' of a closing tag, at most */
    TAG = WORD + 3 /* longest piece of a tag that the end of the window may cut: "</REUTERS" and a byte */
};

enum tag { TAG_NONE, TAG_OPEN, TAG_CLOSE, TAG_UNSURE /* cut off by the window's end */ };

enum phase { OUTSIDE, BEHIND_BRACKET, IN_DECLARATION };

/* What stands at the word at `hit`; *from its '<', *to behind its name (open) or its '>' (close). */
static enum tag tag_at(struct view view, size_t hit, size_t *from, size_t *to)
{
    const char *p = view.bytes.p;
    bool closes = hit >= 2 && p[hit - 1] == '/' && p[hit - 2] == '<';
    size_t at = hit + WORD;

    if (!closes && (hit < 1 || p[hit - 1] != '<'))
        return TAG_NONE;
    *from = hit - (closes ? 2 : 1);
    if (!closes) {
        *to = at;
        if (at == view.bytes.n)
            return view.last ? TAG_OPEN : TAG_UNSURE;
        return p[at] == '>' || p[at] == ' ' || p[at] == '\t' || p[at] == '\r' || p[at] == '\n' ? TAG_OPEN : TAG_NONE;
    }
    /* So many blanks and no more, or a tag would be one only when the window shows its end. */
    while (at < view.bytes.n && at - hit < WORD + BLANKS &&
           (p[at] == ' ' || p[at] == '\t' || p[at] == '\r' || p[at] == '\n'))
        at++;
    *to = at + 1;
    if (at == view.bytes.n)
        return view.last ? TAG_NONE : TAG_UNSURE;
    return p[at] == '>' ? TAG_CLOSE : TAG_NONE;
}

/* The first tag at or behind `at`; the end of the window, or of what is sure, as *from when there is none. */
static enum tag tag_find(struct view view, size_t at, size_t *from, size_t *to)
{
    for (;;) {
        size_t hit = find_bytes(view.bytes, at, word);
        enum tag tag;

        if (hit == SIZE_MAX) {
            /* A tag that has only begun may stand in the last bytes. */
            size_t keep = view.last ? 0 : TAG;
            *from = view.bytes.n > keep && view.bytes.n - keep > at ? view.bytes.n - keep : at;
            *from = *from > view.bytes.n ? view.bytes.n : *from;
            return TAG_NONE;
        }
        tag = tag_at(view, hit, from, to);
        if (tag == TAG_UNSURE)
            return TAG_NONE;
        if (tag != TAG_NONE)
            return tag;
        at = hit + WORD;
    }
}

static enum split_fit reuters_fits(struct view head, struct nw_str name)
{
    struct nw_str s = nw_str_trim(split_unmarked(head.bytes));
    struct nw_str open = NW_S("<REUTERS"), doctype = NW_S("<!DOCTYPE lewis");

    (void)name;
    if (nw_str_starts_nocase(s, doctype) || nw_str_starts(s, open))
        return SPLIT_YES;
    if (!head.last && s.n < doctype.n && (nw_str_starts_nocase(doctype, s) || nw_str_starts(open, s)))
        return SPLIT_PERHAPS;
    return SPLIT_NO;
}

/* Counts what stands between elements, unless it is white space, a byte order mark or a declaration such as
 * <!DOCTYPE …>. Comes in pieces, so the place within a declaration is remembered. */
static void stray(struct split *split, struct nw_str s, uint64_t at)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool marks = at + i < 3 && c == "\xEF\xBB\xBF"[at + i];
        bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t' || marks;

        if (split->phase == IN_DECLARATION) {
            split->phase = c == '>' ? OUTSIDE : IN_DECLARATION;
            continue;
        }
        if (split->phase == BEHIND_BRACKET && c == '!') {
            split->phase = IN_DECLARATION;
            split->stray--;
            continue;
        }
        split->phase = c == '<' ? BEHIND_BRACKET : OUTSIDE;
        if (!space && split->stray++ == 0)
            split->stray_at = at + i;
    }
}

static enum split_step cut_off(struct split *split, size_t taken, uint64_t at, uint64_t end, bool ended)
{
    return split_bad(split, taken,
                     "item %llu at byte %llu: cut off after %llu bytes, %s before its </REUTERS>; left out",
                     (unsigned long long)split->count++, (unsigned long long)at, (unsigned long long)(end - at),
                     ended ? "the end comes" : "the next one begins");
}

/* Outside of elements: moves to the next one's opening. */
static enum split_step reuters_outside(struct split *split, struct view view, size_t *start)
{
    size_t at = split->scanned, from, to = 0;
    enum tag tag;

    do {
        tag = tag_find(view, at, &from, &to);
        at = to;
    } while (tag == TAG_CLOSE); /* one that closes nothing */
    stray(split, nw_str(view.bytes.p, from), view.at);
    *start = from;
    if (tag == TAG_OPEN) {
        split->inside = true;
        split->scanned = to - from;
        return SPLIT_ITEM;
    }
    if (!view.last)
        return split_more(split, from, 0);
    if (split->stray) {
        uint64_t n = split->stray;
        split->stray = 0;
        return split_bad(split, view.bytes.n,
                         "%llu bytes outside of <REUTERS> elements, the first at byte %llu; left out",
                         (unsigned long long)n, (unsigned long long)split->stray_at);
    }
    return split_end(split, view.bytes.n);
}

static enum split_step reuters_next(struct split *split, struct view view, struct item *item)
{
    size_t start = 0, from, to = 0;
    uint64_t begin;
    enum tag tag;

    if (!split->inside) {
        enum split_step step = reuters_outside(split, view, &start);
        if (step != SPLIT_ITEM)
            return step;
    }
    /* Inside: the element begins at `start`, or, when it is too large to hold, began at split->skip. */
    begin = split->skipping ? split->skip : view.at + start;
    tag = tag_find(view, start + split->scanned, &from, &to);
    if (tag == TAG_NONE && !view.last) {
        if (!split->skipping && from - start > ITEM_MAX) {
            split->skipping = true;
            split->skip = begin;
        }
        return split->skipping ? split_more(split, from, 0) : split_more(split, start, from - start);
    }
    split->skipping = false;
    split->inside = tag == TAG_OPEN;
    if (tag != TAG_CLOSE) {
        enum split_step step = cut_off(split, from, begin, view.at + from, tag == TAG_NONE);
        split->scanned = tag == TAG_OPEN ? to - from : 0;
        return step;
    }
    if (view.at + to - begin > ITEM_MAX)
        return split_large(split, to, begin, view.at + to - begin);
    *item =
        (struct item){.bytes = nw_str(view.bytes.p + start, to - start), .format = NW_S("reuters-sgml"), .at = begin};
    return split_item(split, to, item);
}

const struct splitter split_reuters = {
    .name = "Reuters SGML", .resumes = true, .fits = reuters_fits, .next = reuters_next};
