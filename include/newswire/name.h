/*
 * What tells one item of a wire from another, and its versions apart, beside its uri. Wires that give each transmission
 * an id of its own name an item by slug and headline: "UPDATE 2-Storm shuts port" and "KILL: Storm shuts port" are
 * versions of "Storm shuts port" where the slug is one.
 */
#ifndef NEWSWIRE_NAME_H
#define NEWSWIRE_NAME_H

#include <newswire/hash.h>
#include <newswire/record.h>

enum { NW_NAME_SPAN = 86400000 /* ms between items of one name: the next day's may be a new one of its kind */ };

/*
 * Hash of slug and main headline, without the case of ASCII letters, punctuation, and what only tells the version: in
 * the headline UPDATE 2-, CORRECTED-, (REFILE), 2nd Lead:, KILL: and their like, in the slug 2nd Ld, Writethru and
 * theirs. {0, 0} where either is missing or says nothing else.
 */
struct nw_hash128 nw_record_name(const struct nw_record *record);

/* Whether the headline or the slug declares a later version of something, or a kill. */
bool nw_record_declares(const struct nw_record *record);

/* Hash of who filed it: the first source that is named, else the holder of the copyright; 0 where nobody is. */
uint64_t nw_record_agency(const struct nw_record *record);

/* Which version of an item a record is. */
struct nw_edition {
    int64_t number; /* of `version`, where that is a number; else -1 */
    int64_t time;   /* versionCreated; 0 where it is not known */
    int64_t about;  /* when about it was: versionCreated, else contentCreated, else when it was received; 0 for none */
};
struct nw_edition nw_record_edition(const struct nw_record *record);

/* Whether `late` comes after `early`: by number, of records with the same uri; by time. What does not say does not. */
bool nw_edition_follows(struct nw_edition late, struct nw_edition early, bool same_uri);

/* Whether a record takes another one back: pubStatus canceled. */
bool nw_record_is_kill(const struct nw_record *record);

#endif
