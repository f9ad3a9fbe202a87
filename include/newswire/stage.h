/*
 * A stage is one table of callbacks. The shared runtime does the rest: sockets, credit, leases, acks, batching,
 * metrics, signals, drain, sandbox. The same table runs in process, without sockets, for `newswire pipe` and for tests.
 *
 *     const struct nw_stage nw_stage_upper = {
 *         .name = "upper", .version = "1", .doc = "Writes headlines in capitals.",
 *         .needs = NW_F(headlines), .sets = NW_F(headlines), .process = upper_process,
 *     };
 *
 * The same record must give the same output whatever the batch, the worker and the order; only a stage with `ordered`
 * may remember earlier records, and it alone is given them one after the other in the order of acceptance.
 */
#ifndef NEWSWIRE_STAGE_H
#define NEWSWIRE_STAGE_H

#include <newswire/conf.h>
#include <newswire/record.h>

struct nw_stage_context;

/* What process returns; a negative errno value is a fault: traced, the process exits, is restarted, and its leases go
 * to others. */
enum nw_verdict {
    NW_OK = 0,  /* done, with what was emitted (nothing emitted counts as dropped, reason "nothing emitted") */
    NW_DROPPED, /* left out on purpose: return nw_drop(…) */
    NW_REJECTED, /* can't be understood: return nw_reject(…); dead-lettered with the reason, or a line on standard error
                    in pipe */
    NW_RETRY,    /* not now: the lease goes back, and counts as an attempt */
};

/* What pull returns, beside a negative fault. */
enum nw_pulled {
    NW_PULLED = 0, /* something was emitted, there may be more at once */
    NW_IDLE,       /* nothing now: call again when fd (see below) is readable, or after idle_ms */
    NW_ENDED,      /* nothing ever again */
};

/* What of an ordered stage's memory is saved, and taken back. */
enum nw_saved {
    NW_SAVED_RECORD, /* what one record left in it */
    NW_SAVED_REST,   /* what all records so far left, beside what is remembered of each of the newest */
};
enum { NW_SAVED_BAD = 1 /* take_back: the bytes make no sense */ };

typedef void nw_tell_alarm(void *user, struct nw_str name, const char *sentence);

struct nw_stage {
    const char *name;    /* of the stage and of its program: newswired-NAME */
    const char *version; /* changes when the output may */
    const char *doc;     /* one sentence */

    uint64_t needs; /* fields that must stand in each record: NW_F(…) bits; checked by the supervisor before anything
                       starts */
    uint64_t sets;  /* fields that it may set */
    bool ordered;   /* has memory: one instance, records in order of acceptance */

    const struct nw_conf_row *conf; /* keys of its section; NULL for none */
    size_t state_size;              /* bytes of state, given zeroed to init */

    /* Each may be NULL, but one of process and pull. 0 or a negative fault unless said otherwise. */
    int (*init)(struct nw_stage_context *context, void *state);

    /* Handles one record, which lives until process returns. It may be changed and emitted, any number of times up to
     * NW_EMIT_MAX. */
    int (*process)(struct nw_stage_context *context, void *state, struct nw_record *record);

    /* Sources only: acquires, and emits at most `room` records; never waits. */
    int (*pull)(struct nw_stage_context *context, void *state, size_t room);

    /* Ordered stages only: a record that this stage put out in an earlier life, oldest first, before any new one comes:
     * so its memory is what it would have been. It emits nothing. */
    int (*recall)(struct nw_stage_context *context, void *state, const struct nw_record *record);

    /*
     * Ordered stages with much to remember, all three or none; with them a restart takes its memory from files beside
     * the output log, and recalls only what these do not hold (run/memory.h).
     *
     * save appends what is asked for to `out`: of the record that was just emitted or recalled, whose arena still
     * stands; or the rest. take_back makes the same memory of it: one NW_SAVED_REST, into a fresh state, then in order
     * the records behind it. The bytes are whole, and of the same build and configuration. Where they make no sense all
     * the same, take_back returns NW_SAVED_BAD, and all is recalled. remembers: how many of the newest records
     * NW_SAVED_RECORD is needed of.
     */
    int (*save)(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_buf *out);
    int (*take_back)(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_str saved);
    uint64_t (*remembers)(const void *state);

    /* After each batch, before its records are acknowledged: makes durable what process has left open. May be called
     * again. */
    int (*flush)(struct nw_stage_context *context, void *state);

    /* Sources only: everything emitted before the `accepted`-th record (counted from 1 over the life of the state) is
     * durable. */
    int (*accepted)(struct nw_stage_context *context, void *state, uint64_t accepted);

    /* Sources only, about once a second: calls `tell` with each thing that a person should look at now (a source that
     * has gone quiet, …), by name and sentence. `newswire status` shows them. 0 or a negative fault. */
    int (*alarms)(void *state, nw_tell_alarm *tell, void *user);

    /* Frees what state holds; called once, also on a state that init left zeroed or half made. */
    void (*free)(void *state);
};

enum { NW_EMIT_MAX = 4095 };

/* The values of the stage's section of the configuration. */
const struct nw_conf *nw_stage_conf(struct nw_stage_context *context);

/* Sources: how many records the receiver had of this stage, under its name, before this life; 0 where it remembers none
 * (pipe, tests). A source that keeps what it did finds by it what of its last life arrived. */
uint64_t nw_stage_before(struct nw_stage_context *context);

/* The arena of the record at hand (sources: of the record being made); it is emptied after process, or after nw_emit in
 * a source. */
struct nw_arena *nw_stage_arena(struct nw_stage_context *context);

/* Passes a record on; it is taken over at once, so what it points to may change afterwards. 0, or a negative fault,
 * which process returns as it is. -EMSGSIZE (the record is past NW_RECORD_MAX) may instead be answered by nw_reject. */
int nw_emit(struct nw_stage_context *context, struct nw_record *record);

/* Leaves the record out on purpose. `reason` is one of a few fixed words, counted under that name. Returns NW_DROPPED.
 */
int nw_drop(struct nw_stage_context *context, const char *reason);

/* Ordered stages, in save: where the record stands in the output log. */
uint64_t nw_stage_place(struct nw_stage_context *context);

/* Refuses the record: the sentence says what was expected, where it was not met, and what to do. Returns NW_REJECTED.
 */
int nw_reject(struct nw_stage_context *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sources: reports input that can't be read or understood (a line on standard error, "PATH: reason"; exit status 3 of
 * the command). */
void nw_complain(struct nw_stage_context *context, struct nw_str path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sources: a descriptor whose becoming readable ends NW_IDLE, -1 for none; and how long to wait at most. */
void nw_stage_wait(struct nw_stage_context *context, int fd, int64_t idle_ms);

/* Sources, in init: what they need later on, so that the sandbox leaves it to them: to connect to other machines, and
 * to write files. Where nothing is said: neither. */
void nw_stage_needs(struct nw_stage_context *context, bool network, bool writes);

/* Adds to a counter of the stage's own, shown by `newswire status --json`; `name` is a literal, at most NW_COUNTERS
 * different ones. */
void nw_count(struct nw_stage_context *context, const char *name, uint64_t n);
enum { NW_COUNTERS = 32 };

#endif
