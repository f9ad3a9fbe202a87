/* What is known of a word by its letters and the lists: its form, number, mark, classes and slots. See types.h. */
#include "types.h"

#include "letters.h"

#include <newswire/hash.h>

enum { WORD_BYTES = 256 }; /* of a word that are lower-cased and looked up */

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

void type_make(const struct types *t, struct word_type *w, uint64_t hash, struct nw_str s)
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
