/*
 * OPML files that people bring. Whatever the bytes: no address is longer than the file (entities may stand in it, but
 * libxml2 must not let them grow without bound), what is refused says a line, and nothing is read from elsewhere.
 */
#include "fetch/opml.h"

#include <stdint.h>
#include <stdlib.h>

enum { GROWTH = 64 << 10 /* bytes that entities may add to an address, beside the file's own size times 100 */ };

struct found {
    size_t count, size;
};

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static int collect(void *user, struct nw_str url, bool follow)
{
    struct found *found = user;

    (void)follow;

    demand(url.n == 0 || (url.p[0] != ' ' && url.p[url.n - 1] != ' '));
    demand(url.n <= GROWTH + found->size * 100);
    return ++found->count == found->size ? 2 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct found found = {.size = size};
    int line = -1, r = opml_scan(nw_str((const char *)data, size), true, collect, &found, &line);

    demand(r == 0 || r == 1);   /* fewer addresses than bytes, so `collect` has ended none */
    demand(r == 1 || size > 0); /* nothing is no OPML */
    demand(line >= 0);
    return 0;
}
