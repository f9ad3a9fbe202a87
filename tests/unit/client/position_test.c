/* Named positions from a subscriber's side: it goes on behind what was committed, whatever answers are lost, and
 * nothing of one log is kept for another. */
#include "unit/client/publisher.h"

#include <errno.h>

/* A name goes on behind what was committed under it, whatever `from` says, also when answers are lost on the way. */
static void goes_on_behind_its_position(void **state)
{
    struct publisher p = {.random = 6, .lose = 10, .start = 100, .end = 300, .deaf = 10};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_START, "desk");
    assert_int_equal(nw_subscriber_committed(s), 0);
    for (uint64_t oseq = 1; oseq <= 50; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 51, -1), -EINVAL);
    assert_int_equal(nw_subscriber_commit(s, 40, -1), 0);
    assert_int_equal(nw_subscriber_committed(s), 40);
    expect(s, 11, 51);
    nw_subscriber_close(&s);
    s = named(&p, NW_FROM_START, "desk");
    assert_int_equal(nw_subscriber_committed(s), 40);
    for (uint64_t oseq = 41; oseq <= 300; oseq++) {
        expect(s, 11, oseq);
        assert_int_equal(oseq % 100 ? 0 : nw_subscriber_commit(s, oseq, -1), 0);
    }
    nw_subscriber_close(&s);
    assert_int_equal(atomic_load(&p.position), 300);
    s = named(&p, NW_FROM_START, "other");
    expect(s, 11, 1);
    nw_subscriber_close(&s);
    s = subscriber_of(&p, 7); /* without a name there is nothing to commit */
    expect(s, 11, 7);
    assert_int_equal(nw_subscriber_commit(s, 7, -1), -EINVAL);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

/* What comes while the subscriber of a new name is away is not missed, wherever it began. */
static void a_new_name_begins_durably(void **state)
{
    struct publisher p = {.random = 7, .start = 100, .end = 100};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_NOW, "desk");
    assert_int_equal(nw_subscriber_committed(s), 100);
    assert_int_equal(atomic_load(&p.position), 100);
    nw_subscriber_close(&s);
    atomic_store(&p.end, 150);
    s = named(&p, NW_FROM_NOW, "desk");
    for (uint64_t oseq = 101; oseq <= 150; oseq++) {
        expect(s, 11, oseq);
    }
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

static void is_told_why_a_name_is_refused(void **state)
{
    struct publisher p = {.random = 8, .start = 10, .end = 10, .refuses = true};
    struct nw_subscriber *s = NULL;
    char why[NW_WHY];

    (void)state;
    publisher_start(&p);
    assert_int_equal(named_open(&p, NW_FROM_START, "desk", &s, why), -ECONNREFUSED);
    assert_string_equal(why, "no positions are kept here");
    assert_null(s);
    publisher_stop(&p);
}

/* A position of one log is never kept for another. */
static void commits_nothing_in_another_log(void **state)
{
    struct publisher p = {.random = 9, .start = 50, .end = 50, .other_log = 55};
    struct nw_delivery delivery;
    struct nw_subscriber *s;
    unsigned commits;
    int r = 0;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_START, "desk");
    for (uint64_t oseq = 1; oseq <= 20; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 20, -1), 0);
    atomic_store(&p.end, 60); /* at 55 the other log begins */
    while (r == 0) {
        r = nw_subscriber_commit(s, 20, -1);
    }
    assert_int_equal(r, -ESTALE);
    commits = atomic_load(&p.commits);
    assert_int_equal(nw_subscriber_commit(s, 20, -1), -ESTALE);
    assert_int_equal(atomic_load(&p.commits), commits);
    for (r = 0; r == 0;) {
        r = nw_subscriber_next(s, &delivery, -1);
    }
    assert_int_equal(r, NW_SUBSCRIBER_TRUNCATED);
    assert_int_equal(delivery.oseq, 1);
    for (uint64_t oseq = 1; oseq <= 10; oseq++) {
        expect(s, 12, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 10, -1), 0);
    assert_int_equal(atomic_load(&p.commits), commits + 1);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_behind_its_position),
        cmocka_unit_test(a_new_name_begins_durably),
        cmocka_unit_test(is_told_why_a_name_is_refused),
        cmocka_unit_test(commits_nothing_in_another_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
