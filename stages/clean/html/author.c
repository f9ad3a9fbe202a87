/* Names of authors out of the lines that show them: see author.h. */
#include "html/author.h"

#include "chars.h"

enum {
    NAME_MOST = 60,     /* bytes of a name behind "By" */
    WORDS_MOST = 8,     /* and its words */
    REPORTER_MOST = 24, /* bytes of a name in a script that writes two to four characters */
};

/* "teacher of analysis at the academy": two words at least that names don't have. */
static bool is_description(struct nw_str part)
{
    size_t small = 0;
    for (size_t i = 0; i < part.n;) {
        size_t end = i;
        while (end < part.n && part.p[end] != ' ')
            end++;
        small += end - i >= 4 && part.p[i] >= 'a' && part.p[i] <= 'z';
        i = end + 1;
    }
    return small >= 2;
}

/* "G1", "AFP": behind a name, whom she writes for. */
static bool is_outlet(struct nw_str part)
{
    part = nw_str_trim(part);
    for (size_t i = 0; i < part.n; i++)
        if (!is_upper((unsigned char)part.p[i]) && !is_digit((unsigned char)part.p[i]))
            return false;
    return part.n >= 2;
}

/* "Ada Lovelace, Senior Editor", "Ada Lovelace Writer": without what she is. */
static struct nw_str without_role(struct nw_str s)
{
    static const char *const roles[] = {
        "officer",   "editor",     "writer",     "reporter",   "correspondent", "professor",   "director",    "expert",
        "executive", "head",       "chief",      "manager",    "contributor",   "president",   "founder",     "analyst",
        "phd",       "ph.d",       "md",         "columnist",  "journalist",    "redakteur",   "redakteurin", "author",
        "기자",      "specialist", "researcher", "strategist", "consultant",    "coordinator", "marketing"};
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] != ',')
            continue;
        size_t end = i + 1;
        while (end < s.n && s.p[end] != ',')
            end++;
        struct nw_str part = nw_str(s.p + i + 1, end - i - 1);
        for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
            if (has_word(part, nw_str_z(roles[k])))
                return nw_str(s.p, i);
        if (is_description(part) || is_outlet(part))
            return nw_str(s.p, i);
    }
    for (bool again = true; again;) {
        again = false;
        size_t blank = s.n;
        while (blank > 0 && s.p[blank - 1] != ' ')
            blank--;
        for (size_t k = 0; blank > 1 && k < sizeof roles / sizeof *roles && !again; k++)
            if (nw_str_eq_nocase(nw_str_from(s, blank), nw_str_z(roles[k]))) {
                s = nw_str_trim(nw_str(s.p, blank));
                again = true;
            }
    }
    return s;
}

