/*
 * WARC (ISO 28500): crawled pages, one record behind the other, each with its length. Items are the bodies of responses
 * with status 200 (declared type and address with them), and of `resource` and `conversion` records that are text;
 * other records are passed over, and so is what no article can be (pictures, scripts, …). A record whose length is
 * wrong is told and left out, and the next record is looked for by its first line.
 */
#include "find.h"
#include "http.h"
#include "split.h"

static const struct nw_str mark = NW_STR("WARC/");
enum {
    HEAD_MAX = 64 << 10,
    MARK_LINE = 16,  /* a record's first line is no longer: "WARC/1.1\r\n" */
    TAIL = 4,        /* behind a block: "\r\n\r\n" */
    LOOK = TAIL + 5, /* and the next record's mark: what is looked at to find a length wrong */
};

struct head {
    struct nw_str type, url, content;
    size_t size;        /* bytes of the head with its empty line */
    uint64_t length;    /* of the block */
    struct nw_str told; /* the length as it stands there */
    bool good;          /* it is a number */
};

static enum split_fit warc_fits(struct view head, struct nw_str name)
{
    (void)name;
    if (head.bytes.n < mark.n)
        return !head.last && nw_str_starts(mark, head.bytes) ? SPLIT_PERHAPS : SPLIT_NO;
    return nw_str_starts(head.bytes, mark) ? SPLIT_YES : SPLIT_NO;
}

/* Offset of the next record's first line at or behind `at`; SIZE_MAX for none, *sure then what was looked at. */
static size_t next_mark(struct view view, size_t at, size_t *sure)
{
    for (;;) {
        size_t hit = find_bytes(view.bytes, at, mark);

        if (hit == SIZE_MAX) {
            *sure = view.bytes.n > MARK_LINE ? view.bytes.n - MARK_LINE : 0;
            *sure = *sure < at ? at : *sure;
            return SIZE_MAX;
        }
        if (hit + MARK_LINE > view.bytes.n && !view.last) {
            *sure = hit;
            return SIZE_MAX;
        }
        if ((hit == 0 || view.bytes.p[hit - 1] == '\n') && hit + 7 < view.bytes.n && view.bytes.p[hit + 6] == '.' &&
            view.bytes.p[hit + 5] >= '0' && view.bytes.p[hit + 5] <= '9')
            return hit;
        at = hit + 1;
    }
}

static struct head head_read(struct nw_str block)
{
    struct head head = {.size = block.n, .good = true};
    struct nw_str rest = block, line;

    nw_str_line(&rest, &line); /* WARC/1.0 */
    head.type = http_field(rest, NW_S("WARC-Type"));
    head.url = http_field(rest, NW_S("WARC-Target-URI"));
    head.content = http_field(rest, NW_S("Content-Type"));
    head.told = http_field(rest, NW_S("Content-Length"));
    if (head.url.n > 1 && head.url.p[0] == '<' && head.url.p[head.url.n - 1] == '>')
        head.url = nw_str(head.url.p + 1, head.url.n - 2); /* as some versions of wget write it */
    head.good = head.told.n > 0 && head.told.n < 19;
    for (size_t i = 0; i < head.told.n && head.good; i++) {
        head.good = head.told.p[i] >= '0' && head.told.p[i] <= '9';
        head.length = head.length * 10 + (uint64_t)(head.told.p[i] - '0');
    }
    return head;
}

/* Leaves out all up to the next record's first line behind the window's first byte. The sentence stands in `why`
 * already. */
static enum split_step resync(struct split *split, struct view view)
{
    size_t sure = 0, hit = next_mark(view, split->scanned > 1 ? split->scanned : 1, &sure);

    if (hit == SIZE_MAX && !view.last) {
        split->skipping = true;
        return split_more(split, sure - 1, 1);
    }
    split->skipping = false;
    split->taken = hit == SIZE_MAX ? view.bytes.n : hit;
    split->scanned = 0;
    return SPLIT_BAD;
}

static enum split_step broken(struct split *split, struct view view, const char *what, struct nw_str told)
{
    char text[EXCERPT];

    split_bad(split, 0, "record %llu at byte %llu: %s%s; left out", (unsigned long long)split->count++,
              (unsigned long long)view.at, what, told.n ? excerpt(told, text) : "");
    return resync(split, view);
}

/* The record's block as an item. */
static enum split_step block_item(struct split *split, size_t taken, const struct head *head, struct nw_str block,
                                  uint64_t at, struct item *item)
{
    struct http http = {.type = head->content, .body = block};
    bool response = nw_str_eq_nocase(head->type, NW_S("response"));
    unsigned long long count = split->count, where = at;
    char why[128];

    if (!response && !nw_str_eq_nocase(head->type, NW_S("resource")) &&
        !nw_str_eq_nocase(head->type, NW_S("conversion")))
        goto passed;
    if (response && !nw_str_starts_nocase(head->content, NW_S("application/http")))
        goto passed;
    split->work.max = ITEM_MAX;
    switch (response ? http_read(block, &split->work, &http, why) : HTTP_READ) {
    case HTTP_READ:
        break;
    case HTTP_BAD:
    case HTTP_ENCODED:
        split->count++;
        return split_bad(split, taken, "record %llu at byte %llu: %s; left out", count, where, why);
    case HTTP_LARGE:
        split->count++;
        return split_bad(
            split, taken,
            "record %llu at byte %llu: more than the 16 MiB that a record may have, once unpacked; left out", count,
            where);
    default:
        split->count++;
        return split_bad(split, taken, "record %llu at byte %llu: no memory to unpack it; left out", count, where);
    }
    if ((response && http.status != 200) || !http_readable(http.type) || http.body.n == 0)
        goto passed;
    *item = (struct item){.bytes = http.body, .declared = http.type, .url = head->url, .at = at};
    return split_item(split, taken, item);
passed:
    split->count++;
    return split_passed(split, taken);
}

