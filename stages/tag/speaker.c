/*
 * Who says a quotation. In its sentence, outside the marks, the cue nearest to it; the cue's subject is a name, a
 * pronoun, or a noun phrase. Without one, the speaker of the quotation before in the paragraph, or of the paragraph
 * before, goes on. Pronouns and titles are carried back to a person.
 */
#include "quotes.h"

enum { SUBJECT_MOST = 24, ROLES = 256, REACH = 16 };

/* A word of what a person is ("president") as the article says it of a name. */
struct role {
    uint64_t word;     /* lower-cased */
    uint64_t modifier; /* the word before it: Lithuanian; 0 none */
    uint32_t name;
};

struct speakers {
    const struct document *d;
    struct quotes *quotes;
    struct role roles[ROLES];
    size_t role_count;
};

static const struct word_type *type_at(const struct speakers *s, size_t i)
{
    return document_type(s->d, i);
}

static bool is_mark(const struct speakers *s, size_t i, char mark)
{
    return (type_at(s, i)->flags & TYPE_MARK) && type_at(s, i)->mark == mark;
}

static bool is_word(const struct speakers *s, size_t i, const char *word)
{
    return i < s->d->tokens.n && nw_str_eq_nocase(document_token(s->d, i), nw_str_z(word));
}

static bool starts_sentence(const struct speakers *s, size_t i)
{
    return (s->d->tokens.v[i].marks & TOKEN_SENTENCE) != 0;
}

static bool is_pronoun(const struct speakers *s, size_t i)
{
    return (type_at(s, i)->classes & WORD(PRONOUN)) != 0 || is_word(s, i, "i") || is_word(s, i, "we");
}

/* Words between a subject and its verb: also, later, had, -ly. */
static bool is_filler(const struct speakers *s, size_t i)
{
    const struct word_type *w = type_at(s, i);
    struct nw_str t = document_token(s->d, i);
    return (w->classes & (WORD(BE) | WORD(MODAL) | WORD(AGO) | WORD(LATER) | WORD(WEEKDAY))) ||
           (w->flags & TYPE_LOWER && nw_str_ends(t, NW_S("ly"))) || is_word(s, i, "also") || is_word(s, i, "then") ||
           is_word(s, i, "himself") || is_word(s, i, "herself") || is_word(s, i, "again") || is_word(s, i, "to");
}

static bool is_cue(const struct speakers *s, size_t i)
{
    const struct word_type *w = type_at(s, i);
    return (w->classes & WORD(CUE)) && (w->flags & TYPE_LOWER) && !(w->flags & TYPE_HYPHEN);
}

/* ---- what persons are called ---- */

static void add_role(struct speakers *s, size_t token, uint32_t name)
{
    if (s->role_count < ROLES) {
        bool modified = token > 0 && !starts_sentence(s, token) && (type_at(s, token - 1)->flags & TYPE_CAPITAL);
        s->roles[s->role_count++] =
            (struct role){type_at(s, token)->lower, modified ? type_at(s, token - 1)->lower : 0, name};
    }
}

static void read_roles(struct speakers *s)
{
    const struct names *names = &s->d->names;
    s->role_count = 0;
    for (uint32_t i = 0; i < names->n; i++) {
        const struct name *name = &names->v[i];
        if (name->type != NAME_PER) {
            continue;
        }
        /* Lithuanian President X; NATO Secretary General X */
        size_t k = name->first;
        for (int steps = 0; steps < 4 && k > 0 && !starts_sentence(s, k); steps++) {
            k--;
            const struct word_type *w = type_at(s, k);
            if (w->classes & WORD(ROLE)) {
                add_role(s, k, i);
            } else if (!(w->flags & TYPE_CAPITAL) || w->flags & TYPE_MARK) {
                break;
            }
        }
        /* X, a spokesman for …, : the phrase is closed before anything is said. */
        if (name->last + 2 < s->d->tokens.n && is_mark(s, name->last + 1, ',')) {
            size_t role = 0;
            for (size_t j = name->last + 2; j < name->last + 14 && j < s->d->tokens.n && !starts_sentence(s, j); j++) {
                bool closed = is_mark(s, j, ',') || is_mark(s, j, '.') || is_mark(s, j, ')');
                if (closed && role) {
                    add_role(s, role, i);
                }
                if (closed || is_cue(s, j) || is_mark(s, j, '"')) {
                    break;
                }
                role = role == 0 && type_at(s, j)->classes & WORD(ROLE) ? j : role;
            }
        }
    }
}

