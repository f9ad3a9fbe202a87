/* Word types: see types.h. Open addressing by the word's hash; grows within a document, is swept between two. */
#include "types.h"

#include "letters.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>
#include <sys/mman.h>

_Static_assert(sizeof(struct word_type) == 128, "two lines of the cache");

enum { WORD_BYTES = 256, TYPES_FIRST = 8192, AHEAD = 32, LINE = 64, PAGE = 4096 };

static uint32_t slot_print(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

/* Puts a type into the table; its hash is in none of the slots. */
static void slot_fill(struct types *t, uint32_t number)
{
    uint64_t hash = t->v[number].hash;
    uint32_t at = (uint32_t)hash & t->mask;
    while (t->slots[at].number) {
        at = (at + 1) & t->mask;
    }
    t->slots[at] = (struct types_slot){slot_print(hash), number + 1};
}

/* A larger array that begins at a line of the processor's cache, with the first `used` bytes of the old one; NULL
 * without memory. Large pages, where the machine has them, spare it walks through its tables of pages. */
static void *lines_grow(void **block, const void *old, size_t used, size_t size)
{
    char *raw = nw_malloc(size + LINE);
    if (raw == NULL) {
        return NULL;
    }
    char *v = raw + (LINE - (uintptr_t)raw % LINE) % LINE;
    uintptr_t page = ((uintptr_t)v + PAGE - 1) / PAGE * PAGE;
    if (size > 2 * PAGE) {
        madvise((void *)page, (size - (page - (uintptr_t)v)) / PAGE * PAGE, MADV_HUGEPAGE); /* advice: may fail */
    }
    if (used) {
        memcpy(v, old, used);
    }
    nw_free(*block);
    *block = raw;
    return v;
}

/* Before any is free: all of the n are kept. */
static int types_grow(struct types *t, uint32_t cap)
{
    struct word_type *v = lines_grow(&t->v_block, t->v, t->n * sizeof *v, cap * sizeof *v);
    if (v == NULL) {
        return -ENOMEM;
    }
    t->v = v;
    uint32_t size = 1024;
    while (size < cap + cap / 4) {
        size *= 2;
    }
    struct types_slot *slots = nw_calloc(size, sizeof *slots);
    if (slots == NULL) {
        return -ENOMEM;
    }
    nw_free(t->slots);
    t->slots = slots;
    t->mask = size - 1;
    t->cap = cap;
    for (uint32_t i = 0; i < t->n; i++) {
        slot_fill(t, i);
    }
    return 0;
}

int types_init(struct types *t, const struct lexicon *lexicon, const struct gazetteer *gazetteer,
               const struct gazetteer *own)
{
    *t = (struct types){.lexicon = lexicon, .gazetteer = gazetteer, .own = own};
    return types_grow(t, TYPES_FIRST);
}

void types_free(struct types *t)
{
    nw_free(t->v_block);
    nw_free(t->vectors_block);
    nw_free(t->slots);
    nw_free(t->present);
    *t = (struct types){0};
}

void types_empty(struct types *t)
{
    t->n = 0;
    t->kept = 0;
    t->vectors_n = 0;
    t->vectors_kept = 0;
    t->free_type = 0;
    t->free_vectors = 0;
    memset(t->slots, 0, ((size_t)t->mask + 1) * sizeof *t->slots);
}

uint32_t types_add_vectors(struct types *t)
{
    if (t->free_vectors) {
        uint32_t number = t->free_vectors - 1;
        t->free_vectors = t->vectors[number].next;
        t->vectors_kept++;
        return number;
    }
    if (t->vectors_n == t->vectors_cap) {
        uint32_t cap = t->vectors_cap ? t->vectors_cap * 2 : TYPES_FIRST;
        union type_vectors *vectors =
            lines_grow(&t->vectors_block, t->vectors, t->vectors_n * sizeof *vectors, cap * sizeof *vectors);
        if (vectors == NULL) {
            return UINT32_MAX;
        }
        t->vectors = vectors;
        t->vectors_cap = cap;
    }
    t->vectors_kept++;
    return t->vectors_n++;
}

/* Frees the types that fewer than two documents held since the last sweep; forms of kept figures stay. When most would
 * stay all the same, all go. */
static void sweep(struct types *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->v[i].documents > 1) {
            t->v[t->v[i].twin].documents |= 2;
        }
    }
    uint32_t stay = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        stay += t->v[i].documents > 1;
    }
    if (stay > TYPES_KEPT / 4 * 3 || t->n > 2 * TYPES_KEPT) {
        types_empty(t);
        return;
    }
    memset(t->slots, 0, ((size_t)t->mask + 1) * sizeof *t->slots);
    t->kept = stay;
    t->free_type = 0;
    for (uint32_t i = t->n; i-- > 0;) {
        struct word_type *w = &t->v[i];
        bool owner = w->twin == i;
        if (w->documents > 1) {
            slot_fill(t, i);
        } else {
            for (unsigned kind = 0; kind < 2; kind++) {
                if (w->vectors[kind] && owner) {
                    t->vectors[w->vectors[kind] - 1].next = t->free_vectors;
                    t->free_vectors = w->vectors[kind];
                    t->vectors_kept--;
                }
                w->vectors[kind] = 0;
            }
            w->twin = t->free_type;
            t->free_type = i + 1;
        }
        w->documents = 0;
    }
}

