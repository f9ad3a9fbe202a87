/*
 * A file is read for the groups that name us, and where there are none, once more for those of '*'. Patterns and paths
 * are compared in a normal form (RFC 9309, 2.2.2): an escape of an unreserved character becomes that character, and in
 * a query those of ':' and '/' too; other escapes have capital digits; bytes that are no ASCII are escaped, and so are
 * '*' and '$' where they mean themselves.
 */
#include "robots.h"
#include "find.h"

#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const double delay_most_s = 86400;

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* The product token that s begins with. */
static struct nw_str token_of(struct nw_str s)
{
    size_t n = 0;

    while (n < s.n && is_token(s.p[n]))
        n++;
    return nw_str(s.p, n);
}

void robots_agent(const char *user_agent, char agent[ROBOTS_AGENT])
{
    snprintf(agent, ROBOTS_AGENT, "%.*s", NW_FMT(token_of(nw_str_z(user_agent))));
}

void robots_init(struct robots *robots)
{
    *robots = (struct robots){.delay_ms = -1};
    nw_buf_init(&robots->rules, 3 * ROBOTS_BYTES + 1); /* every byte escaped */
}

void robots_free(struct robots *robots)
{
    nw_buf_free(&robots->rules);
}

/* ---- the normal form */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* RFC 3986, 2.3. */
static bool is_unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void normalise(struct nw_buf *out, struct nw_str s, bool is_pattern)
{
    bool query = false;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        int high = c == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1, low = high >= 0 ? hex_digit(s.p[i + 2]) : -1,
            code = low >= 0 ? high * 16 + low : -1;
        bool means_itself = c == '*' ? !is_pattern : c == '$' && !(is_pattern && i + 1 == s.n);
        query = query || c == '?';
        if (code >= 0) {
            i += 2;
            if (is_unreserved(code) || (query && (code == ':' || code == '/')))
                nw_buf_char(out, (char)code);
            else
                nw_buf_printf(out, "%%%02X", (unsigned)code);
        } else if (c > ' ' && c < 0x7f && !means_itself) {
            nw_buf_char(out, (char)c);
        } else {
            nw_buf_printf(out, "%%%02X", (unsigned)c);
        }
    }
}

/* ---- reading */

/* The lines that mean something here. */
enum field { FIELD_NONE, FIELD_AGENT, FIELD_ALLOW, FIELD_DISALLOW, FIELD_DELAY };

/* Takes the next line off *rest. False at the end. Line ends are LF, CR or both. */
static bool next_field(struct nw_str *rest, enum field *field, struct nw_str *value)
{
    static const struct {
        struct nw_str name;
        enum field field;
    } names[] = {{NW_STR("user-agent"), FIELD_AGENT},
                 {NW_STR("allow"), FIELD_ALLOW},
                 {NW_STR("disallow"), FIELD_DISALLOW},
                 {NW_STR("crawl-delay"), FIELD_DELAY}};
    size_t end = 0, comment, colon;
    struct nw_str line, name;

    if (rest->n == 0)
        return false;
    while (end < rest->n && rest->p[end] != '\n' && rest->p[end] != '\r')
        end++;
    line = nw_str(rest->p, end);
    *rest = nw_str_from(*rest, end + 1);
    *field = FIELD_NONE;
    comment = find_byte(line, 0, '#');
    line = comment == SIZE_MAX ? line : nw_str(line.p, comment);
    colon = find_byte(line, 0, ':');
    if (colon == SIZE_MAX)
        return true;
    name = nw_str_trim(nw_str(line.p, colon));
    *value = nw_str_trim(nw_str_from(line, colon + 1));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (nw_str_eq_nocase(name, names[i].name))
            *field = names[i].field;
    }
    return true;
}

static bool names(struct nw_str value, struct nw_str agent)
{
    return agent.n == 0 ? value.n > 0 && value.p[0] == '*' && token_of(nw_str_from(value, 1)).n == 0
                        : nw_str_eq_nocase(token_of(value), agent);
}

static void keep_rule(struct robots *robots, enum field field, struct nw_str pattern)
{
    if (pattern.n == 0) /* "Disallow:" forbids nothing */
        return;
    nw_buf_char(&robots->rules, field == FIELD_ALLOW ? '+' : '-');
    normalise(&robots->rules, pattern, true);
    nw_buf_char(&robots->rules, '\n');
}

