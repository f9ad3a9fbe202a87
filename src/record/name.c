/* Reads slug and headline word by word; see name.h. Only hashes are kept, so that names of any length compare alike. */
#include <newswire/name.h>

#include <newswire/utf8.h>

enum {
    WORDS = 64,     /* of a slug or headline that count */
    WORD_SMALL = 16 /* bytes of a word that may be a version's */
};

/* Words that tell which version a text is, and nothing of what it is about. */
static const struct nw_str version_words[] = {
    NW_STR("update"),    NW_STR("updates"),      NW_STR("updated"),     NW_STR("corrected"),  NW_STR("correction"),
    NW_STR("corrects"),  NW_STR("corrective"),   NW_STR("corrigendum"), NW_STR("refile"),     NW_STR("refiles"),
    NW_STR("refiled"),   NW_STR("adds"),         NW_STR("recasts"),     NW_STR("rewrites"),   NW_STR("wrapup"),
    NW_STR("writethru"), NW_STR("writethrough"), NW_STR("lead"),        NW_STR("ld"),         NW_STR("sub"),
    NW_STR("kill"),      NW_STR("kills"),        NW_STR("killed"),      NW_STR("withdrawal"), NW_STR("withdrawn"),
    NW_STR("withdraws"), NW_STR("removed"),      NW_STR("mandatory"),   NW_STR("bulletin"),   NW_STR("advisory"),
    NW_STR("story"),     NW_STR("eliminate"),
};

struct word {
    uint64_t hash;
    char small[WORD_SMALL];
    size_t n;     /* bytes of small; WORD_SMALL when the word is longer */
    bool capital; /* no small letter of ASCII in it */
    bool letters;
};

static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x3003);
}

static void word_add(struct word *word, uint32_t c)
{
    bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';

    word->letters |= upper || lower || c >= 0x80;
    word->capital &= !lower;
    c = upper ? c | 0x20 : c;
    word->hash = (word->hash ^ c) * UINT64_C(0x100000001b3); /* FNV-1a, over code points */
    if (word->n < WORD_SMALL)
        word->small[word->n++] = c < 0x80 ? (char)c : '\x7f';
}

/* The next word at or behind *at, which moves behind it. */
static bool next_word(struct nw_str text, size_t *at, struct word *word)
{
    *word = (struct word){.hash = UINT64_C(0xcbf29ce484222325), .capital = true};
    while (*at < text.n) {
        size_t behind = *at;
        uint32_t c = nw_utf8_next(text, &behind);
        if (is_word(c))
            word_add(word, c);
        else if (word->n > 0)
            return true;
        *at = behind;
    }
    return word->n > 0;
}

static bool is_version(const struct word *word)
{
    for (size_t i = 0; i < sizeof version_words / sizeof *version_words; i++) {
        if (nw_str_eq(nw_str(word->small, word->n), version_words[i]))
            return true;
    }
    return false;
}

/* 2, 2nd: which one of its kind; numbers of three digits are none. */
enum count { COUNT_NONE, COUNT_NUMBER, COUNT_ORDINAL };

static enum count count_of(const struct word *word)
{
    static const struct nw_str ends[] = {NW_STR("st"), NW_STR("nd"), NW_STR("rd"), NW_STR("th")};
    size_t digits = 0;

    while (digits < word->n && word->small[digits] >= '0' && word->small[digits] <= '9')
        digits++;
    if (digits == 0 || digits > 2 || digits == word->n)
        return digits == 0 || digits > 2 ? COUNT_NONE : COUNT_NUMBER;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (nw_str_eq(nw_str(word->small + digits, word->n - digits), ends[i]))
            return COUNT_ORDINAL;
    }
    return COUNT_NONE;
}

/* Whether a mark's end stands at `at`: a dash, a colon or a parenthesis. */
static bool is_end(struct nw_str text, size_t at)
{
    uint32_t c = ' ';

    while (at < text.n && c == ' ')
        c = nw_utf8_next(text, &at);
    return c == '-' || c == ':' || c == ')' || c == 0x2013 || c == 0x2014;
}

/* Where the headline begins behind what tells its version. Such a word is written in capitals, or a mark stands behind:
 * "Update on the talks" begins with none. */
