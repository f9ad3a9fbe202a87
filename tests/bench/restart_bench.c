/*
 * The two ends of restart_bench.py:
 *
 *     restart_bench feed ENDPOINT FROM TO         feeds articles FROM to TO - 1 of the invented stream (stream.h)
 *     restart_bench compare DATA MEMORY_ARTICLES  gives each article of the output log to an aggregate that was never
 *                                                 killed, and ends with status 1 where that one says another story
 */
#include "stream.h"

#include "conf/conf.h"
#include "run/context.h"
#include "store/reader.h"

#include <newswire/alloc.h>
#include <newswire/client.h>

extern const struct nw_stage nw_stage_aggregate;

static struct stream stream;

static void feed(const char *endpoint, uint64_t from, uint64_t to)
{
    struct nw_feeder_options options = {.endpoint = endpoint};
    struct nw_feeder *feeder = NULL;
    struct nw_arena arena = {0};
    struct nw_buf bytes;

    nw_buf_init(&bytes, NW_RECORD_MAX);
    stream.seed = 7;
    if (nw_feeder_open(&options, &feeder) != 0)
        fail("restart_bench: no broker answers");
    while (stream.n < to) {
        struct nw_record *record;
        nw_arena_reset(&arena);
        record = next_record(&stream, &arena);
        if (stream.n <= from)
            continue;
        nw_buf_clear(&bytes);
        if (nw_record_encode(record, &bytes) < 0 || nw_feeder_submit(feeder, nw_buf_view(&bytes), -1) != 0)
            fail("restart_bench: an article cannot be fed");
    }
    if (nw_feeder_flush(feeder, -1) != 0)
        fail("restart_bench: not all was accepted");
    nw_feeder_close(&feeder);
    nw_arena_free(&arena);
    nw_buf_free(&bytes);
}

/* ---- comparing */

static void encode_story(const struct nw_record *record, struct nw_buf *out)
{
    struct nw_record alone = {0};

    NW_SET(record, &alone, story, record->story);
    nw_buf_clear(out);
    if (!NW_HAS(record, record, story) || nw_record_encode(&alone, out) < 0)
        fail("restart_bench: an article has no story");
}

static int take_story(struct nw_stage_context *context, struct nw_record *record)
{
    encode_story(record, context->owner);
    return 0;
}

static uint64_t compare(const char *data, const char *memory)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    struct nw_arena arena = {0};
    struct nw_buf killed, whole;
    struct nw_stage_context context = {.arena = &arena, .emit = take_story, .owner = &whole};
    struct nw_conf *conf;
    char json[64], folder[4096], why[NW_CONF_WHY];
    uint64_t n = 0;

    nw_buf_init(&killed, NW_RECORD_MAX);
    nw_buf_init(&whole, NW_RECORD_MAX);
    snprintf(json, sizeof json, "{\"memory_articles\": %s}", memory);
    snprintf(folder, sizeof folder, "%s/output", data);
    if (nw_conf_from_json(nw_str_z(json), nw_stage_aggregate.conf, &conf, why) != 0 ||
        nw_context_open(&context, &nw_stage_aggregate, conf) < 0 || nw_store_reader_open(folder, 0, &reader) != 0)
        fail("restart_bench: no log to compare");
    for (; nw_store_reader_next(reader, &entry) == 0; n++) {
        struct nw_record *record;
        nw_arena_reset(&arena);
        if (nw_record_decode(&arena, entry.payload, &record, why) != 0)
            fail(why);
        encode_story(record, &killed);
        NW_CLEAR(record, record, story);
        if (nw_context_process(&context, record) != NW_OK)
            fail("restart_bench: an article is refused");
        if (!nw_str_eq(nw_buf_view(&killed), nw_buf_view(&whole))) {
            fprintf(stderr, "restart_bench: oseq %llu has another story\n", (unsigned long long)entry.seq);
            exit(1);
        }
    }
    nw_store_reader_close(&reader);
    nw_context_close(&context);
    nw_conf_free(&conf);
    nw_arena_free(&arena);
    nw_buf_free(&killed);
    nw_buf_free(&whole);
    return n;
}

int main(int argc, char **argv)
{
    nw_alloc_keep();
    if (argc == 5 && strcmp(argv[1], "feed") == 0)
        feed(argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
    else if (argc == 4 && strcmp(argv[1], "compare") == 0)
        printf("%llu\n", (unsigned long long)compare(argv[2], argv[3]));
    else
        fail("usage: restart_bench feed ENDPOINT FROM TO | compare DATA MEMORY_ARTICLES");
    return 0;
}
