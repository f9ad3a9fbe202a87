/*
 * A tokenizer for HTML after the standard's section 13.2.5, over text in memory. It copies nothing: tokens are views of
 * the input, undecoded; html_unescape (references.h) gives what they say. Script, style and comments are skipped at the
 * speed of memory. No state is kept but in struct html_tokenizer; nothing is allocated; any input ends.
 */
#ifndef CLEAN_HTML_TOKENIZER_H
#define CLEAN_HTML_TOKENIZER_H

#include "bounds.h"
#include "html/references.h"

enum html_state { STATE_DATA, STATE_RCDATA, STATE_RAWTEXT, STATE_SCRIPT, STATE_PLAINTEXT, STATE_CDATA };

enum html_token_kind { TOKEN_TEXT, TOKEN_START, TOKEN_END, TOKEN_COMMENT, TOKEN_DOCTYPE };

struct html_attr {
    struct nw_str name, value; /* as written */
};

struct html_token {
    enum html_token_kind kind;
    enum html_text text_kind; /* how text is to be unescaped */
    struct nw_str text;       /* TEXT, COMMENT */
    struct nw_str name;       /* START, END, DOCTYPE */
    bool self_closing;
    size_t attrs;
    bool has_name, has_public, has_system, force_quirks; /* DOCTYPE */
    struct nw_str public_id, system_id;
};

struct html_tokenizer {
    struct nw_str input;
    size_t at;
    enum html_state state;
    bool cdata;             /* <![CDATA[ … ]]> is one: in foreign content */
    struct nw_str last_tag; /* name of the last start tag, which ends RCDATA, RAWTEXT and script */
    bool full;              /* a tag had more than ATTRS_MOST attributes */
    struct html_attr attrs[ATTRS_MOST];
};

/* Starts at the beginning of `input` in STATE_DATA. */
void html_tokenizer_init(struct html_tokenizer *t, struct nw_str input);

/* The next token; false at the end. A START's attributes are in t->attrs until the next call; the second of one name is
 * left out. The caller sets t->state after START tokens as the standard's tree construction does. */
bool html_next(struct html_tokenizer *t, struct html_token *token);

#endif
