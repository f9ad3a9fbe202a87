/*
 * An article while it is being read: what a format's reader fills, and what all formats do alike at its end (wire
 * conventions, language, uri, counts). A reader calls the draft_* functions in any order and draft_emit once an
 * article.
 *
 * Memory that runs out is remembered in `failed` and reported by draft_emit, so readers need not check each step; every
 * text that a draft function takes must live in the record's arena or in the raw bytes, and is tidied here.
 */
#ifndef CLEAN_DRAFT_H
#define CLEAN_DRAFT_H

#include "bounds.h"
#include "dates.h"

#include <newswire/stage.h>

/* How far the conventions of wire copy (wire.h) go. */
enum conventions {
    CONVENTIONS_NONE,  /* the source has fields for all of it */
    CONVENTIONS_READ,  /* what the text tells goes into the fields, the text stays (pages, feeds) */
    CONVENTIONS_STRIP, /* datelines, bylines, sign-offs and notes leave the text too (wire copy) */
};

struct draft {
    struct nw_stage_context *context;
    struct clean *clean;
    struct nw_arena *arena;
    struct nw_record *record;
    struct nw_str *paragraphs; /* of the body, tidied, none empty */
    size_t count, room;
    struct nw_str hint;      /* language that the source claims; "" for none */
    struct nw_str place;     /* where the source says it happened; located, where no dateline says better */
    bool failed;             /* memory ran out */
    struct nw_record **kept; /* where draft_emit puts the article, if nothing is there yet, instead of passing it on */
};

/* An article of the raw record: a new record that shares its source; format is source.format. */
void draft_begin(struct draft *draft, struct nw_stage_context *context, struct clean *clean,
                 const struct nw_record *raw, const char *format);

/* The same for the next article of the same raw record. */
void draft_again(struct draft *draft, const struct draft *first);

struct tree;

/* Takes over what a tree says of itself: that memory ran out, which bounds it met. False when memory ran out. */
bool draft_tree(struct draft *draft, const struct tree *tree);

void *draft_alloc(struct draft *draft, size_t size);
struct nw_str draft_printf(struct draft *draft, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A name of the source's for a role, which lives as long as the record; `otherwise` where it is empty. */
const char *draft_name(struct draft *draft, struct nw_str name, const char *otherwise);

/* Names as one line, "Ada Example, Bo Sample": `one` behind what is there. */
struct nw_str draft_join(struct draft *draft, struct nw_str all, struct nw_str one);

/* Tidied to one line; "" for nothing. */
struct nw_str draft_line(struct draft *draft, struct nw_str s);

/* Body text, a paragraph or several parted by empty lines; single line feeds stay where `lines`, else become blanks. */
void draft_paragraph(struct draft *draft, struct nw_str s);
void draft_text(struct draft *draft, struct nw_str s, bool lines);

/* Fields. Each ignores an empty text; each but the lists keeps what was set first. */
void draft_headline(struct draft *draft, struct nw_str s);
void draft_headline_role(struct draft *draft, struct nw_str s, const char *role);
void draft_description(struct draft *draft, struct nw_str s, const char *role);
/* Fills an entry of a list of descriptions; NULL: there was no memory for it. */
void draft_describe(struct draft *draft, struct nw_text *entry, struct nw_str text, const char *role);
void draft_by(struct draft *draft, struct nw_str s);
void draft_located(struct draft *draft, struct nw_str s);
void draft_slugline(struct draft *draft, struct nw_str s);
void draft_language(struct draft *draft, struct nw_str s); /* a tag that the format vouches for */
void draft_note(struct draft *draft, struct nw_str s);     /* a line more in edNote */
void draft_source(struct draft *draft, struct nw_str name, const char *role);
void draft_subject(struct draft *draft, struct nw_str name, struct nw_str code, struct nw_str uri);
void draft_genre(struct draft *draft, struct nw_str name, struct nw_str code);
void draft_place(struct draft *draft, struct nw_str name, struct nw_str code);
void draft_person(struct draft *draft, struct nw_str name, struct nw_str code, const char *rel);
void draft_organisation(struct draft *draft, struct nw_str name, struct nw_str code, struct nw_str symbol,
                        struct nw_str exchange);
void draft_copyright(struct draft *draft, struct nw_str holder, struct nw_str notice, struct nw_str terms);
void draft_alt_id(struct draft *draft, struct nw_str value, const char *role);
void draft_status(struct draft *draft, const char *status);
void draft_urgency(struct draft *draft, int64_t urgency);

/* uri: the id itself where it is a URI, else urn:newswire:SOURCE:ID, the bare id then among altIds. */
void draft_uri(struct draft *draft, const char *source, struct nw_str id);

/* urn:newswire:SOURCE:ID, with what may not stand in a URI escaped. */
struct nw_str draft_urn(struct draft *draft, const char *source, struct nw_str id);

/* scheme ":" something, without white space: RFC 3986 by its shape. */
bool draft_is_uri(struct nw_str s);

/* first_created, version_created, content_created or embargoed_until, with its precision; an existing one stays. */
enum moment { MOMENT_FIRST, MOMENT_VERSION, MOMENT_CONTENT, MOMENT_EMBARGO };
void draft_moment(struct draft *draft, enum moment moment, const struct date *date);
void draft_moment_of(struct draft *draft, enum moment moment, struct nw_str text);

/* Ends the article and passes it on. NW_OK, NW_REJECTED when it says nothing at all (neither headline nor body), or a
 * negative fault. */
int draft_emit(struct draft *draft, enum conventions conventions);

#endif
