/* Headers from anybody: what is read must be written to the same meaning. Seeds are headers of each kind. */
#include "link/frame.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_arena arena = {0};
    struct nw_header header, again;
    struct nw_buf first, second;
    char why[NW_WHY] = "";
    int r = nw_header_decode(&arena, nw_str((const char *)data, size), &header, why);

    if (r != 0 && !why[0])
        abort();
    nw_buf_init(&first, NW_HEADER_MAX);
    nw_buf_init(&second, NW_HEADER_MAX);
    if (r == 0 && nw_header_encode(&header, &first) == 0) {
        nw_header_fits(&header, size);
        if (nw_header_decode(&arena, nw_buf_view(&first), &again, why) != 0 || nw_header_encode(&again, &second) != 0 ||
            !nw_str_eq(nw_buf_view(&first), nw_buf_view(&second)))
            abort();
    }
    nw_buf_free(&first);
    nw_buf_free(&second);
    nw_arena_free(&arena);
    return 0;
}
