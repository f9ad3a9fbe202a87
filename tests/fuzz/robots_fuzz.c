/*
 * Any bytes are a robots.txt, and what robots_allow says of a path is what the rules say by the slow way: every pattern
 * against the path by a table of all their beginnings. The input's first 16 bytes choose the path.
 */
#include "fetch/robots.h"

#include <stdint.h>
#include <stdlib.h>

enum { PATH = 16 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Whether the pattern fits a beginning of the path. */
static bool fits(struct nw_str pattern, struct nw_str path)
{
    bool reach[PATH + 1] = {true}; /* path[0, i) is what the pattern so far takes */
    bool whole = pattern.n > 0 && pattern.p[pattern.n - 1] == '$', any = false;

    for (size_t k = 0; k < pattern.n - whole; k++) {
        bool next[PATH + 1] = {false};
        for (size_t i = 0; i <= path.n; i++) {
            if (pattern.p[k] == '*')
                next[i] = reach[i] || (i > 0 && next[i - 1]);
            else
                next[i] = i > 0 && reach[i - 1] && path.p[i - 1] == pattern.p[k];
        }
        memcpy(reach, next, sizeof reach);
    }
    for (size_t i = 0; i <= path.n; i++)
        any = any || reach[i];
    return whole ? reach[path.n] : any;
}

static bool allowed_by(const struct robots *robots, struct nw_str path)
{
    struct nw_str rules = nw_buf_view(&robots->rules), rule;
    size_t longest = 0;
    bool allowed = true;

    while (nw_str_line(&rules, &rule)) {
        demand(rule.n > 1 && (rule.p[0] == '+' || rule.p[0] == '-'));
        if (rule.n - 1 < longest || !fits(nw_str_from(rule, 1), path))
            continue;
        if (rule.n - 1 > longest)
            allowed = false;
        longest = rule.n - 1;
        allowed = allowed || rule.p[0] == '+';
    }
    return allowed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char letters[] = "/abc/.?="; /* each its own normal form */
    char path[PATH] = "/";
    struct robots robots;
    bool allowed;

    if (size < PATH)
        return 0;
    for (size_t i = 1; i < PATH; i++)
        path[i] = letters[data[i] % (sizeof letters - 1)];
    robots_init(&robots);
    demand(robots_read(&robots, nw_str((const char *)data + PATH, size - PATH), "newswired") == 0);
    demand(robots_allow(&robots, nw_str(path, 1 + data[0] % PATH), &allowed) == 0);
    demand(allowed == allowed_by(&robots, nw_str(path, 1 + data[0] % PATH)));
    robots_free(&robots);
    return 0;
}