static void keep_delay(struct robots *robots, struct nw_str value)
{
    char number[32], *end;
    double seconds;

    snprintf(number, sizeof number, "%.*s", NW_FMT(value));
    seconds = strtod(number, &end);
    if (end > number && seconds >= 0)
        robots->delay_ms = (int64_t)((seconds < delay_most_s ? seconds : delay_most_s) * 1000);
}

/* Keeps the rules of the groups that name the agent ("": all agents). *named: there was one. */
static void keep_groups(struct robots *robots, struct nw_str text, struct nw_str agent, bool *named)
{
    bool ours = false, agents = false; /* the group is for us; the last line that counts named an agent */
    enum field field;
    struct nw_str value;

    *named = false;
    while (next_field(&text, &field, &value)) {
        switch (field) {
        case FIELD_AGENT:
            ours = names(value, agent) || (agents && ours);
            agents = true;
            *named = *named || ours;
            break;
        case FIELD_ALLOW:
        case FIELD_DISALLOW:
            if (ours)
                keep_rule(robots, field, value);
            agents = false;
            break;
        case FIELD_DELAY: /* ends no row of agents: lines that the standard does not know must not (2.2.4) */
            if (ours)
                keep_delay(robots, value);
            break;
        default:
            break;
        }
    }
}

int robots_read(struct robots *robots, struct nw_str text, const char *agent)
{
    bool named = false;

    text = text.n > ROBOTS_BYTES ? nw_str(text.p, ROBOTS_BYTES) : text;
    if (nw_str_starts(text, NW_S("\xef\xbb\xbf")))
        text = nw_str_from(text, 3);
    nw_buf_clear(&robots->rules);
    robots->delay_ms = -1;
    if (agent[0])
        keep_groups(robots, text, nw_str_z(agent), &named);
    if (!named)
        keep_groups(robots, text, nw_str("", 0), &named);
    return robots->rules.error ? nw_fault(robots->rules.error) : 0;
}

/* ---- matching */

/* Whether the pattern fits a beginning of the path, or with '$' at its end all of it. What stands between two '*' is
 * taken at the first place where it fits, which is as good as any later one; but the last, before '$', at the end. */
static bool fits(struct nw_str pattern, struct nw_str path)
{
    bool whole = pattern.n > 0 && pattern.p[pattern.n - 1] == '$', first = true;
    size_t star;

    pattern.n -= whole;
    while ((star = find_byte(pattern, 0, '*')) != SIZE_MAX) {
        struct nw_str piece = nw_str(pattern.p, star);
        size_t at = first || piece.n == 0 ? 0 : find_bytes(path, 0, piece);
        if (first && !nw_str_starts(path, piece))
            return false;
        if (at == SIZE_MAX)
            return false;
        path = nw_str_from(path, at + piece.n);
        pattern = nw_str_from(pattern, star + 1);
        first = false;
    }
    if (first)
        return whole ? nw_str_eq(path, pattern) : nw_str_starts(path, pattern);
    if (whole)
        return nw_str_ends(path, pattern);
    return pattern.n == 0 || find_bytes(path, 0, pattern) != SIZE_MAX;
}

int robots_allow(const struct robots *robots, struct nw_str path, bool *allowed)
{
    struct nw_str rules = nw_buf_view(&robots->rules), rule;
    size_t longest = 0;
    struct nw_buf normal;
    int r;

    *allowed = true;
    if (nw_str_eq(path, NW_S("/robots.txt"))) /* always (2.2.2) */
        return 0;
    nw_buf_init(&normal, 3 * path.n + 1);
    normalise(&normal, path, false);
    while (nw_str_line(&rules, &rule)) {
        struct nw_str pattern = nw_str_from(rule, 1);
        bool allow = rule.p[0] == '+';
        if (pattern.n < longest || (pattern.n == longest && !allow) || !fits(pattern, nw_buf_view(&normal)))
            continue;
        longest = pattern.n;
        *allowed = allow;
    }
    r = normal.error ? nw_fault(normal.error) : 0;
    nw_buf_free(&normal);
    return r;
}
