/*
 * The stage's memory as bytes: of one record what it left, of all the rest what a memory of the newest records needs
 * beside. Memory that is taken back from them is the same to the bit. They are structures as they stand, for the same
 * program on the same machine (newswire/stage.h, save).
 */
#ifndef SAVED_H
#define SAVED_H

#include "archive.h"

#include <newswire/buf.h>

/* Makes `out` what a kill takes back, which saved_add_article is to be given. 0, -EMSGSIZE, or a
 * negative fault. */
int saved_set_kills(struct nw_buf *out, const struct nw_killed_list *kills);

/* Appends what the newest article left: itself, its story as it is since, what was counted of its words; of a kill,
 * what it takes back. 0 or a negative fault. */
int saved_add_article(struct nw_buf *out, const struct archive *archive, const struct vector *vector,
                      struct nw_str kills);

/* Appends the number of the next article, and the frequencies. */
int saved_add_rest(struct nw_buf *out, const struct archive *archive, const struct frequencies *frequencies);

/* The same back into memory: 0, NW_SAVED_BAD, or a negative fault. */
int saved_take_article(struct nw_str saved, struct archive *archive, struct frequencies *frequencies);
int saved_take_rest(struct nw_str saved, struct archive *archive, struct frequencies *frequencies);

#endif
