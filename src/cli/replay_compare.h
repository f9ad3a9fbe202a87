/* Articles of a replay beside those of the output log, each lane in the order of (jseq, sub), and what is told of them.
 */
#ifndef CLI_REPLAY_COMPARE_H
#define CLI_REPLAY_COMPARE_H

#include "output.h"
#include "output_log.h"
#include "replay_gate.h"

struct compare {
    struct output_log *log; /* its cursors move along */
    const struct replay_gate *gate;
    struct output *output;
    bool json, colours;
    uint64_t to; /* the last jseq that is compared */
    uint64_t same, changed, added, gone;
    struct nw_arena arena;
    struct nw_buf line, old, new;
};

void compare_init(struct compare *compare, struct output_log *log, const struct replay_gate *gate,
                  struct output *output);
void compare_free(struct compare *compare);

/* The next article of the replay that passed the gate, encoded. 0, OUTPUT_CLOSED or a negative errno. */
int compare_article(struct compare *compare, struct nw_str bytes);

/* After the last one: what is left in the log is gone; then the summary. The same results. */
int compare_finish(struct compare *compare);

#endif
