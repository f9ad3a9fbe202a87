/*
 * NATS JetStream with file storage: a stream a hop, a durable pull consumer on each. A batch is published
 * asynchronously and the server's acknowledgements of all of it are awaited, then what was fetched is acknowledged. A
 * server before 2.10 cannot be told to fsync before it acknowledges: it does so every two minutes. ADDRESS is the URL.
 */
#include "rival.h"

#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES = 16, WAIT_MS = 1000, SETTLE_MS = 30000 };

struct end {
    natsConnection *nats;
    jsCtx *stream;
    natsSubscription *in;
    natsMsgList got;
    char name[NAME_BYTES], out[NAME_BYTES];
};

static int told(natsStatus status, const char *what)
{
    if (status == NATS_OK)
        return 0;
    fprintf(stderr, "rival_nats: %s: %s\n", what, natsStatus_GetText(status));
    return -1;
}

static natsStatus stream_make(jsCtx *stream, const char *name)
{
    jsStreamConfig config;
    natsStatus status = jsStreamConfig_Init(&config);

    if (status != NATS_OK)
        return status;
    config.Name = name;
    config.Subjects = &name;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    return js_AddStream(NULL, stream, &config, NULL, NULL);
}

static void close_end(void *pointer)
{
    struct end *end = pointer;

    natsMsgList_Destroy(&end->got);
    natsSubscription_Destroy(end->in);
    jsCtx_Destroy(end->stream);
    natsConnection_Destroy(end->nats);
    nats_Close();
    free(end);
}

static void *open_end(const char *address, int stage)
{
    struct end *end = calloc(1, sizeof *end);
    natsStatus status;

    if (!end)
        return NULL;
    snprintf(end->name, sizeof end->name, "hop%d", stage - 1);
    snprintf(end->out, sizeof end->out, "hop%d", stage);
    status = natsConnection_ConnectTo(&end->nats, address);
    if (status == NATS_OK)
        status = natsConnection_JetStream(&end->stream, end->nats, NULL);
    if (status == NATS_OK && stage > 0)
        status = stream_make(end->stream, end->name);
    if (status == NATS_OK && stage == RIVAL_STAGES - 1)
        status = stream_make(end->stream, end->out);
    if (status == NATS_OK && stage > 0)
        status = js_PullSubscribe(&end->in, end->stream, end->name, "worker", NULL, NULL, NULL);
    if (told(status, address) < 0) {
        close_end(end);
        return NULL;
    }
    return end;
}

static int send_batch(void *pointer, const struct nw_str *records, size_t n)
{
    struct end *end = pointer;
    natsMsgList lost = {0};
    jsPubOptions patience;
    natsStatus status = jsPubOptions_Init(&patience);

    patience.MaxWait = SETTLE_MS;
    for (size_t i = 0; i < n && status == NATS_OK; i++)
        status = js_PublishAsync(end->stream, end->out, records[i].p, (int)records[i].n, NULL);
    if (status == NATS_OK)
        status = js_PublishAsyncComplete(end->stream, &patience);
    if (status == NATS_OK && js_PublishAsyncGetPendingList(&lost, end->stream) == NATS_OK && lost.Count > 0)
        status = NATS_ERR;
    natsMsgList_Destroy(&lost);
    return told(status, "publish");
}

static int receive_batch(void *pointer, struct nw_str *records, size_t most)
{
    struct end *end = pointer;
    natsStatus status;

    natsMsgList_Destroy(&end->got);
    status = natsSubscription_Fetch(&end->got, end->in, (int)most, WAIT_MS, NULL);
    if (status == NATS_TIMEOUT)
        return 0;
    if (told(status, "fetch") < 0)
        return -1;
    for (int i = 0; i < end->got.Count; i++)
        records[i] = nw_str(natsMsg_GetData(end->got.Msgs[i]), (size_t)natsMsg_GetDataLength(end->got.Msgs[i]));
    return end->got.Count;
}

static int acknowledge(void *pointer)
{
    struct end *end = pointer;
    natsStatus status = NATS_OK;

    for (int i = 0; i < end->got.Count && status == NATS_OK; i++)
        status = natsMsg_Ack(end->got.Msgs[i], NULL);
    if (status == NATS_OK)
        status = natsConnection_Flush(end->nats);
    return told(status, "acknowledge");
}

int main(int argc, char **argv)
{
    static const struct rival rival = {open_end, send_batch, receive_batch, acknowledge, close_end};

    return rival_run(argc, argv, &rival);
}