void types_begin(struct types *t)
{
    t->present_n = 0;
    if (t->kept >= TYPES_KEPT || t->vectors_kept >= VECTORS_KEPT) {
        sweep(t);
    }
    if (++t->epoch == 0) {
        types_empty(t);
        t->epoch = 1;
    }
}

const struct clusters_slot *type_cluster(struct word_type *w, const struct clusters *clusters)
{
    if (!(w->flags & TYPE_CLASSED)) {
        const struct clusters_slot *slot = clusters_find(clusters, w->lower);
        w->flags |= TYPE_CLASSED;
        if (slot) {
            w->flags |= TYPE_CLUSTERED;
            w->cluster = (uint32_t)(slot - clusters->slots) + 1;
            memcpy(w->clusters, slot->ids, sizeof w->clusters);
        }
    }
    return w->cluster ? &clusters->slots[w->cluster - 1] : NULL;
}

/* The ASCII mark that a punctuation stands for, with TYPE_OPENS and TYPE_CLOSES in *flags. */
static uint8_t mark_of(struct nw_str s, uint32_t *flags)
{
    unsigned bytes;
    uint32_t c = letter_at(s, 0, &bytes);
    switch (c) {
    case 0x201C: /* “ */
    case 0xAB:   /* « */
    case 0x201E: /* „ */
        *flags |= TYPE_OPENS;
        return '"';
    case 0x201D: /* ” */
    case 0xBB:   /* » */
        *flags |= TYPE_CLOSES;
        return '"';
    case 0x201F:
    case 0x2033:
        return '"';
    case 0x2018: /* ‘ */
        *flags |= TYPE_OPENS;
        return '\'';
    case 0x2019: /* ’ */
        *flags |= TYPE_CLOSES;
        return '\'';
    case '`':
        *flags |= TYPE_OPENS;
        return s.n == 2 ? '"' : '\'';
    case '\'':
        if (s.n == 2 && s.p[1] == '\'') {
            *flags |= TYPE_CLOSES;
            return '"';
        }
        return '\'';
    case 0x2026:
        return '.';
    case 0x2022:
    case 0xB7:
        return '*';
    case 0xA3:   /* £ */
    case 0x20AC: /* € */
    case 0xA5:   /* ¥ */
        return '$';
    default:
        break;
    }
    if (c >= 0x2010 && c <= 0x2015) {
        return '-';
    }
    return c < 0x80 ? (uint8_t)c : 0;
}

/* The number that a word like 1,000.5 is; false if it is none. */
static bool number_of(struct nw_str s, double *number)
{
    double value = 0;
    double scale = 0;
    size_t group = 0;
    bool commas = false;
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (i == s.n || s.n > 24) {
        return false;
    }
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9') {
            if (scale > 0) {
                value += (c - '0') * scale;
                scale /= 10;
            } else {
                value = value * 10 + (c - '0');
                group++;
            }
        } else if (c == ',' && scale == 0 && (!commas ? group >= 1 : group == 3)) {
            commas = true;
            group = 0;
        } else if (c == '.' && scale == 0 && i + 1 < s.n && (!commas || group == 3)) {
            scale = 0.1;
        } else {
            return false;
        }
    }
    if (commas && scale == 0 && group != 3) {
        return false;
    }
    *number = s.p[0] == '-' ? -value : value;
    return true;
}