/* ---- carrying back ---- */

static bool fits_gender(const struct speakers *s, const struct name *name, bool woman)
{
    uint64_t other = woman ? WORD(MAN) | WORD(MANNAME) : WORD(WOMAN) | WORD(WOMANNAME);
    /* The full name's first word tells most: look at every mention of the person. */
    const struct name *all[2] = {name, &s->d->names.v[name->canonical]};
    for (int k = 0; k < 2; k++) {
        if (type_at(s, all[k]->first)->classes & other) {
            return false;
        }
        if (all[k]->first > 0 && type_at(s, all[k]->first - 1)->classes & (woman ? WORD(MAN) : WORD(WOMAN)) &&
            !(s->d->tokens.v[all[k]->first].marks & TOKEN_SENTENCE)) {
            return false;
        }
    }
    struct nw_str label = name->label;
    for (uint32_t i = 0; i < s->d->names.n && i < 512; i++) {
        const struct name *n = &s->d->names.v[i];
        if (n->type == NAME_PER && n->last > n->first && nw_str_eq(n->label, label)) {
            return !(type_at(s, n->first)->classes & other);
        }
    }
    return true;
}

/* Number of the last name whose first token is before `token`; names.n when there is none. */
static size_t name_before(const struct speakers *s, size_t token)
{
    size_t low = 0;
    size_t high = s->d->names.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->d->names.v[middle].first < token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low ? low - 1 : s->d->names.n;
}

static bool in_quote(const struct speakers *s, size_t token, size_t upto)
{
    for (size_t q = 0; q < upto; q++) {
        if (s->quotes->v[q].first <= token && token <= s->quotes->v[q].last) {
            return true;
        }
    }
    return false;
}

/* The person that a pronoun at `token` means: going back by sentences, the first person named in each (its subject),
 * within three paragraphs; the speaker before counts as one. */
static uint32_t pronoun_person(const struct speakers *s, size_t token, size_t q)
{
    const struct names *names = &s->d->names;
    bool woman = (type_at(s, token)->classes & WORD(SHE)) != 0;
    size_t from = token;
    size_t low = q > 40 ? q - 40 : 0;
    int paragraphs = 0;
    for (int sentences = 0; sentences < 12 && from > 0; sentences++) {
        size_t start = from - 1;
        while (start > 0 && !starts_sentence(s, start)) {
            start--;
        }
        uint32_t found = NO_TOKEN;
        for (size_t i = name_before(s, from); i < names->n; i--) {
            if (names->v[i].last < start) {
                break;
            }
            bool quoted = false;
            for (size_t k = low; k < q; k++) {
                quoted |= s->quotes->v[k].first <= names->v[i].first && names->v[i].first <= s->quotes->v[k].last;
            }
            if (names->v[i].type == NAME_PER && !quoted && fits_gender(s, &names->v[i], woman)) {
                found = (uint32_t)i;
            }
            if (i == 0) {
                break;
            }
        }
        if (found != NO_TOKEN) {
            return found;
        }
        /* A quotation of that sentence has a speaker who fits. */
        for (size_t k = q; k > low; k--) {
            const struct quote *quote = &s->quotes->v[k - 1];
            if (quote->first >= start && quote->first < from && quote->speaker != NO_TOKEN &&
                names->v[quote->speaker].type == NAME_PER && fits_gender(s, &names->v[quote->speaker], woman)) {
                return quote->speaker;
            }
        }
        paragraphs += (s->d->tokens.v[start].marks & TOKEN_PARAGRAPH) != 0;
        if (paragraphs > 4 || start == 0) {
            break;
        }
        from = start;
    }
    return NO_TOKEN;
}

/* The person that a noun phrase with a role means: the last one before it so called, its modifiers agreeing. */
static uint32_t role_person(const struct speakers *s, size_t first, size_t last)
{
    uint32_t best = NO_TOKEN;
    int most = 0;
    for (size_t k = first; k <= last; k++) {
        const struct word_type *w = type_at(s, k);
        if (!(w->classes & WORD(ROLE))) {
            continue;
        }
        for (size_t r = s->role_count; r-- > 0;) {
            const struct role *role = &s->roles[r];
            const struct name *name = &s->d->names.v[role->name];
            if (name->first > last + 400) {
                continue;
            }
            int points = role->word == w->lower ? 2 : 0;
            bool modified = false;
            for (size_t m = first; m <= last; m++) {
                modified |= (type_at(s, m)->flags & TYPE_CAPITAL) != 0 && type_at(s, m)->lower == role->modifier;
            }
            points += modified ? 2 : 0;
            points = points && name->first < first ? points + 1 : points;
            if (points > most && (points > 2 || modified)) {
                most = points;
                best = role->name;
            }
        }
    }
    return best;
}

