/* Bylines and credits: who wrote it, and which agencies it came from. See wire.h. */
#include "chars.h"
#include "wire.h"

enum {
    BYLINE_MOST = 120,    /* bytes */
    NAME_WORDS_MOST = 12, /* of all names in a byline */
    NAME_SMALL_MOST = 2,  /* of these without a capital: a fifth */
    STAFF_LEAST = 5,      /* letters of what agencies call their people */
};

/* "By ", "Von " … at the start; bytes of it, 0 for none. */
static size_t lead_in(struct nw_str line)
{
    static const char *const words[] = {
        "by: ",    "by ",     "von ",     "par ",      "por ",      "de ",         "di ",
        "door ",   "av ",     "af ",      "text: ",    "text by ",  "written by ", "story by ",
        "автор: ", "autor: ", "autore: ", "auteur : ", "words by ", "from "};
    if (line.n == 0)
        return 0;
    char first = to_lower(line.p[0]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i][0] == first && nw_str_starts_nocase(line, nw_str_z(words[i])))
            return strlen(words[i]);
    return 0;
}

/* What agencies call their people. */
static bool is_staff(struct nw_str word)
{
    static const char *const words[] = {"staff",   "correspondent", "correspondents", "reporter", "reporters",
                                        "writer",  "writers",       "agencies",       "newsroom", "agência",
                                        "agencia", "agence",        "agenzia"};
    for (size_t i = 0; word.n >= STAFF_LEAST && i < sizeof words / sizeof *words; i++)
        if (to_lower(word.p[0]) == words[i][0] && nw_str_eq_nocase(word, nw_str_z(words[i])))
            return true;
    return false;
}

/* Share of words with a capital: names have nearly all. */
static bool name_like(struct nw_str s)
{
    static const char small[] =
        " and und et y e och og en i de da di la le van von der den del bin al el of for in the at with ";
    size_t words = 0, capitals = 0;
    for (size_t i = 0; i < s.n;) {
        while (i < s.n && (s.p[i] == ' ' || s.p[i] == ',' || s.p[i] == '/' || s.p[i] == '(' || s.p[i] == '&'))
            i++;
        size_t start = i;
        while (i < s.n && s.p[i] != ' ' && s.p[i] != ',' && s.p[i] != '/')
            i++;
        if (i == start)
            continue;
        struct nw_str word = nw_str(s.p + start, i - start);
        if (is_upper(word.p[0])) {
            words++;
            capitals++;
            continue;
        }
        if (word.n <= 5 && in_words(nw_str(small, sizeof small - 1), word))
            continue;
        size_t at = 0;
        uint32_t c = nw_utf8_next(word, &at);
        words++;
        if (c < 0x80 && is_digit((int)c))
            return false;
        capitals +=
            is_upper_letter(c) || wire_is_agency(word) || is_staff(word) || c >= 0x2E80 || (c >= 0x590 && c < 0x1E00);
        if (words - capitals > NAME_SMALL_MOST)
            return false;
    }
    return words > 0 && words <= NAME_WORDS_MOST && capitals * 10 >= words * 8;
}

/* Each agency among the parts between "/", ",", "(" and " and " becomes a source. Returns whether one was found; *last
 * is where the last part begins when it is an agency and nothing else. */
static bool credit_sources(struct draft *draft, struct nw_str s, size_t *last)
{
    bool found = false;
    *last = s.n;
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && !strchr("/,;()|", s.p[end]))
            end++;
        struct nw_str part = nw_str_trim(nw_str(s.p + i, end - i));
        if (nw_str_starts_nocase(part, NW_S("for ")))
            part = nw_str_from(part, 4);
        struct nw_str word = part;
        for (size_t k = 0; k < part.n; k++)
            if (part.p[k] == ' ') {
                word.n = k;
                break;
            }
        bool whole = wire_is_agency(part);
        /* "TBT Staff", "AFP correspondents": the agency and its people */
        if (whole ||
            (word.n < part.n && word.n >= 2 && wire_is_agency(word) &&
             (find_nocase(part, NW_S("staff")) != SIZE_MAX || find_nocase(part, NW_S("report")) != SIZE_MAX ||
              find_nocase(part, NW_S("corresp")) != SIZE_MAX || find_nocase(part, NW_S("writer")) != SIZE_MAX ||
              find_nocase(part, NW_S("newsroom")) != SIZE_MAX))) {
            draft_source(draft, whole ? part : word, NULL);
            found = true;
        }
        *last = whole ? i : s.n;
        i = end + 1;
    }
    return found;
}

