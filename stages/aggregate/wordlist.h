/* What is known of words before the first article: function words, house styles, how common a word is in news. */
#ifndef WORDLIST_H
#define WORDLIST_H

#include <newswire/str.h>

#include <stdint.h>

struct wordlist;

struct wordlist *wordlist_new(void); /* NULL when there is no memory */
void wordlist_free(struct wordlist *wordlist);

/* The hash of the word as one house writes it, for a folded word's hash; the hash itself for most. */
uint32_t wordlist_same(const struct wordlist *wordlist, uint32_t hash);

bool wordlist_is_function_word(const struct wordlist *wordlist, uint32_t hash);

uint32_t wordlist_hash(struct nw_str word); /* never 0 */
uint32_t wordlist_stem(struct nw_str word); /* the hash of the word without the endings of plurals; never 0 */

/* Calls `each` for the words that are common in news: in `share` of 1,000 articles. */
void wordlist_common(void (*each)(void *user, uint32_t stem, unsigned share), void *user);

#endif
