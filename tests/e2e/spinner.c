/* A stage that never comes back from some articles: newswired-spinner, for overtime_test.py. */
#include <newswire/stage.h>

static int spin_or_pass(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    (void)state;
    for (volatile bool on = NW_HAS(record, record, slugline) && nw_str_eq(record->slugline, NW_S("spin")); on;) {
    }
    return nw_emit(context, record);
}

extern const struct nw_stage nw_stage_spinner;
const struct nw_stage nw_stage_spinner = {.name = "spinner",
                                          .version = "1",
                                          .doc = "Passes records on, but never those whose slugline is spin.",
                                          .process = spin_or_pass};
