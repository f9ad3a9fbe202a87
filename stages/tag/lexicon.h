/*
 * Words that rules know: months, numbers, titles, words of saying, units. One table of classes by lower-cased word;
 * the tagger asks it once per word type and keeps the answer with the type.
 */
#ifndef TAG_LEXICON_H
#define TAG_LEXICON_H

#include <stdint.h>

#include <newswire/str.h>

#define LEXICON_CLASSES(X)                                                                                             \
    X(MONTH)      /* time: 1 to 12 */                                                                                  \
    X(WEEKDAY)    /* time: 0 Monday to 6 Sunday */                                                                     \
    X(SPAN)       /* time: one of enum lexicon_span: day, week, … */                                                 \
    X(DAYPART)    /* time: one of enum lexicon_daypart */                                                              \
    X(SEASON)     /* time: 0 spring to 3 winter */                                                                     \
    X(NUMBER)     /* number: zero to ninety, dozen */                                                                  \
    X(ORDINAL)    /* number: first to thirty-first */                                                                  \
    X(MAGNITUDE)  /* number: hundred, thousand, million, … */                                                        \
    X(PRONOUN)    /* third person, of people */                                                                        \
    X(HE)         /* he, his, him */                                                                                   \
    X(SHE)        /* she, her */                                                                                       \
    X(THEY)       /* they, their */                                                                                    \
    X(CUE)        /* said, told, … */                                                                                \
    X(TITLE)      /* before a person's name: Mr., President */                                                         \
    X(HONORIFIC)  /* of those the ones that are nothing else: Mr., Dr. */                                              \
    X(ROLE)       /* what a person is: president, spokesman */                                                         \
    X(WOMAN)      /* titles and roles of women only */                                                                 \
    X(MAN)        /* of men only */                                                                                    \
    X(WOMANNAME)  /* first names of women */                                                                           \
    X(MANNAME)    /* of men */                                                                                         \
    X(ORGEND)     /* last word of organisations: Inc., University */                                                   \
    X(LEGAL)      /* of them those that say what a company is by law: Inc., PLC */                                     \
    X(ORGWORD)    /* of them those before 'of': Ministry of, University of */                                          \
    X(CURRENCY)   /* number: index into lexicon_currency */                                                            \
    X(UNIT)       /* of measures: kilometres, tonnes */                                                                \
    X(STOP)       /* function words */                                                                                 \
    X(DETERMINER) /* the, a, this, his … */                                                                          \
    X(PREPOSITION)                                                                                                     \
    X(MODAL)     /* will, would, shall: the future follows */                                                          \
    X(PAST)      /* verb forms of the past that rules look for beside -ed */                                           \
    X(BE)        /* forms of be, have, do */                                                                           \
    X(NEXT)      /* next, coming, following */                                                                         \
    X(LAST)      /* last, past, previous */                                                                            \
    X(THIS)      /* this, current */                                                                                   \
    X(APPROX)    /* about, nearly, some */                                                                             \
    X(AGO)       /* ago, earlier, before */                                                                            \
    X(LATER)     /* later, hence, after */                                                                             \
    X(PLACEWORD) /* after or before a name makes it a place: river, province */                                        \
    X(NOTNOUN)   /* words that end a counted thing: said, were, … */                                                 \
    X(FAMILY)    /* wife, son, brother */                                                                              \
    X(CLAUSE)    /* that, who, which, because … */                                                                   \
    X(TIMEWORD)  /* words that begin a time expression beside those of other classes */

#define LEXICON_NUMBER(name) LEXICON_##name##_BIT,
enum { LEXICON_CLASSES(LEXICON_NUMBER) LEXICON_CLASS_COUNT };
#define WORD(name) (UINT64_C(1) << LEXICON_##name##_BIT)

enum lexicon_span {
    SPAN_SECOND,
    SPAN_MINUTE,
    SPAN_HOUR,
    SPAN_DAY,
    SPAN_WEEK,
    SPAN_FORTNIGHT,
    SPAN_MONTH,
    SPAN_QUARTER,
    SPAN_YEAR,
    SPAN_DECADE,
    SPAN_CENTURY,
    SPAN_WEEKEND
};
enum lexicon_daypart { PART_MORNING, PART_MIDDAY, PART_AFTERNOON, PART_EVENING, PART_NIGHT, PART_MIDNIGHT };

struct lexicon_word {
    uint64_t hash;    /* of the lower-cased word; 0: empty */
    uint64_t classes; /* WORD(…) bits */
    double number;
    int32_t time;
};

struct lexicon {
    struct lexicon_word *slots;
    uint32_t mask;
};

int lexicon_init(struct lexicon *lexicon); /* 0 or -ENOMEM */
void lexicon_free(struct lexicon *lexicon);

/* NULL when the word is in no class. `lower` is lower-cased. */
const struct lexicon_word *lexicon_find(const struct lexicon *lexicon, struct nw_str lower);

/* ISO 4217 code of a currency's number; NULL past the end. */
const char *lexicon_currency(int32_t number);

#endif