/* Names have letters, and no dots without blanks. */
bool author_may_be(struct nw_str s)
{
    bool letter = false, dot = false, blank = false;
    for (size_t i = 0; i < s.n; i++) {
        letter = letter || is_alpha((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80;
        dot = dot || s.p[i] == '.' || s.p[i] == '_';
        blank = blank || s.p[i] == ' ';
    }
    return letter && !(dot && !blank);
}

/* Words before a name; `bare` ones need no colon. In lower case where ASCII; of other scripts both cases. */
static const struct lead {
    const char *word;
    bool bare;
} LEADS[] = {
    {"by", true},         {"written by", true},  {"posted by", true},  {"words by", true},  {"story by", true},
    {"text by", true},    {"reported by", true}, {"article by", true}, {"von", true},       {"par", true},
    {"por", true},        {"escrito por", true}, {"di", true},         {"a cura di", true}, {"door", true},
    {"av", true},         {"af", true},          {"بقلم", true},       {"מאת", true},       {"published by", true},
    {"autor", true},      {"author", false},     {"authors", false},   {"autorin", false},  {"auteur", false},
    {"autore", false},    {"text", false},       {"texte", false},     {"texto", false},    {"testo", false},
    {"tekst", false},     {"Автор", false},      {"автор", false},     {"Текст", false},    {"penulis", false},
    {"oleh", false},      {"yazan", false},      {"haber", false},     {"muhabir", false},  {"tác giả", false},
    {"Tác giả", false},   {"szerző", false},     {"írta", false},      {"Írta", false},     {"كتب", false},
    {"كتبت", false},      {"作者", false},       {"记者", false},      {"記者", false},     {"撰文", false},
    {"Συντάκτης", false}, {"लेखक", false},        {"文", false},
};

/* What stands behind such a word; "" where none begins s. *colon: whether a colon parts them. */
static struct nw_str behind_lead(struct nw_str s, bool *colon)
{
    for (size_t i = 0; i < sizeof LEADS / sizeof *LEADS; i++) {
        struct nw_str word = nw_str_z(LEADS[i].word);
        if (!nw_str_starts_nocase(s, word))
            continue;
        struct nw_str rest = nw_str_from(s, word.n), name = nw_str_trim(rest);
        bool wide = nw_str_starts(name, NW_S("：")) || nw_str_starts(name, NW_S("／"));
        *colon = wide || byte_at(name, 0) == ':';
        if (*colon)
            return nw_str_trim(nw_str_from(name, wide ? 3 : 1));
        if (LEADS[i].bare && byte_at(rest, 0) == ' ')
            return name;
    }
    return nw_str(NULL, 0);
}

static bool is_particle(struct nw_str word)
{
    static const char list[] =
        " de del della der den di da do dos das du la le van von zu zum af av bin al el y e i et und "
        "and och og ";
    return in_words(nw_str(list, sizeof list - 1), word);
}

bool author_line(struct nw_str s)
{
    bool colon = false;
    struct nw_str name = behind_lead(s, &colon), word;
    bool english = nw_str_starts_nocase(s, NW_S("by ")) || find_nocase(s, NW_S(" by ")) != SIZE_MAX;
    size_t words = 0, capitals = 0;
    if (nw_str_ends(s, NW_S(" 기자")))
        return s.n <= REPORTER_MOST;
    if (name.n < 4 || name.n > NAME_MOST)
        return false;
    for (size_t i = 0; i < name.n; i += word.n + 1) {
        size_t end = i, at = 0;
        while (end < name.n && name.p[end] != ' ')
            end++;
        word = nw_str(name.p + i, end - i);
        uint32_t first = word.n ? nw_utf8_next(word, &at) : 0;
        bool caseless = first >= 0x590 && is_letter(first);
        words++;
        capitals += is_upper_letter(first) || caseless || (!english && words > 1 && is_particle(word));
    }
    if (colon || english)
        return words <= WORDS_MOST && capitals >= 1 && capitals * 2 >= words;
    return words >= 2 && words <= WORDS_MOST && capitals == words;
}

struct nw_str author_inside(struct nw_str s)
{
    static const char *const labels[] = {"作者：", "作者:", "记者：", "記者："};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t at = nw_str_find(s, nw_str_z(labels[i]));
        if (at == SIZE_MAX)
            continue;
        struct nw_str name = nw_str_trim(nw_str_from(s, at + strlen(labels[i])));
        size_t blank = nw_str_find(name, NW_S(" "));
        name.n = blank == SIZE_MAX ? name.n : blank;
        if (name.n >= 6 && name.n <= REPORTER_MOST)
            return name;
    }
    return nw_str(NULL, 0);
}

/* A name as a page shows it: without "By", what stands behind a comma or bar that is no name, and with at most a few
 * words. */
struct nw_str author_name(struct draft *draft, struct nw_str s)
{
    struct nw_str line = draft_line(draft, s), rest;
    bool colon;
    if (nw_str_starts_nocase(line, NW_S("from ")))
        line = nw_str_from(line, 5);
    while ((rest = behind_lead(line, &colon)).n > 0)
        line = rest;
    if (nw_str_starts(line, NW_S("By")) && is_upper(byte_at(line, 2))) /* "By<span>Ada Lovelace" */
        line = nw_str_from(line, 2);
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '|' || line.p[i] == '@' || line.p[i] == '(' ||
            (line.p[i] == '-' && i > 0 && line.p[i - 1] == ' ')) {
            line.n = line.p[i] == '@' && i > 0 && line.p[i - 1] != ' ' ? 0 : i;
            break;
        }
    return without_role(trim_set(line, " ,;:.-/\"'"));
}
