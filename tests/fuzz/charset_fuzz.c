/* Bytes of any charset as plain text: what comes out is UTF-8, whatever they were. */
#include "fuzz/clean_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clean_run(nw_str((const char *)data, size), NW_S("text"));
    return 0;
}