/* A record too large to hold is passed over by its length; told of, unless it is none that would be read. */
static enum split_step pass_large(struct split *split, const struct head *head, uint64_t at)
{
    bool wanted = nw_str_eq_nocase(head->type, NW_S("response")) || nw_str_eq_nocase(head->type, NW_S("resource")) ||
                  nw_str_eq_nocase(head->type, NW_S("conversion"));

    split->why[0] = '\0';
    if (wanted)
        split_bad(split, 0,
                  "record %llu at byte %llu: %llu bytes, more than the 16 MiB that a record may have; left out",
                  (unsigned long long)split->count, (unsigned long long)at, (unsigned long long)head->length);
    split->count++;
    split->skip = head->length;
    return split_more(split, head->size, 0);
}

static enum split_step skip_large(struct split *split, struct view view)
{
    size_t n = view.bytes.n < split->skip ? view.bytes.n : (size_t)split->skip;

    split->skip -= n;
    if (split->skip && !view.last)
        return split_more(split, n, 0);
    split->skip = 0;
    split->taken = n;
    return split->why[0] ? SPLIT_BAD : SPLIT_PASSED;
}

/* Whether something other than line ends and the next record follows behind the block that ends at `end`, so that its
 * length is wrong. Junk behind the last record is not the record's fault. Nothing behind `end` + LOOK is looked at. */
static bool length_wrong(struct nw_str s, size_t end)
{
    struct nw_str record = nw_str(s.p, s.n < end + LOOK ? s.n : end + LOOK), behind = nw_str_from(record, end);
    size_t ends = 0, sure;

    while (ends < behind.n && (behind.p[ends] == '\r' || behind.p[ends] == '\n'))
        ends++;
    behind = nw_str_from(behind, ends);
    if (nw_str_starts(behind, mark) || nw_str_starts(mark, behind))
        return false;
    return ends == 0 || next_mark((struct view){.bytes = record, .last = true}, 1, &sure) != SIZE_MAX;
}

/* The record that the window begins with. */
static enum split_step record_next(struct split *split, struct view view, struct item *item)
{
    size_t end, next;
    struct head head;

    if (view.bytes.n < MARK_LINE && !view.last)
        return split_more(split, 0, 0);
    if (!nw_str_starts(view.bytes, mark))
        return broken(split, view, "expected WARC/1.0, found ",
                      nw_str(view.bytes.p, view.bytes.n < MARK_LINE ? view.bytes.n : MARK_LINE));
    end = http_block_end(nw_str(view.bytes.p, view.bytes.n < HEAD_MAX ? view.bytes.n : HEAD_MAX), 0);
    if (end == SIZE_MAX && view.bytes.n < HEAD_MAX && !view.last)
        return split_more(split, 0, 0);
    if (end == SIZE_MAX)
        return broken(split, view, view.last ? "cut off in its header" : "its header has no end", nw_str("", 0));
    head = head_read(nw_str(view.bytes.p, end));
    if (head.told.n == 0)
        return broken(split, view, "it has no Content-Length", nw_str("", 0));
    if (!head.good)
        return broken(split, view, "Content-Length: expected a number, found ", head.told);
    if (head.length > ITEM_MAX)
        return pass_large(split, &head, view.at);
    next = head.size + (size_t)head.length;
    if (view.bytes.n < next + (view.cut ? TAIL : LOOK) && !view.last)
        return split_more(split, 0, 0);
    if (next > view.bytes.n)
        return broken(split, view, "cut off: the end comes before its Content-Length of ", head.told);
    if (length_wrong(view.bytes, next))
        return broken(split, view, "its Content-Length is wrong: no record follows after ", head.told);
    return block_item(split, next, &head, nw_str(view.bytes.p + head.size, (size_t)head.length), view.at, item);
}

static enum split_step warc_next(struct split *split, struct view view, struct item *item)
{
    size_t space = 0;
    enum split_step step;

    if (split->skipping)
        return resync(split, view);
    if (split->skip)
        return skip_large(split, view);
    while (space < view.bytes.n && (view.bytes.p[space] == '\r' || view.bytes.p[space] == '\n'))
        space++;
    view.bytes = nw_str_from(view.bytes, space);
    view.at += space;
    if (view.bytes.n == 0)
        return view.last ? split_end(split, space) : split_more(split, space, 0);
    step = record_next(split, view, item);
    split->taken += space;
    return step;
}

const struct splitter split_warc = {.name = "WARC", .resumes = true, .fits = warc_fits, .next = warc_next};
