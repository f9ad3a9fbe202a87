/* The dead-letter log over src/store: see dead.h. */
#include "broker/dead.h"

#include "link/frame.h"
#include "store/log.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PATH_BYTES = 4096,
    SEGMENT_BYTES = 32 << 20,
    KNOWN_MAX = 1 << 20,   /* letters above the low-water mark: of what was under way */
    OPEN_BYTES = 64 << 20, /* a bit an entry of the log */
    WAITING_MAX = 1 << 20, /* retries */
};

/* A letter of this journal that was there when the log was opened. */
struct known {
    uint64_t jseq, path, stage; /* hash of the stage's name */
};

struct waiting {
    uint64_t retry, letter;
};

struct embargo {
    int64_t until; /* wall ms */
    uint64_t letter;
};

struct dead_log {
    struct nw_store *store;
    uint64_t journal;        /* its id */
    struct nw_buf known;     /* of struct known, sorted */
    struct nw_buf open;      /* bit number - first: an open letter */
    uint64_t first;          /* entry of bit 0 */
    uint64_t retries;        /* number of the last one in this journal */
    uint64_t submitted;      /* retries up to this one are in the journal */
    struct nw_buf waiting;   /* of struct waiting, oldest first */
    struct nw_buf embargoes; /* of struct embargo, in no order */
    bool full;               /* the last append found no room, which was said */
    struct nw_arena arena;
    struct nw_buf out;
};

/* ---- which letters are open */

static int open_set(struct dead_log *log, uint64_t number, bool open)
{
    size_t bit = (size_t)(number - log->first), byte = bit / 8;
    unsigned char mask = (unsigned char)(1u << bit % 8), value;

    while (log->open.n <= byte) {
        if (nw_buf_char(&log->open, 0) < 0)
            return nw_fault(log->open.error);
    }
    value = (unsigned char)log->open.p[byte];
    log->open.p[byte] = (char)(open ? value | mask : value & ~mask);
    return 0;
}

static bool open_has(const struct dead_log *log, uint64_t number)
{
    size_t bit = (size_t)(number - log->first);

    return number >= log->first && bit / 8 < log->open.n && ((unsigned char)log->open.p[bit / 8] >> bit % 8 & 1);
}

/* ---- opening */

static uint64_t stage_hash(struct nw_str stage)
{
    return nw_hash64(stage, 0);
}

static int known_compare(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    if (x->jseq != y->jseq)
        return x->jseq < y->jseq ? -1 : 1;
    if (x->path != y->path)
        return x->path < y->path ? -1 : 1;
    return x->stage < y->stage ? -1 : x->stage > y->stage;
}

/* Notes when a letter is to begin anew by itself, if it is one of those. */
static int note_embargo(struct dead_log *log, uint64_t number, struct nw_str why)
{
    struct embargo embargo = {.letter = number};
    struct nw_str until;

    if (!nw_str_starts(why, NW_EMBARGOED))
        return 0;
    until = nw_str_from(why, NW_EMBARGOED.n);
    until.n = nw_str_find(until, NW_S(";")) < until.n ? nw_str_find(until, NW_S(";")) : until.n;
    if (!nw_time_parse(until, &embargo.until))
        return 0; /* a person sees to it */
    return nw_buf_add(&log->embargoes, &embargo, sizeof embargo) < 0 ? nw_fault(log->embargoes.error) : 0;
}

bool dead_due(struct dead_log *log, int64_t now, uint64_t *number)
{
    size_t at = 0;

    while (at < log->embargoes.n) {
        struct embargo embargo;
        memcpy(&embargo, log->embargoes.p + at, sizeof embargo);
        *number = embargo.letter;
        if (!open_has(log, embargo.letter)) { /* dealt with */
            log->embargoes.n -= sizeof embargo;
            memmove(log->embargoes.p + at, log->embargoes.p + at + sizeof embargo, log->embargoes.n - at);
        } else if (embargo.until <= now) {
            return true;
        } else {
            at += sizeof embargo;
        }
    }
    return false;
}

static int remember_letter(struct dead_log *log, uint64_t number, const struct nw_dead_letter *letter, uint64_t low)
{
    struct known known = {letter->jseq, letter->path, stage_hash(letter->stage)};

    if (letter->journal == log->journal && letter->jseq >= low && nw_buf_add(&log->known, &known, sizeof known) < 0)
        return nw_fault(log->known.error);
    if (note_embargo(log, number, letter->why) < 0)
        return nw_fault(log->embargoes.error);
    return open_set(log, number, true);
}

