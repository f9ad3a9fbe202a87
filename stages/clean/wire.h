/*
 * The conventions of wire copy: what stands around a story on the wire and is not the story. Each function takes one
 * line or paragraph, tells whether it is that convention, and puts what it says into the draft's fields. All are
 * guarded against prose that looks alike; where in doubt the text stays text.
 */
#ifndef CLEAN_WIRE_H
#define CLEAN_WIRE_H

#include "draft.h"

/* Applies all of them to a draft's headline and paragraphs; called by draft_emit. */
void wire_apply(struct draft *draft, enum conventions conventions);

/* A line around the headline: a date, a note, an embargo, a version, a slug. True when it was one. */
bool wire_preface_line(struct draft *draft, struct nw_str line);

/* A byline or credit, perhaps behind a bullet. */
bool wire_credit_line(struct draft *draft, struct nw_str line);

/* "By Ada Lovelace, Reuters", "Von …", "BNS/TBT Staff": fields by and infoSources. */
bool wire_byline(struct draft *draft, struct nw_str line);

/* Bytes of a byline in brackets that the paragraph opens with: "(di Maria Rossi) (ANSA) - ROMA, …"; 0 for none. */
size_t wire_byline_before(struct draft *draft, struct nw_str paragraph);

/* "Anna Berg/TT", "Marieke de Boer, The Canadian Press", "Muhabir: Ayşe Yılmaz": a byline at the end. */
bool wire_byline_after(struct draft *draft, struct nw_str paragraph);

/* A byline's names as an element gives them, with or without "By"; always taken. */
void wire_by(struct draft *draft, struct nw_str names);

/* Bytes of the dateline that the paragraph opens with, the dash and blanks behind it too; 0 for none. Sets located,
 * infoSources and contentCreated (the year is the draft's own or missing) where they are not yet set. */
size_t wire_dateline(struct draft *draft, struct nw_str paragraph);

/* A place alone on its line, in capitals: "ANKARA". */
bool wire_place_line(struct nw_str line);

/* The same of Chinese, Japanese and Korean copy, whose bylines stand in it. */
size_t wire_dateline_east(struct draft *draft, struct nw_str paragraph);

/* A paragraph at the end that is for the desk: an address, a desk's number, who contributed. */
bool wire_tail(struct draft *draft, struct nw_str paragraph);

/* The last paragraph without the agency's name or end mark behind its last sentence. */
struct nw_str wire_without_end(struct draft *draft, struct nw_str paragraph);

/* Takes off what follows a heading such as "# dpa-Notizblock". */
void wire_desk_block(struct draft *draft);

/* -30-, ENDS, ###, NNNN, a desk's initials: the end of the copy. `sign_off` is set for those that only the very last
 * paragraph may be (an agency's name, initials). */
bool wire_end_mark(struct nw_str line, bool *sign_off);

/* A line between two takes: "mf", "(more)", "2-2-2". */
bool wire_take(struct nw_str line);

/* "(Reporting by Ada Lovelace; Editing by …)": the names go to by. */
bool wire_reporting(struct draft *draft, struct nw_str paragraph);

/* Takes off what a press release says behind its text: who to ask, where it stands, whose it is; the source's name
 * becomes one of infoSources. */
void wire_release(struct draft *draft);

/* "(Adds quote, details)", "EDS: …": a note to editors. */
bool wire_note(struct nw_str paragraph);

/* A line that names a version or a priority and nothing else ("URGENT", "2ND LEAD", "(Eil)"): note and urgency. */
bool wire_version_line(struct draft *draft, struct nw_str line);

/* "EMBARGOED until 0001 GMT Thursday, January 13, 2022": embargoedUntil where a day can be read, withheld in any case.
 */
bool wire_embargo(struct draft *draft, struct nw_str line);

/* KILL, WITHDRAWAL and their like, as a line or the beginning of a headline. */
bool wire_kill(struct nw_str line);

/* What the headline says of its version; and wire_kills. */
void wire_notices(struct draft *draft);

/* What the headline and the first paragraphs say of kills; what a kill takes back becomes its headline. */
void wire_kills(struct draft *draft);

/* An agency's name as agencies are called ("Reuters", "AFP", "dpa"); case matters for the short ones. */
bool wire_is_agency(struct nw_str name);

/* "VILNIUS" → "Vilnius", "RIO DE JANEIRO" → "Rio de Janeiro"; what isn't in capitals stays. */
struct nw_str wire_place_case(struct draft *draft, struct nw_str place);

#endif
