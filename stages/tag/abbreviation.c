/* Abbreviations: see abbreviation.h. The lists are sorted bytewise; a test holds them so. */
#include "abbreviation.h"

#include <stdlib.h>

static const char *const leading[] = {
    "Adm", "Amb", "Apr", "Asst",   "Atty", "Aug",  "Brig", "Bros",   "Capt", "Cmdr", "Col",  "Cpl",  "Dec", "Del",
    "Dr",  "Drs", "Feb", "Fr",     "Ft",   "Gen",  "Gov",  "Govs",   "Hon",  "Insp", "Jan",  "Jul",  "Jun", "Lieut",
    "Lt",  "Maj", "Mar", "Messrs", "Mgr",  "Mlle", "Mme",  "Mr",     "Mrs",  "Ms",   "Msgr", "Mt",   "No",  "Nos",
    "Nov", "Oct", "Pfc", "Pres",   "Prof", "Pvt",  "Rep",  "Reps",   "Rev",  "Sec",  "Sen",  "Sens", "Sep", "Sept",
    "Sgt", "Spc", "Sr",  "St",     "Ste",  "Supt", "Vol",  "approx", "ca",   "cf",   "v",    "vs",
};

static const char *const trailing[] = {
    "Ala",  "Ariz", "Ark",  "Assn", "Ave",  "Bhd",  "Blvd", "Cal",  "Calif", "Cie",  "Co",   "Colo", "Conn",
    "Corp", "Cos",  "Dept", "Dist", "Esq",  "Fla",  "Ga",   "Ill",  "Inc",   "Ind",  "Intl", "Jr",   "Kan",
    "Kans", "Ky",   "La",   "Ltd",  "Mass", "Md",   "Mfg",  "Mich", "Minn",  "Miss", "Mo",   "Mont", "Neb",
    "Nev",  "Okla", "Ont",  "Ore",  "Oreg", "Pa",   "Pct",  "Penn", "Pte",   "Pty",  "Que",  "Rd",   "Tel",
    "Tenn", "Tex",  "Univ", "Va",   "Vt",   "Wash", "Wis",  "Wyo",  "al",    "etc",
};

static int compare(const void *key, const void *element)
{
    const struct nw_str *word = key;
    const char *const *other = element;
    return nw_str_cmp(*word, nw_str_z(*other));
}

bool abbreviation_leads(struct nw_str word)
{
    return word.n <= 8 && bsearch(&word, leading, sizeof leading / sizeof *leading, sizeof *leading, compare) != NULL;
}

bool abbreviation_is(struct nw_str word)
{
    return abbreviation_leads(word) || (word.n <= 8 && bsearch(&word, trailing, sizeof trailing / sizeof *trailing,
                                                               sizeof *trailing, compare) != NULL);
}
