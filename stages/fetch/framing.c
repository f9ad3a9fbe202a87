/* See framing.h. Wire blocks: IPTC 7901 and ANPA 1312 end the text by ETX, older ones by NNNN in a line of its own. */
#include "framing.h"
#include "find.h"

#include <stdio.h>

const char *const framing_names[] = {"lines", "ndjson", "wire", NULL};

enum { ETX = 0x03 };
static const struct nw_str nnnn = NW_STR("NNNN");

/* What stands between items and means nothing: line ends, blanks, and the fill of wires (NUL, EOT, SYN, DEL). */
static bool is_fill(enum framing_kind kind, char c)
{
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return true;
    return kind == FRAMING_WIRE && (c == 0x00 || c == 0x04 || c == 0x16 || c == 0x7f);
}

static size_t fill_of(enum framing_kind kind, struct nw_str s)
{
    size_t n = 0;

    while (n < s.n && is_fill(kind, s.p[n]))
        n++;
    return n;
}

/* Offset behind the first end of a wire block at or behind `from`; SIZE_MAX for none. */
static size_t wire_end(struct nw_str s, size_t from, bool at_line)
{
    size_t etx, line;

    if (at_line && nw_str_starts(s, nnnn))
        return nnnn.n;
    etx = find_byte(s, from, ETX);
    line = find_bytes(s, from, NW_S("\nNNNN"));
    etx = etx == SIZE_MAX ? SIZE_MAX : etx + 1;
    line = line == SIZE_MAX ? SIZE_MAX : line + 1 + nnnn.n;
    return etx < line ? etx : line;
}

/* Offset behind the next item's end; SIZE_MAX when it is not there yet. */
static size_t end_of(const struct framing *framing, struct nw_str s)
{
    size_t back = nnnn.n, end;

    if (framing->kind == FRAMING_WIRE)
        return wire_end(s, framing->scanned > back ? framing->scanned - back : 0, !framing->skipping);
    end = find_byte(s, framing->scanned, '\n');
    return end == SIZE_MAX ? SIZE_MAX : end + 1;
}

/* The item that ends at `end`, without its line end. */
static struct nw_str item_of(const struct framing *framing, struct nw_str s, size_t end)
{
    if (framing->kind == FRAMING_WIRE)
        return nw_str(s.p, end);
    end -= 1;
    return nw_str(s.p, end > 0 && s.p[end - 1] == '\r' ? end - 1 : end);
}

/* Whether a block is only the end of one: NNNN behind ETX, or ETX behind NNNN. */
static bool is_empty(const struct framing *framing, struct nw_str item)
{
    if (framing->kind != FRAMING_WIRE)
        return nw_str_trim(item).n == 0;
    return nw_str_eq(item, nnnn) || (item.n == 1 && item.p[0] == ETX);
}

static enum framing_step judge(const struct framing *framing, struct framed *framed)
{
    char start[EXCERPT];

    if (framed->item.n > framing->most) {
        snprintf(framed->why, sizeof framed->why,
                 "longer than the %zu bytes that one may have; raise max_item if it should be", framing->most);
        return FRAMING_BAD;
    }
    if (framing->kind != FRAMING_NDJSON)
        return FRAMING_ITEM;
    framed->item = nw_str_trim(framed->item);
    if (framed->item.p[0] != '{' || framed->item.p[framed->item.n - 1] != '}') {
        snprintf(framed->why, sizeof framed->why, "expected a JSON object in one line, found %s",
                 framed->item.p[0] == '{' ? "one that does not end" : excerpt(framed->item, start));
        return FRAMING_BAD;
    }
    return FRAMING_ITEM;
}

enum framing_step framing_next(struct framing *framing, struct nw_str bytes, struct framed *framed)
{
    framed->taken = 0;
    for (;;) {
        size_t fill = framing->skipping || framing->scanned ? 0 : fill_of(framing->kind, bytes), end;
        bool skipped = framing->skipping;

        bytes = nw_str_from(bytes, fill);
        framed->taken += fill;
        end = end_of(framing, bytes);
        if (end == SIZE_MAX && bytes.n <= framing->most + FRAMING_SLACK && !skipped) {
            framing->scanned = bytes.n;
            return FRAMING_MORE;
        }
        if (end == SIZE_MAX) {
            /* Told at once, for its end may never come. What is kept may be the beginning of an end. */
            size_t keep = bytes.n < nnnn.n ? bytes.n : nnnn.n;
            framed->item = bytes;
            framed->taken += bytes.n - keep;
            framing->skipping = true;
            framing->scanned = keep;
            return skipped ? FRAMING_MORE : judge(framing, framed);
        }
        framing->skipping = false;
        framing->scanned = 0;
        framed->taken += end;
        framed->item = item_of(framing, bytes, end);
        bytes = nw_str_from(bytes, end);
        if (!skipped && !is_empty(framing, framed->item))
            return judge(framing, framed);
    }
}

bool framing_is_inside(const struct framing *framing, struct nw_str rest)
{
    return framing->skipping || fill_of(framing->kind, rest) < rest.n;
}
