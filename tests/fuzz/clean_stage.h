/*
 * Runs the clean stage on bytes, as fuzz targets do: whatever comes out must be a good record, which encodes and reads
 * back the same; whatever is refused must be refused with a sentence.
 */
#ifndef FUZZ_CLEAN_STAGE_H
#define FUZZ_CLEAN_STAGE_H

#include "run/context.h"

#include <newswire/record.h>
#include <newswire/utf8.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern const struct nw_stage nw_stage_clean;

#define clean_must(condition) clean_must_at((condition), #condition)

static void clean_must_at(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static int clean_emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct nw_arena arena = {0};
    struct nw_buf out;
    struct nw_record *again = NULL;
    char why[NW_WHY];

    (void)context;
    clean_must(!NW_HAS(record, record, raw));
    clean_must(NW_HAS(record, record, uri) && NW_HAS(record, record, language));
    clean_must(nw_record_body(record).n > 0 || nw_record_headline(record).n > 0 ||
               NW_HAS(record, record, first_created) ||
               NW_HAS(record, record, version_created)); /* an item that came empty, but named and dated */
    nw_buf_init(&out, 64 << 20);
    if (nw_record_encode(record, &out) == 0) {
        clean_must(nw_record_decode(&arena, nw_buf_view(&out), &again, why) == 0);
        clean_must(nw_record_equal(record, again));
    }
    nw_buf_free(&out);
    nw_arena_free(&arena);
    return 0;
}

/* format "": recognised by content. */
static inline void clean_run(struct nw_str bytes, struct nw_str format)
{
    struct nw_arena arena = {0};
    struct nw_stage_context context = {.arena = &arena, .emit = clean_emit};
    clean_must(nw_context_open(&context, &nw_stage_clean, NULL) == 0);
    struct nw_record *record = nw_record_new(&arena);
    clean_must(record != NULL);
    NW_SET(record, record, raw, bytes);
    NW_SET(source, record->source, index, 0);
    if (format.n > 0)
        NW_SET(source, record->source, format, format);
    int verdict = nw_context_process(&context, record);
    clean_must(verdict >= 0);
    clean_must(verdict != NW_REJECTED || context.why[0] != '\0');
    nw_context_close(&context);
    nw_arena_free(&arena);
}

#endif
