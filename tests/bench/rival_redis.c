/*
 * Redis Streams: a stream a hop, a consumer group on each. A batch is one pipeline of XADDs, whose answers are awaited
 * (with appendfsync always they come after the fsync), then one XACK for what was read. Streams are not trimmed.
 * ADDRESS is the path of the server's socket.
 */
#include "rival.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 16 };

struct end {
    redisContext *redis;
    redisReply *got;
    char in[NAME_BYTES], out[NAME_BYTES];
    const char *ids[RIVAL_BATCH_MAX];
    size_t n;
};

/* An answer that is none or an error is told, once. */
static redisReply *good(struct end *end, redisReply *reply)
{
    if (reply && reply->type != REDIS_REPLY_ERROR)
        return reply;
    fprintf(stderr, "rival_redis: %s\n", reply ? reply->str : end->redis->errstr);
    if (reply)
        freeReplyObject(reply);
    return NULL;
}

static void close_end(void *pointer)
{
    struct end *end = pointer;

    if (end->got)
        freeReplyObject(end->got);
    if (end->redis)
        redisFree(end->redis);
    free(end);
}

static void *open_end(const char *address, int stage)
{
    struct end *end = calloc(1, sizeof *end);

    if (!end)
        return NULL;
    snprintf(end->in, sizeof end->in, "hop%d", stage - 1);
    snprintf(end->out, sizeof end->out, "hop%d", stage);
    end->redis = redisConnectUnix(address);
    if (!end->redis || end->redis->err) {
        fprintf(stderr, "rival_redis: %s: %s\n", address, end->redis ? end->redis->errstr : "out of memory");
        close_end(end);
        return NULL;
    }
    if (stage > 0) {
        redisReply *reply = good(end, redisCommand(end->redis, "XGROUP CREATE %s group 0 MKSTREAM", end->in));
        if (!reply) {
            close_end(end);
            return NULL;
        }
        freeReplyObject(reply);
    }
    return end;
}

static int send_batch(void *pointer, const struct nw_str *records, size_t n)
{
    struct end *end = pointer;
    void *reply;
    int r = 0;

    for (size_t i = 0; i < n; i++)
        redisAppendCommand(end->redis, "XADD %s * r %b", end->out, records[i].p, records[i].n);
    for (size_t i = 0; i < n && r == 0; i++) {
        if (redisGetReply(end->redis, &reply) != REDIS_OK)
            reply = NULL;
        reply = good(end, reply);
        r = reply ? 0 : -1;
        if (reply)
            freeReplyObject(reply);
    }
    return r;
}

static int receive_batch(void *pointer, struct nw_str *records, size_t most)
{
    struct end *end = pointer;
    const redisReply *list;

    if (end->got)
        freeReplyObject(end->got);
    end->n = 0;
    end->got = good(end, redisCommand(end->redis, "XREADGROUP GROUP group worker COUNT %d BLOCK 1000 STREAMS %s >",
                                      (int)most, end->in));
    if (!end->got)
        return -1;
    if (end->got->type == REDIS_REPLY_NIL)
        return 0;
    /* [[stream, [[id, [field, value]], …]]] */
    list = end->got->element[0]->element[1];
    for (; end->n < list->elements && end->n < most; end->n++) {
        const redisReply *entry = list->element[end->n], *value = entry->element[1]->element[1];
        end->ids[end->n] = entry->element[0]->str;
        records[end->n] = nw_str(value->str, value->len);
    }
    return (int)end->n;
}

static int acknowledge(void *pointer)
{
    struct end *end = pointer;
    const char *words[RIVAL_BATCH_MAX + 3] = {"XACK", end->in, "group"};
    redisReply *reply;

    memcpy(words + 3, end->ids, end->n * sizeof *end->ids);
    reply = good(end, redisCommandArgv(end->redis, (int)end->n + 3, words, NULL));
    if (reply)
        freeReplyObject(reply);
    return reply ? 0 : -1;
}

int main(int argc, char **argv)
{
    static const struct rival rival = {open_end, send_batch, receive_batch, acknowledge, close_end};

    return rival_run(argc, argv, &rival);
}
