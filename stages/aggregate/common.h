/* How common the words of English news are: what a stream's own frequencies begin from. */
#ifndef COMMON_H
#define COMMON_H

enum { COMMON_CLASSES = 23 };

struct common {
    unsigned share;    /* of 1,000 articles, so many have each of the words */
    const char *words; /* parted by blanks; one form of each stem */
};

extern const struct common common_words[COMMON_CLASSES];

#endif