static void shape(struct word_type *w, struct nw_str s)
{
    unsigned upper = 0;
    unsigned lower = 0;
    unsigned count = 0;
    unsigned digits = 0;
    enum letter_class before = LETTER_OTHER;
    uint32_t flags = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned bytes;
        enum letter_class k = letter_class_of(letter_at(s, i, &bytes));
        if (i == 0) {
            flags |= k == LETTER_UPPER   ? TYPE_LETTERS | TYPE_CAPITAL
                     : k == LETTER_LOWER ? TYPE_LETTERS | TYPE_LOWER
                                         : 0U;
            if (k == LETTER_MARK && s.n > bytes) {
                enum letter_class next = letter_class_of(letter_at(s, bytes, &(unsigned){0}));
                flags |= next == LETTER_LOWER || next == LETTER_UPPER ? (uint32_t)TYPE_CLITIC
                         : next == LETTER_DIGIT                       ? 0U
                                                                      : (uint32_t)TYPE_MARK;
            } else if (k == LETTER_MARK) {
                flags |= TYPE_MARK;
            }
        } else if (s.p[i] == '-' && k == LETTER_MARK && i + 1 < s.n) {
            flags |= TYPE_HYPHEN;
        }
        upper += k == LETTER_UPPER;
        lower += k == LETTER_LOWER;
        digits += k == LETTER_DIGIT;
        if (k == LETTER_UPPER && before == LETTER_LOWER) {
            flags |= TYPE_INNER;
        }
        before = k;
        count += count < 255;
        i += bytes;
    }
    flags |= upper > 1 && lower == 0 ? (uint32_t)TYPE_CAPITALS : 0U;
    flags |= digits ? (uint32_t)TYPE_DIGITS : 0U;
    if ((flags & TYPE_LETTERS) && s.p[s.n - 1] == '.') {
        flags |= TYPE_STOPPED;
        if (s.n == 2 || (s.n >= 4 && s.p[1] == '.')) {
            flags |= TYPE_INITIAL;
        }
    }
    w->letters = (uint8_t)count;
    w->flags = flags;
    if (flags & TYPE_MARK) {
        w->mark = mark_of(s, &w->flags);
    }
    if (digits && number_of(s, &w->number)) {
        w->flags |= TYPE_NUMERIC;
    }
}

static void type_make(const struct types *t, struct word_type *w, uint64_t hash, struct nw_str s)
{
    *w = (struct word_type){.hash = hash, .lower = hash, .title = hash};
    struct nw_str cut = s.n > WORD_BYTES ? nw_str(s.p, WORD_BYTES) : s;
    shape(w, s);
    char folded[WORD_BYTES + 8];
    size_t n = letters_lower(cut, folded, sizeof folded);
    w->lower = nw_hash64(nw_str(folded, n), 0);
    const struct lexicon_word *word = lexicon_find(t->lexicon, nw_str(folded, n));
    if (word) {
        w->classes = word->classes;
        w->time = word->time;
        if (!(w->flags & TYPE_NUMERIC)) {
            w->number = word->number;
        }
    }
    if ((w->flags & TYPE_CAPITALS) && w->letters > 1) {
        n = letters_title(cut, folded, sizeof folded);
        w->title = nw_hash64(nw_str(folded, n), 0);
    }
    uint64_t key = gazetteer_hash(GAZETTEER_SEED, hash);
    w->slot = gazetteer_find(t->gazetteer, key);
    w->own = gazetteer_find(t->own, key);
    if (w->title != hash) {
        key = gazetteer_hash(GAZETTEER_SEED, w->title);
        w->slot2 = gazetteer_find(t->gazetteer, key);
        w->own2 = gazetteer_find(t->own, key);
    }
    if ((w->slot && w->slot->longest > 1) || (w->slot2 && w->slot2->longest > 1)) {
        w->flags |= TYPE_STARTS;
    }
}

/* Does it begin with a digit, a sign before it apart? */
static bool is_figure(struct nw_str s)
{
    size_t i = s.n > 1 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    return s.p[i] >= '0' && s.p[i] <= '9';
}

/* Number + 1 of the type that probably is a word's: only its print has been compared; 0: none has it. */
static uint32_t probable_number(const struct types *t, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & t->mask;
    while (t->slots[at].number && t->slots[at].print != slot_print(hash)) {
        at = (at + 1) & t->mask;
    }
    return t->slots[at].number;
}

