/* A table of hashes, open addressing, and the file that holds its entries: see kills.h. */
#include "run/kills.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/checkpoint.h"
#include "store/reader.h"

#include <newswire/alloc.h>
#include <newswire/arena.h>
#include <newswire/error.h>
#include <newswire/log.h>
#include <newswire/name.h>

#include <errno.h>
#include <stdio.h>

enum { PATH_BYTES = 4096, FILE_MAX = 64 << 20, SLOTS = 64, FIELDS = 7, EARLY_KEYS = 8, VERSION = 1 };

/* One uri, or one name, and the newest kill of it. */
struct entry {
    struct nw_hash128 key;
    uint64_t oseq; /* of the kill; 0: the slot is free */
    struct nw_edition edition;
    uint64_t agency; /* of a name: who killed it */
};

struct nw_kills {
    struct entry *slots;
    size_t room, count; /* room: a power of two */
    uint64_t through;
    struct nw_arena arena;
};

int nw_kills_new(struct nw_kills **result)
{
    struct nw_kills *kills = nw_calloc(1, sizeof *kills);

    *result = kills;
    if (!kills)
        return nw_fault(-ENOMEM);
    kills->room = SLOTS;
    kills->slots = nw_calloc(kills->room, sizeof *kills->slots);
    if (!kills->slots)
        nw_kills_free(result);
    return *result ? 0 : nw_fault(-ENOMEM);
}

void nw_kills_free(struct nw_kills **pointer)
{
    struct nw_kills *kills = *pointer;

    if (!kills)
        return;
    nw_arena_free(&kills->arena);
    nw_free(kills->slots);
    nw_free(kills);
    *pointer = NULL;
}

/* ---- the table */

static struct nw_hash128 key_of_uri(struct nw_str uri)
{
    return nw_hash128(uri);
}

/* The slot of a key, or the free one where it would be. */
static struct entry *find(const struct nw_kills *kills, struct nw_hash128 key)
{
    size_t at = (size_t)key.low & (kills->room - 1);

    while (kills->slots[at].oseq && (kills->slots[at].key.low != key.low || kills->slots[at].key.high != key.high))
        at = (at + 1) & (kills->room - 1);
    return &kills->slots[at];
}

/* A table with room for `count`, with those that a kill at or above `first` made. */
static int rebuild(struct nw_kills *kills, size_t count, uint64_t first)
{
    struct nw_kills old = *kills;

    for (kills->room = SLOTS; kills->room < count * 2;)
        kills->room *= 2;
    kills->slots = nw_calloc(kills->room, sizeof *kills->slots);
    if (!kills->slots) {
        *kills = old;
        return nw_fault(-ENOMEM);
    }
    kills->count = 0;
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].oseq == 0 || old.slots[i].oseq < first)
            continue;
        *find(kills, old.slots[i].key) = old.slots[i];
        kills->count++;
    }
    nw_free(old.slots);
    return 0;
}

static int add(struct nw_kills *kills, const struct entry *entry)
{
    struct entry *slot = find(kills, entry->key);
    int r = 0;

    if (!slot->oseq && kills->count == NW_KILLS_MAX)
        return -E2BIG;
    if (!slot->oseq && kills->count * 2 >= kills->room) {
        r = rebuild(kills, kills->count + 1, 0);
        slot = find(kills, entry->key);
    }
    if (r < 0)
        return r;
    kills->count += !slot->oseq;
    if (entry->oseq >= slot->oseq)
        *slot = *entry;
    return 0;
}

/* ---- what kills say */

int nw_kills_note(struct nw_kills *kills, uint64_t oseq, const struct nw_record *record)
{
    struct entry entry = {.oseq = oseq, .edition = nw_record_edition(record)};
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    int r = 0;

    if (!nw_record_is_kill(record))
        return 0;
    if (NW_HAS(record, record, uri)) {
        entry.key = key_of_uri(record->uri);
        r = add(kills, &entry);
    }
    entry.edition.number = -1; /* counts versions of its own uri */
    for (size_t i = 0; r == 0 && story && NW_HAS(story, story, kills) && i < story->kills.n; i++) {
        entry.key = key_of_uri(story->kills.v[i].uri);
        if (!NW_HAS(record, record, uri) || !nw_str_eq(record->uri, story->kills.v[i].uri))
            r = add(kills, &entry);
    }
    entry.key = nw_record_name(record);
    entry.agency = nw_record_agency(record);
    return r == 0 && (entry.key.low || entry.key.high) ? add(kills, &entry) : r;
}

