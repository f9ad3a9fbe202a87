/*
 * Two word lists, written for this: facts of the languages, taken from no corpus. A table of 4,096 places with open
 * addressing holds them. How common words are is in common.c.
 */
#include "wordlist.h"

#include "common.h"

#include <newswire/alloc.h>
#include <newswire/hash.h>

enum { PLACES = 4096 };

static const char function_words[] =
    "a about above after again against all also although am among an and any are as at away be became because been "
    "before being below between both but by can cannot could did do does doing done down during each either else ever "
    "every few for from further get got had has have having he her here hers herself him himself his how however i if "
    "in into is it its itself just let like made make many may me might more most much must my neither no nor not now "
    "of off on once one only or other others our ours out over own per quite rather same shall she should since so "
    "some "
    "still such than that the their theirs them themselves then there these they this those though three through thus "
    "to "
    "together too toward towards two under until up upon us very via was we well were what when where whether which "
    "while who whom whose why will with within without would yet you your yours dont didnt doesnt isnt wasnt wont cant "
    "im ive hes shes theyre its thats s t mr mrs ms "
    "der die das den dem des ein eine einen einem einer und oder aber nicht ist sind war waren wird werden wurde hat "
    "haben mit von zu zum zur im in am auf aus bei nach für über unter durch als auch noch nur sich sie er es wir ich "
    "dass daß wie was so an um vor bis "
    "le la les un une des du de d l et ou mais ne pas est sont était ont a avec pour par sur dans en au aux que qui ce "
    "cette ces il elle ils elles on nous vous se sa son ses leur plus "
    "el los las una unos unas del al y o pero no es son era han con por para sobre en que se su sus lo como más ha fue "
    "il lo gli i uno della dello dei degli delle di da nel nella al alla che non è sono con per su come più ha anche "
    "i w z na do nie się że to jest o jak po za od przez dla ale jego jej ich czy oraz są był była było "
    "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было вот от меня еще нет о "
    "из ему теперь когда даже ну ли если уже или ни быть был него до вас для мы их чем была сам чтобы это этот эти "
    "этого "
    "при об также которые который которая года году";

/* One house's word, then another's for the same. */
static const char *const houses[][2] = {
    {"pct", "percent"},   {"dlrs", "dollars"},    {"dlr", "dollar"},        {"mln", "million"},
    {"bln", "billion"},   {"stg", "pounds"},      {"cts", "cents"},         {"shr", "share"},
    {"vs", "versus"},     {"qtr", "quarter"},     {"revs", "revenues"},     {"corp", "corporation"},
    {"co", "company"},    {"govt", "government"}, {"avg", "average"},       {"shrs", "shares"},
    {"mths", "months"},   {"tonnes", "tons"},     {"prez", "president"},    {"around", "about"},
    {"purchase", "buy"},  {"sept", "september"},  {"aug", "august"},        {"jan", "january"},
    {"feb", "february"},  {"oct", "october"},     {"nov", "november"},      {"dec", "december"},
    {"colour", "color"},  {"labour", "labor"},    {"programme", "program"}, {"defence", "defense"},
    {"centre", "center"}, {"favour", "favor"},
};

struct entry {
    uint32_t hash, same; /* same 0: a function word */
};

struct wordlist {
    struct entry entries[PLACES];
};

uint32_t wordlist_hash(struct nw_str word)
{
    uint32_t hash = (uint32_t)nw_hash64(word, 0);

    return hash ? hash : 1;
}

uint32_t wordlist_stem(struct nw_str word)
{
    if (word.n > 4 && nw_str_ends(word, NW_S("ies"))) {
        char y[64];
        size_t n = word.n - 2 < sizeof y ? word.n - 2 : sizeof y;
        memcpy(y, word.p, n);
        y[n - 1] = 'y';
        return wordlist_hash(nw_str(y, n));
    }
    if (word.n > 5 && nw_str_ends(word, NW_S("ing")))
        word.n -= 3;
    else if (word.n > 4 && nw_str_ends(word, NW_S("ed")))
        word.n -= 2;
    else if (word.n > 4 && nw_str_ends(word, NW_S("es")))
        word.n -= 2;
    else if (word.n > 3 && nw_str_ends(word, NW_S("s")) && !nw_str_ends(word, NW_S("ss")))
        word.n -= 1;
    if (word.n > 4 && nw_str_ends(word, NW_S("e")))
        word.n -= 1;
    return wordlist_hash(word);
}

static struct entry *place_of(struct wordlist *wordlist, uint32_t hash)
{
    size_t at = hash % PLACES;

    while (wordlist->entries[at].hash && wordlist->entries[at].hash != hash)
        at = (at + 1) % PLACES;
    return &wordlist->entries[at];
}

static const struct entry *find(const struct wordlist *wordlist, uint32_t hash)
{
    size_t at = hash % PLACES;

    while (wordlist->entries[at].hash && wordlist->entries[at].hash != hash)
        at = (at + 1) % PLACES;
    return &wordlist->entries[at];
}

/* Takes the next word off a list parted by blanks. */
static bool next_word(struct nw_str *rest, struct nw_str *word)
{
    size_t n = 0;

    *rest = nw_str_trim(*rest);
    while (n < rest->n && rest->p[n] != ' ')
        n++;
    *word = nw_str(rest->p, n);
    *rest = nw_str_from(*rest, n);
    return n > 0;
}

struct wordlist *wordlist_new(void)
{
    struct wordlist *wordlist = nw_calloc(1, sizeof *wordlist);
    struct nw_str rest = nw_str_z(function_words), word;

    if (!wordlist)
        return NULL;
    while (next_word(&rest, &word))
        *place_of(wordlist, wordlist_hash(word)) = (struct entry){wordlist_hash(word), 0};
    for (size_t i = 0; i < sizeof houses / sizeof *houses; i++) {
        uint32_t hash = wordlist_hash(nw_str_z(houses[i][0]));
        *place_of(wordlist, hash) = (struct entry){hash, wordlist_hash(nw_str_z(houses[i][1]))};
    }
    return wordlist;
}

void wordlist_free(struct wordlist *wordlist)
{
    nw_free(wordlist);
}

uint32_t wordlist_same(const struct wordlist *wordlist, uint32_t hash)
{
    const struct entry *entry = find(wordlist, hash);

    return entry->same ? entry->same : hash;
}

bool wordlist_is_function_word(const struct wordlist *wordlist, uint32_t hash)
{
    const struct entry *entry = find(wordlist, hash);

    return entry->hash == hash && entry->same == 0;
}

void wordlist_common(void (*each)(void *user, uint32_t stem, unsigned share), void *user)
{
    for (size_t i = 0; i < COMMON_CLASSES; i++) {
        struct nw_str rest = nw_str_z(common_words[i].words), word;
        while (next_word(&rest, &word))
            each(user, wordlist_stem(word), common_words[i].share);
    }
}
