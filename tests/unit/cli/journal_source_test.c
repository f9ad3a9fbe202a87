/* A journal's entries come out once each, in the order of the output log where that has them, each lane in its own. */
#include "unit/store/folder.h"

#include "broker/journal_entry.h"
#include "cli/journal_source.h"
#include "conf/conf.h"
#include "run/chain.h"
#include "run/origin.h"

#include <newswire/hash.h>

enum { ENTRIES = 400, RUNS = 40 };

struct scene {
    char journal[PATH], log[PATH];
    bool urgent[ENTRIES + 1];
    struct nw_origin logged[ENTRIES]; /* what the log has, in its order */
    size_t logged_count;
    struct nw_origin told[2 * ENTRIES]; /* what the source gave, in its order */
    size_t told_count;
    uint64_t dice;
};

static uint64_t roll(struct scene *scene, uint64_t sides)
{
    scene->dice = nw_hash64(nw_str((const char *)&scene->dice, sizeof scene->dice), 1);
    return scene->dice % sides;
}

static void append(struct nw_store *store, const struct nw_buf *payload)
{
    uint64_t seq;

    assert_int_equal(nw_store_append(store, nw_buf_view(payload), &seq), 0);
}

static void append_record(struct nw_store *store, struct nw_buf *payload, struct nw_record *record)
{
    struct nw_source source = {0};

    NW_SET(source, &source, index, 0);
    NW_SET(record, record, source, &source);
    assert_int_equal(nw_record_encode(record, payload), 0);
    append(store, payload);
    nw_buf_free(payload);
}

static void put_entry(struct nw_store *store, uint64_t number, bool urgent)
{
    char head[NW_JOURNAL_HEAD], uri[32];
    struct nw_record record = {0};
    struct nw_buf payload;

    snprintf(uri, sizeof uri, "made:%" PRIu64, number);
    NW_SET(record, &record, uri, nw_str_z(uri));
    nw_buf_init(&payload, 1 << 16);
    nw_buf_add(&payload, head, nw_journal_head_write(NW_S("desk.1"), number, urgent, (unsigned char *)head));
    append_record(store, &payload, &record);
}

static void put_article(struct nw_store *store, struct nw_origin origin)
{
    struct nw_pipeline pipeline = {0};
    struct nw_record record = {0};
    struct nw_buf payload;

    NW_SET(pipeline, &pipeline, jseq, (int64_t)origin.jseq);
    NW_SET(pipeline, &pipeline, sub, (int64_t)origin.sub);
    if (origin.lane == NW_LANE_URGENT)
        NW_SET(pipeline, &pipeline, lane, NW_LANE_URGENT);
    NW_SET(record, &record, pipeline, &pipeline);
    nw_buf_init(&payload, 1 << 16);
    append_record(store, &payload, &record);
}

static void fill_journal(struct scene *scene, uint64_t one_urgent_in)
{
    struct nw_store_options options = {.folder = scene->journal};
    struct nw_store *store = open_store(&options);

    for (uint64_t jseq = 1; jseq <= ENTRIES; jseq++) {
        scene->urgent[jseq] = roll(scene, one_urgent_in) == 0;
        put_entry(store, jseq, scene->urgent[jseq]);
    }
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
}

/* The lanes meet by chance; some entries give no article, some give two. */
static void fill_log(struct scene *scene)
{
    struct nw_store_options options = {.folder = scene->log};
    struct nw_store *store = open_store(&options);
    uint64_t next[NW_LANES] = {1, 1}, through = ENTRIES - roll(scene, 50);

    scene->logged_count = 0;
    while (next[0] <= through || next[1] <= through) {
        enum nw_lane lane =
            next[0] > through || (next[1] <= through && roll(scene, 5) == 0) ? NW_LANE_URGENT : NW_LANE_NORMAL;
        uint64_t jseq = next[lane]++, articles = roll(scene, 8) == 0 ? 0 : 1 + (roll(scene, 8) == 0);
        if (scene->urgent[jseq] != (lane == NW_LANE_URGENT))
            continue;
        for (uint64_t sub = 0; sub < articles; sub++)
            put_article(store, (struct nw_origin){jseq, sub, lane});
        if (articles > 0)
            scene->logged[scene->logged_count++] = (struct nw_origin){jseq, 0, lane};
    }
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
}

