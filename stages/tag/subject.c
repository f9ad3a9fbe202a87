/* Subjects of saying, and the persons that pronouns and titles stand for: see speaker.h. */
#include "speaker.h"

enum { SUBJECT_MOST = 24 };

/* ---- what persons are called ---- */

static void add_role(struct speakers *s, size_t token, uint32_t name)
{
    if (s->role_count < SPEAKER_ROLES) {
        bool modified = token > 0 && !starts_sentence(s, token) && (type_at(s, token - 1)->flags & TYPE_CAPITAL);
        s->roles[s->role_count++] =
            (struct role){type_at(s, token)->lower, modified ? type_at(s, token - 1)->lower : 0, name};
    }
}

void subject_roles(struct speakers *s)
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

bool subject_name(const struct speakers *s, size_t token, struct subject *out)
{
    size_t n = names_at(&s->d->names, token);
    if (n == SIZE_MAX) {
        return false;
    }
    const struct name *name = &s->d->names.v[n];
    *out = (struct subject){name->first, name->last, (uint32_t)n};
    return true;
}

bool subject_is_person(const struct speakers *s, const struct subject *x)
{
    return x->name != NO_TOKEN && s->d->names.v[x->name].type == NAME_PER;
}

bool subject_left(const struct speakers *s, size_t from, size_t end, struct subject *out)
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
                if (subject_name(s, j - 1, out) && subject_is_person(s, out)) {
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
            if (subject_name(s, j - 1, &x) && subject_is_person(s, &x)) {
                size_t behind = x.last + 1;
                if (is_mark(s, behind, ',') || is_mark(s, behind, '(') || is_mark(s, behind, '-')) {
                    *out = x;
                    return true;
                }
            }
        }
        for (size_t j = low; j < k; j++) {
            if (subject_name(s, j, out) && subject_is_person(s, out)) {
                return true;
            }
        }
        for (size_t j = low; j < k; j++) {
            if (is_pronoun(s, j) && type_at(s, j)->classes & WORD(PRONOUN)) {
                *out = (struct subject){j, j, NO_TOKEN};
                return true;
            }
        }
        if (k == from) {
            return false; /* nothing stands before the mark: ", said the minister" */
        }
        k--;
    }
    if (subject_name(s, k, out) && subject_is_person(s, out)) {
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
        if (subject_name(s, j, &x) && subject_is_person(s, &x) &&
            (x.last == k || !(type_at(s, k)->classes & WORD(ROLE)))) {
            out->name = x.name;
            return true;
        }
    }
    for (size_t j = first; j <= k; j++) {
        struct subject x;
        if (subject_name(s, j, &x) && s->d->names.v[x.name].type != NAME_MISC && x.last == k && x.first <= first + 1) {
            out->name = x.name;
            return true;
        }
    }
    return !(type_at(s, k)->flags & TYPE_MARK) && !is_cue(s, k);
}

bool subject_right(const struct speakers *s, size_t begin, size_t to, struct subject *out)
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
        if (subject_name(s, j, &x) && subject_is_person(s, &x)) {
            *out = (struct subject){k, x.last, x.name};
            return true;
        }
        if (w->flags & TYPE_MARK) {
            if (any && is_mark(s, j, ',') && j + 1 < to && subject_name(s, j + 1, &x) && subject_is_person(s, &x)) {
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
        if (subject_name(s, j, &x) && s->d->names.v[x.name].type != NAME_MISC && x.first <= k + 1 && x.last == last) {
            out->name = x.name;
        }
    }
    return true;
}

uint32_t subject_person(const struct speakers *s, const struct subject *x, size_t q)
{
    bool pronoun = x->first == x->last && type_at(s, x->first)->classes & (WORD(HE) | WORD(SHE));
    return pronoun ? pronoun_person(s, x->first, q) : role_person(s, x->first, x->last);
}
