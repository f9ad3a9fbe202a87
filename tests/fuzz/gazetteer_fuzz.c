/* A gazetteer file of any bytes is refused, or answers every question within its bounds. */
#include "tag/gazetteer.h"

#include <newswire/hash.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gazetteer g;
    char why[IMAGE_WHY] = "";
    /* The checksum is made right, so that what lies behind it is reached. */
    unsigned char *copy = malloc(size + 1);
    if (copy == NULL) {
        abort();
    }
    if (size) {
        memcpy(copy, data, size);
    }
    if (size >= 64) {
        uint64_t sum = nw_hash64(nw_str((const char *)copy + 64, size - 64), 0);
        uint64_t length = size;
        memcpy(copy + 24, &length, sizeof length);
        memcpy(copy + 32, &sum, sizeof sum);
    }
    if (gazetteer_over(&g, nw_str((const char *)copy, size), why) == 0) {
        for (uint64_t i = 0; i < 64; i++) {
            const struct gazetteer_slot *slot = gazetteer_find(&g, i * UINT64_C(0x9E3779B97F4A7C15));
            for (unsigned k = 0; slot && k < slot->count; k++) {
                const struct gazetteer_thing *thing = gazetteer_thing(&g, slot, k);
                if (thing && gazetteer_text(&g, thing->name).n > size) {
                    abort();
                }
            }
        }
    } else if (why[0] == 0) {
        abort(); /* a refusal says why */
    }
    gazetteer_close(&g);
    free(copy);
    return 0;
}
