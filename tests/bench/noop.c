/* Stages that do nothing but take a record apart and put it together again: what remains is the transport. */
#include <newswire/stage.h>

static int pass(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    (void)state;
    return nw_emit(context, record);
}

#define NOOP(symbol, word, last)                                                                                       \
    extern const struct nw_stage symbol;                                                                               \
    const struct nw_stage symbol = {                                                                                   \
        .name = word, .version = "1", .doc = "Passes records on.", .ordered = last, .process = pass}

NOOP(nw_stage_noop_first, "noop-first", false);
NOOP(nw_stage_noop_second, "noop-second", false);
NOOP(nw_stage_noop_last, "noop-last", true);