/* Number of the type of a word, made where it is new; UINT32_MAX without memory. */
static uint32_t number_of_word(struct types *t, struct nw_str s, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & t->mask;
    while (t->slots[at].number && t->v[t->slots[at].number - 1].hash != hash) {
        at = (at + 1) & t->mask;
    }
    if (t->slots[at].number) {
        return t->slots[at].number - 1;
    }
    uint32_t number = t->free_type ? t->free_type - 1 : t->n;
    if (number == t->cap && types_grow(t, t->cap * 2) != 0) {
        return UINT32_MAX;
    }
    struct word_type *w = &t->v[number];
    t->free_type = t->free_type ? w->twin : 0;
    t->n += number == t->n;
    t->kept++;
    type_make(t, w, hash, s);
    w->twin = number;
    slot_fill(t, number);
    return number;
}

/* The type of a figure's form. */
static uint32_t number_of_form(struct types *t, uint32_t number, struct nw_str s)
{
    char form[WORD_BYTES];
    size_t n = s.n < sizeof form ? s.n : sizeof form;
    bool other = false;
    for (size_t i = 0; i < n; i++) {
        bool digit = s.p[i] > '0' && s.p[i] <= '9';
        form[i] = digit ? '0' : s.p[i];
        other |= digit;
    }
    struct nw_str text = nw_str(form, nw_utf8_floor(nw_str(form, n), n));
    return other ? number_of_word(t, text, nw_hash64(text, 0)) : number;
}

/* The type of a word that is not among those kept. */
static uint32_t number_of_new(struct types *t, struct nw_str s, uint64_t hash)
{
    uint32_t before = t->kept;
    uint32_t number = number_of_word(t, s, hash);
    if (number != UINT32_MAX && t->kept != before && is_figure(s)) {
        uint32_t twin = number_of_form(t, number, s);
        t->v[number].twin = twin;
        number = twin == UINT32_MAX ? twin : number;
    }
    return number;
}

/* Room for `more` types of the document at hand. */
static int present_room(struct types *t, size_t more)
{
    if (t->present_n + more > t->present_cap) {
        size_t cap = t->present_cap ? t->present_cap * 2 : 1024;
        uint32_t *present = nw_realloc(t->present, cap * sizeof *present);
        if (present == NULL) {
            return -ENOMEM;
        }
        t->present = present;
        t->present_cap = cap;
    }
    return 0;
}

/* Counts a type in the document at hand. Whether it is the first time nobody can guess, so nothing branches on it;
 * there is room for it among those present. */
static void count(struct types *t, uint32_t number, size_t token)
{
    struct word_type *w = &t->v[number];
    bool first = w->epoch != t->epoch;
    w->epoch = t->epoch;
    w->documents = (uint16_t)(w->documents + (first && w->documents < UINT16_MAX));
    w->seen = first ? 1 : w->seen + 1;
    w->first_token = first ? (uint32_t)token : w->first_token;
    t->present[t->present_n] = number;
    t->present_n += first;
}

/* The words' places in memory are all over the cache: each round asks for what the next one reads, so that the waits
 * for it overlap. */
int types_of(struct types *t, struct nw_str text, struct tokens *tokens)
{
    uint64_t hashes[AHEAD];
    uint32_t numbers[AHEAD];
    for (size_t from = 0; from < tokens->n; from += AHEAD) {
        struct token *v = tokens->v + from;
        size_t n = tokens->n - from < AHEAD ? tokens->n - from : AHEAD;
        if (present_room(t, n) != 0) {
            return -ENOMEM;
        }
        for (size_t i = 0; i < n; i++) {
            hashes[i] = nw_hash64(token_text(text, &v[i]), 0);
            __builtin_prefetch(&t->slots[(uint32_t)hashes[i] & t->mask]);
        }
        for (size_t i = 0; i < n; i++) {
            numbers[i] = probable_number(t, hashes[i]);
            __builtin_prefetch(&t->v[numbers[i] ? numbers[i] - 1 : 0]);
        }
        for (size_t i = 0; i < n; i++) {
            uint32_t number = numbers[i] - 1;
            if (numbers[i] == 0 || t->v[number].hash != hashes[i]) {
                number = number_of_new(t, token_text(text, &v[i]), hashes[i]);
                if (number == UINT32_MAX) {
                    return -ENOMEM;
                }
            }
            count(t, number, from + i);
            const struct word_type *w = &t->v[number];
            v[i].type = number;
            v[i].classes = w->classes;
            v[i].flags = w->flags;
            v[i].mark = w->mark;
            v[i].letters = w->letters;
        }
    }
    return 0;
}
