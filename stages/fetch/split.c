/* Which splitter is whose, and what all of them share. */
#include "split.h"

#include <stdarg.h>
#include <stdio.h>

/* Asked in this order. The last one takes all. */
static const struct splitter *const splitters[] = {
    &split_reuters, &split_warc, &split_mbox, &split_newsml, &split_ndjson, &split_whole,
};
enum { SPLITTERS = sizeof splitters / sizeof *splitters };

/* Formats that are containers by what the user says, whatever the content looks like. */
static const struct {
    struct nw_str format;
    const struct splitter *splitter;
} told[] = {
    {NW_STR("reuters-sgml"), &split_reuters},
    {NW_STR("warc"), &split_warc},
    {NW_STR("ndjson"), &split_ndjson},
};

/* Formats that may or may not come in a container. */
static const struct {
    struct nw_str format;
    const struct splitter *splitter;
} may[] = {
    {NW_STR("mail"), &split_mbox},
    {NW_STR("newsml-g2"), &split_newsml},
    {NW_STR("ninjs"), &split_ndjson},
};

const struct splitter *split_choose(struct view head, struct nw_str name, struct nw_str format)
{
    bool perhaps = false;

    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (nw_str_eq(format, told[i].format))
            return told[i].splitter;
    }
    for (size_t i = 0; format.n && i < sizeof may / sizeof *may; i++) {
        if (!nw_str_eq(format, may[i].format))
            continue;
        switch (may[i].splitter->fits(head, name)) {
        case SPLIT_YES:
            return may[i].splitter;
        case SPLIT_PERHAPS:
            return NULL;
        case SPLIT_NO:
            break;
        }
    }
    if (format.n)
        return &split_whole;
    for (size_t i = 0; i < SPLITTERS; i++) {
        switch (splitters[i]->fits(head, name)) {
        case SPLIT_YES:
            if (!perhaps || splitters[i] != &split_whole)
                return splitters[i];
            break;
        case SPLIT_PERHAPS:
            perhaps = true;
            break;
        case SPLIT_NO:
            break;
        }
    }
    return NULL;
}

void split_begin(struct split *split, const struct splitter *kind, uint64_t size)
{
    split_free(split);
    *split = (struct split){.kind = kind, .size = size};
    nw_buf_init(&split->work, SPLIT_WINDOW);
}

void split_free(struct split *split)
{
    nw_buf_free(&split->work);
}

enum split_step split_more(struct split *split, size_t taken, size_t scanned)
{
    split->taken = taken;
    split->scanned = scanned;
    return SPLIT_MORE;
}

enum split_step split_bad(struct split *split, size_t taken, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(split->why, sizeof split->why, format, list);
    va_end(list);
    split->taken = taken;
    split->scanned = 0;
    return SPLIT_BAD;
}

enum split_step split_passed(struct split *split, size_t taken)
{
    split->taken = taken;
    split->scanned = 0;
    return SPLIT_PASSED;
}

enum split_step split_end(struct split *split, size_t taken)
{
    split->taken = taken;
    split->scanned = 0;
    return SPLIT_END;
}

enum split_step split_item(struct split *split, size_t taken, struct item *item)
{
    if (item->bytes.n > ITEM_MAX)
        return split_large(split, taken, item->at, item->bytes.n);
    split->count++;
    split->taken = taken;
    split->scanned = 0;
    return SPLIT_ITEM;
}

enum split_step split_large(struct split *split, size_t taken, uint64_t at, uint64_t size)
{
    return split_bad(split, taken,
                     "item %llu at byte %llu: %llu bytes, more than the 16 MiB that a record may have; split it",
                     (unsigned long long)split->count++, (unsigned long long)at, (unsigned long long)size);
}

struct nw_str split_unmarked(struct nw_str s)
{
    return nw_str_starts(s, NW_S("\xEF\xBB\xBF")) ? nw_str_from(s, 3) : s;
}
