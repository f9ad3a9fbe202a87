/*
 * The names of HTML that we know: tags with what they do to the tree and to text, and the attributes that are kept.
 * Looked up by a perfect hash (tag_hash.inc, attr_hash.inc), made by search over these names.
 */
#ifndef CLEAN_HTML_NAMES_H
#define CLEAN_HTML_NAMES_H

#include <newswire/str.h>

#include <stdint.h>

enum tag_kind {
    VOID = 1,     /* has no content and no end tag */
    BLOCK = 2,    /* parts paragraphs */
    CLOSES_P = 4, /* its start tag ends an open p */
    UNSEEN = 8,   /* its content is not text of the page */
    FORMATS = 16, /* a formatting element */
    SCOPE = 32,   /* end tags inside do not reach beyond it */
    CONTROL = 64, /* of a form: no text of the article */
};

/* X(identifier, name, kinds) */
#define HTML_TAGS(X)                                                                                                   \
    X(HTML, "html", BLOCK | SCOPE)                                                                                     \
    X(HEAD, "head", UNSEEN)                                                                                            \
    X(BODY, "body", BLOCK)                                                                                             \
    X(TITLE, "title", UNSEEN)                                                                                          \
    X(BASE, "base", VOID)                                                                                              \
    X(LINK, "link", VOID)                                                                                              \
    X(META, "meta", VOID)                                                                                              \
    X(STYLE, "style", UNSEEN)                                                                                          \
    X(SCRIPT, "script", UNSEEN)                                                                                        \
    X(NOSCRIPT, "noscript", UNSEEN)                                                                                    \
    X(TEMPLATE, "template", UNSEEN | SCOPE)                                                                            \
    X(ARTICLE, "article", BLOCK | CLOSES_P)                                                                            \
    X(SECTION, "section", BLOCK | CLOSES_P)                                                                            \
    X(NAV, "nav", BLOCK | CLOSES_P)                                                                                    \
    X(ASIDE, "aside", BLOCK | CLOSES_P)                                                                                \
    X(H1, "h1", BLOCK | CLOSES_P)                                                                                      \
    X(H2, "h2", BLOCK | CLOSES_P)                                                                                      \
    X(H3, "h3", BLOCK | CLOSES_P)                                                                                      \
    X(H4, "h4", BLOCK | CLOSES_P)                                                                                      \
    X(H5, "h5", BLOCK | CLOSES_P)                                                                                      \
    X(H6, "h6", BLOCK | CLOSES_P)                                                                                      \
    X(HGROUP, "hgroup", BLOCK | CLOSES_P)                                                                              \
    X(HEADER, "header", BLOCK | CLOSES_P)                                                                              \
    X(FOOTER, "footer", BLOCK | CLOSES_P)                                                                              \
    X(ADDRESS, "address", BLOCK | CLOSES_P)                                                                            \
    X(MAIN, "main", BLOCK | CLOSES_P)                                                                                  \
    X(SEARCH, "search", BLOCK | CLOSES_P)                                                                              \
    X(P, "p", BLOCK | CLOSES_P)                                                                                        \
    X(HR, "hr", VOID | BLOCK | CLOSES_P)                                                                               \
    X(PRE, "pre", BLOCK | CLOSES_P)                                                                                    \
    X(BLOCKQUOTE, "blockquote", BLOCK | CLOSES_P)                                                                      \
    X(OL, "ol", BLOCK | CLOSES_P)                                                                                      \
    X(UL, "ul", BLOCK | CLOSES_P)                                                                                      \
    X(MENU, "menu", BLOCK | CLOSES_P)                                                                                  \
    X(LI, "li", BLOCK | CLOSES_P)                                                                                      \
    X(DL, "dl", BLOCK | CLOSES_P)                                                                                      \
    X(DT, "dt", BLOCK | CLOSES_P)                                                                                      \
    X(DD, "dd", BLOCK | CLOSES_P)                                                                                      \
    X(FIGURE, "figure", BLOCK | CLOSES_P)                                                                              \
    X(FIGCAPTION, "figcaption", BLOCK | CLOSES_P)                                                                      \
    X(DIV, "div", BLOCK | CLOSES_P)                                                                                    \
    X(A, "a", FORMATS)                                                                                                 \
    X(EM, "em", FORMATS)                                                                                               \
    X(STRONG, "strong", FORMATS)                                                                                       \
    X(SMALL, "small", FORMATS)                                                                                         \
    X(S, "s", FORMATS)                                                                                                 \
    X(CITE, "cite", 0)                                                                                                 \
    X(Q, "q", 0)                                                                                                       \
    X(DFN, "dfn", 0)                                                                                                   \
    X(ABBR, "abbr", 0)                                                                                                 \
    X(RUBY, "ruby", 0)                                                                                                 \
    X(RB, "rb", 0)                                                                                                     \
    X(RT, "rt", 0)                                                                                                     \
    X(RTC, "rtc", 0)                                                                                                   \
    X(RP, "rp", 0)                                                                                                     \
    X(DATA, "data", 0)                                                                                                 \
    X(TIME, "time", 0)                                                                                                 \
    X(CODE, "code", FORMATS)                                                                                           \
    X(VAR, "var", 0)                                                                                                   \
    X(SAMP, "samp", 0)                                                                                                 \
    X(KBD, "kbd", 0)                                                                                                   \
    X(SUB, "sub", 0)                                                                                                   \
    X(SUP, "sup", 0)                                                                                                   \
    X(I, "i", FORMATS)                                                                                                 \
    X(B, "b", FORMATS)                                                                                                 \
    X(U, "u", FORMATS)                                                                                                 \
    X(MARK, "mark", 0)                                                                                                 \
    X(BDI, "bdi", 0)                                                                                                   \
    X(BDO, "bdo", 0)                                                                                                   \
    X(SPAN, "span", 0)                                                                                                 \
    X(BR, "br", VOID)                                                                                                  \
    X(WBR, "wbr", VOID)                                                                                                \
    X(INS, "ins", 0)                                                                                                   \
    X(DEL, "del", UNSEEN)                                                                                              \
    X(PICTURE, "picture", UNSEEN)                                                                                      \
    X(SOURCE, "source", VOID)                                                                                          \
    X(IMG, "img", VOID)                                                                                                \
    X(IFRAME, "iframe", UNSEEN)                                                                                        \
    X(EMBED, "embed", VOID)                                                                                            \
    X(OBJECT, "object", UNSEEN | SCOPE)                                                                                \
    X(PARAM, "param", VOID)                                                                                            \
    X(VIDEO, "video", UNSEEN | BLOCK)                                                                                  \
    X(AUDIO, "audio", UNSEEN | BLOCK)                                                                                  \
    X(TRACK, "track", VOID)                                                                                            \
    X(MAP, "map", UNSEEN)                                                                                              \
    X(AREA, "area", VOID)                                                                                              \
    X(SVG, "svg", UNSEEN)                                                                                              \
    X(MATH, "math", 0)                                                                                                 \
    X(CANVAS, "canvas", UNSEEN)                                                                                        \
    X(TABLE, "table", BLOCK | CLOSES_P | SCOPE)                                                                        \
    X(CAPTION, "caption", BLOCK | SCOPE)                                                                               \
    X(COLGROUP, "colgroup", UNSEEN)                                                                                    \
    X(COL, "col", VOID)                                                                                                \
    X(TBODY, "tbody", BLOCK)                                                                                           \
    X(THEAD, "thead", BLOCK)                                                                                           \
    X(TFOOT, "tfoot", BLOCK)                                                                                           \
    X(TR, "tr", BLOCK)                                                                                                 \
    X(TD, "td", BLOCK | SCOPE)                                                                                         \
    X(TH, "th", BLOCK | SCOPE)                                                                                         \
    X(FORM, "form", BLOCK | CLOSES_P)                                                                                  \
    X(LABEL, "label", CONTROL)                                                                                         \
    X(INPUT, "input", VOID)                                                                                            \
    X(BUTTON, "button", SCOPE | CONTROL)                                                                               \
    X(SELECT, "select", UNSEEN)                                                                                        \
    X(DATALIST, "datalist", UNSEEN)                                                                                    \
    X(OPTGROUP, "optgroup", UNSEEN)                                                                                    \
    X(OPTION, "option", UNSEEN)                                                                                        \
    X(TEXTAREA, "textarea", UNSEEN)                                                                                    \
    X(OUTPUT, "output", CONTROL)                                                                                       \
    X(PROGRESS, "progress", UNSEEN)                                                                                    \
    X(METER, "meter", UNSEEN)                                                                                          \
    X(FIELDSET, "fieldset", BLOCK | CLOSES_P | CONTROL)                                                                \
    X(LEGEND, "legend", BLOCK | CONTROL)                                                                               \
    X(DETAILS, "details", BLOCK | CLOSES_P)                                                                            \
    X(SUMMARY, "summary", BLOCK | CLOSES_P)                                                                            \
    X(DIALOG, "dialog", UNSEEN | BLOCK | CLOSES_P)                                                                     \
    X(FONT, "font", FORMATS)                                                                                           \
    X(CENTER, "center", BLOCK | CLOSES_P)                                                                              \
    X(BIG, "big", FORMATS)                                                                                             \
    X(TT, "tt", FORMATS)                                                                                               \
    X(STRIKE, "strike", FORMATS)                                                                                       \
    X(NOBR, "nobr", FORMATS)                                                                                           \
    X(ACRONYM, "acronym", 0)                                                                                           \
    X(APPLET, "applet", UNSEEN | SCOPE)                                                                                \
    X(MARQUEE, "marquee", SCOPE)                                                                                       \
    X(FRAMESET, "frameset", BLOCK)                                                                                     \
    X(FRAME, "frame", VOID)                                                                                            \
    X(NOFRAMES, "noframes", UNSEEN)                                                                                    \
    X(NOEMBED, "noembed", UNSEEN)                                                                                      \
    X(XMP, "xmp", BLOCK | CLOSES_P)                                                                                    \
    X(PLAINTEXT, "plaintext", BLOCK | CLOSES_P)                                                                        \
    X(LISTING, "listing", BLOCK | CLOSES_P)                                                                            \
    X(DIR, "dir", BLOCK | CLOSES_P)                                                                                    \
    X(SLOT, "slot", 0)                                                                                                 \
    X(AMP_IMG, "amp-img", UNSEEN)                                                                                      \
    X(AMP_AD, "amp-ad", UNSEEN)                                                                                        \
    X(PORTAL, "portal", UNSEEN)                                                                                        \
    X(IMAGE, "image", VOID)                                                                                            \
    X(FOREIGNOBJECT, "foreignobject", SCOPE)                                                                           \
    X(DESC, "desc", SCOPE)                                                                                             \
    X(MI, "mi", SCOPE)                                                                                                 \
    X(MO, "mo", SCOPE)                                                                                                 \
    X(MN, "mn", SCOPE)                                                                                                 \
    X(MS, "ms", SCOPE)                                                                                                 \
    X(MTEXT, "mtext", SCOPE)                                                                                           \
    X(ANNOTATION_XML, "annotation-xml", SCOPE)                                                                         \
    X(PATH, "path", 0)                                                                                                 \
    X(G, "g", 0)                                                                                                       \
    X(USE, "use", 0)

