/* The dead letters as a list, read from their log beside the broker or without it. */
#ifndef CLI_LETTERS_H
#define CLI_LETTERS_H

#include "broker/dead_entry.h"
#include "run/kills.h"

enum letter_state { LETTER_OPEN, LETTER_RETRIED, LETTER_DROPPED };

struct letter {
    uint64_t number; /* in the log */
    uint64_t journal, jseq, attempts;
    int64_t time, resolved; /* wall clock, ms; resolved: 0 while it is open */
    enum letter_state state;
    struct nw_str stage, why;
    struct nw_str path; /* the article's source: "" where the record does not say */
    int64_t index;
    uint64_t killed; /* oseq of the kill that means it, so that it would not be put out; 0: none is known */
    size_t bytes;    /* of what was accepted; 0 where the journal had lost it */
};

struct letters {
    struct nw_arena arena;
    uint64_t log; /* its id */
    struct letter *v;
    size_t n, room;
    const struct nw_kills *kills; /* borrowed; NULL: none */
    uint64_t unread;              /* entries that are damaged, or of another version */
};

/* Reads all of the log; its bodies are not kept. kills: those of the output log; NULL where they are not asked for. A
 * folder without a log gives an empty list. 0 or a negative errno. letters_free is due in either case. */
int letters_load(const char *folder, const struct nw_kills *kills, struct letters *letters);
void letters_free(struct letters *letters);

/* The words open, retried, dropped. */
const char *letter_state_word(enum letter_state state);

/* By journal, then jseq, then number: as the broker wants to be asked. */
void letters_sort(struct letters *letters);

/* One letter with its bodies, copied into the arena. 0, NW_DEAD_UNKNOWN when it is gone, or a negative errno. */
int letter_read(const char *folder, uint64_t number, struct nw_arena *arena, struct nw_dead_letter *letter);

#endif
