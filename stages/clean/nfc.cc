/* NFC by ICU: see nfc.h. No exception leaves this file. */
#include "nfc.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <cstdint>

namespace
{

class Sink : public icu::ByteSink
{
  public:
    Sink(void *owner, bool (*append)(void *, const char *, size_t)) : owner_(owner), append_(append)
    {
    }
    void Append(const char *piece, int32_t n) override
    {
        good = good && append_(owner_, piece, static_cast<size_t>(n));
    }
    bool good = true;

  private:
    void *owner_;
    bool (*append_)(void *, const char *, size_t);
};

const icu::Normalizer2 *nfc()
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *instance = icu::Normalizer2::getNFCInstance(status);
    return U_SUCCESS(status) ? instance : nullptr;
}

} // namespace

extern "C" bool nfc_is(const char *text, size_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *instance = nfc();
    if (instance == nullptr || n > INT32_MAX / 4)
        return true;
    return instance->isNormalizedUTF8(icu::StringPiece(text, static_cast<int32_t>(n)), status) || U_FAILURE(status);
}

extern "C" bool nfc_make(const char *text, size_t n, void *owner, bool (*append)(void *, const char *, size_t))
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *instance = nfc();
    Sink sink(owner, append);
    if (instance == nullptr || n > INT32_MAX / 4)
        return append(owner, text, n);
    instance->normalizeUTF8(0, icu::StringPiece(text, static_cast<int32_t>(n)), sink, nullptr, status);
    return sink.good && U_SUCCESS(status);
}
