/*
 * mbox (RFC 4155): messages one behind the other, each led by a line "From SENDER DATE". Such a line counts as one only
 * at the beginning or behind an empty line, with a time of day in it, and before a header field or its end: so a
 * sentence that begins with "From " parts nothing. ">From " at the beginning of a line is written back as "From ",
 * ">>From " as
 * ">From " (mboxrd). A message by itself (.eml) is no mbox.
 */
#include "find.h"
#include "split.h"

static const struct nw_str from_line = NW_STR("From ");
enum {
    FROM_LINE_MAX = 1024,
    PEEK = 2048 /* bytes that tell whether a line leads a message: it and the next one's start */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a time of day, d:dd, and behind it a year, 19dd or 20dd, stand in s: as asctime writes them, zone or not. */
static bool has_date(struct nw_str s)
{
    bool time = false;

    for (size_t i = 1; i + 2 < s.n; i++) {
        if (s.p[i] == ':' && digit(s.p[i - 1]) && digit(s.p[i + 1]) && digit(s.p[i + 2]))
            time = true;
        if (time && s.p[i - 1] == ' ' && i + 3 < s.n && digit(s.p[i + 2]) && digit(s.p[i + 3]) &&
            ((s.p[i] == '1' && s.p[i + 1] == '9') || (s.p[i] == '2' && s.p[i + 1] == '0')))
            return true;
    }
    return false;
}

/* Whether s begins as a header field does, as far as it goes: a name of printable bytes and a colon. */
static bool field(struct nw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ':')
            return i > 0;
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    }
    return true;
}

/* Whether s begins with a line that leads a message; *size: that line's bytes with its end. Unless `last`, s has at
 * least PEEK bytes. */
static bool leads(struct nw_str s, size_t *size)
{
    size_t end = find_byte(s, 0, '\n');
    struct nw_str line = nw_str(s.p, end == SIZE_MAX ? s.n : end), next;

    if (!nw_str_starts(s, from_line) || line.n > FROM_LINE_MAX || !has_date(line))
        return false;
    *size = end == SIZE_MAX ? s.n : end + 1;
    next = nw_str_from(s, *size);
    return next.n == 0 || next.p[0] == '\n' || next.p[0] == '\r' || field(nw_str(next.p, next.n < 64 ? next.n : 64));
}

static enum split_fit mbox_fits(struct view head, struct nw_str name)
{
    size_t size;

    (void)name;
    if (!nw_str_starts(head.bytes, from_line) && (head.last || head.bytes.n >= from_line.n))
        return SPLIT_NO;
    if (!head.last && head.bytes.n < PEEK)
        return SPLIT_PERHAPS;
    return leads(head.bytes, &size) ? SPLIT_YES : SPLIT_NO;
}

/* Where the next message's leading line begins at or behind `at`; SIZE_MAX for none, *sure then what was looked at. */
static size_t next_lead(struct view view, size_t at, size_t *sure)
{
    for (;;) {
        size_t hit = find_bytes(view.bytes, at, NW_S("\nFrom ")), size;
        bool blank;

        if (hit == SIZE_MAX) {
            *sure = view.bytes.n > 8 + at ? view.bytes.n - 8 : at;
            return SIZE_MAX;
        }
        if (!view.last && view.bytes.n - hit < PEEK) {
            *sure = hit;
            return SIZE_MAX;
        }
        blank = hit >= 1 && (view.bytes.p[hit - 1] == '\n' ||
                             (hit >= 2 && view.bytes.p[hit - 1] == '\r' && view.bytes.p[hit - 2] == '\n'));
        if (blank && leads(nw_str_from(view.bytes, hit + 1), &size))
            return hit + 1;
        at = hit + 1;
    }
}

/* Writes "From " for ">From " where lines begin so; the message itself when none does. */
static struct nw_str unquoted(struct split *split, struct nw_str s)
{
    size_t done = 0, at = 0;

    nw_buf_clear(&split->work);
    while ((at = find_bytes(s, at, NW_S("From "))) != SIZE_MAX) {
        size_t mark = at;
        while (mark > done && s.p[mark - 1] == '>')
            mark--;
        if (mark < at && (mark == 0 || s.p[mark - 1] == '\n')) {
            nw_buf_add(&split->work, s.p + done, mark - done);
            done = mark + 1;
        }
        at += from_line.n;
    }
    if (done == 0)
        return s;
    return nw_buf_add(&split->work, s.p + done, s.n - done) ? s : nw_buf_view(&split->work);
}

static enum split_step mbox_next(struct split *split, struct view view, struct item *item)
{
    size_t lead = 0, end, sure = 0;
    struct nw_str message;

    if (split->skipping) {
        end = next_lead(view, split->scanned, &sure);
        if (end == SIZE_MAX && !view.last)
            return split_more(split, sure, 0);
        split->skipping = false;
        end = end == SIZE_MAX ? view.bytes.n : end;
        return split_large(split, end, split->skip, view.at + end - split->skip);
    }
    if (view.bytes.n == 0 && view.last)
        return split_end(split, 0);
    if (!view.last && view.bytes.n < PEEK)
        return split_more(split, 0, 0);
    /* Behind a damaged piece the window need not begin with a leading line. */
    if (!leads(view.bytes, &lead)) {
        end = next_lead(view, 0, &sure);
        if (end == SIZE_MAX && !view.last)
            return split_more(split, sure, 0);
        end = end == SIZE_MAX ? view.bytes.n : end;
        return split_bad(split, end, "%zu bytes at byte %llu belong to no message; left out", end,
                         (unsigned long long)view.at);
    }
    end = next_lead(view, split->scanned > lead ? split->scanned : lead - 1, &sure);
    if (end == SIZE_MAX && !view.last) {
        if (sure <= lead + ITEM_MAX)
            return split_more(split, 0, sure);
        split->skipping = true;
        split->skip = view.at;
        return split_more(split, sure, 0);
    }
    end = end == SIZE_MAX ? view.bytes.n : end;
    message = nw_str(view.bytes.p + lead, end - lead);
    if (message.n > ITEM_MAX)
        return split_large(split, end, view.at, end);
    *item = (struct item){.bytes = unquoted(split, message), .format = NW_S("mail"), .at = view.at};
    return split_item(split, end, item);
}

const struct splitter split_mbox = {.name = "mbox", .resumes = true, .fits = mbox_fits, .next = mbox_next};
