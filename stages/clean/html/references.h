/* Character references of HTML, and what else the standard's input preprocessing and tokenizer do to text. */
#ifndef CLEAN_HTML_REFERENCES_H
#define CLEAN_HTML_REFERENCES_H

#include <newswire/str.h>

enum html_text {
    HTML_DATA,   /* references resolved, NUL kept */
    HTML_RCDATA, /* references resolved, NUL becomes U+FFFD */
    HTML_RAW,    /* no references, NUL becomes U+FFFD */
    HTML_CDATA,  /* no references, NUL kept */
    HTML_VALUE,  /* an attribute's value: RCDATA, and "&lt=" is left alone */
};

/* Whether html_unescape would change s. */
bool html_is_plain(struct nw_str s, enum html_text kind);

/* Most bytes that html_unescape writes for n bytes. */
#define HTML_UNESCAPED_MOST(n) (3 * (n) + 8)

/* Writes s with references resolved, CR LF and CR as LF; returns the bytes written. */
size_t html_unescape(char *out, struct nw_str s, enum html_text kind);

/* One reference at s.p[0] == '&': writes its UTF-8 (at most 8 bytes), sets *used; 0 with *used 0 where it is none. */
size_t html_reference(struct nw_str s, bool attribute, char *out, size_t *used);

#endif
