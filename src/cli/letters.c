/* Reads the dead-letter log; see letters.h. */
#include "letters.h"

#include "store/reader.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <stdlib.h>

#define LETTERS_MEMORY ((size_t)2 << 30) /* bytes of all letters without their bodies; about 200 one */

static const char *const state_words[] = {
    [LETTER_OPEN] = "open", [LETTER_RETRIED] = "retried", [LETTER_DROPPED] = "dropped"};

const char *letter_state_word(enum letter_state state)
{
    return state_words[state];
}

/* The letter of this number, in the order of the log; NULL when there is none. */
static struct letter *letter_find(struct letters *letters, uint64_t number)
{
    size_t from = 0, to = letters->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (letters->v[middle].number < number) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < letters->n && letters->v[from].number == number ? &letters->v[from] : NULL;
}

/* Where the article came from, as the record says. */
static int take_source(struct letters *letters, struct nw_str record_bytes, struct letter *letter)
{
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];
    int rc = nw_record_decode(&arena, record_bytes, &record, why);

    if (rc == 0 && NW_HAS(source, record->source, path)) {
        letter->path = nw_arena_dup(&letters->arena, record->source->path);
        rc = letter->path.p ? 0 : -ENOMEM;
    }
    if (rc == 0) {
        letter->index = record->source->index;
    }
    nw_arena_free(&arena);
    return rc < 0 ? rc : 0; /* what is no record names no source */
}

/* Whether a kill means the article, as it came to the stage. */
static int take_kill(const struct letters *letters, struct nw_str record_bytes, struct letter *letter)
{
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];
    int rc = letters->kills ? nw_record_decode(&arena, record_bytes, &record, why) : NW_BAD_RECORD;

    if (rc == 0 && !nw_kills_covers(letters->kills, record, &letter->killed)) {
        letter->killed = 0;
    }
    nw_arena_free(&arena);
    return rc < 0 ? rc : 0;
}

static int letter_add(struct letters *letters, uint64_t number, const struct nw_dead_letter *from)
{
    struct letter letter = {.number = number,
                            .journal = from->journal,
                            .jseq = from->jseq,
                            .attempts = from->attempts,
                            .time = from->time,
                            .bytes = from->origin.n};

    if (letters->n == letters->room) {
        size_t room = letters->room ? letters->room * 2 : 256, size = sizeof letter;
        struct letter *grown = nw_realloc(letters->v, room * size);
        if (!grown) {
            return -ENOMEM;
        }
        letters->v = grown;
        letters->room = room;
    }
    letter.stage = nw_arena_dup(&letters->arena, from->stage);
    letter.why = nw_arena_dup(&letters->arena, from->why);
    if (!letter.stage.p || !letter.why.p) {
        return -ENOMEM;
    }
    if (take_kill(letters, from->bytes.n > 0 ? from->bytes : from->origin, &letter) < 0) {
        return -ENOMEM;
    }
    letters->v[letters->n] = letter;
    return take_source(letters, from->origin.n > 0 ? from->origin : from->bytes, &letters->v[letters->n++]);
}

static void take_mark(struct letters *letters, const struct nw_dead_mark *mark)
{
    for (size_t i = 0; i < mark->letters.n; i++) {
        struct letter *letter = letter_find(letters, mark->letters.v[i]);
        if (letter) {
            letter->state = mark->action == NW_RESOLVE_RETRY ? LETTER_RETRIED : LETTER_DROPPED;
            letter->resolved = mark->time;
        }
    }
}

static int take_entry(struct letters *letters, struct nw_arena *arena, const struct nw_store_entry *stored)
{
    struct nw_dead_entry entry;
    int rc;

    nw_arena_reset(arena);
    rc = nw_dead_entry_read(arena, stored->payload, &entry);
    if (rc == NW_DEAD_UNKNOWN) {
        letters->unread++;
        return 0;
    }
    if (rc == 0 && entry.kind == NW_DEAD_LETTER) {
        rc = letter_add(letters, stored->seq, &entry.letter);
    } else if (rc == 0) {
        take_mark(letters, &entry.mark);
    }
    return rc;
}

int letters_load(const char *folder, const struct nw_kills *kills, struct letters *letters)
{
    struct nw_store_reader *reader = NULL;
    struct nw_store_entry stored;
    struct nw_arena arena = {0};
    int rc;

    *letters = (struct letters){.kills = kills};
    nw_arena_init(&letters->arena, LETTERS_MEMORY);
    rc = nw_store_reader_open(folder, 0, &reader);
    if (rc < 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    letters->log = nw_store_reader_id(reader);
    while (rc == 0) {
        rc = nw_store_reader_next(reader, &stored);
        if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
            letters->unread += rc == NW_STORE_MISSING ? stored.last - stored.seq + 1 : 0;
            rc = 0;
        } else if (rc == 0) {
            rc = take_entry(letters, &arena, &stored);
        }
    }
    nw_store_reader_close(&reader);
    nw_arena_free(&arena);
    return rc < 0 ? rc : 0;
}

void letters_free(struct letters *letters)
{
    nw_free(letters->v);
    nw_arena_free(&letters->arena);
    *letters = (struct letters){0};
}

static int compare(const void *a, const void *b)
{
    const struct letter *x = a, *y = b;

    if (x->journal != y->journal) {
        return x->journal < y->journal ? -1 : 1;
    }
    if (x->jseq != y->jseq) {
        return x->jseq < y->jseq ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

void letters_sort(struct letters *letters)
{
    if (letters->n > 0) {
        qsort(letters->v, letters->n, sizeof *letters->v, compare);
    }
}

int letter_read(const char *folder, uint64_t number, struct nw_arena *arena, struct nw_dead_letter *letter)
{
    struct nw_store_reader *reader = NULL;
    struct nw_store_entry stored;
    struct nw_dead_entry entry;
    struct nw_str copy;
    int rc = nw_store_reader_open(folder, number, &reader);

    rc = rc ? rc : nw_store_reader_next(reader, &stored);
    if (rc == 0) {
        copy = nw_arena_dup(arena, stored.payload);
        rc = copy.p ? nw_dead_entry_read(arena, copy, &entry) : -ENOMEM;
    }
    if (rc == 0 && entry.kind == NW_DEAD_LETTER && stored.seq == number) {
        *letter = entry.letter;
    } else if (rc >= 0) {
        rc = NW_DEAD_UNKNOWN;
    }
    nw_store_reader_close(&reader);
    return rc;
}
