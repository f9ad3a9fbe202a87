/* A list of hashes: kills are few. See killed_headlines.h. */
#include "killed_headlines.h"

#include <newswire/hash.h>

enum { KILLED_MAX = 1 << 20 /* bytes */ };

void killed_headlines_init(struct killed_headlines *killed)
{
    nw_buf_init(&killed->hashes, KILLED_MAX);
}

void killed_headlines_free(struct killed_headlines *killed)
{
    nw_buf_free(&killed->hashes);
}

void killed_headlines_add(struct killed_headlines *killed, const struct nw_record *record)
{
    struct nw_str headline = nw_record_headline(record);
    uint64_t hash = nw_hash64(headline, 0);

    if (headline.n > 0) {
        nw_buf_add(&killed->hashes, &hash, sizeof hash);
    }
}

bool killed_headlines_name(const struct killed_headlines *killed, const struct nw_record *record)
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    uint64_t hash, one;

    if (!story || !NW_HAS(story, story, headline)) {
        return false;
    }
    hash = nw_hash64(story->headline, 0);
    for (size_t at = 0; at < killed->hashes.n; at += sizeof one) {
        memcpy(&one, killed->hashes.p + at, sizeof one);
        if (one == hash) {
            return true;
        }
    }
    return false;
}
