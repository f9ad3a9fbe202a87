/* What an ordered stage refused is known to its next life, of the right journal, with its sentence. */
#include "run/refusals.h"

#include "unit/store/folder.h"

#include <newswire/log.h>

#include <stdio.h>

static struct refusals *opened(const char *log)
{
    struct refusals *refusals;

    assert_int_equal(refusals_open(log, &refusals), 0);
    return refusals;
}

static void a_refusal_is_known_to_the_next_life(void **state)
{
    char data[PATH], log[PATH], folder[PATH];
    struct refusals *refusals;
    struct nw_str why;

    (void)state;
    folder_make(data);
    path_of(log, data, "output");
    path_of(folder, data, "output.refused");
    refusals = opened(log);
    for (uint64_t jseq = 1; jseq <= 3; jseq++)
        assert_int_equal(refusals_add(refusals, &(struct refusal){7, jseq, jseq % 2, NW_S("no text")}), 0);
    for (int life = 0; life < 2; life++) {
        assert_int_equal(refusals_find(refusals, 7, 3, 1, &why), 0);
        assert_true(nw_str_eq(why, NW_S("no text")));
        assert_int_equal(refusals_find(refusals, 7, 2, 0, &why), 0);
        assert_int_equal(refusals_find(refusals, 7, 2, 1, &why), 1);
        assert_int_equal(refusals_find(refusals, 8, 3, 1, &why), 1);
        assert_int_equal(refusals_find(refusals, 7, 4, 0, &why), 1);
        refusals_close(&refusals);
        refusals = opened(log);
    }
    refusals_close(&refusals);
    folder_remove(folder);
    folder_remove(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_refusal_is_known_to_the_next_life)};

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
