/*
 * Sentences: see sentence.h. A full stop, question or exclamation mark ends one (closing marks go with it); an
 * abbreviation does where what follows begins like a sentence. A line end does, unless the paragraph is wrapped text.
 */
#include "sentence.h"

#include "abbreviation.h"

enum {
    WRAPPED_LEAST = 40, /* bytes of the lines of wrapped text */
    WRAPPED_MOST = 130,
    CLOSING = 8, /* marks that close behind the one that ends a sentence; more are no copy, and cost their square */
};

/* Is the paragraph of tokens [from, to) hard-wrapped: all lines but the last long, and few of them end like sentences?
 */
static bool is_wrapped(const struct document *d, size_t from, size_t to)
{
    size_t lines = 0;
    size_t odd = 0;
    size_t ended = 0;
    size_t start = from;
    for (size_t i = from + 1; i < to; i++) {
        if (d->tokens.v[i].marks & TOKEN_LINE) {
            uint32_t bytes = d->tokens.v[i - 1].end - d->tokens.v[start].start;
            const struct token *last = &d->tokens.v[i - 1];
            lines++;
            odd += bytes < WRAPPED_LEAST || bytes > WRAPPED_MOST;
            ended += (last->flags & TYPE_MARK) && strchr(".!?:;\"", last->mark) != NULL;
            start = i;
        }
    }
    return lines > 0 && odd * 5 <= lines && ended * 2 <= lines;
}

/* Does the token begin like a sentence? */
static bool begins(const struct document *d, size_t i)
{
    const struct token *w = &d->tokens.v[i];
    return (w->flags & TYPE_CAPITAL) || (w->flags & TYPE_OPENS) || (w->flags & TYPE_NUMERIC) ||
           ((w->flags & TYPE_MARK) && (w->mark == '"' || w->mark == '(' || w->mark == '-'));
}

/* A word that begins sentences far more often than it goes on with a name. */
static bool begins_surely(const struct token *w)
{
    return (w->flags & TYPE_CAPITAL) && !(w->flags & TYPE_CAPITALS) &&
           (w->classes & (WORD(STOP) | WORD(DETERMINER) | WORD(PRONOUN)));
}

/* Does a sentence end with token i, when token i + 1 follows in the same paragraph? `quoted`: an odd number of straight
 * quotation marks stands before token i + 1. */
static bool ends(const struct document *d, size_t i, bool quoted)
{
    const struct token *w = &d->tokens.v[i];
    const struct token *next = &d->tokens.v[i + 1];
    if (w->flags & TYPE_MARK) {
        size_t at = i;
        /* Closing marks belong to the sentence before. */
        while (at > 0 && i - at < CLOSING && (d->tokens.v[at].flags & TYPE_MARK) &&
               (d->tokens.v[at].flags & TYPE_CLOSES || strchr("\"')]", d->tokens.v[at].mark)) &&
               !(d->tokens.v[at].marks & TOKEN_PARAGRAPH)) {
            if (d->tokens.v[at].mark == 0) {
                break;
            }
            at--;
        }
        const struct token *end = &d->tokens.v[at];
        if (!(end->flags & TYPE_MARK)) {
            return false;
        }
        if (end->mark != '.' && end->mark != '!' && end->mark != '?') {
            return false;
        }
        bool closed =
            (next->flags & TYPE_CLOSES) || ((next->flags & TYPE_MARK) && strchr(")]", next->mark) && next->mark);
        if (closed) {
            return false;
        }
        if ((next->flags & TYPE_MARK) && next->mark == '"' && !(next->flags & TYPE_OPENS) && quoted) {
            return false; /* a straight mark that closes */
        }
        /* "…?" he said: a quote that goes on is no end. */
        return begins(d, i + 1) && ((d->tokens.v[i + 1].marks & TOKEN_SPACE) != 0);
    }
    if (w->flags & TYPE_STOPPED) {
        struct nw_str word = document_token(d, i);
        word.n--;
        if (abbreviation_leads(word)) {
            return false;
        }
        if (w->flags & TYPE_INITIAL && w->letters == 2) {
            return false;
        }
        return begins_surely(next);
    }
    return false;
}

void sentences_mark(struct document *d)
{
    size_t n = d->tokens.n;
    for (size_t from = 0; from < n;) {
        size_t to = from + 1;
        bool lines = false;
        while (to < n && !(d->tokens.v[to].marks & TOKEN_PARAGRAPH)) {
            lines |= (d->tokens.v[to].marks & TOKEN_LINE) != 0;
            to++;
        }
        bool wrapped = lines && is_wrapped(d, from, to);
        d->tokens.v[from].marks |= TOKEN_SENTENCE;
        bool quoted = false;
        for (size_t i = from + 1; i < to; i++) {
            const struct token *before = &d->tokens.v[i - 1];
            quoted ^=
                (before->flags & TYPE_MARK) && before->mark == '"' && !(before->flags & (TYPE_OPENS | TYPE_CLOSES));
            if (((d->tokens.v[i].marks & TOKEN_LINE) && !wrapped) || ends(d, i - 1, quoted)) {
                d->tokens.v[i].marks |= TOKEN_SENTENCE;
            }
        }
        from = to;
    }
}
