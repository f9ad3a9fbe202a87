/* Pages: tokenizer, tree, choice of the article, metadata. */
#include "fuzz/clean_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clean_run(nw_str((const char *)data, size), NW_S("html"));
    return 0;
}