static size_t headline_begin(struct nw_str headline)
{
    size_t at = 0, begin = 0, before = 0;
    bool version = false;
    struct word word;

    for (; next_word(headline, &at, &word); before = at) {
        bool one = is_version(&word);
        if (!one && count_of(&word) == COUNT_NONE)
            break;
        version |= one;
        if ((one && word.capital) || (version && ((begin > 0 && begin == before) || is_end(headline, at))))
            begin = version ? at : begin;
    }
    return begin;
}

/* Words of the slug, without those of its version at either end (UPDATE 1, 2nd Ld); they are what there is when there
 * are no others. */
static size_t slug_words(struct nw_str slug, uint64_t hashes[WORDS], bool *declares)
{
    bool version[WORDS];
    enum count count[WORDS];
    size_t at = 0, n = 0, first = 0, end, last;
    struct word word;

    for (; n < WORDS && next_word(slug, &at, &word); n++) {
        hashes[n] = word.hash;
        version[n] = is_version(&word);
        count[n] = count_of(&word);
    }
    for (last = end = n; last > 0 && (version[last - 1] || count[last - 1]); last--)
        end = version[last - 1] || (end == last && end < n && count[last - 1] == COUNT_ORDINAL) ? last - 1 : end;
    while (first < end && version[first])
        first++;
    *declares = end < n || first > 0;
    if (first == end)
        return n;
    memmove(hashes, hashes + first, (end - first) * sizeof *hashes);
    return end - first;
}

static size_t headline_words(struct nw_str headline, uint64_t hashes[WORDS])
{
    size_t at = headline_begin(headline), n = 0;
    struct word word;

    while (n < WORDS && next_word(headline, &at, &word))
        hashes[n++] = word.hash;
    return n;
}

struct nw_hash128 nw_record_name(const struct nw_record *record)
{
    uint64_t hashes[2 * WORDS + 1];
    size_t slug, headline;
    bool declares;

    slug = NW_HAS(record, record, slugline) ? slug_words(record->slugline, hashes, &declares) : 0;
    if (slug == 0)
        return (struct nw_hash128){0, 0};
    hashes[slug] = 0; /* parts them */
    headline = headline_words(nw_record_headline(record), hashes + slug + 1);
    if (headline == 0)
        return (struct nw_hash128){0, 0};
    return nw_hash128(nw_str((const char *)hashes, (slug + 1 + headline) * sizeof *hashes));
}

bool nw_record_declares(const struct nw_record *record)
{
    uint64_t hashes[WORDS];
    bool declares = false;

    if (NW_HAS(record, record, slugline))
        slug_words(record->slugline, hashes, &declares);
    return declares || headline_begin(nw_record_headline(record)) > 0;
}

uint64_t nw_record_agency(const struct nw_record *record)
{
    struct nw_str name = {NULL, 0};
    uint64_t hash = 0;
    size_t at = 0;
    struct word word;

    for (size_t i = 0; NW_HAS(record, record, info_sources) && i < record->info_sources.n && name.n == 0; i++)
        name = NW_HAS(info_source, &record->info_sources.v[i], name) ? record->info_sources.v[i].name : name;
    if (name.n == 0 && NW_HAS(record, record, copyright_holder))
        name = record->copyright_holder;
    while (next_word(name, &at, &word))
        hash = hash * 31 + (word.hash | 1);
    return hash;
}

struct nw_edition nw_record_edition(const struct nw_record *record)
{
    const struct nw_source *source = record->source;
    struct nw_edition edition = {-1, 0, source && NW_HAS(source, source, received) ? source->received : 0};
    struct nw_str text = NW_HAS(record, record, version) ? record->version : nw_str(NULL, 0);
    int64_t number = 0;

    if (NW_HAS(record, record, version_created))
        edition.time = edition.about = record->version_created;
    else if (NW_HAS(record, record, content_created))
        edition.about = record->content_created;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || text.n > 15)
            return edition;
        number = number * 10 + (text.p[i] - '0');
    }
    edition.number = text.n > 0 ? number : -1;
    return edition;
}

bool nw_edition_follows(struct nw_edition late, struct nw_edition early, bool same_uri)
{
    if (same_uri && late.number >= 0 && early.number >= 0)
        return late.number > early.number;
    return late.time && early.time && late.time > early.time;
}

bool nw_record_is_kill(const struct nw_record *record)
{
    return NW_HAS(record, record, pub_status) && nw_str_eq(record->pub_status, NW_S("canceled"));
}
