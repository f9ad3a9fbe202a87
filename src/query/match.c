/* Runs a query's program over an article. */
#include "query/article.h"

/* Whether the words stand in a row in the field, the last of them, where it is a prefix, only begun. */
static bool has_phrase(const struct nw_query *query, const struct query_term *term,
                       const struct nw_query_article *article)
{
    const struct article_words *words = &article->fields[term->field];
    struct nw_str prefix = term->prefix_n > 0 ? nw_str(query->prefixes.p + term->prefix, term->prefix_n) : NW_S("");
    size_t all = term->n + (term->prefix_n > 0);

    for (size_t i = words->from; i + all <= words->to; i++) {
        size_t k = 0;
        while (k < term->n && article->words[i + k] == term->words[k])
            k++;
        if (k == term->n && (term->prefix_n == 0 || nw_str_starts(article_word(article, i + k), prefix)))
            return true;
    }
    return false;
}

static bool has_term(const struct nw_query *query, const struct query_term *term,
                     const struct nw_query_article *article)
{
    switch (term->field) {
    case QUERY_URGENCY:
        return article->urgency >= term->least && article->urgency <= term->most;
    case QUERY_DUP:
        return article->dup == (term->least != 0);
    case QUERY_REVISION:
        return article->revision == (term->least != 0);
    default:
        break;
    }
    if (term->whole && article_has(article, term->whole))
        return true;
    if (term->n == 1 && term->prefix_n == 0)
        return article_has(article, term->words[0]);
    if (term->n == 0 && term->prefix_n == 0)
        return false;
    for (size_t i = 0; i < term->n; i++) {
        if (!article_has(article, term->words[i]))
            return false;
    }
    return has_phrase(query, term, article);
}

bool nw_query_matches(const struct nw_query *query, const struct nw_query_article *article)
{
    bool stack[NW_QUERY_TERMS + 1];
    size_t n = 0;

    for (size_t i = 0; i < query->step_count; i++) {
        switch (query->steps[i].op) {
        case QUERY_OP_ALL:
            stack[n++] = true;
            break;
        case QUERY_OP_TERM:
            stack[n++] = has_term(query, &query->terms[query->steps[i].term], article);
            break;
        case QUERY_OP_NOT:
            stack[n - 1] = !stack[n - 1];
            break;
        case QUERY_OP_AND:
            n--;
            stack[n - 1] = stack[n - 1] && stack[n];
            break;
        case QUERY_OP_OR:
            n--;
            stack[n - 1] = stack[n - 1] || stack[n];
            break;
        }
    }
    return n > 0 && stack[0];
}
