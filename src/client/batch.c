/* A feeder's batches: see batch.h. */
#include "batch.h"

#include "link/frame.h"
#include "record/unpack.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>

enum { URGENCY_OVERTAKES = 2 /* records of this urgency and below overtake what waits at the broker */ };

struct batch *batch_new(uint64_t first, size_t records, size_t bytes)
{
    struct batch *batch = nw_calloc(1, sizeof *batch);

    if (batch) {
        zmq_msg_init(&batch->message);
        nw_buf_init(&batch->body, NW_FRAME_MAX);
        nw_buf_init(&batch->urgent, NW_BATCH_RECORDS * sizeof(uint64_t));
        batch->first = first;
        batch->opened = nw_clock_mono();
        batch->sizes = nw_calloc(records, sizeof *batch->sizes);
        if (!batch->sizes || nw_buf_reserve(&batch->body, bytes) != 0) {
            batch_free(batch);
            batch = NULL;
        }
    }
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch) {
        zmq_msg_close(&batch->message);
        nw_buf_free(&batch->body);
        nw_buf_free(&batch->urgent);
        nw_free(batch->sizes);
        nw_free(batch);
    }
}

/* Whether the record calls itself urgent: ninjs urgency 1 or 2. What cannot be read is not; the broker's stages say
 * what is wrong with it. */
static bool is_urgent(struct nw_str record)
{
    struct nw_unpack in = nw_unpack(record);
    struct nw_str key;
    int64_t urgency;
    size_t n;

    if (!nw_unpack_map(&in, &n)) {
        return false;
    }
    while (n-- > 0 && nw_unpack_str(&in, &key)) {
        if (nw_str_eq(key, NW_S("urgency"))) {
            return nw_unpack_int(&in, &urgency) && urgency >= 1 && urgency <= URGENCY_OVERTAKES;
        }
        if (!nw_unpack_skip(&in, NULL)) {
            return false;
        }
    }
    return false;
}

int batch_add(struct batch *batch, struct nw_str record)
{
    uint64_t place = batch->n;

    if (nw_buf_str(&batch->body, record) != 0) {
        return nw_fault(batch->body.error);
    }
    if (is_urgent(record) && nw_buf_add(&batch->urgent, &place, sizeof place) != 0) {
        return nw_fault(batch->urgent.error);
    }
    batch->sizes[batch->n++] = (uint32_t)record.n;
    batch->bytes += record.n;
    return 0;
}

static void body_free(void *bytes, void *unused)
{
    (void)unused;
    nw_free(bytes);
}

int batch_seal(struct batch *batch)
{
    if (batch->bytes == 0 || zmq_msg_size(&batch->message) > 0) {
        return 0;
    }
    if (zmq_msg_init_data(&batch->message, batch->body.p, batch->body.n, body_free, NULL) < 0) {
        zmq_msg_init(&batch->message);
        return nw_fault(-ENOMEM);
    }
    nw_buf_init(&batch->body, NW_FRAME_MAX);
    return 0;
}