static int remember_mark(struct dead_log *log, const struct nw_dead_mark *mark)
{
    struct waiting waiting = {.retry = mark->retry};
    int r = 0;

    for (size_t i = 0; i < mark->letters.n && r == 0; i++) {
        if (open_has(log, mark->letters.v[i]))
            r = open_set(log, mark->letters.v[i], false);
    }
    if (r < 0 || mark->action != NW_RESOLVE_RETRY || mark->journal != log->journal || mark->letters.n == 0)
        return r;
    log->retries = mark->retry > log->retries ? mark->retry : log->retries;
    waiting.letter = mark->letters.v[0];
    if (mark->retry > log->submitted && nw_buf_add(&log->waiting, &waiting, sizeof waiting) < 0)
        return nw_fault(log->waiting.error);
    return 0;
}

static int remember(struct dead_log *log, uint64_t low)
{
    int r = 0;

    for (uint64_t number = log->first; number <= nw_store_last(log->store) && r == 0; number++) {
        struct nw_dead_entry entry;
        struct nw_str payload;
        r = nw_store_read(log->store, number, &payload);
        if (r > 0) { /* lost to damage, which was said when the log was opened */
            r = 0;
            continue;
        }
        nw_arena_reset(&log->arena);
        if (r == 0)
            r = nw_dead_entry_read(&log->arena, payload, &entry);
        if (r == NW_DEAD_UNKNOWN)
            r = 0;
        else if (r == 0)
            r = entry.kind == NW_DEAD_LETTER ? remember_letter(log, number, &entry.letter, low)
                                             : remember_mark(log, &entry.mark);
    }
    if (log->known.n > 0)
        qsort(log->known.p, log->known.n / sizeof(struct known), sizeof(struct known), known_compare);
    return r < 0 ? nw_fault(r) : 0;
}

int dead_open(const char *data, struct journal *journal, uint64_t low, struct dead_log **result)
{
    char folder[PATH_BYTES];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SEGMENT_BYTES};
    struct feeder *feeder = journal_feeder(journal, DEAD_FEEDER, 0);
    struct dead_log *log = nw_calloc(1, sizeof *log);
    int r;

    if (!log || !feeder) {
        nw_free(log);
        return nw_fault(-ENOMEM);
    }
    nw_buf_init(&log->known, KNOWN_MAX * sizeof(struct known));
    nw_buf_init(&log->open, OPEN_BYTES);
    nw_buf_init(&log->waiting, WAITING_MAX * sizeof(struct waiting));
    nw_buf_init(&log->embargoes, WAITING_MAX * sizeof(struct embargo));
    nw_buf_init(&log->out, NW_STORE_ENTRY_MAX);
    feeder->held++; /* never the one to be forgotten */
    log->journal = journal_id(journal);
    log->submitted = log->retries = feeder->expected - 1;
    snprintf(folder, sizeof folder, "%s/dead", data);
    r = nw_store_open(&options, &log->store);
    if (r == 0) {
        log->first = nw_store_first(log->store);
        r = remember(log, low);
    }
    if (r != 0) {
        nw_error("cannot open the dead letters in %s: see above", folder);
        dead_close(&log);
        return r < 0 ? r : -EBUSY;
    }
    *result = log;
    return 0;
}

void dead_close(struct dead_log **pointer)
{
    struct dead_log *log = *pointer;

    if (!log)
        return;
    nw_store_close(&log->store);
    nw_buf_free(&log->known);
    nw_buf_free(&log->open);
    nw_buf_free(&log->waiting);
    nw_buf_free(&log->embargoes);
    nw_buf_free(&log->out);
    nw_arena_free(&log->arena);
    nw_free(log);
    *pointer = NULL;
}

uint64_t dead_id(const struct dead_log *log)
{
    return nw_store_id(log->store);
}

bool dead_has(const struct dead_log *log, uint64_t jseq, struct nw_str stage, uint64_t path)
{
    struct known known = {jseq, path, 0};

    if (log->known.n == 0)
        return false;
    known.stage = stage_hash(stage);
    return bsearch(&known, log->known.p, log->known.n / sizeof known, sizeof known, known_compare);
}

/* ---- writing */