/* ---- subjects ---- */

struct subject {
    size_t first, last; /* tokens */
    uint32_t name;      /* NO_TOKEN: none in it */
};

static bool from_name(const struct speakers *s, size_t token, struct subject *out)
{
    size_t n = names_at(&s->d->names, token);
    if (n == SIZE_MAX) {
        return false;
    }
    const struct name *name = &s->d->names.v[n];
    *out = (struct subject){name->first, name->last, (uint32_t)n};
    return true;
}

static bool is_person(const struct speakers *s, const struct subject *x)
{
    return x->name != NO_TOKEN && s->d->names.v[x->name].type == NAME_PER;
}

/* The subject that ends before token `end` and begins not before `from`. */
static bool subject_left(const struct speakers *s, size_t from, size_t end, struct subject *out)
{
    size_t k = end;
    while (k > from && is_filler(s, k - 1)) {
        k--;
    }
    if (k == from) {
        return false;
    }
    k--;
    if (is_pronoun(s, k) || is_word(s, k, "who")) {
        if (is_word(s, k, "who")) {
            /* X, who said: the name before. */
            for (size_t j = k; j > from; j--) {
                if (from_name(s, j - 1, out) && is_person(s, out)) {
                    return true;
                }
            }
            return false;
        }
        *out = (struct subject){k, k, NO_TOKEN};
        return true;
    }
    size_t low = k > from + SUBJECT_MOST ? k - SUBJECT_MOST : from;
    if (is_mark(s, k, ',') || is_mark(s, k, ')') || is_mark(s, k, '-')) {
        /* An apposition: the person named before it, else the first person of the clause. */
        for (size_t j = k; j > low; j--) {
            struct subject x;
            if (from_name(s, j - 1, &x) && is_person(s, &x)) {
                size_t behind = x.last + 1;
                if (is_mark(s, behind, ',') || is_mark(s, behind, '(') || is_mark(s, behind, '-')) {
                    *out = x;
                    return true;
                }
            }
        }
        for (size_t j = low; j < k; j++) {
            if (from_name(s, j, out) && is_person(s, out)) {
                return true;
            }
        }
        for (size_t j = low; j < k; j++) {
            if (is_pronoun(s, j) && type_at(s, j)->classes & WORD(PRONOUN)) {
                *out = (struct subject){j, j, NO_TOKEN};
                return true;
            }
        }
        k--;
    }
    if (k >= from && from_name(s, k, out) && is_person(s, out)) {
        return true;
    }
    /* A noun phrase: back to its determiner, or to what cannot be part of it. */
    size_t first = k;
    while (first > low) {
        const struct word_type *w = type_at(s, first - 1);
        bool of = is_word(s, first - 1, "of") || is_word(s, first - 1, "for") || is_word(s, first - 1, "in") ||
                  is_word(s, first - 1, "at") || is_word(s, first - 1, "'s") ||
                  is_word(s, first - 1, "\xE2\x80\x99s") || is_word(s, first - 1, "with") ||
                  is_word(s, first - 1, "and");
        if (starts_sentence(s, first) || (w->flags & TYPE_MARK) || is_cue(s, first - 1) ||
            (w->classes & (WORD(CLAUSE) | WORD(BE) | WORD(MODAL)) && !of)) {
            break;
        }
        first--;
        if (w->classes & WORD(DETERMINER) &&
            !(first > low && (is_word(s, first - 1, "of") || is_word(s, first - 1, "for") ||
                              is_word(s, first - 1, "at") || is_word(s, first - 1, "with")))) {
            break;
        }
    }
    *out = (struct subject){first, k, NO_TOKEN};
    /* A person, or else an organisation, in it. */
    for (size_t j = first; j <= k; j++) {
        struct subject x;
        if (from_name(s, j, &x) && is_person(s, &x) && (x.last == k || !(type_at(s, k)->classes & WORD(ROLE)))) {
            out->name = x.name;
            return true;
        }
    }
    for (size_t j = first; j <= k; j++) {
        struct subject x;
        if (from_name(s, j, &x) && s->d->names.v[x.name].type != NAME_MISC && x.last == k && x.first <= first + 1) {
            out->name = x.name;
            return true;
        }
    }
    return !(type_at(s, k)->flags & TYPE_MARK) && !is_cue(s, k);
}

