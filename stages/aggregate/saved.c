/*
 * An article is saved as: numbers of what follows; the uris that it kills, each behind its length; the article with its
 * parts, as it is allocated; keys of its heaviest terms; its story; the story's centroid; what was counted.
 */
#include "saved.h"

#include "kill.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/stage.h>

#include <errno.h>

struct numbers {
    uint64_t number;             /* of the article */
    uint64_t before;             /* of the one that its story had before; UINT64_MAX: none */
    uint32_t kills_n, article_n; /* bytes */
    uint32_t keys_n, centroid_n, counted_n;
    uint32_t language; /* as in digest.h */
};

/* ---- out */

int saved_set_kills(struct nw_buf *out, const struct nw_killed_list *kills)
{
    nw_buf_clear(out);
    for (size_t i = 0; i < kills->n; i++) {
        uint32_t n = (uint32_t)kills->v[i].uri.n;
        nw_buf_add(out, &n, sizeof n);
        nw_buf_str(out, kills->v[i].uri);
    }
    return out->error == -ENOMEM ? nw_fault(out->error) : out->error;
}

int saved_add_article(struct nw_buf *out, const struct archive *archive, const struct vector *vector,
                      struct nw_str kills)
{
    const struct article *article = archive_at(archive, archive->end - 1);
    const struct story *story = article->story;
    struct term_keys keys = {.n = 0};
    struct numbers numbers = {.number = archive->end - 1,
                              .before = archive->before,
                              .article_n = (uint32_t)article_size(article),
                              .centroid_n = (uint32_t)story->terms,
                              .counted_n = (uint32_t)vector->counted_n,
                              .language = vector->language};

    if (!article->kill)
        keys = archive_keys(vector);
    numbers.keys_n = (uint32_t)keys.n;
    numbers.kills_n = article->kill ? (uint32_t)kills.n : 0;
    nw_buf_add(out, &numbers, sizeof numbers);
    nw_buf_add(out, kills.p, numbers.kills_n);
    nw_buf_add(out, article, numbers.article_n);
    nw_buf_add(out, keys.v, keys.n * sizeof *keys.v);
    nw_buf_add(out, story, sizeof *story);
    nw_buf_add(out, story->centroid, story->terms * sizeof *story->centroid);
    nw_buf_add(out, vector->counted, vector->counted_n * sizeof *vector->counted);
    return out->error ? nw_fault(out->error) : 0;
}

int saved_add_rest(struct nw_buf *out, const struct archive *archive, const struct frequencies *frequencies)
{
    nw_buf_add(out, &archive->end, sizeof archive->end);
    return nw_buf_str(out, frequencies_bytes(frequencies)) < 0 ? nw_fault(out->error) : 0;
}

/* ---- back */

/* Takes n bytes off the front; false where there are fewer. */
static bool take(struct nw_str *in, void *out, size_t n)
{
    if (in->n < n)
        return false;
    if (n)
        memcpy(out, in->p, n);
    *in = nw_str_from(*in, n);
    return true;
}

int saved_take_rest(struct nw_str saved, struct archive *archive, struct frequencies *frequencies)
{
    return take(&saved, &archive->end, sizeof archive->end) && frequencies_set(frequencies, saved) ? 0 : NW_SAVED_BAD;
}

/* The article, whose numbers must say how many bytes there are. NULL: there is no memory, or *bad. */
static struct article *take_article(struct nw_str *in, size_t n, struct shelf *shelf, bool *bad)
{
    struct article known, *article;

    *bad = true;
    if (in->n < n || n < sizeof known)
        return NULL;
    memcpy(&known, in->p, sizeof known);
    if (known.sketch_n > SKETCH_MOST || known.figure_n > DIGEST_FIGURES || known.term_n > VECTOR_MOST ||
        known.uri_n > NW_RECORD_MAX || known.headline_n > STORY_HEADLINE || article_size(&known) != n)
        return NULL;
    *bad = false;
    article = shelf_take(shelf, n);
    if (!article)
        return NULL;
    take(in, article, n);
    article_lay_out(article);
    return article;
}

