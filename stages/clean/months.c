/*
 * Names of months in the languages that agencies write in, by prefix: a word is a month when it begins with an entry
 * and goes on with letters only up to the entry's longest form. Lower case, UTF-8.
 */
#include "chars.h"
#include "dates.h"

/* Prefix, month, most bytes that the whole word may have (guards against "marathon", "maison", "decide"). */
static const struct month_name {
    const char *prefix;
    unsigned char month, most;
} MONTHS[] = {
    {"jan", 1, 9},       {"january", 1, 7},    {"januar", 1, 8},     {"jän", 1, 7},       {"janvier", 1, 7},
    {"enero", 1, 5},     {"ene", 1, 5},        {"gennaio", 1, 7},    {"genn", 1, 7},      {"gen", 1, 3},
    {"styczni", 1, 8},   {"leden", 1, 5},      {"ledna", 1, 5},      {"ocak", 1, 4},      {"январ", 1, 12},
    {"янв", 1, 12},      {"січ", 1, 10},       {"saus", 1, 7},       {"tammikuu", 1, 10}, {"janeiro", 1, 7},
    {"feb", 2, 10},      {"fév", 2, 8},        {"fevr", 2, 7},       {"fev", 2, 9},       {"lut", 2, 7},
    {"únor", 2, 6},      {"şubat", 2, 6},      {"феврал", 2, 14},    {"фев", 2, 14},      {"лют", 2, 12},
    {"vas", 2, 7},       {"helmikuu", 2, 10},  {"mar", 3, 5},        {"march", 3, 5},     {"märz", 3, 5},
    {"mär", 3, 5},       {"mars", 3, 4},       {"marzo", 3, 5},      {"março", 3, 6},     {"maart", 3, 5},
    {"mrt", 3, 3},       {"marts", 3, 5},      {"marca", 3, 5},      {"marzec", 3, 6},    {"březn", 3, 7},
    {"březen", 3, 7},    {"mart", 3, 4},       {"март", 3, 10},      {"мар", 3, 6},       {"берез", 3, 14},
    {"kovo", 3, 4},      {"maaliskuu", 3, 11}, {"márc", 3, 8},       {"apr", 4, 8},       {"avr", 4, 5},
    {"abr", 4, 5},       {"kwie", 4, 9},       {"dubn", 4, 5},       {"duben", 4, 5},     {"nisan", 4, 5},
    {"апрел", 4, 12},    {"апр", 4, 12},       {"квіт", 4, 12},      {"baland", 4, 9},    {"huhtikuu", 4, 10},
    {"ápr", 4, 9},       {"may", 5, 4},        {"mai", 5, 4},        {"mag", 5, 6},       {"maggio", 5, 6},
    {"mei", 5, 3},       {"maj", 5, 4},        {"maja", 5, 4},       {"květ", 5, 8},      {"mayıs", 5, 6},
    {"мая", 5, 6},       {"май", 5, 6},        {"трав", 5, 12},      {"geguž", 5, 9},     {"toukokuu", 5, 10},
    {"máj", 5, 7},       {"maio", 5, 4},       {"mayo", 5, 4},       {"jun", 6, 7},       {"juin", 6, 4},
    {"giu", 6, 6},       {"czerw", 6, 8},      {"červn", 6, 7},      {"červen", 6, 7},    {"haziran", 6, 7},
    {"июн", 6, 8},       {"черв", 6, 12},      {"birž", 6, 9},       {"kesäkuu", 6, 10},  {"jún", 6, 7},
    {"jul", 7, 7},       {"juil", 7, 7},       {"lug", 7, 6},        {"lip", 7, 6},       {"červenc", 7, 9},
    {"červenec", 7, 10}, {"temmuz", 7, 6},     {"июл", 7, 8},        {"лип", 7, 10},      {"liep", 7, 6},
    {"heinäkuu", 7, 11}, {"júl", 7, 7},        {"aug", 8, 8},        {"aoû", 8, 5},       {"aout", 8, 4},
    {"ago", 8, 6},       {"sierp", 8, 8},      {"srp", 8, 5},        {"ağu", 8, 8},       {"авг", 8, 14},
    {"серп", 8, 12},     {"rugp", 8, 11},      {"elokuu", 8, 8},     {"sep", 9, 10},      {"sept", 9, 10},
    {"set", 9, 9},       {"wrze", 9, 9},       {"zář", 9, 7},        {"eylül", 9, 6},     {"сент", 9, 16},
    {"сен", 9, 16},      {"верес", 9, 14},     {"rugs", 9, 9},       {"syyskuu", 9, 9},   {"szept", 9, 11},
    {"oct", 10, 7},      {"okt", 10, 8},       {"out", 10, 7},       {"ott", 10, 7},      {"paźdz", 10, 13},
    {"říj", 10, 7},      {"ekim", 10, 4},      {"октяб", 10, 14},    {"окт", 10, 14},     {"жовт", 10, 12},
    {"spal", 10, 6},     {"lokakuu", 10, 9},   {"nov", 11, 9},       {"listopad", 11, 9}, {"kas", 11, 6},
    {"kasım", 11, 6},    {"нояб", 11, 12},     {"листоп", 11, 18},   {"lapkr", 11, 9},    {"marraskuu", 11, 11},
    {"dec", 12, 9},      {"dez", 12, 8},       {"déc", 12, 9},       {"dic", 12, 9},      {"grud", 12, 7},
    {"prosin", 12, 8},   {"ara", 12, 7},       {"aralık", 12, 8},    {"декаб", 12, 14},   {"дек", 12, 14},
    {"груд", 12, 12},    {"gruod", 12, 8},     {"joulukuu", 12, 10}, {"desember", 12, 8}, {"des", 12, 4},
    {"ιαν", 1, 22},      {"φεβ", 2, 24},       {"μαρ", 3, 16},       {"απρ", 4, 18},      {"μα", 5, 10},
    {"ιουν", 6, 16},     {"ιουλ", 7, 16},      {"αυγ", 8, 20},       {"σεπ", 9, 22},      {"οκτ", 10, 20},
    {"νοε", 11, 20},     {"δεκ", 12, 22},
};

int month_of(struct nw_str word)
{
    char lower[32];
    size_t n = 0;
    for (size_t i = 0; i < word.n;) {
        if (n + 4 > sizeof lower)
            return 0;
        n += nw_utf8_put(lower + n, lower_letter(nw_utf8_next(word, &i)));
    }
    int found = 0;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        size_t length = strlen(MONTHS[i].prefix);
        if (length > longest && n >= length && n <= MONTHS[i].most && memcmp(lower, MONTHS[i].prefix, length) == 0) {
            found = MONTHS[i].month;
            longest = length;
        }
    }
    return found;
}
