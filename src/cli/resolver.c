/* The watcher's side of RESOLVE; see resolver.h. */
#include "resolver.h"

#include "interrupt.h"

#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
    ANSWER_MS = 10000,     /* silence after which nobody is there: the broker may have to wait for its disk */
    HELLO_AGAIN_MS = 1000, /* a HELLO without answer is repeated after so long */
};

int resolver_open(struct resolver *resolver, const char *endpoint, uint64_t log)
{
    *resolver = (struct resolver){.log = log};
    nw_buf_init(&resolver->out, NW_HEADER_MAX);
    return nw_link_zmq_open(&(struct nw_link_zmq_options){.endpoint = endpoint}, &resolver->link);
}

void resolver_close(struct resolver *resolver)
{
    nw_link_free(&resolver->link);
    nw_buf_free(&resolver->out);
    nw_arena_free(&resolver->arena);
}

/* 0, -EAGAIN when nobody is connected, or another negative errno. */
static int say(struct resolver *resolver, struct nw_header *header)
{
    header->epoch = resolver->epoch;
    nw_buf_clear(&resolver->out);
    if (nw_header_encode(header, &resolver->out) < 0) {
        return nw_fault(resolver->out.error);
    }
    return nw_link_send(resolver->link, nw_buf_view(&resolver->out), nw_str(NULL, 0));
}

static int say_hello(struct resolver *resolver)
{
    struct nw_header header = {.type = NW_HELLO};

    header.hello.role = NW_S("watcher");
    header.hello.build = NW_S(NW_VERSION);
    header.hello.pid = (uint64_t)getpid();
    header.hello.schema = nw_record_schema();
    return say(resolver, &header);
}

static int say_resolve(struct resolver *resolver, enum nw_resolution action, const struct nw_numbers *letters)
{
    struct nw_header header = {.type = NW_RESOLVE};

    header.resolve.action = (uint64_t)action;
    header.resolve.log = resolver->log;
    header.resolve.letters = *letters;
    return say(resolver, &header);
}

/* Reads one message. 0 with *header set, -EAGAIN when there is none, or another negative errno. */
static int hear(struct resolver *resolver, struct nw_header *header)
{
    struct nw_str bytes, body;
    int rc = nw_link_receive(resolver->link, &bytes, &body);

    if (rc != 0) {
        return rc < 0 ? rc : rc == NW_LINK_EMPTY ? -EAGAIN : -ECONNREFUSED;
    }
    nw_arena_reset(&resolver->arena);
    rc = nw_header_decode(&resolver->arena, bytes, header, resolver->why);
    return rc == NW_BAD_HEADER ? -EPROTO : rc;
}

/* Waits until something has come; a signal ends it. */
static int wait_for(struct resolver *resolver, int64_t ms)
{
    int rc = nw_link_wait(resolver->link, NULL, 0, ms < 0 ? 0 : ms);

    return interrupted() ? -EINTR : rc < 0 ? rc : 0;
}

int resolver_ask(struct resolver *resolver, enum nw_resolution action, const struct nw_numbers *letters,
                 struct nw_resolved_header *answer)
{
    int64_t until = nw_clock_mono() + ANSWER_MS, due = 0;
    bool asked = false;
    int rc = 0;

    while (rc == 0) {
        int64_t now = nw_clock_mono();
        struct nw_header header;

        if (now >= until) {
            return -EHOSTUNREACH;
        }
        if (!asked && now >= due) {
            rc = resolver->epoch ? say_resolve(resolver, action, letters) : say_hello(resolver);
            asked = rc == 0 && resolver->epoch;
            due = now + HELLO_AGAIN_MS / (rc == -EAGAIN ? 20 : 1);
            rc = rc == -EAGAIN ? 0 : rc;
        }
        rc = rc ? rc : hear(resolver, &header);
        if (rc == -EAGAIN) {
            rc = wait_for(resolver, (asked || until < due ? until : due) - now);
            continue;
        }
        if (rc == 0 && header.type == NW_RESOLVED && asked) {
            *answer = header.resolved;
            return header.resolved.jseqs.n == header.resolved.letters.n ? 0 : -EPROTO;
        }
        if (rc == 0 && header.type == NW_WELCOME && !resolver->epoch) {
            resolver->epoch = header.epoch;
            due = 0;
        } else if (rc == 0 && header.type == NW_RESET) { /* another life of the broker, which knows nothing of us */
            resolver->epoch = 0;
            asked = false;
            due = 0;
        } else if (rc == 0 && header.type == NW_BYE) {
            snprintf(resolver->why, sizeof resolver->why, "%.*s", NW_FMT(header.bye.why));
            rc = -ECONNREFUSED;
        }
    }
    return rc;
}
