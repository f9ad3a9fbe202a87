/* Names of authors out of the lines that show them: see author.h. */
#include "html/author.h"

#include "chars.h"

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

/* "Ada Lovelace, Senior Editor", "Ada Lovelace Writer": without what she is. */
static struct nw_str without_role(struct nw_str s)
{
    static const char *const roles[] = {
        "officer",    "editor",     "writer",     "reporter",   "correspondent", "professor", "director",    "expert",
        "executive",  "head",       "chief",      "manager",    "contributor",   "president", "founder",     "analyst",
        "phd",        "ph.d",       "md",         "columnist",  "journalist",    "redakteur", "redakteurin", "author",
        "specialist", "researcher", "strategist", "consultant", "coordinator",   "marketing"};
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
        if (is_description(part))
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

/* A name as a page shows it: without "By", what stands behind a comma or bar that is no name, and with at most a few
 * words. */
struct nw_str author_name(struct draft *draft, struct nw_str s)
{
    struct nw_str line = draft_line(draft, s);
    static const char *const leads[] = {
        "by ",   "by: ",      "written by ", "posted by ",   "von ",      "par ",     "por ",    "di ",
        "door ", "av ",       "af ",         "text: ",       "text by ",  "author: ", "autor: ", "autor ",
        "from ", "words by ", "story by ",   "reported by ", "authors: ", "authors:", "author:", "by:"};
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
            if (nw_str_starts_nocase(line, nw_str_z(leads[i]))) {
                line = nw_str_trim(nw_str_from(line, strlen(leads[i])));
                again = true;
            }
        if (nw_str_starts(line, NW_S("By")) && is_upper(byte_at(line, 2))) { /* "By<span>Ada Lovelace" */
            line = nw_str_from(line, 2);
            again = true;
        }
    }
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '|' || line.p[i] == '@' || line.p[i] == '(' ||
            (line.p[i] == '-' && i > 0 && line.p[i - 1] == ' ')) {
            line.n = line.p[i] == '@' && i > 0 && line.p[i - 1] != ' ' ? 0 : i;
            break;
        }
    return without_role(trim_set(line, " ,;:.-/\"'"));
}
