/* Places in inflected forms: see inflect.h. */
#include "inflect.h"

#include <newswire/hash.h>

enum {
    FORM_MOST = 64, /* bytes of a word that is looked at */
    STEM_LEAST = 3, /* letters before the ending */
    LATIN_STEM = 5,
    LARGE_TOWN = 128,      /* a thing's weight: 65,000 people */
    BEFORE_APOSTROPHE = 5, /* letters of an article that is run into the word: dell'Italia */
};

/* An ending of a case and that of the form in the lists. Cyrillic: Russian, Ukrainian, Bulgarian, Serbian; Greek;
 * German. */
static const struct {
    const char *ending, *instead;
} endings[] = {
    {"ии", "ия"}, {"ию", "ия"}, {"ией", "ия"}, {"ії", "ія"}, {"ію", "ія"}, {"ією", "ія"}, {"ы", "а"},
    {"и", "а"},   {"у", "а"},   {"е", "а"},    {"ой", "а"},  {"ою", "а"},  {"а", ""},     {"у", ""},
    {"е", ""},    {"ом", ""},   {"ем", "й"},   {"е", "й"},   {"я", "й"},   {"ю", "й"},    {"я", "ь"},
    {"ю", "ь"},   {"и", "ь"},   {"і", "а"},    {"і", ""},    {"ο", "ος"},  {"ου", "ος"},  {"ας", "α"},
    {"ης", "η"},  {"ού", "ός"}, {"ό", "ός"},   {"ά", "άς"},  {"n", ""},    {"s", ""},
};

static const struct gazetteer_thing *place_of(const struct document *d, struct nw_str form, unsigned lists)
{
    const struct gazetteer *g = d->types->gazetteer;
    const struct gazetteer_slot *slot = gazetteer_find(g, gazetteer_hash(GAZETTEER_SEED, nw_hash64(form, 0)));
    const struct gazetteer_thing *best = NULL;

    if (slot == NULL || !(slot->lists & lists)) {
        return NULL;
    }
    for (unsigned i = 0; i < slot->count; i++) {
        const struct gazetteer_thing *thing = gazetteer_thing(g, slot, i);
        unsigned list = thing ? 1U << thing->list : 0;
        if (list & GAZETTEER_COUNTRY) {
            return thing;
        }
        if (list & lists & GAZETTEER_CITY && thing->weight >= LARGE_TOWN &&
            (best == NULL || thing->weight > best->weight)) {
            best = thing;
        }
    }
    return best;
}

/* Behind an apostrophe within the first letters; 0: there is none. */
static size_t behind_apostrophe(struct nw_str word)
{
    for (size_t i = 1; i <= BEFORE_APOSTROPHE && i + 1 < word.n; i++) {
        if (word.p[i] == '\'') {
            return i + 1;
        }
        if (nw_str_starts(nw_str_from(word, i), NW_S("\xE2\x80\x99"))) {
            return i + 3;
        }
    }
    return 0;
}

bool inflected_elided(struct nw_str word)
{
    size_t cut = behind_apostrophe(word);
    return cut && cut < word.n && ((word.p[cut] >= 'A' && word.p[cut] <= 'Z') || (unsigned char)word.p[cut] == 0xC3);
}

const struct gazetteer_thing *inflected_place(const struct document *d, size_t token)
{
    struct nw_str word = document_token(d, token);
    size_t cut = behind_apostrophe(word);
    char form[FORM_MOST + 8];

    if (cut && cut < word.n) {
        return place_of(d, nw_str_from(word, cut), GAZETTEER_COUNTRY | GAZETTEER_CITY);
    }
    if (word.n > FORM_MOST) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct nw_str ending = nw_str_z(endings[i].ending);
        struct nw_str instead = nw_str_z(endings[i].instead);
        /* Cyrillic and Greek letters are two bytes. Latin endings are short and other languages' words have them too.
         */
        bool latin = (unsigned char)ending.p[0] < 0x80;
        size_t least = latin ? LATIN_STEM : 2 * STEM_LEAST;
        if (word.n < ending.n + least || !nw_str_ends(word, ending)) {
            continue;
        }
        size_t stem = word.n - ending.n;
        memcpy(form, word.p, stem);
        memcpy(form + stem, instead.p, instead.n);
        const struct gazetteer_thing *thing =
            place_of(d, nw_str(form, stem + instead.n), latin ? GAZETTEER_COUNTRY : GAZETTEER_COUNTRY | GAZETTEER_CITY);
        if (thing) {
            return thing;
        }
    }
    return NULL;
}
