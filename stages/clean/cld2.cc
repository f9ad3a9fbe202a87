/* CLD2 behind C. Its tables are const and its functions re-entrant; nothing is kept between calls. */
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <cstring>

extern "C" const char *language_by_cld2(const char *text, int n, const char *hint, bool *reliable, int *normal);

static const int SHORT_TEXT = 40; /* bytes, below which nothing is guessed */

extern "C" const char *language_by_cld2(const char *text, int n, const char *hint, bool *reliable, int *normal)
{
    CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language best[3];
    int percent[3], bytes = 0, valid = 0;
    double score[3] = {0, 0, 0};
    *reliable = false;
    CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(text, n, true, &hints, 0, best, percent, score,
                                                                      nullptr, &bytes, reliable, &valid);
    if (language == CLD2::UNKNOWN_LANGUAGE &&
        n >= SHORT_TEXT) { /* short, and close to other languages: its best guess */
        bool sure = false;
        language = CLD2::ExtDetectLanguageSummaryCheckUTF8(text, n, true, &hints, CLD2::kCLDFlagBestEffort, best,
                                                           percent, score, nullptr, &bytes, &sure, &valid);
    }
    *normal = score[0] > 0 && score[0] < 100000 ? static_cast<int>(score[0]) : 0;
    if (language == CLD2::UNKNOWN_LANGUAGE || language == CLD2::TG_UNKNOWN_LANGUAGE)
        return nullptr;
    const char *code = CLD2::LanguageCode(language);
    /* CLD2 has some codes older than BCP 47. */
    static const char *const newer[][2] = {{"iw", "he"}, {"jw", "jv"}, {"in", "id"},
                                           {"mo", "ro"}, {"sh", "sr"}, {"tl", "fil"}};
    for (const auto &pair : newer)
        if (strcmp(code, pair[0]) == 0)
            return pair[1];
    return strcmp(code, "un") == 0 || strncmp(code, "xx", 2) == 0 ? nullptr : code;
}
