/*
 * Names of months in the languages that agencies write in, by prefix: a word is a month when it begins with an entry
 * and goes on with letters only up to the entry's longest form. Lower case, UTF-8.
 */
#include "chars.h"
#include "dates.h"

#define M(prefix, month, most)                                                                                         \
    {                                                                                                                  \
        prefix, sizeof prefix - 1, month, most                                                                         \
    }
/* Prefix, month, most bytes that the whole word may have (guards against "marathon", "maison", "decide"). */
static const struct month_name {
    const char *prefix;
    unsigned char length, month, most;
} MONTHS[] = {
    M("abr", 4, 5),        M("apr", 4, 8),        M("avr", 4, 5),         M("ago", 8, 6),      M("aout", 8, 4),
    M("aoû", 8, 5),        M("aug", 8, 8),        M("ağu", 8, 8),         M("ara", 12, 7),     M("aralık", 12, 8),
    M("březen", 3, 7),     M("březn", 3, 7),      M("baland", 4, 9),      M("birž", 6, 9),     M("czerw", 6, 8),
    M("duben", 4, 5),      M("dubn", 4, 5),       M("dec", 12, 9),        M("des", 12, 4),     M("desember", 12, 8),
    M("dez", 12, 8),       M("dic", 12, 9),       M("déc", 12, 9),        M("ene", 1, 5),      M("enero", 1, 5),
    M("elokuu", 8, 8),     M("eylül", 9, 6),      M("ekim", 10, 4),       M("feb", 2, 10),     M("fev", 2, 9),
    M("fevr", 2, 7),       M("fév", 2, 8),        M("gen", 1, 3),         M("genn", 1, 7),     M("gennaio", 1, 7),
    M("geguž", 5, 9),      M("giu", 6, 6),        M("grud", 12, 7),       M("gruod", 12, 8),   M("helmikuu", 2, 10),
    M("huhtikuu", 4, 10),  M("haziran", 6, 7),    M("heinäkuu", 7, 11),   M("jan", 1, 9),      M("janeiro", 1, 7),
    M("januar", 1, 8),     M("january", 1, 7),    M("janvier", 1, 7),     M("jän", 1, 7),      M("juin", 6, 4),
    M("jun", 6, 7),        M("jún", 6, 7),        M("juil", 7, 7),        M("jul", 7, 7),      M("júl", 7, 7),
    M("joulukuu", 12, 10), M("kovo", 3, 4),       M("kwie", 4, 9),        M("květ", 5, 8),     M("kesäkuu", 6, 10),
    M("kas", 11, 6),       M("kasım", 11, 6),     M("leden", 1, 5),       M("ledna", 1, 5),    M("lut", 2, 7),
    M("liep", 7, 6),       M("lip", 7, 6),        M("lug", 7, 6),         M("lokakuu", 10, 9), M("lapkr", 11, 9),
    M("listopad", 11, 9),  M("maaliskuu", 3, 11), M("maart", 3, 5),       M("mar", 3, 5),      M("marca", 3, 5),
    M("march", 3, 5),      M("mars", 3, 4),       M("mart", 3, 4),        M("marts", 3, 5),    M("marzec", 3, 6),
    M("marzo", 3, 5),      M("março", 3, 6),      M("mrt", 3, 3),         M("márc", 3, 8),     M("mär", 3, 5),
    M("märz", 3, 5),       M("mag", 5, 6),        M("maggio", 5, 6),      M("mai", 5, 4),      M("maio", 5, 4),
    M("maj", 5, 4),        M("maja", 5, 4),       M("may", 5, 4),         M("mayo", 5, 4),     M("mayıs", 5, 6),
    M("mei", 5, 3),        M("máj", 5, 7),        M("marraskuu", 11, 11), M("nisan", 4, 5),    M("nov", 11, 9),
    M("ocak", 1, 4),       M("oct", 10, 7),       M("okt", 10, 8),        M("ott", 10, 7),     M("out", 10, 7),
    M("paźdz", 10, 13),    M("prosin", 12, 8),    M("rugp", 8, 11),       M("rugs", 9, 9),     M("saus", 1, 7),
    M("styczni", 1, 8),    M("sierp", 8, 8),      M("srp", 8, 5),         M("sep", 9, 10),     M("sept", 9, 10),
    M("set", 9, 9),        M("syyskuu", 9, 9),    M("szept", 9, 11),      M("spal", 10, 6),    M("tammikuu", 1, 10),
    M("toukokuu", 5, 10),  M("temmuz", 7, 6),     M("vas", 2, 7),         M("wrze", 9, 9),     M("zář", 9, 7),
    M("únor", 2, 6),       M("ápr", 4, 9),        M("červen", 6, 7),      M("červn", 6, 7),    M("červenc", 7, 9),
    M("červenec", 7, 10),  M("şubat", 2, 6),      M("říj", 10, 7),        M("ιαν", 1, 22),     M("μαρ", 3, 16),
    M("απρ", 4, 18),       M("μα", 5, 10),        M("ιουν", 6, 16),       M("ιουλ", 7, 16),    M("αυγ", 8, 20),
    M("οκτ", 10, 20),      M("νοε", 11, 20),      M("δεκ", 12, 22),       M("φεβ", 2, 24),     M("σεπ", 9, 22),
    M("лют", 2, 12),       M("берез", 3, 14),     M("мар", 3, 6),         M("март", 3, 10),    M("апр", 4, 12),
    M("апрел", 4, 12),     M("квіт", 4, 12),      M("май", 5, 6),         M("мая", 5, 6),      M("июн", 6, 8),
    M("июл", 7, 8),        M("лип", 7, 10),       M("авг", 8, 14),        M("верес", 9, 14),   M("жовт", 10, 12),
    M("окт", 10, 14),      M("октяб", 10, 14),    M("листоп", 11, 18),    M("нояб", 11, 12),   M("груд", 12, 12),
    M("дек", 12, 14),      M("декаб", 12, 14),    M("січ", 1, 10),        M("янв", 1, 12),     M("январ", 1, 12),
    M("фев", 2, 14),       M("феврал", 2, 14),    M("трав", 5, 12),       M("черв", 6, 12),    M("серп", 8, 12),
    M("сен", 9, 16),       M("сент", 9, 16),
};

enum { COUNT = sizeof MONTHS / sizeof *MONTHS };

/* Where the entries begin whose first byte is `byte` or above: the table is in this order. */
static size_t first_of(unsigned char byte)
{
    size_t low = 0, high = COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((unsigned char)MONTHS[middle].prefix[0] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int month_of(struct nw_str word)
{
    char lower[32];
    size_t n = 0;
    if (word.n < 2)
        return 0;
    for (size_t i = 0; i < word.n;) {
        if (n + 4 > sizeof lower)
            return 0;
        n += nw_utf8_put(lower + n, lower_letter(nw_utf8_next(word, &i)));
    }
    int found = 0;
    size_t longest = 0;
    for (size_t i = first_of((unsigned char)lower[0]); i < COUNT && MONTHS[i].prefix[0] == lower[0]; i++) {
        size_t length = MONTHS[i].length;
        if (length > longest && n >= length && n <= MONTHS[i].most && memcmp(lower, MONTHS[i].prefix, length) == 0) {
            found = MONTHS[i].month;
            longest = length;
        }
    }
    return found;
}