/* 0, DEAD_NO_ROOM, or a negative fault. */
static int append(struct dead_log *log, const struct nw_dead_entry *entry, uint64_t *number)
{
    int r;

    nw_buf_clear(&log->out);
    r = nw_dead_entry_write(entry, &log->out);
    if (r < 0)
        return nw_fault(r);
    r = nw_store_append_waiting(log->store, nw_buf_view(&log->out), number);
    if (r == NW_STORE_NO_ROOM && !log->full)
        nw_error("the disk has no room for dead letters: make some; until then they wait, and what follows them waits");
    log->full = r == NW_STORE_NO_ROOM;
    if (r == 0)
        return 0;
    if (r == NW_STORE_NO_ROOM)
        return DEAD_NO_ROOM;
    nw_error("the dead letters cannot be written: %s", r < 0 ? nw_store_why(log->store) : "one is too large");
    return nw_fault(r < 0 ? r : -EPROTO);
}

int dead_sync(struct dead_log *log)
{
    int r = nw_store_sync(log->store);

    if (r < 0)
        nw_error("the dead letters cannot be written: %s", nw_store_why(log->store));
    return r < 0 ? nw_fault(r) : 0;
}

int dead_append(struct dead_log *log, const struct nw_dead_letter *letter)
{
    struct nw_dead_entry entry = {.kind = NW_DEAD_LETTER, .letter = *letter};
    uint64_t number;
    int r;

    entry.letter.journal = log->journal;
    entry.letter.time = nw_clock_wall();
    r = append(log, &entry, &number);
    if (r == 0)
        r = open_set(log, number, true);
    if (r == 0)
        r = dead_sync(log);
    return r == 0 ? note_embargo(log, number, letter->why) : r;
}

int dead_mark(struct dead_log *log, enum nw_resolution action, const uint64_t *letters, size_t n, uint64_t *retry)
{
    struct nw_dead_entry entry = {.kind = NW_DEAD_MARK};
    struct waiting waiting = {.retry = log->retries + 1, .letter = letters[0]};
    uint64_t number;
    int r;

    entry.mark.journal = log->journal;
    entry.mark.action = action;
    entry.mark.time = nw_clock_wall();
    entry.mark.retry = action == NW_RESOLVE_RETRY ? waiting.retry : 0;
    entry.mark.letters.v = nw_arena_array(&log->arena, sizeof *letters, n);
    entry.mark.letters.n = n;
    if (!entry.mark.letters.v)
        return nw_fault(-ENOMEM);
    memcpy(entry.mark.letters.v, letters, n * sizeof *letters);
    r = append(log, &entry, &number);
    for (size_t i = 0; i < n && r == 0; i++)
        r = open_set(log, letters[i], false);
    if (r != 0 || action != NW_RESOLVE_RETRY)
        return r;
    *retry = ++log->retries;
    return nw_buf_add(&log->waiting, &waiting, sizeof waiting) < 0 ? nw_fault(log->waiting.error) : 0;
}

/* ---- reading */

static int read_letter(struct dead_log *log, uint64_t number, struct nw_dead_letter *letter)
{
    struct nw_dead_entry entry;
    struct nw_str payload;
    int r = nw_store_read(log->store, number, &payload);

    nw_arena_reset(&log->arena);
    if (r == 0)
        r = nw_dead_entry_read(&log->arena, payload, &entry);
    if (r < 0)
        return nw_fault(r);
    if (r > 0 || entry.kind != NW_DEAD_LETTER)
        return DEAD_CLOSED;
    *letter = entry.letter;
    return 0;
}

int dead_read(struct dead_log *log, uint64_t number, struct nw_dead_letter *letter)
{
    return open_has(log, number) ? read_letter(log, number, letter) : DEAD_CLOSED;
}

int dead_origin(struct dead_log *log, uint64_t number, struct nw_str *origin)
{
    struct nw_dead_letter letter;
    int r = read_letter(log, number, &letter);

    if (r != 0)
        return r;
    *origin = letter.origin;
    return origin->n > 0 ? 0 : DEAD_CLOSED;
}

bool dead_waiting(const struct dead_log *log, uint64_t *retry, uint64_t *letter)
{
    struct waiting waiting;

    if (log->waiting.n == 0)
        return false;
    memcpy(&waiting, log->waiting.p, sizeof waiting);
    *retry = waiting.retry;
    *letter = waiting.letter;
    return true;
}

void dead_submitted(struct dead_log *log)
{
    nw_buf_take(&log->waiting, sizeof(struct waiting));
}
