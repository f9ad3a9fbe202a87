/* Word clusters: see clusters.h. */
#include "clusters.h"

uint32_t clusters_home(uint64_t lower, uint32_t count)
{
    return (uint32_t)(((lower & 0xFFFFFFFF) * count) >> 32);
}

const struct clusters_slot *clusters_find(const struct clusters *clusters, uint64_t lower)
{
    uint32_t print = (uint32_t)(lower >> 32) | 1;
    uint32_t at = clusters->count ? clusters_home(lower, clusters->count) : 0;
    for (uint32_t probes = 0; probes < clusters->count; probes++) {
        const struct clusters_slot *slot = &clusters->slots[at];
        if (slot->print == print) {
            return slot;
        }
        if (slot->print == 0) {
            return NULL;
        }
        at = at + 1 < clusters->count ? at + 1 : 0;
    }
    return NULL;
}

void clusters_prepare(const struct clusters *clusters, uint64_t lower)
{
    __builtin_prefetch(&clusters->slots[clusters->count ? clusters_home(lower, clusters->count) : 0]);
}
