/* Lanes: see lane.h. */
#include "broker/lane.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

int lane_open(struct lane *lane, enum nw_lane which, size_t size, uint64_t low, struct nw_buf *jseqs)
{
    *lane = (struct lane){.which = which, .size = size, .low = low, .next = low, .turn = low, .base = low};
    nw_buf_init(&lane->jseqs, LANE_RECOVERED * sizeof(uint64_t));
    lane->ring = nw_calloc(size, sizeof *lane->ring);
    if (!lane->ring)
        return nw_fault(-ENOMEM);
    return jseqs && nw_buf_str(&lane->jseqs, nw_buf_view(jseqs)) < 0 ? nw_fault(lane->jseqs.error) : 0;
}

void lane_close(struct lane *lane)
{
    for (uint64_t place = lane->low; lane->ring && place < lane->next; place++) {
        for (struct item *item = lane_entry(lane, place)->arrived, *next; item; item = next) {
            next = item->next;
            item_free(item);
        }
    }
    nw_free(lane->ring);
    nw_buf_free(&lane->jseqs);
    lane->ring = NULL;
}

size_t lane_known(const struct lane *lane)
{
    return lane->jseqs.n / sizeof(uint64_t);
}

const uint64_t *lane_jseqs(const struct lane *lane, size_t *n)
{
    const void *first = lane->jseqs.p; /* a heap block, so aligned for its elements */

    *n = lane_known(lane);
    return first;
}

bool lane_has_room(const struct lane *lane)
{
    return lane_known(lane) < LANE_URGENT_MAX;
}

int lane_add(struct lane *lane, uint64_t jseq)
{
    return nw_buf_add(&lane->jseqs, &jseq, sizeof jseq) < 0 ? nw_fault(lane->jseqs.error) : 0;
}

size_t lane_below(const struct lane *lane, uint64_t jseq)
{
    size_t n, least = 0;
    const uint64_t *jseqs = lane_jseqs(lane, &n);

    while (least < n) {
        size_t middle = least + (n - least) / 2;
        if (jseqs[middle] < jseq)
            least = middle + 1;
        else
            n = middle;
    }
    return least;
}

bool lane_holds(const struct lane *lane, uint64_t jseq)
{
    size_t n, i = lane_below(lane, jseq);
    const uint64_t *jseqs = lane_jseqs(lane, &n);

    return i < n && jseqs[i] == jseq;
}

uint64_t lane_next(const struct lane *lane, uint64_t last)
{
    uint64_t jseq = lane->next;

    if (lane->next - lane->low >= lane->size)
        return 0;
    if (lane->which == NW_LANE_URGENT) {
        size_t n, i = (size_t)(lane->next - lane->base);
        const uint64_t *jseqs = lane_jseqs(lane, &n);
        if (i >= n)
            return 0;
        jseq = jseqs[i];
    }
    return jseq <= last ? jseq : 0;
}

void lane_begin(struct lane *lane, uint64_t jseq)
{
    uint64_t place = lane->which == NW_LANE_URGENT ? lane->base + lane_below(lane, jseq) : jseq;

    if (place > lane->low)
        lane->low = lane->next = lane->turn = place;
}

void lane_forget(struct lane *lane, uint64_t passed)
{
    size_t known = lane_known(lane), done = (size_t)(lane->low - lane->base), gone = lane_below(lane, passed);

    gone = gone < done ? gone : done;
    /* Moving what stays costs its bytes, so it is done when it is not more than what goes. */
    if (gone == 0 || gone < known - gone)
        return;
    nw_buf_take(&lane->jseqs, gone * sizeof(uint64_t));
    lane->base += gone;
}

size_t lane_held(const struct lane *lane)
{
    size_t n = 0;

    for (uint64_t place = lane->low; place < lane->next; place++)
        n += lane_entry(lane, place)->there;
    return n;
}
