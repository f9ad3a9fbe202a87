/*
 * A plain PUSH/PULL chain of libzmq over ipc, 64 records a message: nothing is acknowledged, nothing is stored, a
 * process that is killed loses what it and its queues hold. It is the least that moving the bytes can cost. The last
 * stage hands to nobody.
 */
#include "rival.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { PATH_BYTES = 108, LINGER_MS = -1 };

struct end {
    void *context, *in, *out;
    zmq_msg_t got;
};

static void *socket_at(void *context, const char *folder, int hop, int type)
{
    void *socket = zmq_socket(context, type);
    char endpoint[PATH_BYTES];

    if (!socket)
        return NULL;
    snprintf(endpoint, sizeof endpoint, "ipc://%s/%d", folder, hop);
    if ((type == ZMQ_PULL ? zmq_bind(socket, endpoint) : zmq_connect(socket, endpoint)) < 0) {
        fprintf(stderr, "rival_zmq: %s: %s\n", endpoint, zmq_strerror(zmq_errno()));
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

static void close_end(void *pointer)
{
    struct end *end = pointer;

    zmq_msg_close(&end->got);
    if (end->in)
        zmq_close(end->in);
    if (end->out)
        zmq_close(end->out);
    zmq_ctx_term(end->context); /* waits until all that was sent is taken */
    free(end);
}

static void *open_end(const char *address, int stage)
{
    struct end *end = calloc(1, sizeof *end);

    if (!end)
        return NULL;
    end->context = zmq_ctx_new();
    zmq_msg_init(&end->got);
    if (stage > 0)
        end->in = socket_at(end->context, address, stage - 1, ZMQ_PULL);
    if (stage < RIVAL_STAGES - 1)
        end->out = socket_at(end->context, address, stage, ZMQ_PUSH);
    if ((stage > 0 && !end->in) || (stage < RIVAL_STAGES - 1 && !end->out)) {
        close_end(end);
        return NULL;
    }
    return end;
}

/* A message is records of one size, one behind the other, and that size in its last eight bytes. */
static int send_batch(void *pointer, const struct nw_str *records, size_t n)
{
    struct end *end = pointer;
    uint64_t size = records[0].n;
    zmq_msg_t message;

    if (!end->out)
        return 0;
    if (zmq_msg_init_size(&message, n * size + sizeof size) < 0)
        return -1;
    char *at = zmq_msg_data(&message);
    for (size_t i = 0; i < n; i++, at += size)
        memcpy(at, records[i].p, size);
    memcpy(at, &size, sizeof size);
    return zmq_msg_send(&message, end->out, 0) < 0 ? -1 : 0;
}

static int receive_batch(void *pointer, struct nw_str *records, size_t most)
{
    struct end *end = pointer;
    const char *bytes;
    uint64_t size;
    size_t n;

    if (zmq_msg_recv(&end->got, end->in, 0) < (int)sizeof size)
        return -1;
    bytes = zmq_msg_data(&end->got);
    n = zmq_msg_size(&end->got) - sizeof size;
    memcpy(&size, bytes + n, sizeof size);
    if (size == 0 || n / size > most)
        return -1;
    for (size_t i = 0; i < n / size; i++)
        records[i] = nw_str(bytes + i * size, size);
    return (int)(n / size);
}

static int acknowledge(void *pointer)
{
    (void)pointer;
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rival rival = {open_end, send_batch, receive_batch, acknowledge, close_end};

    return rival_run(argc, argv, &rival);
}
