/* Reads headline, note and body once; every later question is answered from hashes. */
#include "digest.h"

#include "fold.h"
#include "wordlist.h"

/* Words that declare a new version, at a headline's or a note's begin or in a note. A repeat declares none. */
static const struct nw_str marks[] = {
    NW_STR("update"),  NW_STR("updates"), NW_STR("corrected"),   NW_STR("correction"), NW_STR("corrects"),
    NW_STR("refile"),  NW_STR("refiles"), NW_STR("adds"),        NW_STR("recasts"),    NW_STR("wrapup"),
    NW_STR("refiled"), NW_STR("updated"), NW_STR("corrigendum"), NW_STR("rewrites"),
};

static bool is_mark(const struct fold_word *word)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (nw_str_eq(nw_str(word->bytes, word->n), marks[i]))
            return true;
    }
    return false;
}

/* Takes UPDATE 2-, (CORRECTED) and their like off a headline. */
static struct nw_str take_mark(struct nw_str headline, uint32_t *mark)
{
    size_t at = 0, end;
    bool first = true;
    struct fold_word word;

    if (!fold_next(headline, &at, &first, &word) || !is_mark(&word))
        return headline;
    for (size_t i = 0; i < at && i < headline.n; i++) {
        if (headline.p[i] >= 'a' && headline.p[i] <= 'z')
            return headline; /* "Update on the talks" is no mark: desks write theirs in capitals */
    }
    *mark = wordlist_hash(nw_str(word.bytes, word.n));
    end = at > 0 ? at - 1 : 0;
    if (fold_next(headline, &at, &first, &word) && word.digit && word.n <= 2) {
        *mark = *mark * 31 + wordlist_hash(nw_str(word.bytes, word.n));
        end = at > 0 ? at - 1 : 0;
    }
    while (end < headline.n && (strchr("-) :.", headline.p[end]) || (headline.p[end] >= '0' && headline.p[end] <= '9')))
        end++;
    return end < headline.n ? nw_str_from(headline, end) : headline;
}

/* A note to editors declares a version when one of its first four words is a mark. */
static uint32_t note_mark(struct nw_str note)
{
    size_t at = 0;
    bool first = true;
    struct fold_word word;

    for (int i = 0; i < 4 && fold_next(note, &at, &first, &word); i++) {
        if (is_mark(&word))
            return (uint32_t)nw_hash64(note, 1) | 1;
    }
    return 0;
}

static void add_figure(struct digest *digest, uint32_t hash)
{
    size_t i = 0;

    while (i < digest->figure_count && digest->figures[i] < hash)
        i++;
    if (digest->figure_count == DIGEST_FIGURES || (i < digest->figure_count && digest->figures[i] == hash))
        return;
    memmove(digest->figures + i + 1, digest->figures + i, (digest->figure_count - i) * sizeof *digest->figures);
    digest->figures[i] = hash;
    digest->figure_count++;
}

/* The words that part figures in tables of results, which spell small figures out. */
static bool is_table_word(struct nw_str word)
{
    return nw_str_eq(word, NW_S("vs")) || nw_str_eq(word, NW_S("shr")) || nw_str_eq(word, NW_S("cts")) ||
           nw_str_eq(word, NW_S("revs")) || nw_str_eq(word, NW_S("qtr"));
}

static void add_words(struct digest *digest, const struct wordlist *wordlist, struct nw_str text)
{
    size_t at = 0;
    bool first = true;
    struct fold_word word;

    while (digest->n < DIGEST_WORDS && fold_next(text, &at, &first, &word)) {
        struct nw_str bytes = nw_str(word.bytes, word.n);
        struct word *new = &digest->words[digest->n++];
        new->hash = wordlist_hash(bytes);
        new->same = wordlist_same(wordlist, new->hash);
        new->flags =
            (word.digit ? WORD_FIGURE : 0u) | (word.upper ? WORD_CAPITAL : 0u) | (word.first ? WORD_FIRST : 0u);
        new->stem = word.digit ? new->hash : wordlist_stem(bytes);
        if (wordlist_is_function_word(wordlist, new->hash) || (word.n < 2 && !word.digit))
            new->stem = 0;
        if (is_table_word(bytes))
            new->flags |= WORD_TABLE;
        if (word.digit)
            add_figure(digest, new->hash);
    }
}

