/* Files of the names model and of the topics of any bytes are refused with a sentence, or answer within their bounds.
 */
#include "tag/names.h"
#include "tag/topics.h"

#include <newswire/hash.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[IMAGE_WHY] = "";
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
    struct nw_str bytes = nw_str((const char *)copy, size);
    struct names_model names;
    struct topics_model topics;
    if (names_model_over(&names, bytes, why) == 0) {
        for (uint64_t i = 0; i < 64; i++) {
            names_rows_find(&names.rows, i * UINT64_C(0x9E3779B97F4A7C15));
            clusters_find(&names.clusters, i * UINT64_C(0xD6E8FEB86659FD93));
        }
    } else if (why[0] == 0) {
        abort();
    }
    why[0] = 0;
    if (topics_model_over(&topics, bytes, why) == 0) {
        struct topics_feature words[] = {{.hash = 12345, .count = 1}, {.number = 7, .count = 1, .cluster = true}};
        struct topics_features features = {.v = words, .n = 2, .cap = 2};
        struct word_type type = {.flags = 0};
        struct types types = {.v = &type, .n = 1};
        struct topics_score out[4];
        size_t n = topics_find(&topics, &types, &features, out, 4);
        for (size_t i = 0; i < n; i++) {
            topics_text(&topics, topics.labels[out[i].label].name);
        }
    } else if (why[0] == 0) {
        abort();
    }
    names_model_close(&names);
    topics_model_close(&topics);
    free(copy);
    return 0;
}
