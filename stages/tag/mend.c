/* Names that the model leaves short: see names_mend in linking.h. */
#include "linking.h"

static inline bool is_word(const struct document *d, size_t i, const char *word)
{
    struct nw_str token = document_token(d, i);
    return token.n == strlen(word) && nw_str_eq_nocase(token, nw_str_z(word));
}

/* A body of two sides is one organisation, also where its last word is written small. */
static void join_sides(struct document *d, size_t n)
{
    static const char *const bodies[] = {"council", "commission", "committee", "forum", "assembly"};
    struct name *name = &d->names.v[n];
    size_t next = name->last + 1;
    if (name->first != name->last || !(document_type(d, name->last)->flags & TYPE_HYPHEN) || next >= d->tokens.n ||
        (n + 1 < d->names.n && d->names.v[n + 1].first <= next) || !document_goes_on(d, name->last)) {
        return;
    }
    struct nw_str text = document_token(d, name->last);
    size_t hyphen = nw_str_find(text, NW_S("-"));
    bool capital = hyphen + 1 < text.n && text.p[hyphen + 1] >= 'A' && text.p[hyphen + 1] <= 'Z';
    for (size_t k = 0; capital && k < sizeof bodies / sizeof *bodies; k++) {
        if (is_word(d, next, bodies[k])) {
            name->last = (uint32_t)next;
            name->type = NAME_ORG;
            name->by = "rule:body";
        }
    }
}

void names_mend(struct document *d)
{
    bool nato = false;
    for (size_t n = 0; n < d->names.n; n++) {
        struct name *name = &d->names.v[n];
        join_sides(d, n);
        nato |= name->first == name->last && name->type == NAME_ORG && is_word(d, name->first, "NATO");
    }
    for (size_t n = 0; nato && n < d->names.n; n++) {
        struct name *name = &d->names.v[n];
        if (name->first == name->last && name->first > 0 && is_word(d, name->first, "alliance") &&
            is_word(d, name->first - 1, "the")) {
            name->type = NAME_ORG;
            name->alias = NW_S("NATO");
        }
    }
}