/* The subject that begins at or behind token `begin`, before `to`. */
static bool subject_right(const struct speakers *s, size_t begin, size_t to, struct subject *out)
{
    size_t k = begin;
    while (k < to && is_filler(s, k)) {
        k++;
    }
    if (k >= to) {
        return false;
    }
    if (is_pronoun(s, k)) {
        *out = (struct subject){k, k, NO_TOKEN};
        return true;
    }
    size_t last = k;
    bool any = false;
    for (size_t j = k; j < to && j < k + 14; j++) {
        struct subject x;
        const struct word_type *w = type_at(s, j);
        if (from_name(s, j, &x) && is_person(s, &x)) {
            *out = (struct subject){k, x.last, x.name};
            return true;
        }
        if (w->flags & TYPE_MARK) {
            if (any && is_mark(s, j, ',') && j + 1 < to && from_name(s, j + 1, &x) && is_person(s, &x)) {
                *out = x; /* said the senator, Ann Lee */
                return true;
            }
            break;
        }
        if (j > k &&
            (w->classes & (WORD(CLAUSE) | WORD(BE) | WORD(MODAL)) || is_word(s, j, "in") || is_word(s, j, "on") ||
             is_word(s, j, "during") || is_word(s, j, "to") || w->classes & WORD(WEEKDAY))) {
            break;
        }
        last = j;
        any = true;
    }
    if (!any) {
        return false;
    }
    *out = (struct subject){k, last, NO_TOKEN};
    for (size_t j = k; j <= last; j++) {
        struct subject x;
        if (from_name(s, j, &x) && s->d->names.v[x.name].type != NAME_MISC && x.first <= k + 1 && x.last == last) {
            out->name = x.name;
        }
    }
    return true;
}

/* ---- the attribution of one quotation ---- */

static void settle(struct speakers *s, size_t q, size_t cue, size_t cue_last, const struct subject *x, float confidence)
{
    struct quote *quote = &s->quotes->v[q];
    quote->cue = (uint32_t)cue;
    quote->cue_last = (uint32_t)cue_last;
    quote->source = (uint32_t)x->first;
    quote->source_last = (uint32_t)x->last;
    quote->speaker = x->name;
    quote->confidence = confidence;
    if (x->name == NO_TOKEN) {
        bool pronoun = x->first == x->last && type_at(s, x->first)->classes & (WORD(HE) | WORD(SHE));
        quote->speaker = pronoun ? pronoun_person(s, x->first, q) : role_person(s, x->first, x->last);
        quote->confidence = quote->speaker == NO_TOKEN ? confidence * 0.8F : confidence * 0.85F;
    }
}

/* Text outside the marks on either side of a quotation, within its sentences: [left, first - 1) and [last + 2, right).
 */
struct surroundings {
    size_t left, left_end, right, right_end;
};

static void look_around(const struct speakers *s, size_t q, struct surroundings *a)
{
    const struct quote *quote = &s->quotes->v[q];
    size_t n = s->d->tokens.n;
    a->left_end = quote->first ? quote->first - 1 : 0;
    a->left = a->left_end;
    while (a->left > 0 && !starts_sentence(s, a->left)) {
        a->left--;
    }
    for (size_t i = a->left_end; i > a->left; i--) {
        if (is_mark(s, i - 1, '"')) {
            a->left = i;
            break;
        }
    }
    a->right = quote->last + 2 < n ? quote->last + 2 : n;
    a->right_end = a->right;
    bool goes_on = quote->last + 1 < n && (s->d->tokens.v[quote->last + 1].marks & TOKEN_PARAGRAPH);
    if (!goes_on && a->right < n && !(s->d->tokens.v[a->right].marks & TOKEN_PARAGRAPH)) {
        const struct word_type *end = type_at(s, quote->last);
        bool closed = (end->flags & TYPE_MARK) && end->mark == '.';
        if (!(starts_sentence(s, a->right) && closed)) {
            a->right_end++;
            while (a->right_end < n && !starts_sentence(s, a->right_end) && !is_mark(s, a->right_end, '"')) {
                a->right_end++;
            }
        }
    }
}

/* "according to X" within [from, to) */
static bool according(struct speakers *s, size_t q, size_t from, size_t to)
{
    for (size_t i = from; i + 2 < to; i++) {
        struct subject x;
        if (is_word(s, i, "according") && is_word(s, i + 1, "to") && subject_right(s, i + 2, to, &x)) {
            settle(s, q, i, i + 1, &x, 0.85F);
            return true;
        }
    }
    return false;
}

