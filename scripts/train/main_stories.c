/*
 * Clusters streams again and again with other weights: newswire-train-stories FOLDER STREAM…
 *
 * FOLDER/STREAM.ndjson holds tagged records, FOLDER/STREAM.gold a line a record: the number of its story, -1 where it
 * has none. What does not depend on weights (words, vectors, kin) is made once. Commands, a line each, on standard
 * input; answers on standard output:
 *
 *     names          the names of the evidence, one line
 *     weights        those that evidence.h has, one line
 *     rows           STREAM GOLD SAME VALUE…, a line for each article and each story that it might be put into while
 * the earlier articles are where they belong; then an empty line weigh W…       clusters all streams with these
 * weights; a line: for each stream BCubed F1 over all gold stories, over the even ones alone and over the odd ones
 * alone
 */
#include "cluster.h"
#include "kin.h"
#include "story.h"
#include "wordlist.h"

#include <newswire/alloc.h>

#include <stdio.h>
#include <stdlib.h>

enum { STREAMS = 32, LINE = 8 << 20, UNJUDGED = -1, CROWD = 60 /* articles: a larger story is no story */ };

struct item {
    struct nw_str uri, headline;
    struct digest *digest;
    struct sketch sketch;
    struct vector vector;
    struct kin kin; /* does not depend on stories */
    bool has_kin;
    int gold;
};

struct stream {
    struct item *items;
    size_t n, golds;
};

struct lab {
    struct stream streams[STREAMS];
    size_t n;
    struct nw_arena arena;
};

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "newswire-train-stories: %s: %s\n", what, why);
    exit(1);
}

static void *room(size_t count, size_t size)
{
    void *p = nw_calloc(count, size);

    if (!p)
        fail("memory", "there is none");
    return p;
}

/* ---- streams */

static void read_item(struct lab *lab, struct item *item, struct nw_str json, const struct wordlist *wordlist,
                      struct frequencies *frequencies)
{
    struct nw_record *record;
    char why[NW_WHY];

    if (nw_record_from_json(&lab->arena, json, &record, why) != 0)
        fail("a record", why);
    item->uri = NW_HAS(record, record, uri) ? record->uri : nw_str(NULL, 0);
    item->headline = nw_record_headline(record);
    item->digest = room(1, sizeof *item->digest);
    digest_make(item->digest, wordlist, record);
    sketch_make(&item->sketch, item->digest);
    vector_make(&item->vector, frequencies, item->digest);
}

static FILE *open_file(const char *folder, const char *name, const char *kind)
{
    char path[1024];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.%s", folder, name, kind);
    file = fopen(path, "r");
    if (!file)
        fail(path, "cannot be read");
    return file;
}

static void read_stream(struct lab *lab, const char *folder, const char *name)
{
    struct stream *stream = &lab->streams[lab->n++];
    FILE *records = open_file(folder, name, "ndjson"), *golds = open_file(folder, name, "gold");
    struct wordlist *wordlist = wordlist_new();
    struct frequencies *frequencies = frequencies_new();
    char *line = room(1, LINE);
    size_t most = 0;
    int gold;

    if (!wordlist || !frequencies)
        fail("memory", "there is none");
    while (fscanf(golds, "%d", &gold) == 1)
        most++;
    rewind(golds);
    stream->items = room(most, sizeof *stream->items);
    for (; stream->n < most && fgets(line, LINE, records) && fscanf(golds, "%d", &gold) == 1; stream->n++) {
        struct item *item = &stream->items[stream->n];
        read_item(lab, item, nw_str_trim(nw_str_z(line)), wordlist, frequencies);
        item->gold = gold;
        if (gold >= 0 && (size_t)gold >= stream->golds)
            stream->golds = (size_t)gold + 1;
    }
    if (stream->n == 0 || stream->n != most)
        fail(name, "has fewer records than lines of gold");
    fclose(records);
    fclose(golds);
    nw_free(line);
    wordlist_free(wordlist);
    frequencies_free(frequencies);
}

/* ---- clustering */

struct run {
    struct archive archive;
    struct story **golds; /* with `right`: the story of each gold number */
    struct story **of;    /* of each item */
    const double *weights;
    size_t stream;
    bool right; /* put where they belong; rows are printed */
};

static int gold_of(const struct run *run, const struct stream *stream, const struct story *story)
{
    for (size_t i = 0; i < stream->golds; i++) {
        if (run->golds[i] == story)
            return (int)i;
    }
    return UNJUDGED;
}

static void print_rows(const struct run *run, const struct stream *stream, const struct item *item,
                       const struct candidate *candidates, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int gold = gold_of(run, stream, candidates[i].story);
        if (gold == UNJUDGED)
            continue;
        printf("%zu %d %d", run->stream, item->gold, gold == item->gold);
        for (size_t k = 0; k < EVIDENCES; k++)
            printf(" %.6g", candidates[i].evidence.v[k]);
        printf("\n");
    }
}

/* The story for an item, NULL for a new one. Unjudged items never enter a story of judged ones while these are put
 * where they belong. */
