/* Both ways of naming an item are chains of the archive's indexes; each candidate is held against the article itself.
 */
#include "kill.h"

static bool near_in_time(int64_t a, int64_t b)
{
    return a == 0 || b == 0 || (a < b ? b - a : a - b) < KILL_SPAN;
}

uint64_t kill_target(const struct archive *archive, const struct digest *digest, struct nw_str uri)
{
    uint64_t found = archive_find(archive, uri);
    uint32_t title = digest_title(digest);
    const struct article *article;

    if (found != UINT64_MAX || !title || postings_find(archive->titles, title, &found, 1) == 0)
        return found;
    article = archive_at(archive, found);
    return article && article->title == title && near_in_time(article->time, digest->time) ? found : UINT64_MAX;
}

static void kill_uri(struct archive *archive, struct nw_str uri)
{
    uint64_t found[KILL_VERSIONS];
    size_t n = archive_versions(archive, uri, found, KILL_VERSIONS);

    for (size_t i = 0; i < n; i++)
        archive_cancel(archive, found[i]);
}

static void kill_title(struct archive *archive, const struct article *killed)
{
    uint64_t found[KILL_VERSIONS];
    size_t n = postings_find(archive->titles, killed->title, found, KILL_VERSIONS);

    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, found[i]);
        if (article && article->title == killed->title && near_in_time(article->time, killed->time))
            archive_cancel(archive, found[i]);
    }
}

void kill_versions(struct archive *archive, uint64_t target, struct nw_str uri)
{
    const struct article *killed = archive_at(archive, target);
    struct nw_str own = killed ? nw_str(killed->uri, killed->uri_n) : nw_str(NULL, 0);

    if (!killed)
        return;
    archive_cancel(archive, target);
    kill_uri(archive, own);
    if (killed->title && !nw_str_eq(own, uri))
        kill_title(archive, killed);
}