static bool from_right(struct speakers *s, size_t q, const struct surroundings *a)
{
    if (according(s, q, a->right, a->right_end)) {
        return true;
    }
    for (size_t i = a->right; i < a->right_end && i < a->right + REACH; i++) {
        if (!is_cue(s, i)) {
            continue;
        }
        struct subject x;
        if (i > a->right && subject_left(s, a->right, i, &x)) {
            settle(s, q, i, i, &x, 0.95F);
            return true;
        }
        if (i <= a->right + 1 && subject_right(s, i + 1, a->right_end, &x)) {
            settle(s, q, i, i, &x, 0.95F);
            return true;
        }
    }
    return false;
}

static bool from_left(struct speakers *s, size_t q, const struct surroundings *a)
{
    for (size_t i = a->left_end; i > a->left; i--) {
        struct subject x;
        if (is_cue(s, i - 1) && !is_word(s, i - 1, "according") && subject_left(s, a->left, i - 1, &x)) {
            settle(s, q, i - 1, i - 1, &x, 0.9F);
            return true;
        }
    }
    return according(s, q, a->left, a->left_end);
}

static void copy_speaker(struct speakers *s, size_t q, const struct quote *from, float part)
{
    struct quote *quote = &s->quotes->v[q];
    quote->source = from->source;
    quote->source_last = from->source_last;
    quote->speaker = from->speaker;
    quote->confidence = from->confidence * part;
}

static bool same_paragraph(const struct speakers *s, size_t a, size_t b)
{
    for (size_t i = a + 1; i <= b; i++) {
        if (s->d->tokens.v[i].marks & TOKEN_PARAGRAPH) {
            return false;
        }
    }
    return true;
}

/* The first person, else any, named in [from, to) outside quotations. */
static bool named_in(struct speakers *s, size_t q, size_t from, size_t to, float confidence)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = from; i < to; i++) {
            struct subject x;
            bool hit = from_name(s, i, &x) && (is_person(s, &x) || (pass && s->d->names.v[x.name].type == NAME_ORG));
            if (!hit && pass == 0 && type_at(s, i)->classes & WORD(PRONOUN) &&
                type_at(s, i)->classes & (WORD(HE) | WORD(SHE)) && !is_word(s, i, "him")) {
                x = (struct subject){i, i, NO_TOKEN};
                hit = true;
            }
            if (hit && !in_quote(s, i, q + 1)) {
                settle(s, q, NO_TOKEN, NO_TOKEN, &x, confidence);
                return true;
            }
        }
    }
    return false;
}

static void attribute(struct speakers *s, size_t q)
{
    struct surroundings a;
    look_around(s, q, &a);
    const struct quote *quote = &s->quotes->v[q];
    const struct word_type *end = type_at(s, quote->last);
    bool comma = (end->flags & TYPE_MARK) && end->mark && strchr(",?!-", end->mark);
    if (comma ? from_right(s, q, &a) || from_left(s, q, &a) : from_left(s, q, &a) || from_right(s, q, &a)) {
        return;
    }
    const struct quote *before = q ? quote - 1 : NULL;
    if (before && before->source != NO_TOKEN && same_paragraph(s, before->last, quote->first)) {
        copy_speaker(s, q, before, 0.9F);
        return;
    }
    if (named_in(s, q, a.left, a.left_end, 0.6F) || named_in(s, q, a.right, a.right_end, 0.6F)) {
        return;
    }
    bool opens_paragraph = quote->first > 0 && s->d->tokens.v[quote->first - 1].marks & TOKEN_PARAGRAPH;
    if (before && before->source != NO_TOKEN && opens_paragraph && quote->first - before->last < 200) {
        copy_speaker(s, q, before, 0.7F);
        return;
    }
    /* The sentence before. */
    size_t to = a.left;
    size_t from = to;
    while (from > 0 && !starts_sentence(s, --from)) {
    }
    if (!named_in(s, q, from, to, 0.5F) && before && before->source != NO_TOKEN) {
        copy_speaker(s, q, before, 0.5F);
    }
}

void quotes_attribute(const struct document *d, struct quotes *quotes)
{
    struct speakers s = {.d = d, .quotes = quotes};
    read_roles(&s);
    for (size_t q = 0; q < quotes->n; q++) {
        attribute(&s, q);
    }
}
