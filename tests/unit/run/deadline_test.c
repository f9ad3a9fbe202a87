/*
 * The bound on CPU time: what takes longer is given up, what does not is not, however much of it there is, and whatever
 * waits takes none. Work is measured by the clock that bounds it, so a busy machine changes nothing.
 */
#include "run/deadline.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { LIMIT_MS = 40 };

static int64_t cpu_ms(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void work(int64_t ms)
{
    for (int64_t end = cpu_ms() + ms; cpu_ms() < end;) {
    }
}

static void never(void *user)
{
    (void)user;
    fail_msg("given up though no piece took so long");
}

static void test_many_short_pieces_are_none_too_long(void **state)
{
    struct nw_deadline *deadline = NULL;

    (void)state;
    assert_int_equal(nw_deadline_new(LIMIT_MS, never, NULL, &deadline), 0);
    for (int i = 0; i < 40; i++) {
        nw_deadline_begin(deadline);
        work(LIMIT_MS / 8);
        nw_deadline_end(deadline);
    }
    work(LIMIT_MS * 3); /* between two pieces: as long as one likes */
    nw_deadline_free(&deadline);
    assert_null(deadline);
}

static void test_none_is_no_bound(void **state)
{
    struct nw_deadline *none = NULL;

    (void)state;
    nw_deadline_begin(none);
    work(1);
    nw_deadline_end(none);
    nw_deadline_free(&none);
}

struct piece {
    sem_t over;
    atomic_bool told, ended;
};

static void tell(void *user)
{
    struct piece *piece = user;

    atomic_store(&piece->told, true);
    sem_post(&piece->over);
}

/* It ends its piece once it was given up, and must not come out of that. */
static void *take_too_long(void *user)
{
    struct piece *piece = user;
    struct nw_deadline *deadline = NULL;

    assert_int_equal(nw_deadline_new(LIMIT_MS, tell, piece, &deadline), 0);
    nw_deadline_begin(deadline);
    while (!atomic_load(&piece->told)) {
    }
    nw_deadline_end(deadline);
    atomic_store(&piece->ended, true);
    return NULL;
}

static void test_a_long_piece_is_given_up(void **state)
{
    static struct piece piece;
    pthread_t thread;

    (void)state;
    assert_int_equal(sem_init(&piece.over, 0, 0), 0);
    assert_int_equal(pthread_create(&thread, NULL, take_too_long, &piece), 0);
    assert_int_equal(pthread_detach(thread), 0);
    while (sem_wait(&piece.over) != 0) {
    }
    work(LIMIT_MS); /* time in which it could come out */
    assert_false(atomic_load(&piece.ended));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_short_pieces_are_none_too_long),
        cmocka_unit_test(test_none_is_no_bound),
        cmocka_unit_test(test_a_long_piece_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