static void add_names(struct digest *digest, const struct nw_record *record)
{
    const struct nw_annotations *notes = NW_HAS(record, record, annotations) ? record->annotations : NULL;
    size_t n = notes && NW_HAS(annotations, notes, entities) ? notes->entities.n : 0;

    for (size_t i = 0; i < n && digest->name_count < DIGEST_NAMES; i++) {
        const struct nw_entity *entity = &notes->entities.v[i];
        if (NW_HAS(entity, entity, uri))
            digest->names[digest->name_count++] = (uint32_t)nw_hash64(entity->uri, 2) | 1;
    }
}

static struct nw_hash128 text_hash(const struct digest *digest, struct nw_str headline)
{
    uint32_t all[DIGEST_WORDS + 1];
    uint32_t mark = 0;

    if (digest->n == 0)
        return (struct nw_hash128){0, 0};
    take_mark(headline, &mark);
    all[0] = mark;
    for (size_t i = 0; i < digest->n; i++)
        all[i + 1] = digest->words[i].hash;
    return nw_hash128(nw_str((const char *)all, (digest->n + 1) * sizeof *all));
}

/* A paragraph of the body that is a note on the version: "(Corrects …)", "CORRECTION: …". At most 64 are looked at. */
static uint32_t body_mark(struct nw_str body)
{
    struct nw_str line;

    for (int i = 0; i < 64 && nw_str_line(&body, &line); i++) {
        size_t colon = nw_str_find(line, NW_S(":"));
        if (line.n > 8 && line.n < 300 && (line.p[0] == '(' || (colon < 24 && line.p[1] >= 'A' && line.p[1] <= 'Z'))) {
            uint32_t mark = note_mark(line);
            if (mark)
                return mark;
        }
    }
    return 0;
}

/* de of de-AT. */
static uint32_t language_of(const struct nw_record *record)
{
    struct nw_str language = NW_HAS(record, record, language) ? record->language : nw_str(NULL, 0);
    size_t end = nw_str_find(language, NW_S("-"));

    language.n = end < language.n ? end : language.n;
    if (language.n == 0 || nw_str_eq(language, NW_S("en")) || nw_str_eq(language, NW_S("und")))
        return 0;
    return wordlist_hash(language);
}

static uint32_t salted(uint32_t hash, uint32_t salt)
{
    return (hash ^ salt) ? hash ^ salt : 1;
}

static void part_languages(struct digest *digest)
{
    for (size_t i = 0; i < digest->n; i++) {
        struct word *word = &digest->words[i];
        word->hash = salted(word->hash, digest->language);
        word->same = salted(word->same, digest->language);
        word->stem = word->stem ? salted(word->stem, digest->language) : 0;
    }
    for (size_t i = 0; i < digest->name_count; i++)
        digest->names[i] = salted(digest->names[i], digest->language);
}

void digest_make(struct digest *digest, const struct wordlist *wordlist, const struct nw_record *record)
{
    struct nw_str headline = nw_record_headline(record);

    digest->n = digest->headline = digest->figure_count = digest->name_count = 0;
    digest->mark = digest->slug = digest->subject = 0;
    digest->time = digest->day = 0;
    add_words(digest, wordlist, take_mark(headline, &digest->mark));
    digest->headline = digest->n;
    add_words(digest, wordlist, nw_record_body(record));
    add_names(digest, record);
    digest->language = language_of(record);
    if (digest->language)
        part_languages(digest);
    digest->text = text_hash(digest, headline);
    if (NW_HAS(record, record, ed_note) && note_mark(record->ed_note))
        digest->mark = digest->mark * 31 + note_mark(record->ed_note);
    if (body_mark(nw_record_body(record)))
        digest->mark = digest->mark * 31 + body_mark(nw_record_body(record));
    for (size_t i = 0; i < digest->n && !digest->subject; i++)
        digest->subject = digest->words[i].stem;
    if (NW_HAS(record, record, slugline))
        digest->slug = wordlist_hash(record->slugline);
    if (NW_HAS(record, record, content_created)) {
        digest->time = record->content_created;
        digest->day = record->content_created % 86400000 == 0 ? record->content_created / 86400000 : 0;
    }
    if (NW_HAS(record, record, version_created))
        digest->time = record->version_created;
    else if (digest->time == 0 && NW_HAS(record, record, source) && NW_HAS(source, record->source, received))
        digest->time = record->source->received;
}

bool digest_is_table(const struct digest *digest)
{
    size_t figures = 0, body = digest->n - digest->headline;

    for (size_t i = digest->headline; i < digest->n; i++)
        figures += (digest->words[i].flags & (WORD_FIGURE | WORD_TABLE)) != 0;
    return body >= 8 && figures * 5 > body;
}
