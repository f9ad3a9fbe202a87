/* Times of articles; looks back through the log in strides: see when.h. */
#include "trends/when.h"

#include "record/unpack.h"

#include <newswire/clock.h>

enum {
    NEWEST = 64,  /* entries at the end that tell when it ends */
    STRIDE = 512, /* entries between two looks */
    BEYOND = 4,
};
#define HOUR_MS INT64_C(3600000)

/* How much later than it stands a time may be meant, by the word of source.precision that a key has. */
static int64_t slack_of(struct nw_str word)
{
    static const struct {
        struct nw_str word;
        int64_t ms;
    } words[] = {{NW_STR("local"), 12 * HOUR_MS}, /* the zone is not known; none is further behind UTC */
                 {NW_STR("day"), 24 * HOUR_MS},
                 {NW_STR("month"), 31 * 24 * HOUR_MS},
                 {NW_STR("year"), 366 * 24 * HOUR_MS}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (nw_str_eq(word, words[i].word))
            return words[i].ms;
    }
    return 0;
}

static int64_t slack(const struct nw_source *source, struct nw_str key)
{
    struct nw_unpack in = nw_unpack(NW_HAS(source, source, precision) ? source->precision : nw_str(NULL, 0));
    struct nw_str found, word;
    size_t n;

    if (!nw_unpack_map(&in, &n))
        return 0;
    for (; n > 0 && nw_unpack_str(&in, &found); n--) {
        if (nw_str_eq(found, key))
            return nw_unpack_str(&in, &word) ? slack_of(word) : 0;
        if (!nw_unpack_skip(&in, NULL))
            return 0;
    }
    return 0;
}

/* Whether it is a time that a log keeps: years 0 to 9999 (nw_record_encode). An article must be the same before it is
 * written and after. */
static bool stands(bool has, int64_t time)
{
    return has && time >= nw_time_from_civil(0, 1, 1, 0, 0, 0) && time < nw_time_from_civil(10000, 1, 1, 0, 0, 0);
}

/* The time that the article gives itself, and its slack; 0: none. */
static int64_t told(const struct nw_record *record, int64_t *vague)
{
    const struct nw_source *source = record->source;

    if (stands(NW_HAS(record, record, version_created), record->version_created)) {
        *vague = slack(source, NW_S("versionCreated"));
        return record->version_created;
    }
    if (stands(NW_HAS(record, record, first_created), record->first_created)) {
        *vague = slack(source, NW_S("firstCreated"));
        return record->first_created;
    }
    *vague = slack(source, NW_S("contentCreated"));
    return stands(NW_HAS(record, record, content_created), record->content_created) ? record->content_created : 0;
}

int64_t nw_when_out(const struct nw_record *record)
{
    const struct nw_source *source = record->source;
    int64_t received = stands(NW_HAS(source, source, received), source->received) ? source->received : 0, vague;
    int64_t time = told(record, &vague);

    if (received > 0 && (time == 0 || received < time + vague))
        time = received;
    if (stands(NW_HAS(record, record, embargoed_until), record->embargoed_until) && record->embargoed_until > time)
        time = record->embargoed_until;
    return time > 0 ? time : 0;
}

int nw_when_read(const struct nw_when_log *log, struct nw_arena *arena, uint64_t oseq, struct nw_record **record)
{
    struct nw_str bytes;
    char why[NW_WHY];
    int r = log->read(log->user, oseq, &bytes);

    *record = NULL;
    nw_arena_reset(arena);
    if (r == 0)
        r = nw_record_decode(arena, bytes, record, why);
    return r < 0 ? r : 0;
}

int nw_when_newest(const struct nw_when_log *log, struct nw_arena *arena, int64_t *time)
{
    uint64_t first, head;
    int r = 0;

    *time = 0;
    log->range(log->user, &first, &head);
    for (uint64_t oseq = head; oseq >= first && oseq + NEWEST > head && oseq > 0 && r == 0; oseq--) {
        struct nw_record *record;
        r = nw_when_read(log, arena, oseq, &record);
        if (r == 0 && record && nw_when_out(record) > *time)
            *time = nw_when_out(record);
    }
    return r;
}

static bool is_older(const struct nw_record *record, int64_t since)
{
    int64_t received = NW_HAS(source, record->source, received) ? record->source->received : nw_when_out(record);

    return received < since;
}

int nw_when_step(struct nw_when_search *search, const struct nw_when_log *log, struct nw_arena *arena, size_t looks)
{
    uint64_t first, head;
    int r = 0;

    log->range(log->user, &first, &head);
    if (search->at == 0)
        search->at = head + 1;
    for (size_t i = 0; i < looks && r == 0; i++) {
        struct nw_record *record;
        if (search->at < first + STRIDE) {
            search->at = first > 0 ? first : 1;
            return 0;
        }
        if (search->beyond == BEYOND || head - search->at + STRIDE >= search->most)
            return 0;
        search->at -= STRIDE;
        r = nw_when_read(log, arena, search->at, &record);
        if (r == 0 && record)
            search->beyond = is_older(record, search->since) ? search->beyond + 1 : 0;
    }
    return r < 0 ? r : NW_WHEN_ON;
}
