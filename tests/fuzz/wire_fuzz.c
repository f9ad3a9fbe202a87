/* Wire copy as plain text, with its conventions: datelines, bylines, notes, embargoes, sign-offs, dates. */
#include "fuzz/clean_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clean_run(nw_str((const char *)data, size), NW_S("text"));
    return 0;
}
