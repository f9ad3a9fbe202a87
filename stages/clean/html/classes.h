/* What the words in class and id say about an element, in the habits of those who build news sites. */
#ifndef CLEAN_HTML_CLASSES_H
#define CLEAN_HTML_CLASSES_H

#include <newswire/str.h>

enum class_says {
    CLASS_PRUNE = 1,   /* navigation, comments, promotion … */
    CLASS_WEAK = 2,    /* so only where it holds little */
    CLASS_HIDDEN = 4,  /* not shown */
    CLASS_SUBJECT = 8, /* article, story, post … */
    CLASS_PART = 16,   /* body, content, text …: with a subject, the article's body */
    CLASS_WHOLE = 32,  /* articleBody in one word */
};

/* The union over the words of s, which are parted by anything but letters and by capitals inside. */
unsigned class_words(struct nw_str s);

#endif