/* X(identifier, name): the attributes that the tree keeps; it drops all others. */
#define HTML_ATTRS(X)                                                                                                  \
    X(CLASS, "class")                                                                                                  \
    X(ID, "id")                                                                                                        \
    X(ROLE, "role")                                                                                                    \
    X(HIDDEN, "hidden")                                                                                                \
    X(ARIA_HIDDEN, "aria-hidden")                                                                                      \
    X(STYLE, "style")                                                                                                  \
    X(ITEMPROP, "itemprop")                                                                                            \
    X(ITEMTYPE, "itemtype")                                                                                            \
    X(ITEMSCOPE, "itemscope")                                                                                          \
    X(DATETIME, "datetime")                                                                                            \
    X(CONTENT, "content")                                                                                              \
    X(PROPERTY, "property")                                                                                            \
    X(NAME, "name")                                                                                                    \
    X(REL, "rel")                                                                                                      \
    X(HREF, "href")                                                                                                    \
    X(SRC, "src")                                                                                                      \
    X(LANG, "lang")                                                                                                    \
    X(XML_LANG, "xml:lang")                                                                                            \
    X(TYPE, "type")                                                                                                    \
    X(CHARSET, "charset")                                                                                              \
    X(HTTP_EQUIV, "http-equiv")                                                                                        \
    X(DATA_COMPONENT, "data-component")                                                                                \
    X(DATA_TESTID, "data-testid")                                                                                      \
    X(DATA_QA, "data-qa")                                                                                              \
    X(TITLE, "title")                                                                                                  \
    X(ALT, "alt")                                                                                                      \
    X(VALUE, "value")                                                                                                  \
    X(PUBDATE, "pubdate")                                                                                              \
    X(DATA_SRC, "data-src")                                                                                            \
    X(DATA_URL, "data-url")                                                                                            \
    X(DATETIME_UTC, "datetime-utc")                                                                                    \
    X(MEDIA, "media")

#define HTML_TAG_ID(identifier, name, kinds) TAG_##identifier,
#define HTML_ATTR_ID(identifier, name)       ATTR_##identifier,
enum html_tag { TAG_UNKNOWN, HTML_TAGS(HTML_TAG_ID) TAG_COUNT };
enum html_attr_name { ATTR_UNKNOWN, HTML_ATTRS(HTML_ATTR_ID) ATTR_COUNT };

/* By name, letters in either case. */
enum html_tag html_tag_of(struct nw_str name);
enum html_attr_name html_attr_of(struct nw_str name);

/* Name in lower case, and kinds; "" and 0 for TAG_UNKNOWN. */
const char *html_tag_name(enum html_tag tag);
extern const unsigned char html_tag_kinds[TAG_COUNT];

#endif
