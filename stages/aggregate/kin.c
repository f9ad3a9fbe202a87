/*
 * Candidates share runs of four words; the verdict is on the true overlap. Two reports of one template (a firm's
 * quarter, another day's market) agree in their words and differ in figures, day or subject: they are no kin.
 */
#include "kin.h"

enum { HITS = 1024, SEARCHED = 96 /* runs that are looked for */, BEST = 12 };

struct hit {
    uint64_t article; /* + 1; 0: free */
    uint32_t n;
};

static bool same_report(const struct digest *late, const struct article *early, struct overlap overlap, bool declared)
{
    size_t few = late->figure_count < early->figure_n ? late->figure_count : early->figure_n;
    size_t shared = count_shared(late->figures, late->figure_count, early->figures, early->figure_n);
    size_t words = late->n - late->headline < early->words ? late->n - late->headline : early->words;
    bool all = shared == few;

    if (!declared && late->day && early->day && late->day != early->day)
        return false;
    if (few > 0 && shared * 10 < few * 7 && !(declared && few - shared <= 1))
        return false;
    if ((words < 60 || early->table) && late->subject != early->subject)
        return !early->table && all && few >= 2 && overlap.jaccard >= 0.7;
    return true;
}

static struct kin judge(const struct archive *archive, const struct digest *late, const struct sketch *sketch,
                        uint64_t number)
{
    const struct article *early = archive_at(archive, number);
    struct kin kin = {.class = KIN_NONE, .article = number};
    bool declared, close;

    if (!early || early->canceled)
        return kin;
    declared = late->mark && late->mark != early->mark;
    if (late->n && early->text.low == late->text.low && early->text.high == late->text.high) {
        kin.class = declared ? KIN_REVISION : KIN_DUPLICATE;
        kin.similarity = 1;
        return kin;
    }
    struct overlap overlap =
        sketch_compare(sketch->v, sketch->n, sketch->limit, early->sketch, early->sketch_n, early->limit);
    close = overlap.jaccard >= 0.25 || (overlap.containment >= 0.6 && overlap.shared >= 8);
    kin.similarity = overlap.jaccard > overlap.containment * 0.9 ? overlap.jaccard : overlap.containment * 0.9;
    if (close && same_report(late, early, overlap, declared))
        kin.class = declared ? KIN_REVISION : KIN_NEAR;
    return kin;
}

static void add_hit(struct hit *hits, size_t *used, uint64_t article)
{
    size_t at = (size_t)(article * 2654435761u) % HITS;

    while (hits[at].article && hits[at].article != article + 1)
        at = (at + 1) % HITS;
    if (!hits[at].article) {
        if (*used >= HITS / 2)
            return;
        hits[at].article = article + 1;
        ++*used;
    }
    hits[at].n++;
}

/* The articles that share most runs, most first, newer before older; returns their number. */
static size_t gather(const struct archive *archive, const struct sketch *sketch, struct hit best[BEST])
{
    struct hit hits[HITS] = {{0, 0}};
    uint64_t found[BUCKETS_MOST];
    size_t used = 0, n = 0, runs = sketch->n < SEARCHED ? sketch->n : SEARCHED;

    for (size_t i = 0; i < runs; i++) {
        size_t count = buckets_find(archive->runs, sketch->v[i], archive->end, found);
        for (size_t k = 0; k < count; k++)
            add_hit(hits, &used, found[k]);
    }
    for (size_t i = 0; used > 0 && i < HITS; i++) {
        size_t at = n;
        if (!hits[i].article)
            continue;
        while (at > 0 &&
               (best[at - 1].n < hits[i].n || (best[at - 1].n == hits[i].n && best[at - 1].article < hits[i].article)))
            at--;
        if (at == BEST)
            continue;
        n = n < BEST ? n + 1 : n;
        memmove(best + at + 1, best + at, (n - at - 1) * sizeof *best);
        best[at] = hits[i];
    }
    return n;
}

void kin_expect(const struct archive *archive, const struct digest *digest, const struct sketch *sketch)
{
    postings_expect(archive->texts, (uint32_t)digest->text.low);
    for (size_t i = 0; i < sketch->n && i < SEARCHED; i++)
        buckets_expect(archive->runs, sketch->v[i]);
}

/* Lets the processor fetch the articles that are to be judged. */
static void expect_articles(const struct archive *archive, const struct hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        archive_expect(archive, hits[i].article - 1);
    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, hits[i].article - 1);
        for (size_t line = 0; article && line < 3; line++)
            __builtin_prefetch((const char *)article + 64 * line);
    }
}

struct kin kin_find(const struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                    struct nw_str uri)
{
    struct kin best = {.class = KIN_NONE};
    struct hit hits[BEST];
    uint64_t found[8], same = archive_find(archive, uri);
    size_t n = digest->n ? postings_find(archive->texts, (uint32_t)digest->text.low, found, 8) : 0;

    for (size_t i = 0; i < n; i++) {
        struct kin kin = judge(archive, digest, sketch, found[i]);
        if (kin.class != KIN_NONE && kin.similarity >= 1)
            return kin;
    }
    if (same != UINT64_MAX) /* a source's own id: whatever it says, it is the next version */
        return (struct kin){
            .class = KIN_REVISION, .article = same, .similarity = judge(archive, digest, sketch, same).similarity};
    n = gather(archive, sketch, hits);
    expect_articles(archive, hits, n);
    for (size_t i = 0; i < n; i++) {
        struct kin kin = judge(archive, digest, sketch, hits[i].article - 1);
        if (best.class == KIN_NONE && kin.class == KIN_NONE) {
            best.similarity = kin.similarity > best.similarity ? kin.similarity : best.similarity;
        } else if (kin.class != KIN_NONE && (best.class == KIN_NONE || kin.similarity > best.similarity)) {
            best = kin;
        }
    }
    return best;
}