static int take_output(void *user, struct nw_str bytes)
{
    struct scene *scene = user;
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];

    assert_int_equal(nw_record_decode(&arena, bytes, &record, why), 0);
    assert_true(scene->told_count < 2 * ENTRIES);
    scene->told[scene->told_count++] = nw_origin_of(record);
    nw_arena_free(&arena);
    return 0;
}

static void take_complaint(void *user, struct nw_str path, const char *sentence)
{
    (void)user;
    (void)path;
    fail_msg("complained: %s", sentence);
}

static void pull(struct scene *scene, const char *log, uint64_t from, uint64_t to)
{
    struct journal_range range = {.folder = scene->journal, .log = log, .from = from, .to = to};
    struct nw_chain_options options = {.source = &nw_stage_journal,
                                       .jobs = 1,
                                       .form = NW_CHAIN_MSGPACK,
                                       .user = scene,
                                       .output = take_output,
                                       .complain = take_complaint};
    struct nw_chain_stats stats;
    struct nw_conf *conf;

    scene->told_count = 0;
    assert_int_equal(journal_source_configure(&range, &conf), 0);
    options.source_conf = conf;
    assert_int_equal(nw_chain_run(&options, &stats), 0);
    nw_conf_free(&conf);
}

static void check_once_and_lanes(const struct scene *scene, uint64_t from, uint64_t to)
{
    bool told[ENTRIES + 1] = {0};

    assert_int_equal(scene->told_count, to - from + 1);
    for (size_t i = 0; i < scene->told_count; i++) {
        struct nw_origin origin = scene->told[i];
        assert_true(origin.jseq >= from && origin.jseq <= to && !told[origin.jseq]);
        assert_int_equal(origin.lane, scene->urgent[origin.jseq] ? NW_LANE_URGENT : NW_LANE_NORMAL);
        told[origin.jseq] = true;
    }
}

/* Those that the log has come in its order, whatever stands between them. */
static void check_order(const struct scene *scene, uint64_t from, uint64_t to)
{
    size_t at = 0;

    for (size_t i = 0; i < scene->logged_count; i++) {
        uint64_t jseq = scene->logged[i].jseq;
        if (jseq < from || jseq > to)
            continue;
        while (at < scene->told_count && scene->told[at].jseq != jseq)
            at++;
        if (at == scene->told_count)
            fail_msg("jseq %" PRIu64 " is not where the log has it", jseq);
    }
}

static struct scene *scene_new(uint64_t seed, uint64_t one_urgent_in)
{
    struct scene *scene = calloc(1, sizeof *scene);

    assert_non_null(scene);
    scene->dice = seed;
    folder_make(scene->journal);
    folder_make(scene->log);
    fill_journal(scene, one_urgent_in);
    fill_log(scene);
    return scene;
}

static void scene_free(struct scene *scene)
{
    folder_remove(scene->journal);
    folder_remove(scene->log);
    free(scene);
}

static void follows_the_log(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct scene *scene = scene_new(seed, 2 + seed % 7);
        uint64_t from = 1 + roll(scene, ENTRIES / 2), to = from + roll(scene, ENTRIES / 2);
        pull(scene, scene->log, 1, ENTRIES);
        check_once_and_lanes(scene, 1, ENTRIES);
        check_order(scene, 1, ENTRIES);
        pull(scene, scene->log, from, to);
        check_once_and_lanes(scene, from, to);
        check_order(scene, from, to);
        scene_free(scene);
    }
}

static void follows_the_journal_without_one(void **state)
{
    struct scene *scene = scene_new(1, 3);

    (void)state;
    pull(scene, "", 1, ENTRIES);
    check_once_and_lanes(scene, 1, ENTRIES);
    for (size_t i = 0; i < scene->told_count; i++)
        assert_int_equal(scene->told[i].jseq, i + 1);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_log),
        cmocka_unit_test(follows_the_journal_without_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