static struct story *find_story(const struct run *run, const struct stream *stream, const struct item *item)
{
    struct candidate candidates[CLUSTER_CANDIDATES];
    bool kin = item->kin.class != KIN_NONE;
    struct story *story = kin ? run->of[item->kin.article] : NULL;
    size_t n = kin ? 0 : cluster_candidates(candidates, &run->archive, item->digest, &item->sketch, &item->vector);

    if (!kin)
        story = cluster_choose(candidates, n, run->weights).story;
    if (!run->right)
        return story;
    if (item->gold == UNJUDGED)
        return story && gold_of(run, stream, story) == UNJUDGED ? story : NULL;
    print_rows(run, stream, item, candidates, n);
    return run->golds[item->gold];
}

static void take(struct run *run, const struct stream *stream, size_t at)
{
    struct item *item = &stream->items[at];
    struct label label = {.uri = item->uri};
    struct story *story;

    if (!item->has_kin)
        item->kin = kin_find(&run->archive, item->digest, &item->sketch, item->uri);
    item->has_kin = true;
    story = find_story(run, stream, item);
    if (!story)
        story = story_new(item->digest, item->uri, item->headline, NULL);
    if (!story || story_take(story, item->digest, &item->vector, at) < 0 ||
        !archive_add(&run->archive, item->digest, &item->sketch, &item->vector, &label, at, story))
        fail("memory", "there is none");
    run->of[at] = story;
    if (run->right && item->gold != UNJUDGED)
        run->golds[item->gold] = story;
}

enum half { EVEN, ODD, BOTH };

static bool counts(const struct item *item, enum half half)
{
    return item->gold != UNJUDGED && (half == BOTH || item->gold % 2 == (int)half);
}

/* BCubed F1 (Bagga & Baldwin 1998) over the items of half the gold stories, or of all. */
static double bcubed(const struct run *run, const struct stream *stream, enum half half)
{
    double precision = 0, recall = 0, n = 0;

    for (size_t i = 0; i < stream->n; i++) {
        double same = 0, together = 0, both = 0;
        if (!counts(&stream->items[i], half))
            continue;
        for (size_t k = 0; k < stream->n; k++) {
            bool gold = stream->items[k].gold == stream->items[i].gold, put = run->of[k] == run->of[i];
            if (!counts(&stream->items[k], half))
                continue;
            same += gold;
            together += put;
            both += gold && put;
        }
        precision += both / together;
        recall += both / same;
        n++;
    }
    return n > 0 ? 2 * precision * recall / (precision + recall) / n : 0;
}

/* Share of all items, judged or not, that are in stories too large to be one: what BCubed does not see where few are
 * judged. */
static double crowded(const struct run *run, const struct stream *stream)
{
    size_t n = 0;

    for (size_t i = 0; i < stream->n; i++)
        n += run->of[i]->size > CROWD;
    return (double)n / (double)stream->n;
}

static void run_stream(struct lab *lab, size_t number, const double *weights, bool right)
{
    struct stream *stream = &lab->streams[number];
    struct run run = {.weights = weights, .stream = number, .right = right};

    if (archive_init(&run.archive, stream->n) < 0)
        fail("memory", "there is none");
    run.golds = room(stream->golds + 1, sizeof(struct story *));
    run.of = room(stream->n, sizeof(struct story *));
    for (size_t i = 0; i < stream->n; i++)
        take(&run, stream, i);
    if (!right)
        printf("%.5f %.5f %.5f %.5f ", bcubed(&run, stream, BOTH), bcubed(&run, stream, EVEN),
               bcubed(&run, stream, ODD), crowded(&run, stream));
    archive_free(&run.archive);
    nw_free(run.golds);
    nw_free(run.of);
}

/* ---- commands */

static void print_names(void)
{
#define PRINT_NAME(name, weight, doc) printf(#name " ");
    EVIDENCE(PRINT_NAME)
    printf("\n");
}

static void print_weights(void)
{
    for (size_t i = 0; i < EVIDENCES; i++)
        printf("%.6g ", evidence_weights[i]);
    printf("\n");
}

static void answer(struct lab *lab, char *line)
{
    double weights[EVIDENCES];
    char *rest = line + strcspn(line, " \n");
    bool weigh = strncmp(line, "weigh ", 6) == 0, rows = strcmp(line, "rows\n") == 0;

    if (strcmp(line, "names\n") == 0)
        print_names();
    else if (strcmp(line, "weights\n") == 0)
        print_weights();
    else if (!weigh && !rows)
        fail("a command", line);
    for (size_t i = 0; weigh && i < EVIDENCES; i++)
        weights[i] = strtod(rest, &rest);
    for (size_t i = 0; (weigh || rows) && i < lab->n; i++)
        run_stream(lab, i, weigh ? weights : evidence_weights, rows);
    if (weigh || rows)
        printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct lab lab;
    char line[4096];

    if (argc < 3 || argc - 2 > STREAMS)
        fail("usage", "newswire-train-stories FOLDER STREAM… (at most 32 of them)");
    for (int i = 2; i < argc; i++)
        read_stream(&lab, argv[1], argv[i]);
    while (fgets(line, sizeof line, stdin))
        answer(&lab, line);
    return 0; /* the process's end frees the streams */
}
