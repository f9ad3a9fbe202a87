/* Queries come from subscribers: any bytes. One that compiles is matched, and filed in an index, without a fault. */
#include "query/query.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int pass(void *user, void *entry)
{
    (void)user;
    (void)entry;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct nw_query_article *article;
    struct nw_query_index *index;
    struct nw_query_entry *entry;
    struct nw_query *query;
    char why[NW_WHY];
    size_t column;

    if (!article) {
        struct nw_arena arena = {0};
        struct nw_record *record = nw_record_new(&arena);
        nw_record_set_body(&arena, record, NW_S("ferry strike walkout in the harbour"));
        if (nw_query_article_new(&article) < 0 || nw_query_article_read(article, record) < 0)
            abort();
        nw_arena_free(&arena);
    }
    if (nw_query_compile(nw_str((const char *)data, size), &query, &column, why) != 0) {
        if (column < 1 || column > size + 1)
            abort();
        return 0;
    }
    if (nw_query_index_new(&index) < 0 || nw_query_index_add(index, query, NULL, &entry) < 0)
        abort();
    (void)nw_query_matches(query, article);
    nw_query_index_match(index, article, pass, NULL);
    nw_query_index_remove(index, &entry);
    nw_query_index_free(&index);
    nw_query_free(&query);
    return 0;
}
