/* One query, matched against each article; see share.h. */
#include "run/share.h"

#include "query/query.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/name.h>

#include <errno.h>

struct share {
    struct nw_query *query;
    struct nw_query_article *article;
};

int share_new(struct nw_str query, struct share **result, char why[NW_WHY])
{
    struct share *share = nw_calloc(1, sizeof *share);
    size_t column;
    int r = share ? nw_query_article_new(&share->article) : nw_fault(-ENOMEM);

    if (r == 0)
        r = nw_query_compile(query, &share->query, &column, why) == NW_QUERY_BAD ? SHARE_BAD : 0;
    if (r == 0 && !share->query)
        r = nw_fault(-ENOMEM);
    if (r != 0)
        share_free(&share);
    *result = share;
    return r;
}

void share_free(struct share **pointer)
{
    struct share *share = *pointer;

    if (!share)
        return;
    nw_query_free(&share->query);
    nw_query_article_free(&share->article);
    nw_free(share);
    *pointer = NULL;
}

int share_takes(struct share *share, const struct nw_record *record)
{
    int r;

    if (nw_record_is_kill(record))
        return 1;
    r = nw_query_article_read(share->article, record);
    return r < 0 ? r : nw_query_matches(share->query, share->article);
}
