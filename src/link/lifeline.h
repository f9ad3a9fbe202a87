/*
 * The line between a child and the supervisor: descriptor 3, a stream socket (stages/PROTOCOL.md). Lines go up (ready,
 * metrics …), lines come down (report), and its end means that the supervisor is gone. Whoever was started by hand has
 * none; then nothing is said and nothing comes.
 */
#ifndef LINK_LIFELINE_H
#define LINK_LIFELINE_H

#include <newswire/buf.h>

struct nw_lifeline {
    int fd; /* -1: started by hand, or cut */
    struct nw_buf in, out;
};

enum nw_lifeline_news {
    NW_LIFELINE_NOTHING,
    NW_LIFELINE_REPORT, /* metrics are wanted now */
    NW_LIFELINE_CUT,    /* the supervisor is gone: drain and exit; told once */
};

void nw_lifeline_open(struct nw_lifeline *line);
void nw_lifeline_close(struct nw_lifeline *line);

/* Says one line ("\n" is added), without waiting: what the socket does not take is kept, up to 64 KiB, then dropped
 * whole (metrics are repeated). */
void nw_lifeline_say(struct nw_lifeline *line, struct nw_str text);

/* Handles what has come and sends what was kept; call it when fd is readable, and once a second. */
enum nw_lifeline_news nw_lifeline_hear(struct nw_lifeline *line);

#endif
