/* A guess at the charset of bytes that are no UTF-8: uchardet's, with what it is known to get wrong put right. */
#include "decode.h"

#include "chars.h"

#include <uchardet/uchardet.h>

enum { GUESS_SAMPLE = 64 << 10 };

const char *charset_guess(struct nw_str bytes)
{
    const char *name = "";
    uchardet_t detector = uchardet_new();
    if (!detector)
        return "windows-1252";
    size_t n = bytes.n < GUESS_SAMPLE ? bytes.n : GUESS_SAMPLE;
    if (uchardet_handle_data(detector, bytes.p, n) == 0) {
        uchardet_data_end(detector);
        name = charset_name(nw_str_z(uchardet_get_charset(detector)));
    }
    uchardet_delete(detector);
    return name[0] ? name : "windows-1252";
}
