/* Reads people, organisations, places, topics and the story off a record; see mentions.h. */
#include "trends/mentions.h"

#include <newswire/hash.h>
#include <newswire/utf8.h>

enum { TITLE_BYTES = 200 };

struct list {
    struct mention *v;
    size_t n;
};

static void add(struct list *list, enum nw_trend_kind kind, struct nw_str name, struct nw_str uri)
{
    bool linked = uri.n > 0;
    uint64_t key = nw_hash64(linked ? uri : name, 2 * (uint64_t)kind + linked);

    if (list->n == MENTIONS || (name.n == 0 && !linked))
        return;
    for (size_t i = 0; i < list->n; i++) {
        if (list->v[i].key == key)
            return;
    }
    list->v[list->n++] = (struct mention){key, kind, name, uri};
}

static struct nw_str text_if(bool has, struct nw_str text)
{
    return has ? text : nw_str(NULL, 0);
}

#define ADD_LIST(list, KIND, record, member, type)                                                                     \
    for (size_t i = 0; NW_HAS(record, record, member) && i < (record)->member.n; i++) {                                \
        const struct nw_##type *one = &(record)->member.v[i];                                                          \
        add(list, KIND, text_if(NW_HAS(type, one, name), one->name), text_if(NW_HAS(type, one, uri), one->uri));       \
    }

size_t mentions_of(const struct nw_record *record, struct mention mentions[MENTIONS])
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    struct list list = {mentions, 0};

    if (story && NW_HAS(story, story, id))
        add(&list, NW_TREND_STORY, NW_HAS(story, story, headline) ? story->headline : nw_article_title(record),
            story->id);
    ADD_LIST(&list, NW_TREND_PERSON, record, people, person)
    ADD_LIST(&list, NW_TREND_ORG, record, organisations, organisation)
    ADD_LIST(&list, NW_TREND_PLACE, record, places, place)
    ADD_LIST(&list, NW_TREND_TOPIC, record, subjects, subject)
    return list.n;
}

static bool is_usable(const struct nw_record *record)
{
    return !NW_HAS(record, record, pub_status) || nw_str_eq(record->pub_status, NW_S("usable"));
}

bool mentions_count(const struct nw_record *record)
{
    return is_usable(record) && !(NW_HAS(record, record, story) && NW_HAS(story, record->story, duplicate_of));
}

struct nw_str nw_article_title(const struct nw_record *record)
{
    struct nw_str title = nw_record_headline(record), line;

    if (title.n > 0)
        return title;
    title = nw_record_body(record);
    if (title.n > TITLE_BYTES)
        title.n = nw_utf8_floor(title, TITLE_BYTES);
    return nw_str_line(&title, &line) ? line : title;
}
