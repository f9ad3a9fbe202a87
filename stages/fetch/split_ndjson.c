/*
 * NDJSON (JSON Lines): one JSON object a line; blank lines mean nothing. A line that does not begin and end as an
 * object does is told by its number and left out; whether what is between is good JSON, clean finds out.
 *
 * A file is taken for NDJSON by its name (.ndjson, .jsonl), or when its first line is a whole object and another object
 * begins behind it. One object in one line, and nothing more, is left whole: it may be a JSON Feed.
 */
#include "find.h"
#include "split.h"

/* Whether s, without white space around it, is one object by its braces and quotes. */
static bool object(struct nw_str s)
{
    size_t depth = 0;

    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '"':
            for (i++; i < s.n && s.p[i] != '"'; i++)
                i += s.p[i] == '\\';
            if (i >= s.n)
                return false;
            break;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth-- <= 1)
                return depth == 0 && i + 1 == s.n;
            break;
        default:
            break;
        }
    }
    return false;
}

static enum split_fit ndjson_fits(struct view head, struct nw_str name)
{
    struct nw_str rest = nw_str_trim(split_unmarked(head.bytes));
    struct nw_str line;
    size_t end;

    if (nw_str_ends(name, NW_S(".ndjson")) || nw_str_ends(name, NW_S(".jsonl")))
        return SPLIT_YES;
    if (rest.n == 0)
        return head.last || head.bytes.n > SPLIT_SLACK ? SPLIT_NO : SPLIT_PERHAPS;
    if (rest.p[0] != '{')
        return SPLIT_NO;
    end = find_byte(rest, 0, '\n');
    line = nw_str_trim(end == SIZE_MAX ? rest : nw_str(rest.p, end));
    if (end != SIZE_MAX) {
        struct nw_str second = nw_str_trim(nw_str_from(rest, end));
        return second.n && second.p[0] == '{' && object(line) ? SPLIT_YES : SPLIT_NO;
    }
    /* The window ends in the first line, or behind it: a line of a record's size is waited for, and the one behind. */
    return head.last || head.bytes.n > ITEM_MAX ? SPLIT_NO : SPLIT_PERHAPS;
}

static enum split_step ndjson_large(struct split *split, size_t taken, uint64_t at, uint64_t size)
{
    split->count++;
    return split_bad(split, taken,
                     "line %llu at byte %llu: %llu bytes, more than the 16 MiB that a record may have; split it",
                     (unsigned long long)split->line, (unsigned long long)at, (unsigned long long)size);
}

static enum split_step ndjson_line(struct split *split, size_t taken, struct nw_str line, uint64_t at,
                                   struct item *item)
{
    char start[EXCERPT];

    split->line++;
    if (line.n > ITEM_MAX)
        return ndjson_large(split, taken, at, line.n);
    line = nw_str_trim(at == 0 ? split_unmarked(line) : line);
    if (line.n == 0)
        return split_more(split, taken, 0); /* ndjson_next goes on by itself */
    if (line.p[0] != '{' || line.p[line.n - 1] != '}') {
        split->count++;
        return split_bad(split, taken, "line %llu: expected a JSON object, found %s; left out",
                         (unsigned long long)split->line,
                         line.p[0] == '{' ? "one that does not end" : excerpt(line, start));
    }
    *item = (struct item){.bytes = line, .format = NW_S("ndjson"), .at = at};
    return split_item(split, taken, item);
}

/* Inside a line that is too long to hold. */
static enum split_step ndjson_skip(struct split *split, struct view view)
{
    size_t end = find_byte(view.bytes, 0, '\n');

    if (end == SIZE_MAX && !view.last)
        return split_more(split, view.bytes.n, 0);
    split->skipping = false;
    split->line++;
    end = end == SIZE_MAX ? view.bytes.n : end;
    return ndjson_large(split, end < view.bytes.n ? end + 1 : end, split->skip, view.at + end - split->skip);
}

static enum split_step ndjson_next(struct split *split, struct view view, struct item *item)
{
    size_t start = 0, scanned = split->scanned;

    if (split->skipping)
        return ndjson_skip(split, view);
    for (;;) {
        struct nw_str rest = nw_str_from(view.bytes, start);
        size_t end = find_byte(rest, scanned, '\n');
        enum split_step step;

        if (end == SIZE_MAX && rest.n == 0 && view.last)
            return split_end(split, start);
        if (end == SIZE_MAX && rest.n > ITEM_MAX && !view.last) {
            split->skipping = true;
            split->skip = view.at + start;
            return split_more(split, view.bytes.n, 0);
        }
        if (end == SIZE_MAX && !view.last)
            return split_more(split, start, rest.n);
        end = end == SIZE_MAX ? rest.n : end;
        step = ndjson_line(split, start + (end < rest.n ? end + 1 : end), nw_str(rest.p, end), view.at + start, item);
        if (step != SPLIT_MORE)
            return step;
        start = split->taken; /* a blank line */
        scanned = 0;
    }
}

const struct splitter split_ndjson = {.name = "NDJSON", .resumes = true, .fits = ndjson_fits, .next = ndjson_next};
