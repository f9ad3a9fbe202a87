/* Word types: see types.h. Open addressing by the word's hash; grows within a document, is swept between two. */
#include "types.h"

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
