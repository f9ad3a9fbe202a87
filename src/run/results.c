/* Text and sizes stand one behind the other; results point at them when they no longer move. */
#include "run/results.h"

#include <newswire/error.h>

#include <errno.h>

void results_init(struct results *results)
{
    *results = (struct results){.usual = 0};
    nw_buf_init(&results->outputs, NW_FRAME_MAX);
    nw_buf_init(&results->sizes, NW_HEADER_MAX / 2);
    nw_buf_init(&results->reasons, (size_t)NW_BATCH_RECORDS * NW_WHY);
    nw_buf_init(&results->all, (size_t)NW_BATCH_RECORDS * sizeof(struct nw_result));
}

void results_free(struct results *results)
{
    nw_buf_free(&results->outputs);
    nw_buf_free(&results->sizes);
    nw_buf_free(&results->reasons);
    nw_buf_free(&results->all);
}

int results_begin(struct results *results)
{
    nw_buf_clear(&results->outputs);
    nw_buf_clear(&results->sizes);
    nw_buf_clear(&results->reasons);
    nw_buf_clear(&results->all);
    return nw_buf_reserve(&results->outputs, results->usual) < 0 ? nw_fault(results->outputs.error) : 0;
}

int results_put(struct results *results, const struct nw_record *record)
{
    size_t at = results->outputs.n;
    uint32_t size;
    int r = nw_record_encode(record, &results->outputs);

    if (r == -EMSGSIZE || (r == 0 && results->outputs.n - at > NW_RECORD_MAX)) {
        results->full = r == -EMSGSIZE && at > 0;
        results->outputs.n = at;
        results->outputs.error = 0;
        return -EMSGSIZE;
    }
    if (r < 0)
        return nw_fault(r);
    size = (uint32_t)(results->outputs.n - at);
    r = nw_buf_add(&results->sizes, &size, sizeof size);
    return r < 0 ? nw_fault(r) : 0;
}

struct results_place results_place(const struct results *results)
{
    return (struct results_place){results->outputs.n, results->sizes.n};
}

void results_take_back(struct results *results, struct results_place place)
{
    results->outputs.n = place.outputs;
    results->sizes.n = place.sizes;
}

size_t results_count(const struct results *results, struct results_place place)
{
    return (results->sizes.n - place.sizes) / sizeof(uint32_t);
}

int results_give_nothing(struct results *results, enum nw_outcome outcome, struct nw_str why, struct nw_result *result)
{
    result->outcome = outcome;
    result->reason.n = why.n;
    return nw_buf_str(&results->reasons, why) < 0 ? nw_fault(results->reasons.error) : 0;
}

int results_add(struct results *results, const struct nw_result *result)
{
    return nw_buf_add(&results->all, result, sizeof *result) < 0 ? nw_fault(results->all.error) : 0;
}

struct nw_results results_list(struct results *results)
{
    /* The buffers are heap blocks, so aligned for their elements. */
    void *sizes = results->sizes.p, *all = results->all.p;
    struct nw_results list = {all, results->all.n / sizeof *list.v};
    uint32_t *size = sizes;
    char *reason = results->reasons.p;

    for (size_t i = 0; i < list.n; i++) {
        struct nw_result *one = &list.v[i];
        one->outputs.v = size;
        if (one->outputs.n)
            size += one->outputs.n;
        one->reason.p = one->reason.n ? reason : NULL;
        reason += one->reason.n;
    }
    return list;
}
