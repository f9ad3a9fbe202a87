/* `newswire-train gazetteer ROWS FILE`: makes the gazetteer file out of the rows that gazetteer.py writes. */
#include "gazetteer_build.h"
#include "image_write.h"
#include "train.h"

#include <math.h>
#include <newswire/hash.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE = 4096, COLUMNS = 11, KEYS = 1 << 20 };

struct keys {
    struct {
        uint64_t hash;
        uint32_t thing;
    } v[KEYS];
};

static uint32_t *key_slot(struct keys *keys, struct nw_str key)
{
    uint64_t hash = nw_hash64(key, 0) | 1;
    uint64_t at = hash >> 20 & (KEYS - 1);
    while (keys->v[at].hash && keys->v[at].hash != hash) {
        at = (at + 1) & (KEYS - 1);
    }
    if (keys->v[at].hash == 0) {
        keys->v[at].hash = hash;
        keys->v[at].thing = UINT32_MAX;
    }
    return &keys->v[at].thing;
}

static int list_of(struct nw_str name)
{
    for (unsigned i = 0; i < GAZETTEER_LIST_COUNT; i++) {
        if (nw_str_eq(name, nw_str_z(gazetteer_list_name(i)))) {
            return (int)i;
        }
    }
    return -1;
}

static size_t split(struct nw_str line, struct nw_str columns[COLUMNS])
{
    size_t n = 0;
    while (n < COLUMNS) {
        size_t tab = nw_str_find(line, NW_S("\t"));
        columns[n++] = tab < line.n ? nw_str(line.p, tab) : line;
        if (tab >= line.n) {
            break;
        }
        line = nw_str_from(line, tab + 1);
    }
    return n;
}

/* A thing out of a T row. */
static uint32_t add_thing(struct gazetteer_build *b, const struct nw_str c[COLUMNS], int list)
{
    double people = strtod(c[9].p, NULL);
    double weight = floor(8 * log2(people + 1));
    struct gazetteer_thing thing = {
        .name = gazetteer_build_text(b, c[3]),
        .lat = strtof(c[5].p, NULL),
        .lon = strtof(c[6].p, NULL),
        .country = (uint16_t)(c[7].n == 2 ? (unsigned char)c[7].p[0] << 8 | (unsigned char)c[7].p[1] : 0),
        .state = (uint16_t)(c[8].n ? nw_hash64(c[8], 0) | 1 : 0),
        .list = (uint8_t)list,
        .weight = (uint8_t)(weight > 255 ? 255 : weight),
        .flags = (uint16_t)strtoul(c[10].p, NULL, 10),
    };
    thing.id = c[4].n && c[4].p[0] == '$' ? gazetteer_build_text(b, nw_str_from(c[4], 1))
                                          : (uint32_t)strtoul(c[4].p, NULL, 10);
    return gazetteer_build_thing(b, &thing);
}

int train_gazetteer(int argc, char **argv)
{
    if (argc != 3) {
        return train_usage("gazetteer ROWS FILE");
    }
    int rc = 1;
    struct gazetteer_build build = {0};
    struct keys *keys = calloc(1, sizeof *keys);
    FILE *in = fopen(argv[1], "rb");
    if (keys == NULL || in == NULL) {
        fprintf(stderr, "%s: cannot be read\n", argv[1]);
        goto out;
    }
    gazetteer_build_text(&build, NW_S(""));
    char text[LINE];
    for (size_t row = 1; fgets(text, sizeof text, in); row++) {
        struct nw_str c[COLUMNS];
        size_t n = split(nw_str_trim(nw_str_z(text)), c);
        bool thing = n >= COLUMNS - 1 && nw_str_eq(c[0], NW_S("T"));
        int list = n >= 4 ? list_of(c[2]) : -1;
        if (list < 0 || (!thing && !nw_str_eq(c[0], NW_S("N")))) {
            fprintf(stderr, "%s:%zu: expected a row of gazetteer.py: T or N, key, list, …\n", argv[1], row);
            goto out;
        }
        if (thing) {
            *key_slot(keys, c[1]) = add_thing(&build, c, list);
        } else {
            uint32_t of = nw_str_eq(c[1], NW_S("-")) ? UINT32_MAX : *key_slot(keys, c[1]);
            if (gazetteer_build_name(&build, c[3], (unsigned)list, of) != 0) {
                goto out;
            }
        }
    }
    if (gazetteer_build_end(&build) != 0) {
        goto out;
    }
    struct image_write image = {0};
    image_write_add(&image, GAZETTEER_SLOTS, build.slots, build.slot_count * sizeof *build.slots);
    image_write_add(&image, "filter", build.filter, build.filter_count * sizeof *build.filter);
    image_write_add(&image, "things", build.things, build.thing_count * sizeof *build.things);
    image_write_add(&image, "refs", build.refs, build.ref_count * sizeof *build.refs);
    image_write_add(&image, "pool", build.pool, build.pool_n);
    rc = image_write_to(&image, argv[2], "GAZT", train_content()) != 0;
    printf("%s: %u slots, %zu things, %zu references, %zu bytes of names\n", argv[2], build.slot_count,
           build.thing_count, build.ref_count, build.pool_n);
out:
    if (in) {
        fclose(in);
    }
    free(keys);
    gazetteer_build_free(&build);
    return rc;
}
