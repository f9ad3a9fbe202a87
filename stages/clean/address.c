/* Addresses, by libxml2's RFC 3986: see address.h. */
#include "address.h"

#include "chars.h"

#include <libxml/uri.h>

#include <stdlib.h>

static bool is_web(struct nw_str s)
{
    return nw_str_starts_nocase(s, NW_S("https://")) || nw_str_starts_nocase(s, NW_S("http://"));
}

/* Nothing to resolve and nothing to escape: most are so. */
static bool is_whole(struct nw_str s)
{
    if (!is_web(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7F || strchr("<>\"{}|\\^`", s.p[i]))
            return false;
    return nw_str_find(s, NW_S("/../")) == SIZE_MAX && nw_str_find(s, NW_S("/./")) == SIZE_MAX;
}

static char *terminated(struct draft *draft, struct nw_str s)
{
    char *z = draft_alloc(draft, s.n + 1);
    if (z) {
        memcpy(z, s.p, s.n);
        z[s.n] = '\0';
    }
    return z;
}

struct nw_str address_of(struct draft *draft, struct nw_str base, struct nw_str reference)
{
    struct nw_str none = {0}, found = {0};
    reference = nw_str_trim(reference);
    if (reference.n == 0 || reference.n > ADDRESS_MOST || base.n > ADDRESS_MOST)
        return none;
    if (is_whole(reference))
        return reference;
    const char *z = terminated(draft, reference), *base_z = is_web(base) ? terminated(draft, base) : NULL;
    if (!z)
        return none;
    xmlChar *escaped = xmlURIEscapeStr((const xmlChar *)z, (const xmlChar *)":/?#[]@!$&'()*+,;=%-._~");
    xmlChar *built = escaped ? xmlBuildURI(escaped, (const xmlChar *)base_z) : NULL;
    if (built)
        found = nw_str_z((const char *)built);
    if (is_whole(found) && found.n <= ADDRESS_MOST)
        found = nw_arena_dup(draft->arena, found);
    else
        found = none;
    xmlFree(built);
    xmlFree(escaped);
    return found;
}
