/* Which feeds there are: addresses of the config and of OPML files, each once, in order; their hosts; when each is
 * due. */
#include "feeds.h"
#include "opml.h"
#include "rhythm.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FEEDS_MAX = 1000000, FEEDS_LEAST = 64 };

static int add(void *user, struct nw_str url, bool follow)
{
    struct feeds *feeds = user;
    struct feed *feed;

    if (feeds->count == FEEDS_MAX)
        return 0;
    if (feeds->count == feeds->room) {
        size_t room = feeds->room ? feeds->room * 2 : FEEDS_LEAST;
        struct feed *grown = nw_realloc(feeds->feeds, room * sizeof *grown);
        if (!grown)
            return nw_fault(-ENOMEM);
        feeds->feeds = grown;
        feeds->room = room;
    }
    feed = &feeds->feeds[feeds->count];
    *feed = (struct feed){.errand = {.kind = ERRAND_FEED}, .url = nw_malloc(url.n + 1), .follow = follow};
    if (!feed->url)
        return nw_fault(-ENOMEM);
    memcpy(feed->url, url.p, url.n);
    feed->url[url.n] = '\0';
    feeds->count++;
    return 0;
}

static int by_url(const void *a, const void *b)
{
    return strcmp(((const struct feed *)a)->url, ((const struct feed *)b)->url);
}

static void drop_doubles(struct feeds *feeds)
{
    size_t kept = 0;

    if (feeds->count > 0)
        qsort(feeds->feeds, feeds->count, sizeof *feeds->feeds, by_url);
    for (size_t i = 0; i < feeds->count; i++) {
        struct feed *feed = &feeds->feeds[i], *last = kept > 0 ? &feeds->feeds[kept - 1] : NULL;
        if (last && strcmp(last->url, feed->url) == 0) {
            last->follow = last->follow || feed->follow;
            nw_free(feed->url);
        } else {
            feeds->feeds[kept++] = *feed;
        }
    }
    feeds->count = kept;
}

static int find_places(struct feeds *feeds, char why[NW_WHY])
{
    struct feed_row row;
    int r = ledger_begin(feeds->source.commons->ledger);

    for (size_t i = 0; i < feeds->count && r == 0; i++) {
        struct feed *feed = &feeds->feeds[i];
        r = queue_host(&feeds->queue, feed->url, &feed->errand.host);
        if (r > 0) {
            snprintf(why, NW_WHY, "\"%.150s\" is no address that can be asked; correct it in `urls` or the OPML file",
                     feed->url);
            return SOURCE_COMPLAINT;
        }
        if (r == 0)
            r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);
        if (r < 0)
            return r;
        feed->id = row.id;
        feeds_note_quiet(feed, &row);
        feed->errand.due_ms = row.paused ? INT64_MAX : row.wanted ? 0 : row.due_ms;
        queue_push(&feeds->queue, &feed->errand);
    }
    return r == 0 ? ledger_commit(feeds->source.commons->ledger) : r;
}

static int check(const struct feeds *feeds, char why[NW_WHY])
{
    for (size_t i = 0; i < feeds->count; i++) {
        const char *url = feeds->feeds[i].url;
        if ((strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0) && strlen(url) < FEED_TEXT)
            continue;
        snprintf(why, NW_WHY, "\"%.100s\" is no address of a feed; expected http:// or https:// and at most %d bytes",
                 url, FEED_TEXT - 1);
        return SOURCE_COMPLAINT;
    }
    if (feeds->count > 0)
        return 0;
    snprintf(why, NW_WHY, "a source of kind feeds needs `urls`, or `opml` with feeds in it");
    return SOURCE_COMPLAINT;
}

int feeds_list(struct feeds *feeds, char why[NW_WHY])
{
    struct nw_str opml = nw_conf_str(feeds->conf, "opml");
    bool follow = nw_str_eq(nw_conf_str(feeds->conf, "follow"), NW_S("page"));
    int r = 0;

    for (size_t i = 0; i < nw_conf_count(feeds->conf, "urls") && r == 0; i++)
        r = add(feeds, nw_conf_str_at(feeds->conf, "urls", i), follow);
    if (r == 0 && opml.n > 0)
        r = opml_read(opml.p, follow, add, feeds, why);
    if (r != 0)
        return r;
    drop_doubles(feeds);
    r = check(feeds, why);
    return r == 0 ? find_places(feeds, why) : r;
}

void feeds_note_quiet(struct feed *feed, const struct feed_row *row)
{
    feed->quiet_ms = row->quiet ? row->pace.last_item_ms : 0;
    feed->gap_ms = row->pace.gap_ms;
}

void feeds_alarms(const struct source *source, nw_tell_alarm *tell, void *user)
{
    const struct feeds *feeds = (const struct feeds *)source;
    char sentence[RHYTHM_SENTENCE];

    for (size_t i = 0; i < feeds->count; i++) {
        const struct feed *feed = &feeds->feeds[i];
        if (feed->quiet_ms == 0 || feed->errand.due_ms == INT64_MAX) /* one that is paused is silent rightly */
            continue;
        rhythm_sentence(feed->quiet_ms, feed->gap_ms, sentence);
        tell(user, nw_str_z(feed->url), sentence);
    }
}

void feeds_list_free(struct feeds *feeds)
{
    for (size_t i = 0; i < feeds->count; i++) {
        nw_free(feeds->feeds[i].url);
        nw_free(feeds->feeds[i].poll);
    }
    nw_free(feeds->feeds);
}
