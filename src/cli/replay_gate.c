/* Kills by the output log, embargoes by the clock and the dead letters; see replay_gate.h. */
#include "replay_gate.h"

#include <newswire/clock.h>
#include <newswire/name.h>

#include <errno.h>

int replay_gate_open(struct replay_gate *gate, const char *log, const char *dead, uint64_t journal)
{
    int rc;

    *gate = (struct replay_gate){.journal = journal};
    rc = nw_kills_new(&gate->kills);
    rc = rc ? rc : nw_kills_new(&gate->seen);
    if (rc == 0 && log[0]) {
        rc = nw_kills_read(gate->kills, log);
    }
    rc = rc == -ENOENT ? 0 : rc;
    if (rc == 0 && dead[0]) {
        rc = letters_load(dead, NULL, &gate->letters);
    }
    letters_sort(&gate->letters);
    return rc;
}

void replay_gate_close(struct replay_gate *gate)
{
    nw_kills_free(&gate->kills);
    nw_kills_free(&gate->seen);
    letters_free(&gate->letters);
}

int replay_gate_note(struct replay_gate *gate, const struct nw_record *record)
{
    return nw_kills_note(gate->kills, 1, record);
}

int replay_gate_see(struct replay_gate *gate, const struct nw_record *record)
{
    return nw_kills_note(gate->seen, 1, record);
}

bool replay_gate_killed(const struct replay_gate *gate, const struct nw_record *record)
{
    uint64_t kill;

    return nw_kills_covers(gate->kills, record, &kill);
}

/* The first letter of this journal at or behind a jseq. */
static size_t letter_from(const struct replay_gate *gate, uint64_t jseq)
{
    size_t from = 0, to = gate->letters.n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct letter *letter = &gate->letters.v[middle];
        if (letter->journal < gate->journal || (letter->journal == gate->journal && letter->jseq < jseq)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* Whether an embargo held it back, until the daemon submitted it again. */
static bool began_anew(const struct replay_gate *gate, const struct nw_record *record)
{
    uint64_t jseq = (uint64_t)record->pipeline->jseq;

    for (size_t i = letter_from(gate, jseq); i < gate->letters.n; i++) {
        const struct letter *letter = &gate->letters.v[i];
        if (letter->journal != gate->journal || letter->jseq != jseq) {
            return false;
        }
        if (letter->state == LETTER_RETRIED && nw_str_starts(letter->why, NW_EMBARGOED)) {
            return true;
        }
    }
    return false;
}

/* Whether it is, or was, kept from the ordered stage by an embargo. */
static bool is_held(struct replay_gate *gate, const struct nw_record *record)
{
    if (nw_record_is_kill(record) || !NW_HAS(record, record, embargoed_until)) {
        return false;
    }
    if (record->embargoed_until > nw_clock_wall()) {
        gate->embargoed++;
        return true;
    }
    return began_anew(gate, record);
}

bool replay_gate_admits(struct replay_gate *gate, const struct nw_record *record)
{
    uint64_t kill;

    if (nw_kills_covers(gate->seen, record, &kill)) {
        gate->killed++;
        return false;
    }
    return !is_held(gate, record);
}

bool replay_gate_passes(struct replay_gate *gate, const struct nw_record *record)
{
    if (replay_gate_killed(gate, record)) {
        gate->killed++;
        return false;
    }
    return !is_held(gate, record);
}
