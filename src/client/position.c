/* POSITION and COMMIT; see position.h. */
#include "position.h"

#include <newswire/clock.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ASK_AGAIN_MS = 2000 }; /* a question without answer is repeated after so long */

int position_open(struct position *position, void *context, const char *endpoint, const struct nw_curve_client *keys,
                  const char *name)
{
    memset(position, 0, sizeof *position);
    if (strlen(name) >= sizeof position->name) {
        snprintf(position->why, sizeof position->why, "a position's name has at most %zu bytes",
                 sizeof position->name - 1);
        return -EINVAL;
    }
    snprintf(position->name, sizeof position->name, "%s", name);
    return wire_open(&position->wire, context, ZMQ_DEALER, endpoint, keys);
}

void position_close(struct position *position)
{
    wire_close(&position->wire, 0);
}

/* Asks, and waits for the first answer that `fits`. */
static int ask(struct position *position, const struct nw_header *question, int64_t until,
               bool (*fits)(const struct nw_header *question, const struct nw_committed_header *answer))
{
    struct wire *wire = &position->wire;
    int64_t due = 0;
    int rc = 0;

    while (rc == 0) {
        bool unsent = false;

        if (nw_clock_mono() >= due) {
            rc = wire_send(wire, question);
            unsent = rc == -EAGAIN;
            due = unsent ? due : nw_clock_mono() + ASK_AGAIN_MS;
            rc = unsent ? 0 : rc;
        }
        rc = rc ? rc : wire_read(wire);
        if (rc == -EAGAIN) {
            int64_t next = unsent ? nw_clock_mono() + ASK_AGAIN_MS : due;
            if (nw_clock_mono() >= until) {
                return wire_timeout_error(wire);
            }
            rc = wire_wait(&wire, 1, unsent, next < until ? next : until);
        } else if (rc == 0 && wire->header.type == NW_BYE) {
            snprintf(position->why, sizeof position->why, "%.*s", NW_FMT(wire->header.bye.why));
            return -ECONNREFUSED;
        } else if (rc == 0 && wire->header.type == NW_COMMITTED && fits(question, &wire->header.committed)) {
            return 0;
        }
    }
    if (rc == -EPROTO || rc == -ECONNREFUSED) {
        snprintf(position->why, sizeof position->why, "%s", wire->why);
    }
    return rc;
}

static bool fits_position(const struct nw_header *question, const struct nw_committed_header *answer)
{
    return nw_str_eq(answer->name, question->position.name);
}

/* A late answer to an earlier COMMIT names another oseq. */
static bool fits_commit(const struct nw_header *question, const struct nw_committed_header *answer)
{
    return nw_str_eq(answer->name, question->commit.name) &&
           (answer->log != question->commit.log || answer->oseq == question->commit.oseq);
}

int position_get(struct position *position, uint64_t *oseq, int64_t until)
{
    struct nw_header question = {.type = NW_POSITION};
    int rc;

    question.position.name = nw_str_z(position->name);
    rc = ask(position, &question, until, fits_position);
    *oseq = rc == 0 ? position->wire.header.committed.oseq : 0;
    return rc;
}

int position_set(struct position *position, uint64_t log, uint64_t oseq, int64_t until)
{
    struct nw_header question = {.type = NW_COMMIT};
    int rc;

    question.commit.name = nw_str_z(position->name);
    question.commit.log = log;
    question.commit.oseq = oseq;
    rc = ask(position, &question, until, fits_commit);
    return rc == 0 && position->wire.header.committed.log != log ? -ESTALE : rc;
}
