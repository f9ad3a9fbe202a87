/* Annotated text in IOB2: documents as the tagger has them, with gold labels. */
#ifndef TRAIN_CORPUS_H
#define TRAIN_CORPUS_H

#include "names.h"

struct corpus_document {
    struct document document; /* tokens, text; types are the corpora's */
    uint8_t *gold;            /* a label a token */
    uint8_t *lines;           /* 1: first token of a sentence of the file */
    unsigned group;           /* domain */
    unsigned weight;          /* how often it is counted */
    unsigned fold;
    bool partial; /* the file never labels MISC: its O may be MISC */
    bool whole;   /* a document with its sentences, not a sentence alone: the second pass learns from it */
    int sport;    /* 1, 0, or -1: not said */
};

struct corpora {
    struct corpus_document *v;
    size_t n, cap;
    struct types types;
    struct lexicon lexicon;
    struct gazetteer gazetteer, own;
    size_t tokens;
};

/* 0, or 1 after a sentence on standard error. */
int corpora_init(struct corpora *corpora, const char *gazetteer);
void corpora_free(struct corpora *corpora);

/* Adds the documents of an IOB2 file (token TAB label; -DOCSTART- lines, with "sport" or "other" in a third column
 * where known). 0, or 1 after a sentence on standard error. */
int corpora_read(struct corpora *corpora, const char *path, unsigned group, unsigned weight, bool partial, bool whole);

/* Spans of labels: counts what is right. */
struct span_score {
    size_t right[NAME_TYPES], found[NAME_TYPES], gold[NAME_TYPES];
};
void span_count(struct span_score *score, const uint8_t *gold, const uint8_t *found, size_t n);
void span_print(const struct span_score *score, const char *what);
double span_f1(const struct span_score *score);

#endif
