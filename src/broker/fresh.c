/* The cache of what was appended last: see fresh.h. */
#include "broker/fresh.h"

static struct fresh_record *place(struct fresh *fresh, uint64_t jseq)
{
    return &fresh->records[jseq % FRESH_RECORDS];
}

static void empty(struct fresh *fresh, struct fresh_record *record)
{
    if (record->jseq == 0)
        return;
    fresh->bytes -= record->size;
    chunk_drop(record->chunk);
    *record = (struct fresh_record){.jseq = 0};
}

void fresh_clear(struct fresh *fresh)
{
    for (size_t i = 0; i < FRESH_RECORDS; i++)
        empty(fresh, &fresh->records[i]);
}

void fresh_add(struct fresh *fresh, const struct fresh_record *record)
{
    struct fresh_record *to = place(fresh, record->jseq);

    if (to->jseq != 0 || fresh->bytes + record->size > FRESH_BYTES)
        return;
    *to = *record;
    chunk_use(record->chunk);
    fresh->bytes += record->size;
}

const struct fresh_record *fresh_find(const struct fresh *fresh, uint64_t jseq)
{
    const struct fresh_record *record = &fresh->records[jseq % FRESH_RECORDS];

    return record->jseq == jseq ? record : NULL;
}

void fresh_drop(struct fresh *fresh, uint64_t jseq)
{
    struct fresh_record *record = place(fresh, jseq);

    if (record->jseq == jseq)
        empty(fresh, record);
}
