/* The gazetteer: what is put in is found, and nothing else; a file that is damaged anywhere is refused with a sentence.
 */
#include "gazetteer_build.h"
#include "lookup.h"
#include "names.h"
#include "topics.h"

#include <newswire/hash.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NAMES = 5000 };

static uint64_t key_of(const char *a, const char *b)
{
    uint64_t hash = gazetteer_hash(GAZETTEER_SEED, nw_hash64(nw_str_z(a), 0));
    return b ? gazetteer_hash(hash, nw_hash64(nw_str_z(b), 0)) : hash;
}

static void test_finds_what_was_put_in(void **state)
{
    (void)state;
    struct gazetteer_build build = {0};
    struct gazetteer g;
    char name[32];
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "Port Nr%u", i);
        struct gazetteer_thing thing = {.name = gazetteer_build_text(&build, nw_str_z(name)),
                                        .id = i + 1,
                                        .list = GAZETTEER_CITY_LIST,
                                        .weight = (uint8_t)(i % 200)};
        uint32_t number = gazetteer_build_thing(&build, &thing);
        assert_int_equal(gazetteer_build_name(&build, nw_str_z(name), GAZETTEER_CITY_LIST, number), 0);
        assert_int_equal(gazetteer_build_name(&build, NW_S("Haven"), GAZETTEER_TOWN_LIST, number), 0);
    }
    assert_int_equal(gazetteer_build_name(&build, NW_S("Old Port Nr1 East"), GAZETTEER_TOWN_LIST, 0), 0);
    assert_int_equal(gazetteer_build_end(&build), 0);
    gazetteer_build_view(&build, &g);
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "Nr%u", i);
        const struct gazetteer_slot *slot = gazetteer_find(&g, key_of("Port", name));
        assert_non_null(slot);
        assert_int_equal(gazetteer_thing(&g, slot, 0)->id, i + 1);
        assert_null(gazetteer_thing(&g, slot, 1));
        snprintf(name, sizeof name, "Nx%u", i);
        assert_null(gazetteer_find(&g, key_of("Port", name)));
    }
    const struct gazetteer_slot *port = gazetteer_find(&g, key_of("Port", NULL));
    assert_non_null(port);
    assert_int_equal(port->lists, 0);
    assert_int_equal(port->longest, 2);
    /* The first two tokens of a longer name say how long it is, so that others need not be followed. */
    const struct gazetteer_slot *old = gazetteer_find(&g, key_of("Old", "Port"));
    assert_non_null(old);
    assert_int_equal(old->lists, 0);
    assert_int_equal(old->longest, 4);
    /* The heaviest things of a name stand first. */
    const struct gazetteer_slot *haven = gazetteer_find(&g, key_of("Haven", NULL));
    for (unsigned i = 1; i < haven->count; i++) {
        assert_true(gazetteer_thing(&g, haven, i - 1)->weight >= gazetteer_thing(&g, haven, i)->weight);
    }
    gazetteer_build_free(&build);
}

/* One byte of each file changed, at places all over it; and each file cut. */
static void refuse_damage(const char *file, int (*open_over)(struct nw_str bytes, char why[IMAGE_WHY]))
{
    char path[512];
    snprintf(path, sizeof path, "%s/deploy/model/%s", NW_SOURCE_DIR, file);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(n);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, n, f), n);
    fclose(f);
    char why[IMAGE_WHY] = "";
    assert_int_equal(open_over(nw_str(bytes, n), why), 0);
    const size_t places[] = {0, 9, 13, 25, 33, 41, 64, 72, 80, 100, n / 3, n / 2, n - 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        why[0] = 0;
        bytes[places[i]] ^= 0x15;
        assert_int_equal(open_over(nw_str(bytes, n), why), IMAGE_BAD);
        assert_true(strlen(why) > 20);
        bytes[places[i]] ^= 0x15;
    }
    const size_t lengths[] = {0, 1, 63, 64, 65, n / 2, n - 1};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_int_equal(open_over(nw_str(bytes, lengths[i]), why), IMAGE_BAD);
    }
    free(bytes);
}

static int gazetteer_opens(struct nw_str bytes, char why[IMAGE_WHY])
{
    struct gazetteer g;
    int rc = gazetteer_over(&g, bytes, why);
    gazetteer_close(&g);
    return rc;
}

static int names_open(struct nw_str bytes, char why[IMAGE_WHY])
{
    struct names_model m;
    int rc = names_model_over(&m, bytes, why);
    names_model_close(&m);
    return rc;
}

static int topics_open(struct nw_str bytes, char why[IMAGE_WHY])
{
    struct topics_model m;
    int rc = topics_model_over(&m, bytes, why);
    topics_model_close(&m);
    return rc;
}

static void test_refuses_damage(void **state)
{
    (void)state;
    refuse_damage("gazetteer.tables", gazetteer_opens);
    refuse_damage("names.tables", names_open);
    refuse_damage("topics.tables", topics_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds_what_was_put_in),
                                       cmocka_unit_test(test_refuses_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
