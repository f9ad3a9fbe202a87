/* Which articles of the output log were killed: of them nothing is shown but the kill. */
#ifndef CLI_KILLS_H
#define CLI_KILLS_H

#include "output_reader.h"

struct kills {
    struct kill {
        uint64_t uri, oseq; /* hash of what it kills; its own place: it kills what stands before */
    } * v;
    size_t n, room;
    struct nw_buf headlines; /* hashes of those of killed articles that were met */
};

/* Reads all kills from entry `from` on. 0 or a negative errno; kills_free may follow in either case. */
int kills_read(struct kills *kills, struct output_reader *reader, uint64_t from);
void kills_free(struct kills *kills);

/* Whether the record, which is no kill itself, was killed later. */
bool kills_reach(struct kills *kills, const struct nw_record *record, uint64_t oseq);

/* Whether it is a kill, or a withdrawal. */
bool kills_are(const struct nw_record *record);

/* What the record's story is called: not by the headline of a killed article that kills_reach has met, but by its own
 * then. */
struct nw_str kills_story_headline(const struct kills *kills, const struct nw_record *record);

#endif
