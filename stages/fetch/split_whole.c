/*
 * What is no container: one file, one item. Its bytes are passed on as they are, whatever they are: clean says what
 * they mean, or that it can't.
 */
#include "split.h"

static enum split_fit whole_fits(struct view head, struct nw_str name)
{
    (void)head;
    (void)name;
    return SPLIT_YES;
}

static enum split_step whole_next(struct split *split, struct view view, struct item *item)
{
    uint64_t size = split->size > view.bytes.n ? split->size : view.bytes.n;

    if (split->count)
        return split_end(split, view.bytes.n);
    if (size > ITEM_MAX) {
        split->count = 1;
        if (split->size || view.last)
            return split_bad(split, view.bytes.n, "%llu bytes, more than the 16 MiB that a record may have; split it",
                             (unsigned long long)size);
        return split_bad(split, view.bytes.n, "more than the 16 MiB that a record may have; split it");
    }
    if (!view.last)
        return split_more(split, 0, 0);
    *item = (struct item){.bytes = view.bytes, .at = view.at};
    return split_item(split, view.bytes.n, item);
}

const struct splitter split_whole = {.name = "one item", .fits = whole_fits, .next = whole_next};
