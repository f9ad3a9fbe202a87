/*
 * What a replay does not give out, as the daemon does not: what was killed since, what is still under embargo, and what
 * an embargo held back and the daemon began anew under another jseq.
 */
#ifndef CLI_REPLAY_GATE_H
#define CLI_REPLAY_GATE_H

#include "letters.h"
#include "run/kills.h"

struct replay_gate {
    struct nw_kills *kills; /* all that are known */
    struct nw_kills *seen;  /* those that the replay has passed */
    struct letters letters;
    uint64_t journal;           /* id of the one that is replayed */
    uint64_t killed, embargoed; /* left out; what began anew comes elsewhere */
};

/* Reads the kills of the output log and the dead letters, where their folders are named. replay_gate_close is due in
 * any case. 0 or a negative errno. */
int replay_gate_open(struct replay_gate *gate, const char *log, const char *dead, uint64_t journal);
void replay_gate_close(struct replay_gate *gate);

/* Notes what a record of the journal kills, before the replay: where there is no output log to tell. 0 or a negative
 * errno. */
int replay_gate_note(struct replay_gate *gate, const struct nw_record *record);

/* The replay has passed a record: from here on what it kills is not admitted. 0 or a negative errno. */
int replay_gate_see(struct replay_gate *gate, const struct nw_record *record);

/* Whether the ordered stage is given a record, as it was in the daemon: not what was killed before it came, nor what
 * was held back. */
bool replay_gate_admits(struct replay_gate *gate, const struct nw_record *record);

/* Whether a kill means the record. */
bool replay_gate_killed(const struct replay_gate *gate, const struct nw_record *record);

/* Whether a record that was admitted is given out. Each function counts what it keeps back. */
bool replay_gate_passes(struct replay_gate *gate, const struct nw_record *record);

#endif
