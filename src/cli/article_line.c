/* An article as one readable line; see article_line.h. */
#include "article_line.h"

#include "message.h"
#include "trends/mentions.h"

#include <newswire/clock.h>

#include <inttypes.h>
#include <stdio.h>

enum { TAGS = 6 };

static const char dim[] = "\033[2m", bold[] = "\033[1m", green[] = "\033[32m", cyan[] = "\033[36m", red[] = "\033[31m",
                  plain[] = "\033[0m";

struct line {
    struct nw_buf *out;
    bool colours;
    size_t start; /* of the line in out */
    size_t tags;
};

/* Appends text in a colour, behind two spaces where something stands before it. */
static void put(struct line *line, const char *colour, struct nw_str text)
{
    if (text.n == 0) {
        return;
    }
    nw_buf_printf(line->out, "%s%s", line->out->n > line->start ? "  " : "", line->colours ? colour : "");
    message_plain(line->out, text);
    nw_buf_printf(line->out, "%s", line->colours ? plain : "");
}

static void put_time(struct line *line, const struct nw_record *record)
{
    int year, month, day, hour, minute, second;
    int64_t time;
    char text[64];

    if (NW_HAS(record, record, version_created)) {
        time = record->version_created;
    } else if (NW_HAS(record, record, first_created)) {
        time = record->first_created;
    } else if (NW_HAS(record, record, content_created)) {
        time = record->content_created;
    } else if (NW_HAS(record, record, source) && NW_HAS(source, record->source, received)) {
        time = record->source->received;
    } else {
        return;
    }
    nw_time_to_civil(time, &year, &month, &day, &hour, &minute, &second);
    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", year, month, day, hour, minute);
    put(line, dim, nw_str_z(text));
}

struct nw_str article_agency(const struct nw_record *record)
{
    if (NW_HAS(record, record, info_sources) && record->info_sources.n > 0 &&
        NW_HAS(info_source, &record->info_sources.v[0], name)) {
        return record->info_sources.v[0].name;
    }
    if (NW_HAS(record, record, source) && NW_HAS(source, record->source, feed)) {
        return record->source->feed;
    }
    return nw_str("", 0);
}

static void put_tag(struct line *line, struct nw_str name)
{
    if (name.n > 0 && line->tags < TAGS) {
        nw_buf_printf(line->out, "%s", line->tags == 0 ? (line->colours ? "  \033[36m[" : "  [") : ", ");
        message_plain(line->out, name);
        line->tags++;
    }
}

static void put_tags(struct line *line, const struct nw_record *record)
{
    for (size_t i = 0; NW_HAS(record, record, subjects) && i < record->subjects.n && i < 2; i++) {
        put_tag(line, record->subjects.v[i].name);
    }
    for (size_t i = 0; NW_HAS(record, record, people) && i < record->people.n && i < 2; i++) {
        put_tag(line, record->people.v[i].name);
    }
    for (size_t i = 0; NW_HAS(record, record, organisations) && i < record->organisations.n && i < 2; i++) {
        put_tag(line, record->organisations.v[i].name);
    }
    for (size_t i = 0; NW_HAS(record, record, places) && i < record->places.n; i++) {
        put_tag(line, record->places.v[i].name);
    }
    if (line->tags > 0) {
        nw_buf_printf(line->out, "]%s", line->colours ? plain : "");
    }
}

/* The story by its headline, unless that is the article's own; and what the article is to an earlier one. */
static void put_story(struct line *line, const struct nw_record *record)
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    char size[32];

    if (!story) {
        return;
    }
    if (NW_HAS(story, story, duplicate_of)) {
        put(line, dim, NW_S("copy"));
    } else if (NW_HAS(story, story, near_duplicate_of)) {
        put(line, dim, NW_S("near copy"));
    } else if (NW_HAS(story, story, revision_of)) {
        put(line, dim, NW_S("new version"));
    }
    if (!NW_HAS(story, story, size) || story->size < 2) {
        return;
    }
    snprintf(size, sizeof size, "story of %" PRId64, story->size);
    put(line, dim, nw_str_z(size));
    if (NW_HAS(story, story, headline) && !nw_str_eq(story->headline, nw_article_title(record))) {
        nw_buf_printf(line->out, ":");
        put(line, dim, story->headline);
    }
}

int article_line(const struct nw_record *record, bool colours, struct nw_buf *out)
{
    struct line line = {.out = out, .colours = colours, .start = out->n};

    put_time(&line, record);
    put(&line, green, article_agency(record));
    if (NW_HAS(record, record, located)) {
        put(&line, cyan, record->located);
    }
    if (NW_HAS(record, record, pub_status) && !nw_str_eq(record->pub_status, NW_S("usable"))) {
        put(&line, red, record->pub_status);
    }
    put(&line, bold, nw_article_title(record));
    put_story(&line, record);
    put_tags(&line, record);
    return out->error;
}