/* "Xinhua writers Wang Ming, Li Hua": the names alone; the agency becomes a source. */
static struct nw_str without_staff(struct draft *draft, struct nw_str line)
{
    size_t first = 0, second;
    while (first < line.n && line.p[first] != ' ')
        first++;
    for (second = first + 1; second < line.n && line.p[second] != ' ';)
        second++;
    if (second >= line.n || !wire_is_agency(nw_str(line.p, first)) ||
        !is_staff(trim_set(nw_str(line.p + first + 1, second - first - 1), ",:")))
        return line;
    draft_source(draft, nw_str(line.p, first), NULL);
    return nw_str_trim(nw_str_from(line, second));
}

void wire_by(struct draft *draft, struct nw_str names)
{
    struct nw_str line = draft_line(draft, names);
    size_t lead = lead_in(line);
    line = trim_set(nw_str_from(line, lead), " .,;:_-=^<");
    if (line.n == 0)
        return;
    line = without_staff(draft, line);
    size_t last;
    if (credit_sources(draft, line, &last) && last < line.n && last > 0 && line.p[last - 1] != '/')
        line = trim_set(nw_str(line.p, last), " ,;(|");
    draft_by(draft, line);
}

size_t wire_byline_before(struct draft *draft, struct nw_str paragraph)
{
    const char *close = paragraph.n > 0 && paragraph.p[0] == '('
                            ? memchr(paragraph.p, ')', paragraph.n < BYLINE_MOST ? paragraph.n : BYLINE_MOST)
                            : NULL;
    struct nw_str inside = close ? nw_str(paragraph.p + 1, (size_t)(close - paragraph.p) - 1) : nw_str(NULL, 0);
    size_t lead = lead_in(inside), end = inside.n + 2;
    if (lead == 0 || byte_at(paragraph, end) != ' ' || !name_like(nw_str_from(inside, lead)))
        return 0;
    wire_by(draft, inside);
    return end + 1;
}

/* Two to five words that all begin with a capital but for particles: a person's name. */
static bool is_name(struct nw_str s)
{
    size_t words = 1;
    for (size_t i = 0; i < s.n; i++)
        words += s.p[i] == ' ';
    return words >= 2 && words <= 5 && name_like(s) && !memchr(s.p, '.', s.n) && !memchr(s.p, ',', s.n);
}

bool wire_byline_after(struct draft *draft, struct nw_str s)
{
    static const char *const labels[] = {
        "muhabir: ", "reporter: ", "journalist: ", "autor: ", "автор: ", "text: ", "tekst: ", "redaktör: ", "editör: "};
    if (s.n > BYLINE_MOST / 2 || s.n < 6)
        return false;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (nw_str_starts_nocase(s, nw_str_z(labels[i])) && is_name(nw_str_from(s, strlen(labels[i])))) {
            draft_by(draft, nw_str_from(s, strlen(labels[i])));
            return true;
        }
    size_t at = s.n; /* of the mark before the agency: "/", ", ", " (" */
    while (at > 0 && s.p[at - 1] != '/' && s.p[at - 1] != ',' && s.p[at - 1] != '(')
        at--;
    if (at < 5)
        return false;
    struct nw_str agency = trim_set(nw_str_from(s, at), " ).-"), name = trim_set(nw_str(s.p, at - 1), " ");
    if (nw_str_starts(name, NW_S("Z ")) || nw_str_starts(name, NW_S("Ze "))) { /* Polish: "Z Hagi Ada Example (PAP)" */
        size_t word = 3;
        while (word < name.n && name.p[word] != ' ')
            word++;
        name = nw_str_trim(nw_str_from(name, word < name.n ? word : 0));
    }
    if (!wire_is_agency(agency) || !is_name(name))
        return false;
    draft_source(draft, agency, NULL);
    draft_by(draft, name);
    return true;
}

bool wire_byline(struct draft *draft, struct nw_str line)
{
    line = trim_set(line, "* ");
    size_t lead = lead_in(line);
    if (line.n < 3 || line.n > BYLINE_MOST)
        return false;
    struct nw_str rest = trim_set(nw_str_from(line, lead), " ");
    if (!lead && line.n > 60)
        return false;
    if (rest.n < 2 || rest.p[rest.n - 1] == '.' || rest.p[rest.n - 1] == ':' || rest.p[rest.n - 1] == '?' ||
        rest.p[rest.n - 1] == '!')
        return false;
    if (lead) {
        if (!name_like(rest))
            return false;
        wire_by(draft, line);
        return true;
    }
    /* Without By: only what names an agency or a staff. */
    if (line.n > 60 || !name_like(rest))
        return false;
    size_t last;
    bool staff = has_word(rest, NW_S("staff")) || has_word(rest, NW_S("newsroom")) ||
                 has_word(rest, NW_S("correspondent")) || has_word(rest, NW_S("correspondents")) ||
                 has_word(rest, NW_S("reporter")) || has_word(rest, NW_S("reporters")) ||
                 has_word(rest, NW_S("agencies"));
    bool sources = credit_sources(draft, rest, &last);
    if (!sources && !staff)
        return false;
    draft_by(draft, rest);
    return true;
}
