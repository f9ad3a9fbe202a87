/* Two streams, merged lane by lane; see replay_compare.h. */
#include "replay_compare.h"

#include "article_diff.h"
#include "message.h"

#include <newswire/error.h>
#include <newswire/json.h>

#include <errno.h>
#include <inttypes.h>

enum { LINE_MAX_BYTES = 1 << 30 };

void compare_init(struct compare *compare, struct output_log *log, const struct replay_gate *gate,
                  struct output *output)
{
    *compare = (struct compare){.log = log, .gate = gate, .output = output};
    nw_buf_init(&compare->line, LINE_MAX_BYTES);
    nw_buf_init(&compare->old, LINE_MAX_BYTES);
    nw_buf_init(&compare->new, LINE_MAX_BYTES);
}

void compare_free(struct compare *compare)
{
    nw_buf_free(&compare->line);
    nw_buf_free(&compare->old);
    nw_buf_free(&compare->new);
    nw_arena_free(&compare->arena);
}

/* ---- one article */

/* The article without what depends on the run: its way through newswired. */
static int to_json(struct nw_record *record, struct nw_buf *out)
{
    NW_CLEAR(record, record, pipeline);
    nw_buf_clear(out);
    return nw_record_to_json(record, out);
}

static void put_head_text(struct compare *compare, char sign, const char *colour, struct nw_origin origin,
                          const struct nw_record *record)
{
    struct nw_buf *out = &compare->line;

    nw_buf_printf(out, "%s%c jseq %" PRIu64, compare->colours ? colour : "", sign, origin.jseq);
    if (origin.sub > 0) {
        nw_buf_printf(out, " sub %" PRIu64, origin.sub);
    }
    nw_buf_printf(out, "%s", compare->colours ? "\033[0m" : "");
    if (NW_HAS(record, record, uri)) {
        nw_buf_printf(out, "  ");
        message_plain(out, record->uri);
    }
    if (nw_record_headline(record).n > 0) {
        nw_buf_printf(out, "  ");
        message_plain(out, nw_record_headline(record));
    }
    nw_buf_char(out, '\n');
}

static void put_head_json(struct nw_buf *out, const char *change, struct nw_origin origin,
                          const struct nw_record *record)
{
    nw_buf_printf(out, "{\"change\":\"%s\",\"jseq\":%" PRIu64 ",\"sub\":%" PRIu64, change, origin.jseq, origin.sub);
    if (NW_HAS(record, record, uri)) {
        nw_buf_printf(out, ",\"uri\":");
        nw_json_text(out, record->uri);
    }
}

/* Writes what stands in line, whose line end is there already in text. */
static int put_line(struct compare *compare)
{
    int rc = compare->line.error;

    if (rc == 0) {
        rc = output_line(compare->output, nw_str(compare->line.p, compare->line.n - !compare->json));
    }
    nw_buf_clear(&compare->line);
    return rc;
}

/* An article that only one side has. */
static int put_lonely(struct compare *compare, bool added, struct nw_origin origin, struct nw_record *record)
{
    int rc = to_json(record, &compare->new);

    if (compare->json) {
        put_head_json(&compare->line, added ? "added" : "gone", origin, record);
        nw_buf_printf(&compare->line, ",\"article\":");
        nw_buf_str(&compare->line, nw_buf_view(&compare->new));
        nw_buf_char(&compare->line, '}');
    } else {
        put_head_text(compare, added ? '+' : '-', added ? "\033[32m" : "\033[31m", origin, record);
    }
    return rc ? rc : put_line(compare);
}

static int put_changed(struct compare *compare, struct nw_origin origin, struct nw_record *old, struct nw_record *new)
{
    int rc = to_json(old, &compare->old);

    rc = rc ? rc : to_json(new, &compare->new);
    if (rc) {
        return rc;
    }
    if (compare->json) {
        put_head_json(&compare->line, "changed", origin, new);
        nw_buf_printf(&compare->line, ",\"fields\":");
        rc = article_diff_json(nw_buf_view(&compare->old), nw_buf_view(&compare->new), &compare->line);
        nw_buf_char(&compare->line, '}');
    } else {
        put_head_text(compare, '~', "\033[33m", origin, new);
        rc =
            article_diff_text(nw_buf_view(&compare->old), nw_buf_view(&compare->new), compare->colours, &compare->line);
    }
    if (rc == ARTICLE_DIFF_BAD) { /* we made them a moment ago */
        return nw_fault(-EPROTO);
    }
    return rc ? rc : put_line(compare);
}

/* ---- the merge */

/* Goes past an article that only the log has; one that was killed is on neither side. */
static int pass_gone(struct compare *compare, struct output_cursor *cursor)
{
    int rc = 0;

    if (!replay_gate_killed(compare->gate, cursor->record)) {
        compare->gone++;
        rc = put_lonely(compare, false, cursor->origin, cursor->record);
    }
    return rc ? rc : output_log_next(compare->log, cursor);
}

int compare_article(struct compare *compare, struct nw_str bytes)
{
    struct output_cursor *cursor;
    struct nw_record *record;
    struct nw_origin origin;
    char why[NW_WHY];
    int rc;

    nw_arena_reset(&compare->arena);
    rc = nw_record_decode(&compare->arena, bytes, &record, why);
    if (rc != 0) { /* the stages made it in this process */
        return nw_fault(rc < 0 ? rc : -EPROTO);
    }
    origin = nw_origin_of(record);
    cursor = &compare->log->cursors[origin.lane];
    while (rc == 0 && cursor->there && nw_origin_order(cursor->origin, origin) < 0) {
        rc = pass_gone(compare, cursor);
    }
    if (rc) {
        return rc;
    }
    if (!cursor->there || nw_origin_order(cursor->origin, origin) != 0) {
        compare->added++;
        return put_lonely(compare, true, origin, record);
    }
    NW_CLEAR(record, record, pipeline);
    NW_CLEAR(record, cursor->record, pipeline);
    if (nw_record_equal(cursor->record, record)) {
        compare->same++;
    } else {
        compare->changed++;
        rc = put_changed(compare, origin, cursor->record, record);
    }
    return rc ? rc : output_log_next(compare->log, cursor);
}

static int put_summary(struct compare *compare)
{
    uint64_t all = compare->same + compare->changed + compare->added + compare->gone;

    if (compare->json) {
        nw_buf_printf(&compare->line,
                      "{\"compared\":%" PRIu64 ",\"same\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"added\":%" PRIu64
                      ",\"gone\":%" PRIu64 "}",
                      all, compare->same, compare->changed, compare->added, compare->gone);
    } else {
        nw_buf_printf(&compare->line,
                      "%" PRIu64 " articles: %" PRIu64 " the same, %" PRIu64 " changed, %" PRIu64 " added, %" PRIu64
                      " gone\n",
                      all, compare->same, compare->changed, compare->added, compare->gone);
    }
    return put_line(compare);
}

int compare_finish(struct compare *compare)
{
    int rc = 0;

    for (int lane = 0; lane < NW_LANES; lane++) {
        struct output_cursor *cursor = &compare->log->cursors[lane];
        while (rc == 0 && cursor->there && cursor->origin.jseq <= compare->to) {
            rc = pass_gone(compare, cursor);
        }
    }
    rc = rc ? rc : put_summary(compare);
    return rc ? rc : output_flush(compare->output);
}
