/*
 * A guess at the charset of bytes that are no UTF-8. uchardet's comes first; then the charsets of its family compete:
 * the right one makes letters of the high bytes, in the case that words want, and a text whose language can be told.
 */
#include "chars.h"
#include "decode.h"
#include "language.h"

#include <uchardet/uchardet.h>

enum {
    GUESS_SAMPLE = 64 << 10, /* bytes for uchardet */
    TRIAL_SAMPLE = 2048,     /* bytes that candidates are tried on */
    FITTER = 3,              /* percent of fitness that decide alone */
    MARGIN = 25,             /* points of language by which another must be better than uchardet's */
    MARGIN_EXOTIC = 10,      /* where uchardet's is one that news is hardly ever in */
};

static const char *const LATIN[] = {"windows-1252", "windows-1250", "iso-8859-2",
                                    "windows-1254", "iso-8859-15",  "windows-1257",
                                    "macintosh",    "ibm850",       NULL};
static const char *const CYRILLIC[] = {"windows-1251", "koi8-u",     "koi8-r", "x-mac-cyrillic",
                                       "ibm866",       "iso-8859-5", "ibm855", NULL};

static const char *const GREEK[] = {"iso-8859-7", "windows-1253", NULL};

static const char *const *family_of(const char *name)
{
    static const char *const others[] = {"iso-8859-13",  "iso-8859-4", "iso-8859-3", "iso-8859-10", "iso-8859-14",
                                         "iso-8859-16",  "ibm852",     "ibm437",     "ibm865",      "x-mac-ce",
                                         "windows-1258", "viscii",     NULL};
    for (size_t i = 0; LATIN[i]; i++)
        if (strcmp(name, LATIN[i]) == 0)
            return LATIN;
    for (size_t i = 0; others[i]; i++)
        if (strcmp(name, others[i]) == 0)
            return LATIN;
    for (size_t i = 0; CYRILLIC[i]; i++)
        if (strcmp(name, CYRILLIC[i]) == 0)
            return CYRILLIC;
    for (size_t i = 0; GREEK[i]; i++)
        if (strcmp(name, GREEK[i]) == 0)
            return GREEK;
    return NULL;
}

/* Percent of characters beyond ASCII that are letters in a place that fits them: a small one anywhere, a capital where
 * a word begins or among capitals; quotation marks and dashes where words end. */
static int fitness(struct nw_str text)
{
    size_t beyond = 0, fits = 0;
    uint32_t before = ' ';
    for (size_t i = 0; i < text.n;) {
        uint32_t c = nw_utf8_next(text, &i);
        if (c >= 0x80) {
            size_t at = i;
            uint32_t next = i < text.n ? nw_utf8_next(text, &at) : ' ';
            beyond++;
            if (!is_letter(c)) {
                bool outside = !is_letter(before) || !is_letter(next);
                fits += c == 0x2019 || (outside && (c == 0xA0 || c == 0xAB || c == 0xBB || c == 0xB0 || c == 0xA7 ||
                                                    (c >= 0x2010 && c <= 0x203A) || c == 0x20AC || c == 0x2116));
            } else if (!is_upper_letter(c)) {
                fits += !is_upper_letter(before) || !is_letter(before) || is_upper_letter(next) == false;
            } else {
                fits += !is_letter(before) || is_upper_letter(before);
            }
        }
        before = c;
    }
    return beyond ? (int)(fits * 100 / beyond) : 0;
}

struct trial {
    int fitness;  /* -1: cannot be decoded so */
    int language; /* 0 where the language can't be told */
};

static struct trial try_charset(struct nw_arena *arena, struct nw_str sample, const char *name)
{
    struct trial trial = {-1, 0};
    struct decoded d;
    if (!decode_as(arena, sample, nw_str_z(name), &d) || !d.text.p)
        return trial;
    int score = 0;
    bool reliable = false;
    trial.fitness = fitness(d.text);
    if (trial.fitness >= 50 && language_by_cld2(d.text.p, (int)d.text.n, NULL, &reliable, &score) && reliable)
        trial.language = 20 + (score > 1200 ? 60 : score / 20);
    return trial;
}

const char *charset_guess(struct nw_arena *arena, struct nw_str bytes)
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
    if (name[0] == '\0' || strcmp(name, "utf-8") == 0)
        name = "windows-1252";
    const char *const *family = family_of(name);
    if (!family)
        return name;
    /* The sample begins where the high bytes do. */
    size_t start = 0;
    while (start < bytes.n && (unsigned char)bytes.p[start] < 0x80)
        start++;
    start = start > TRIAL_SAMPLE / 4 ? start - TRIAL_SAMPLE / 4 : 0;
    struct nw_str sample = nw_str_from(bytes, start);
    if (sample.n > TRIAL_SAMPLE)
        sample.n = TRIAL_SAMPLE;
    bool exotic = true;
    for (size_t i = 0; family[i]; i++)
        exotic = exotic && strcmp(name, family[i]) != 0;
    const char *chosen = name;
    struct trial best = try_charset(arena, sample, name);
    for (size_t i = 0; family[i]; i++) {
        if (strcmp(family[i], name) == 0)
            continue;
        struct trial other = try_charset(arena, sample, family[i]);
        int margin = chosen != name ? 0 : exotic ? MARGIN_EXOTIC : MARGIN;
        if (other.fitness >= best.fitness + FITTER ||
            (other.fitness + FITTER > best.fitness && other.language > best.language + margin)) {
            best = other;
            chosen = family[i];
        }
    }
    return chosen;
}
