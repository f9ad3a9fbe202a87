/*
 * A format: how it is told by its content, and how it is read. One file each under formats/; the list is in format.c.
 *
 * A reader gets the bytes as acquired (or one part of them) and emits an article, or several, by draft_emit. It returns
 * NW_OK, NW_REJECTED (with nw_reject) or a negative fault.
 */
#ifndef CLEAN_FORMAT_H
#define CLEAN_FORMAT_H

#include "decode.h"
#include "draft.h"

struct input {
    struct nw_stage_context *context;
    struct clean *clean;
    struct nw_arena *arena;
    const struct nw_record *raw; /* with its source */
    struct nw_str bytes;         /* as acquired */
    struct nw_str declared;      /* media type from the transport or an outer format; "" for none */
    int depth;                   /* of formats within formats: mail in WARC in … */
    struct nw_record **kept;     /* the first article goes here instead of out; NULL: all go out */
};

enum { INPUT_DEPTH = 4 };

/* Whether as many articles were emitted as one record may give, where there is another one. */
static inline bool input_full(const struct input *input, size_t emitted)
{
    if (emitted >= NW_EMIT_MAX)
        bound_reach(input->clean, BOUND_ARTICLES);
    return emitted >= NW_EMIT_MAX;
}

struct format {
    const char *name; /* source.format */
    const char *told; /* what it is told by, in words, for the map and for refusals */
    int (*read)(const struct input *input);
};

/* The format by name; NULL where there is none of that name. */
const struct format *format_named(struct nw_str name);

/* The format by content; NULL where the bytes are none that we read. *why says what was found instead. */
const struct format *format_of(struct nw_str bytes, const char **why);

/* Reads what an outer format holds (a mail's part, a WARC record's payload): recognised anew, one level deeper. */
int format_read(const struct input *input);

/* A page and the feed's entry that led to it, as one article. NW_OK, NW_REJECTED or a negative fault. */
int linked_read(const struct input *page, const struct input *entry);

/* The readers. */
int text_format(const struct input *input);
int html_format(const struct input *input);
int reuters_sgml_format(const struct input *input);
int rss_format(const struct input *input);
int wxr_format(const struct input *input);
int atom_format(const struct input *input);
int jsonfeed_format(const struct input *input);
int newsml_g2_format(const struct input *input);
int newsml_1_format(const struct input *input);
int nitf_format(const struct input *input);
int ninjs_format(const struct input *input);
int ndjson_format(const struct input *input);
int iptc7901_format(const struct input *input);
int anpa1312_format(const struct input *input);
int mail_format(const struct input *input);
int warc_format(const struct input *input);

/* Marks by which some of them are told. */
bool iptc7901_is(struct nw_str s);
bool anpa1312_is(struct nw_str s);
bool zczc_is(struct nw_str s);

/* The text of a ZCZC wire, decoded and tidied, into the draft; ends it. */
int zczc_read(struct draft *draft, struct nw_str text);
bool mail_is(struct nw_str s);

/* Decodes the input's bytes as text or markup, and tidies plain text; begins the draft with what was found. false when
 * memory ran out. */
bool input_begin(const struct input *input, const char *format, bool markup, struct draft *draft, struct nw_str *text);

#endif
