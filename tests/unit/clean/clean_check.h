/* Runs the stage on a text, for tests: the first article, and how many there were. What it gives lives until clean_end.
 */
#ifndef CLEAN_CHECK_H
#define CLEAN_CHECK_H

#include "bounds.h"
#include "run/context.h"

#include <newswire/clock.h>
#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct nw_stage nw_stage_clean;

struct article {
    int verdict;
    size_t count;
    const struct nw_record *record; /* the first one; an empty one where there is none */
    struct nw_str headline, body;
    char why[NW_WHY];
    uint32_t reached; /* bits of enum bound */
    uint64_t cut;     /* how often the stage counted so */
};

static struct nw_arena clean_arena;

static int clean_take(struct nw_stage_context *context, struct nw_record *record)
{
    struct article *article = context->owner;
    if (article->count++ == 0) { /* as a stage's owner does: by its bytes */
        struct nw_buf bytes;
        struct nw_record *copy = NULL;
        char why[NW_WHY];
        nw_buf_init(&bytes, 64 << 20);
        assert_int_equal(nw_record_encode(record, &bytes), 0);
        assert_int_equal(nw_record_decode(&clean_arena, nw_arena_dup(&clean_arena, nw_buf_view(&bytes)), &copy, why),
                         0);
        nw_buf_free(&bytes);
        article->record = copy;
    }
    return 0;
}

static inline struct article clean_bytes(struct nw_str bytes, const char *format)
{
    struct article article = {.record = nw_record_new(&clean_arena)};
    struct nw_arena arena = {0};
    struct nw_stage_context context = {.arena = &arena, .emit = clean_take, .owner = &article};
    assert_int_equal(nw_context_open(&context, &nw_stage_clean, NULL), 0);
    struct nw_record *raw = nw_record_new(&arena);
    assert_non_null(raw);
    NW_SET(record, raw, raw, bytes);
    NW_SET(source, raw->source, index, 0);
    if (format[0])
        NW_SET(source, raw->source, format, nw_str_z(format));
    article.verdict = nw_context_process(&context, raw);
    memcpy(article.why, context.why, sizeof article.why);
    article.headline = nw_record_headline(article.record);
    article.body = nw_record_body(article.record);
    const struct clean *state = context.state;
    article.reached = state->reached;
    article.cut = nw_context_counted(&context, "cut");
    nw_context_close(&context);
    nw_arena_free(&arena);
    return article;
}

static inline struct article clean(const char *text, const char *format)
{
    struct article article = clean_bytes(nw_str_z(text), format);
    if (article.verdict != NW_OK)
        fail_msg("refused: %s", article.why);
    return article;
}

static inline void text_is(struct nw_str got, const char *expected)
{
    if (!nw_str_eq(got, nw_str_z(expected)))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, NW_FMT(got));
}

static inline int clean_end(void **state)
{
    (void)state;
    nw_arena_free(&clean_arena);
    return 0;
}

#endif
