/* Pages with a story of two paragraphs, for tests of what stands around it. */
#ifndef PAGE_CHECK_H
#define PAGE_CHECK_H

#include "clean_check.h"

static const char STORY[] =
    "<p>The council met on Tuesday and decided to build the bridge after all, its chairman said to reporters.</p>"
    "<p>The vote was nine to four, and came after a long debate about what the bridge will cost the town.</p>";

/* A page of STORY with something in its head, and something between the headline and the text. */
static inline struct article story_in(const char *language, const char *head, const char *top)
{
    static char page[4096];
    int n = snprintf(page, sizeof page, "<html lang='%s'><head>%s</head><body><article>%s%s</article></body></html>",
                     language, head, top, STORY);
    assert_true(n > 0 && (size_t)n < sizeof page);
    return clean_bytes(nw_str(page, (size_t)n), "html");
}

static inline struct article story(const char *head, const char *top)
{
    return story_in("en", head, top);
}

#endif
