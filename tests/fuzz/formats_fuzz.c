/* Every format: the first byte chooses the reader, or recognition by content. */
#include "fuzz/clean_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"",     "rss",    "atom",     "jsonfeed", "newsml-g2",    "newsml-1",
                                          "nitf", "ninjs",  "iptc7901", "anpa1312", "reuters-sgml", "warc",
                                          "mail", "ndjson", "wxr",      "text"};
    if (size == 0)
        return 0;
    clean_run(nw_str((const char *)data + 1, size - 1),
              nw_str_z(formats[data[0] % (sizeof formats / sizeof *formats)]));
    return 0;
}
