/* Unpacks one zstd frame of a compressed segment, within bounds: see unpack.h. */
#include "store/unpack.h"

#include "store/disk.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <zstd.h>

struct store_unpacker {
    ZSTD_DCtx *context;
    unsigned char *packed, *raw;
    size_t packed_cap, raw_cap;
    size_t spot; /* SIZE_MAX: none is unpacked */
    struct store_window window;
};

void store_unpacker_free(struct store_unpacker **unpacker)
{
    if (!*unpacker)
        return;
    ZSTD_freeDCtx((*unpacker)->context);
    nw_free((*unpacker)->packed);
    nw_free((*unpacker)->raw);
    nw_free(*unpacker);
    *unpacker = NULL;
}

static int unpacker_new(struct store_view *view)
{
    view->unpacker = nw_calloc(1, sizeof *view->unpacker);
    if (!view->unpacker)
        return -ENOMEM;
    view->unpacker->spot = SIZE_MAX;
    view->unpacker->context = ZSTD_createDCtx();
    if (view->unpacker->context)
        return 0;
    store_unpacker_free(&view->unpacker);
    return -ENOMEM;
}

static int reserve(unsigned char **p, size_t *cap, size_t n)
{
    unsigned char *grown;

    if (*cap >= n)
        return 0;
    grown = nw_malloc(n);
    if (!grown)
        return -ENOMEM;
    nw_free(*p);
    *p = grown;
    *cap = n;
    return 0;
}

int store_unpack(struct store_view *view, size_t spot)
{
    uint64_t from = view->spots.p[spot].offset, content;
    uint64_t to = spot + 1 < view->spots.n ? view->spots.p[spot + 1].offset : view->size - view->tail.size;
    struct store_unpacker *unpacker;
    size_t got, size;
    int error = view->unpacker ? 0 : unpacker_new(view);

    if (error < 0)
        return error;
    unpacker = view->unpacker;
    if (unpacker->spot == spot)
        return STORE_STEP_ENTRY;
    unpacker->spot = SIZE_MAX;
    if (to - from > ZSTD_compressBound(STORE_PACK_MOST))
        return STORE_STEP_BAD;
    error = reserve(&unpacker->packed, &unpacker->packed_cap, (size_t)(to - from));
    if (error == 0)
        error = store_disk_read(view->fd, unpacker->packed, (size_t)(to - from), from, &got);
    if (error < 0)
        return error;
    content = ZSTD_getFrameContentSize(unpacker->packed, got);
    if (content > STORE_PACK_MOST) /* ZSTD_CONTENTSIZE_UNKNOWN and _ERROR are larger still */
        return STORE_STEP_BAD;
    error = reserve(&unpacker->raw, &unpacker->raw_cap, content ? (size_t)content : 1);
    if (error < 0)
        return error;
    size = ZSTD_decompressDCtx(unpacker->context, unpacker->raw, (size_t)content, unpacker->packed, got);
    if (ZSTD_isError(size))
        return STORE_STEP_BAD;
    unpacker->spot = spot;
    unpacker->window = store_window_memory(unpacker->raw, size, 0);
    view->back.window = NULL;
    view->walk.window = &unpacker->window;
    view->walk.offset = 0;
    view->walk.seq = view->header.first + view->spots.p[spot].delta;
    return STORE_STEP_ENTRY;
}
