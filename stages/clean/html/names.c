/* Lookup of tag and attribute names: see names.h. */
#include "html/names.h"

#define KINDS(identifier, name, kinds) [TAG_##identifier] = (kinds),
const unsigned char html_tag_kinds[TAG_COUNT] = {HTML_TAGS(KINDS)};

#define TAG_NAME(identifier, name, kinds) NW_STR(name),
#define ATTR_NAME(identifier, name)       NW_STR(name),
static const struct nw_str TAG_NAMES[TAG_COUNT] = {NW_STR(""), HTML_TAGS(TAG_NAME)};
static const struct nw_str ATTR_NAMES[ATTR_COUNT] = {NW_STR(""), HTML_ATTRS(ATTR_NAME)};

static const unsigned char TAG_SLOTS[4096] = {
#include "html/tag_hash.inc"
};
static const unsigned char ATTR_SLOTS[256] = {
#include "html/attr_hash.inc"
};

enum { NAME_MOST = 16 };

/* The first 8 bytes in lower case, first byte lowest, the length above them when there are more. Setting bit 5 of what
 * is no letter is harmless: the full name is compared afterwards. */
static uint64_t key_of(struct nw_str name)
{
    unsigned char bytes[8] = {0};
    size_t n = name.n < 8 ? name.n : 8;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bytes[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
    uint64_t key = 0;
    for (size_t i = 0; i < 8; i++)
        key |= (uint64_t)bytes[i] << (8 * i);
    return name.n > 8 ? key ^ ((uint64_t)name.n << 56) : key;
}

enum html_tag html_tag_of(struct nw_str name)
{
    if (name.n == 0 || name.n > NAME_MOST)
        return TAG_UNKNOWN;
    unsigned tag = TAG_SLOTS[(key_of(name) * UINT64_C(0x2a3af4d46b0a18e9)) >> 52];
    return tag && nw_str_eq_nocase(name, TAG_NAMES[tag]) ? (enum html_tag)tag : TAG_UNKNOWN;
}

enum html_attr_name html_attr_of(struct nw_str name)
{
    if (name.n == 0 || name.n > NAME_MOST)
        return ATTR_UNKNOWN;
    unsigned attr = ATTR_SLOTS[(key_of(name) * UINT64_C(0x9531985d5d9dc9f9)) >> 56];
    return attr && nw_str_eq_nocase(name, ATTR_NAMES[attr]) ? (enum html_attr_name)attr : ATTR_UNKNOWN;
}

const char *html_tag_name(enum html_tag tag)
{
    return TAG_NAMES[tag].p;
}
