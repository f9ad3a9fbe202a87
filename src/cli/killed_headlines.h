/* Headlines of articles that were killed, by which no story is called any more: what came out before the kill still
 * says them. */
#ifndef CLI_KILLED_HEADLINES_H
#define CLI_KILLED_HEADLINES_H

#include <newswire/record.h>

/* Hashes: 131,072 of them; those beyond may still name their story. Begin with killed_headlines_init. */
struct killed_headlines {
    struct nw_buf hashes;
};

void killed_headlines_init(struct killed_headlines *killed);
void killed_headlines_free(struct killed_headlines *killed);

/* Notes the headline of an article that was killed. */
void killed_headlines_add(struct killed_headlines *killed, const struct nw_record *record);

/* Whether the record's story is called by one of them. */
bool killed_headlines_name(const struct killed_headlines *killed, const struct nw_record *record);

#endif
