/* NFC by ICU, which offers UTF-8 to C++ only. Plain types, as it is read by C and C++. */
#ifndef CLEAN_NFC_H
#define CLEAN_NFC_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether n bytes of valid UTF-8 are NFC. True when ICU's data can't be had: text is never held up by that. */
bool nfc_is(const char *text, size_t n);

/* Gives the NFC of the text to `append`, in pieces; false when append was false once. */
bool nfc_make(const char *text, size_t n, void *owner, bool (*append)(void *owner, const char *piece, size_t n));

#ifdef __cplusplus
}
#endif

#endif
