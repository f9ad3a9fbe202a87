/*
 * Splitters. The first byte picks one, the second the size of the pieces in which the rest comes. Whatever the bytes,
 * the window is never asked for more than split.h says, and pieces give the same items and sentences as the whole.
 */
#include "fetch/split.h"

#include <newswire/hash.h>

#include <stdint.h>
#include <stdlib.h>

static const struct splitter *const kinds[] = {&split_reuters, &split_ndjson, &split_mbox,
                                               &split_warc,    &split_newsml, &split_whole};

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static uint64_t add(uint64_t sum, struct nw_str s)
{
    return nw_hash64(s, sum);
}

static uint64_t run(const struct splitter *kind, struct nw_str bytes, size_t piece)
{
    struct split split = {.kind = NULL};
    size_t from = 0, to = 0, idle = 0;
    uint64_t sum = 0;

    split_begin(&split, kind, 0);
    for (;;) {
        /* An exact allocation lets AddressSanitizer see the byte behind the end. */
        size_t n = to - from;
        char *window = malloc(n ? n : 1);
        struct view view = {.bytes = nw_str(window, n), .at = from, .last = to == bytes.n};
        struct item item = {.at = 0};
        enum split_step step;

        demand(window != NULL);
        if (n)
            memcpy(window, bytes.p + from, n);
        step = kind->next(&split, view, &item);
        demand(split.taken <= n);
        demand(step != SPLIT_MORE || !view.last);
        idle = step != SPLIT_MORE && split.taken == 0 ? idle + 1 : 0;
        demand(idle < 4);
        if (step == SPLIT_ITEM)
            sum = add(add(add(add(sum, item.bytes), item.declared), item.url),
                      nw_str((const char *)&item.at, sizeof item.at));
        if (step == SPLIT_BAD)
            sum = add(sum, nw_str_z(split.why));
        free(window);
        from += split.taken;
        if (step == SPLIT_END)
            break;
        if (step == SPLIT_MORE)
            to += piece < bytes.n - to ? piece : bytes.n - to;
    }
    split_free(&split);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_str bytes;
    const struct splitter *kind;

    if (size < 2)
        return 0;
    bytes = nw_str((const char *)data + 2, size - 2);
    kind = kinds[data[0] % (sizeof kinds / sizeof *kinds)];
    demand(run(kind, bytes, bytes.n + 1) == run(kind, bytes, 1 + data[1]));
    (void)split_choose((struct view){.bytes = bytes}, NW_S("x"), NW_S(""));
    demand(split_choose((struct view){.bytes = bytes, .last = true}, NW_S("x"), NW_S("")) != NULL);
    return 0;
}