/* Uri and pubStatus, which stand among the first keys of an entry that sink.c wrote. */
static void read_early(struct nw_str bytes, struct nw_str *uri, struct nw_str *status)
{
    struct nw_unpack in = nw_unpack(bytes);
    struct nw_str key;
    size_t n;

    *uri = *status = nw_str(NULL, 0);
    if (!nw_unpack_map(&in, &n))
        return;
    for (size_t i = 0; i < n && i < EARLY_KEYS && nw_unpack_str(&in, &key); i++) {
        struct nw_str *value = nw_str_eq(key, NW_S("uri")) ? uri : nw_str_eq(key, NW_S("pubStatus")) ? status : NULL;
        if (value ? !nw_unpack_str(&in, value) : !nw_unpack_skip(&in, NULL))
            return;
    }
}

int nw_kills_learn(struct nw_kills *kills, uint64_t oseq, struct nw_str bytes)
{
    struct nw_record *record;
    struct nw_str uri, status;
    char why[NW_WHY];
    int r;

    read_early(bytes, &uri, &status);
    if (!nw_str_eq(status, NW_S("canceled")))
        return 0;
    nw_arena_reset(&kills->arena);
    r = nw_record_decode(&kills->arena, bytes, &record, why);
    return r == NW_BAD_RECORD ? 0 : r < 0 ? nw_fault(r) : nw_kills_note(kills, oseq, record);
}

bool nw_kills_hides(struct nw_kills *kills, uint64_t oseq, struct nw_str bytes)
{
    struct nw_str uri, status;

    if (kills->count == 0)
        return false;
    read_early(bytes, &uri, &status);
    return uri.n > 0 && oseq < find(kills, key_of_uri(uri))->oseq && !nw_str_eq(status, NW_S("canceled"));
}

/* An item of this name from about the time of its kill, not after it as far as both say, of the same agency as far as
 * both say. */
static bool name_covers(const struct entry *kill, const struct nw_record *record, struct nw_edition edition)
{
    uint64_t agency = nw_record_agency(record);
    int64_t apart = kill->edition.about - edition.about;

    if (agency && kill->agency && agency != kill->agency)
        return false;
    if (!kill->edition.about || !edition.about)
        return true;
    return apart < NW_NAME_SPAN && apart > -NW_NAME_SPAN && !nw_edition_follows(edition, kill->edition, false);
}

bool nw_kills_covers(const struct nw_kills *kills, const struct nw_record *record, uint64_t *oseq)
{
    struct nw_edition edition = nw_record_edition(record);
    struct nw_hash128 name;
    const struct entry *kill;

    if (kills->count == 0 || nw_record_is_kill(record))
        return false;
    if (NW_HAS(record, record, uri)) {
        kill = find(kills, key_of_uri(record->uri));
        *oseq = kill->oseq;
        if (kill->oseq && !nw_edition_follows(edition, kill->edition, true))
            return true;
    }
    name = nw_record_name(record);
    if (!name.low && !name.high)
        return false;
    kill = find(kills, name);
    *oseq = kill->oseq;
    return kill->oseq && name_covers(kill, record, edition);
}

/* ---- the file: msgpack [version, log, through, n], and n times [key, key, oseq, number, time, about, agency] */

static void path_of(const char *folder, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s.kills", folder);
}

