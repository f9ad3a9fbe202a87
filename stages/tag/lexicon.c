/* The table of words: see lexicon.h. Rows hold words of one kind, parted by blanks; a word may stand in several rows.
 */
#include "lexicon.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <newswire/hash.h>

#include "lexicon_words.h"

enum { SLOTS = 4096 };

static struct lexicon_word *slot_of(const struct lexicon *lexicon, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & lexicon->mask;
    while (lexicon->slots[at].hash != 0 && lexicon->slots[at].hash != hash) {
        at = (at + 1) & lexicon->mask;
    }
    return &lexicon->slots[at];
}

static void add_row(struct lexicon *lexicon, const struct lexicon_row *row)
{
    struct nw_str rest = nw_str_z(row->words);
    while (rest.n) {
        size_t end = nw_str_find(rest, NW_S(" "));
        size_t n = end < rest.n ? end : rest.n;
        if (n) {
            uint64_t hash = nw_hash64(nw_str(rest.p, n), 0);
            struct lexicon_word *word = slot_of(lexicon, hash);
            word->hash = hash;
            word->classes |= row->classes;
            if (row->classes & (WORD(NUMBER) | WORD(ORDINAL) | WORD(MAGNITUDE) | WORD(CURRENCY))) {
                word->number = row->number;
            }
            if (row->classes & (WORD(MONTH) | WORD(WEEKDAY) | WORD(SPAN) | WORD(DAYPART) | WORD(SEASON))) {
                word->time = row->time;
            }
        }
        rest = nw_str_from(rest, n + 1);
    }
}

int lexicon_init(struct lexicon *lexicon)
{
    lexicon->slots = nw_calloc(SLOTS, sizeof *lexicon->slots);
    if (lexicon->slots == NULL) {
        return -ENOMEM;
    }
    lexicon->mask = SLOTS - 1;
    for (size_t i = 0; i < sizeof lexicon_rows / sizeof *lexicon_rows; i++) {
        add_row(lexicon, &lexicon_rows[i]);
    }
    return 0;
}

void lexicon_free(struct lexicon *lexicon)
{
    nw_free(lexicon->slots);
    *lexicon = (struct lexicon){0};
}

const struct lexicon_word *lexicon_find(const struct lexicon *lexicon, struct nw_str lower)
{
    const struct lexicon_word *word = slot_of(lexicon, nw_hash64(lower, 0));
    return word->hash ? word : NULL;
}

const char *lexicon_currency(int32_t number)
{
    return number >= 0 && (size_t)number < sizeof lexicon_currencies / sizeof *lexicon_currencies
               ? lexicon_currencies[number]
               : NULL;
}