/* The story as it was when the article had come; what it has in this memory stays its own. */
static int take_story(struct nw_str *in, size_t centroid_n, struct story *story)
{
    struct story known;

    if (!take(in, &known, sizeof known) || known.terms != centroid_n || centroid_n > STORY_TERMS ||
        known.id_n > STORY_ID || known.thread_n > STORY_ID || known.headline_n > STORY_HEADLINE ||
        known.recent_n > STORY_RECENT || known.recent_at >= STORY_RECENT || in->n < centroid_n * sizeof(struct term))
        return NW_SAVED_BAD;
    known.live = story->live;
    known.newest = story->newest;
    known.centroid = story->centroid;
    known.room = story->room;
    *story = known;
    if (centroid_n > story->room) {
        struct term *grown = nw_realloc(story->centroid, centroid_n * sizeof *grown);
        if (!grown)
            return nw_fault(-ENOMEM);
        story->centroid = grown;
        story->room = centroid_n;
    }
    take(in, story->centroid, centroid_n * sizeof *story->centroid);
    return 0;
}

static int take_counted(struct nw_str *in, const struct numbers *numbers, bool kill, struct frequencies *frequencies)
{
    uint32_t counted[VECTOR_COUNTED];

    if (numbers->counted_n > VECTOR_COUNTED || !take(in, counted, numbers->counted_n * sizeof *counted))
        return NW_SAVED_BAD;
    return kill || frequencies_count(frequencies, numbers->language, counted, numbers->counted_n) ? 0 : NW_SAVED_BAD;
}

/* Does again what a kill did; `kills` is as saved_set_kills made it. */
static int take_kills(struct nw_str kills, struct archive *archive)
{
    struct nw_arena arena = {0};
    struct nw_story said = {0};
    int r = 0;

    while (kills.n > 0 && r == 0) {
        struct nw_killed *killed = NW_APPEND(&arena, story, &said, kills, killed);
        uint32_t n = 0;
        if (!killed) {
            r = nw_fault(-ENOMEM);
        } else if (!take(&kills, &n, sizeof n) || kills.n < n) {
            r = NW_SAVED_BAD;
        } else {
            NW_SET(killed, killed, uri, nw_str(kills.p, n));
            kills = nw_str_from(kills, n);
        }
    }
    if (r == 0)
        kill_take(archive, &said.kills);
    nw_arena_free(&arena);
    return r;
}

/* The story that an article of this archive is in; a new one where the archive begins behind that article. */
static struct story *story_of(const struct archive *archive, uint64_t before)
{
    const struct article *article = archive_at(archive, before);

    return article ? article->story : nw_calloc(1, sizeof(struct story));
}

/* Puts the article into its story, with what the bytes say of that. */
static int put(struct nw_str *in, const struct numbers *numbers, struct archive *archive, struct article *article,
               struct frequencies *frequencies)
{
    struct story *story = story_of(archive, numbers->before);
    struct term_keys keys = {.n = numbers->keys_n};
    int r = story ? 0 : nw_fault(-ENOMEM);

    if (r == 0 && (keys.n > sizeof keys.v / sizeof *keys.v || !take(in, keys.v, keys.n * sizeof *keys.v)))
        r = NW_SAVED_BAD;
    if (r == 0) {
        archive_expect_put(archive, article, &keys);
        r = take_story(in, numbers->centroid_n, story);
    }
    if (r == 0)
        r = take_counted(in, numbers, article->kill, frequencies);
    if (r == 0)
        archive_put(archive, article, &keys, story);
    else if (story && story->live == 0)
        story_free(story);
    return r;
}

int saved_take_article(struct nw_str saved, struct archive *archive, struct frequencies *frequencies)
{
    struct article *article;
    struct numbers numbers;
    bool bad;
    int r;

    if (!take(&saved, &numbers, sizeof numbers) || numbers.number != archive->end || numbers.kills_n > saved.n)
        return NW_SAVED_BAD;
    r = take_kills(nw_str(saved.p, numbers.kills_n), archive);
    if (r != 0)
        return r;
    saved = nw_str_from(saved, numbers.kills_n);
    article = take_article(&saved, numbers.article_n, &archive->shelf, &bad);
    if (!article)
        return bad ? NW_SAVED_BAD : nw_fault(-ENOMEM);
    r = put(&saved, &numbers, archive, article, frequencies);
    if (r != 0)
        shelf_drop_newest(&archive->shelf, numbers.article_n);
    return r;
}
