/* Dead letters as text and as JSON. All return 0, OUTPUT_CLOSED or a negative errno. */
#ifndef CLI_DEAD_SHOW_H
#define CLI_DEAD_SHOW_H

#include "letters.h"
#include "output.h"

/* Those that are open; with `all`, each. */
int dead_list_text(const struct letters *letters, bool all, struct output *output);
int dead_list_json(const struct letters *letters, bool all, struct output *output);

/* One, with its record as it came to the stage, unless a kill means it. */
int dead_show_text(const struct letter *letter, const struct nw_dead_letter *whole, bool follows,
                   struct output *output);
int dead_show_json(const struct letter *letter, const struct nw_dead_letter *whole, struct output *output);

/* The bytes as they were acquired, where the record that was accepted still has them; else that record. */
int dead_show_raw(const struct nw_dead_letter *whole, struct output *output);

#endif