static bool read_entry(struct nw_unpack *in, struct entry *entry)
{
    size_t n;

    *in = nw_unpack(nw_str((const char *)in->at, (size_t)(in->end - in->at))); /* the bound on values is for each */
    return nw_unpack_array(in, &n) && n == FIELDS && nw_unpack_uint(in, &entry->key.high) &&
           nw_unpack_uint(in, &entry->key.low) && nw_unpack_uint(in, &entry->oseq) &&
           nw_unpack_int(in, &entry->edition.number) && nw_unpack_int(in, &entry->edition.time) &&
           nw_unpack_int(in, &entry->edition.about) && nw_unpack_uint(in, &entry->agency) && entry->oseq > 0;
}

/* Takes up what the file holds, if it is this log's. */
static int read_file(struct nw_kills *kills, struct nw_str bytes, uint64_t log)
{
    struct nw_unpack in = nw_unpack(bytes);
    uint64_t version, of, through, count;
    struct entry entry;
    size_t n;
    int r = 0;

    if (!nw_unpack_array(&in, &n) || n != 4 || !nw_unpack_uint(&in, &version) || version != VERSION ||
        !nw_unpack_uint(&in, &of) || of != log || !nw_unpack_uint(&in, &through) || !nw_unpack_uint(&in, &count))
        return 0;
    for (uint64_t i = 0; i < count && r == 0; i++) {
        if (!read_entry(&in, &entry))
            return 0;
        r = add(kills, &entry);
    }
    kills->through = r == 0 ? through : 0;
    return r;
}

int nw_kills_load(struct nw_kills *kills, const char *folder, uint64_t log)
{
    char path[PATH_BYTES];
    struct nw_buf text;
    int r;

    path_of(folder, path);
    nw_buf_init(&text, FILE_MAX);
    r = nw_checkpoint_read(path, &text);
    if (r == 0)
        r = read_file(kills, nw_buf_view(&text), log);
    nw_buf_free(&text);
    return r < 0 ? nw_fault(r) : 0; /* none, or damaged: the log tells it all */
}

int nw_kills_read(struct nw_kills *kills, const char *folder)
{
    struct nw_store_reader *reader;
    struct nw_store_entry stored;
    int r = nw_store_reader_open(folder, 0, &reader);

    if (r == 0)
        r = nw_kills_load(kills, folder, nw_store_reader_id(reader));
    if (r == 0)
        nw_store_reader_seek(reader, kills->through + 1);
    while (r == 0 && (r = nw_store_reader_next(reader, &stored)) != NW_STORE_END) {
        if (r == 0)
            r = nw_kills_learn(kills, stored.seq, stored.payload);
        else if (r == NW_STORE_MISSING || r == NW_STORE_DROPPED)
            r = 0;
    }
    nw_store_reader_close(&reader);
    return r < 0 ? r : 0;
}

int nw_kills_save(struct nw_kills *kills, const char *folder, uint64_t log, uint64_t first, uint64_t durable)
{
    char path[PATH_BYTES];
    struct nw_buf text;
    int r = rebuild(kills, kills->count, first);

    if (r < 0)
        return r;
    path_of(folder, path);
    nw_buf_init(&text, FILE_MAX);
    nw_pack_array(&text, 4);
    nw_pack_uint(&text, VERSION);
    nw_pack_uint(&text, log);
    nw_pack_uint(&text, durable);
    nw_pack_uint(&text, kills->count);
    for (size_t i = 0; i < kills->room; i++) {
        const struct entry *entry = &kills->slots[i];
        if (!entry->oseq)
            continue;
        nw_pack_array(&text, FIELDS);
        nw_pack_uint(&text, entry->key.high);
        nw_pack_uint(&text, entry->key.low);
        nw_pack_uint(&text, entry->oseq);
        nw_pack_int(&text, entry->edition.number);
        nw_pack_int(&text, entry->edition.time);
        nw_pack_int(&text, entry->edition.about);
        nw_pack_uint(&text, entry->agency);
    }
    r = text.error ? text.error : nw_checkpoint_write(path, nw_buf_view(&text));
    nw_buf_free(&text);
    if (r == 0)
        kills->through = durable;
    return r < 0 ? nw_fault(r) : 0;
}

uint64_t nw_kills_through(const struct nw_kills *kills)
{
    return kills->through;
}
