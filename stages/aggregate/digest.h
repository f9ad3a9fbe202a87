/*
 * What aggregate reads of an article, once: its words in order, folded and hashed; its figures; its names; what its
 * desk declares it to be. A digest is reused from article to article; nothing in it points into the record.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <newswire/hash.h>
#include <newswire/record.h>

enum {
    DIGEST_WORDS = 4096, /* words of headline and body that are read; what is behind them is not */
    DIGEST_FIGURES = 48,
    DIGEST_NAMES = 128,
    DIGEST_LEAD = 40, /* words of the body that count as its lead */
};

enum word_flag {
    WORD_TABLE = 8, /* stands in tables of results: vs, shr, cts */
    WORD_FIGURE = 1,
    WORD_CAPITAL = 2,
    WORD_FIRST = 4 /* of a sentence */
};

struct word {
    uint32_t hash; /* as written, but for case and punctuation */
    uint32_t same; /* house styles made one: pct, percent */
    uint32_t stem; /* without a plural's ending; 0 for a function word */
    uint32_t flags;
};

struct digest {
    uint32_t language; /* in all hashes of words and names, so that copies and stories are of one language; 0: English,
                          which the word lists are of, or none that was told */
    struct word words[DIGEST_WORDS];
    size_t n, headline; /* words in all; those of the headline, without its marks, come first */
    uint32_t figures[DIGEST_FIGURES];
    size_t figure_count; /* distinct, in order of value */
    uint32_t names[DIGEST_NAMES];
    size_t name_count;
    struct nw_hash128 text; /* of all words in order, marks too: equal for the same copy; {0, 0} when there are none */
    uint32_t mark;          /* of UPDATE 2, CORRECTED, an editor's note; 0: declares nothing */
    uint32_t subject;       /* first word of the headline, or of the body */
    uint32_t slug;          /* of the slugline; 0 for none */
    int64_t time;           /* ms; of this version, else of the content, else of its arrival; 0 when there is none */
    int64_t day;            /* of the dateline; 0 when it is not known to the day */
};

struct wordlist;
void digest_make(struct digest *digest, const struct wordlist *wordlist, const struct nw_record *record);

/* A table of figures rather than prose. */
bool digest_is_table(const struct digest *digest);

#endif
