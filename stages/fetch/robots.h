/*
 * robots.txt by RFC 9309: what a site asks of programs that fetch its pages. Pure: text comes in, answers go out; how a
 * missing or unreachable file counts is hosts.h's matter. Any bytes are a robots.txt: lines that are none are passed
 * over.
 */
#ifndef FETCH_ROBOTS_H
#define FETCH_ROBOTS_H

#include <newswire/buf.h>

#include <stdint.h>

enum {
    ROBOTS_BYTES = 500 << 10, /* that are read of a file (RFC 9309, 2.5); what is behind them is left out */
    ROBOTS_AGENT = 64,        /* bytes of a product token, with its NUL */
};

struct robots {
    struct nw_buf rules; /* those for us: '+' (allow) or '-' (disallow), the normal form of a pattern, '\n' */
    int64_t delay_ms;    /* Crawl-delay, which is no part of the standard but in use; -1: none is told */
};

/* The product token that a User-Agent begins with ("newswired" of "newswired/0.1 (desk@…)"); "" for none, then only the
 * groups for all agents count. */
void robots_agent(const char *user_agent, char agent[ROBOTS_AGENT]);

void robots_init(struct robots *robots);
void robots_free(struct robots *robots);

/* Keeps of a file the rules for this agent: of all groups that name it, else of those for '*'. Replaces what was there.
 * 0 or -ENOMEM. */
int robots_read(struct robots *robots, struct nw_str text, const char *agent);

/* Whether a page may be fetched: `path` is the address's path and query ("/a?b"), without its fragment. The rule with
 * the longest pattern decides, Allow between two of one length; without one that fits, all is allowed. 0 or -ENOMEM.
 * Takes time in proportion to the rules' bytes plus their number times the path's. */
int robots_allow(const struct robots *robots, struct nw_str path, bool *allowed);

#endif
