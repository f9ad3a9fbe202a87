/*
 * RUN_DIR/control.sock: a Unix socket (mode 0600) that takes one line and answers with one JSON object, then closes.
 * At most CONTROL_CLIENTS are connected; beyond that whoever has not asked yet makes room.
 */
#ifndef SUPER_CONTROL_H
#define SUPER_CONTROL_H

#include <newswire/buf.h>

#include <uv.h>

enum { CONTROL_CLIENTS = 16, CONTROL_LINE = 256, CONTROL_ANSWER_MAX = 64 << 20 };

struct control_client;

struct control {
    uv_pipe_t server;
    struct control_client *clients;
    size_t count;
    bool open;
    void *context;

    /* A client's line; it is answered by control_answer, now or later. */
    void (*asked)(void *context, struct control_client *client, struct nw_str line);
};

/* 0 or a negative libuv error; a socket that is there already is replaced (the caller holds the folder's lock). */
int control_open(struct control *control, uv_loop_t *loop, const char *path);

/* Sends the text, then closes; it is copied. */
void control_answer(struct control_client *client, struct nw_str text);

/* For what is answered later: marks a client, and answers all that are marked. */
void control_wait(struct control_client *client);
void control_answer_waiting(struct control *control, struct nw_str text);
bool control_has_waiting(const struct control *control);

/* Closes all; handles go as the loop goes on. */
void control_close(struct control *control);

#endif
