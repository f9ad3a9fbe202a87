/*
 * Word types: all that can be known of a word without its context, computed once and kept while memory lasts. A text's
 * tokens point to them by number. What is kept is a function of the word and the tagger's files alone, so an emptied or
 * a full cache gives the same annotations.
 */
#ifndef TAG_TYPES_H
#define TAG_TYPES_H

#include "clusters.h"
#include "gazetteer.h"
#include "lexicon.h"
#include "token.h"

enum {
    TYPE_LETTERS = 1,        /* begins with a letter */
    TYPE_CAPITAL = 2,        /* begins with an upper-case letter */
    TYPE_CAPITALS = 4,       /* all its letters are upper-case, two or more */
    TYPE_DIGITS = 8,         /* holds a digit */
    TYPE_NUMERIC = 16,       /* is a number: `number` has it */
    TYPE_HYPHEN = 32,        /* holds a hyphen inside */
    TYPE_STOPPED = 64,       /* a word that ends in a full stop */
    TYPE_MARK = 128,         /* punctuation or a symbol: `mark` says which */
    TYPE_OPENS = 256,        /* a quotation mark that opens, whatever stands beside it */
    TYPE_CLOSES = 512,       /* … that closes */
    TYPE_LOWER = 1024,       /* begins with a lower-case letter */
    TYPE_INNER = 2048,       /* has an upper-case letter behind a lower-case one: McDonald, iPhone */
    TYPE_CLITIC = 4096,      /* 's, n't, … */
    TYPE_INITIAL = 8192,     /* one letter and a full stop, or several: J., J.R. */
    TYPE_CLASSED = 16384,    /* `cluster` is known */
    TYPE_TOPIC = 32768,      /* `topic` is known */
    TYPE_KIND = 65536,       /* `sport` is known */
    TYPE_CLUSTERED = 131072, /* it has a cluster */
    TYPE_STARTS = 262144,    /* a name of several words of the gazetteer begins with it */
};

enum { RANK_NONE = 255 }; /* the background has not the word */

/* The first half is what most of the work asks for: 64 bytes, one line of the processor's cache. */
struct word_type {
    uint64_t hash;  /* of the word as it stands */
    uint64_t lower; /* of the lower-cased word */
    uint64_t classes;
    uint32_t flags;
    uint32_t vectors[2];  /* number + 1 of its weights (its twin's) for either kind of article; 0: not asked yet */
    uint32_t topic;       /* number + 1 of its row in the topics model; 0: none, or not asked yet */
    uint32_t epoch;       /* of the last document that held it */
    uint32_t seen;        /* count in that document */
    uint32_t first_token; /* in that document */
    uint16_t documents;   /* that held it since the last sweep */
    uint16_t clusters[3]; /* the coarser numbers of its cluster, with TYPE_CLUSTERED */
    uint8_t mark;         /* of TYPE_MARK: ASCII of the mark, kinds of quotes and dashes folded to " ' - */
    uint8_t letters;      /* code points, at most 255 */
    uint8_t rank; /* in the background of keywords, 1 + twice its binary logarithm; 0: not asked yet; RANK_NONE */
    int8_t sport; /* how much the word speaks for an article of sport, in 32nds */

    uint64_t title; /* of Word for WORD; `hash` for others */
    double number;
    uint32_t twin;    /* number of the type whose vectors are its own: 0,000.0 for 1,234.5, else itself */
    uint32_t cluster; /* number + 1 of the lower-cased word's; 0: none, or not asked yet */
    int32_t time;
    const struct gazetteer_slot *slot;       /* of the one word; NULL */
    const struct gazetteer_slot *slot2;      /* of its title-cased form where that is another; NULL */
    const struct gazetteer_slot *own, *own2; /* the same in the user's own gazetteer */
};

/* Weights of 13 labels, and three lanes of nothing: see names.h. */
struct scores {
    int16_t v[16];
};

/* A word's sums of weights, by place: see word_vectors.h. */
union type_vectors {
    struct scores v[8];
    uint32_t next; /* of free ones */
};

struct types {
    struct word_type *v;
    uint32_t n, cap;
    uint32_t kept; /* of the n: the others are free to be used again */
    struct types_slot {
        uint32_t print;  /* of the type's hash */
        uint32_t number; /* + 1 of the type; 0: empty */
    } * slots;
    uint32_t mask;
    union type_vectors *vectors;
    uint32_t vectors_n, vectors_cap;
    uint32_t vectors_kept;         /* of the n */
    void *v_block, *vectors_block; /* of the heap, in which the two arrays begin at a line of the cache */
    uint32_t *present;             /* types of the document at hand, in the order of their first tokens */
    size_t present_n, present_cap;
    uint32_t free_type, free_vectors; /* number + 1 of the first of a chain (by `twin`, by `next`); 0: none */
    uint32_t epoch;                   /* number of the document at hand */
    const struct lexicon *lexicon;
    const struct gazetteer *gazetteer, *own;
};

/* Types and vectors at which a new document begins with a sweep: 14 and 33 MB. */
enum { TYPES_KEPT = 112 * 1024, VECTORS_KEPT = 128 * 1024 };

int types_init(struct types *types, const struct lexicon *lexicon, const struct gazetteer *gazetteer,
               const struct gazetteer *own);
void types_free(struct types *types);

/* Begins a document: sweeps the cache when it is full, so that what was seen in one document only goes. */
void types_begin(struct types *types);

/* Forgets all types: what they were made from has changed. */
void types_empty(struct types *types);

/* Number of room for vectors, less 1 than word_type.vectors has it; UINT32_MAX without memory. Moves types->vectors. */
uint32_t types_add_vectors(struct types *types);

/* The cluster of a type; NULL: none. All calls for the types of one cache name the same clusters. */
const struct clusters_slot *type_cluster(struct word_type *type, const struct clusters *clusters);

/* Makes the type of a word from nothing but its text: word_type.c. `hash` is its nw_hash64. */
void type_make(const struct types *types, struct word_type *type, uint64_t hash, struct nw_str word);

/* Sets the type of each token; counts in `seen`. 0 or -ENOMEM. */
int types_of(struct types *types, struct nw_str text, struct tokens *tokens);

#endif
