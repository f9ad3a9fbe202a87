/* Queries that exclude each other; see shares.h. */
#include "shares.h"

#include <newswire/error.h>

#include <errno.h>
#include <string.h>

static struct nw_str only_of(const struct nw_daemon_stage *stage)
{
    return nw_conf_str(stage->conf, "only");
}

static size_t first_ordered(const struct nw_daemon *daemon)
{
    size_t first = daemon->count;

    while (first > 0 && daemon->stages[first - 1].ordered)
        first--;
    return first;
}

/* What a stage wants, and none before it: (Q3) NOT (Q1) NOT (Q2). */
static int set_takes(struct nw_daemon *daemon, size_t first, struct nw_daemon_stage *stage)
{
    struct nw_str takes = NW_S(""), only = only_of(stage);

    if (only.n > 0)
        takes = nw_arena_printf(&daemon->arena, "(%.*s)", NW_FMT(only));
    for (size_t i = first; takes.p && &daemon->stages[i] != stage; i++)
        takes = nw_arena_printf(&daemon->arena, "%.*s%sNOT (%.*s)", NW_FMT(takes), takes.n > 0 ? " " : "",
                                NW_FMT(only_of(&daemon->stages[i])));
    stage->takes = takes.p;
    return takes.p ? 0 : nw_fault(-ENOMEM);
}

int shares_find(struct nw_daemon *daemon)
{
    size_t first = first_ordered(daemon);
    int rc = 0;

    for (size_t i = first; i < daemon->count && daemon->count - first > 1 && rc == 0; i++) {
        daemon->stages[i].apart = i + 1 < daemon->count;
        rc = set_takes(daemon, first, &daemon->stages[i]);
    }
    return rc;
}

static void check_only(struct conf_problems *problems, const struct nw_daemon *daemon, size_t at)
{
    const struct nw_daemon_stage *stage = &daemon->stages[at];
    bool shares = stage->ordered && at + 1 < daemon->count, has = only_of(stage).n > 0;
    int line = nw_conf_line(stage->conf, "only");

    if (shares && !has)
        conf_problem(problems, nw_conf_line(daemon->conf, "pipeline"),
                     "stage %s takes all, and leaves nothing to %s behind it; say in stages.%s.only which articles it "
                     "takes, as a query",
                     stage->name, daemon->stages[at + 1].name, stage->name);
    if (has && !stage->ordered)
        conf_problem(problems, line, "stages.%s.only is for stages that write the output; remove it", stage->name);
    else if (has && !shares)
        conf_problem(problems, line, "the last stage takes what no other does; remove stages.%s.only", stage->name);
}

static void check_path(struct conf_problems *problems, const struct nw_daemon *daemon,
                       const struct nw_daemon_stage *stage)
{
    struct nw_str run = nw_conf_str(daemon->conf, "run_dir");
    size_t n = run.n + strlen("/") + strlen(stage->name) + strlen("/publish.sock");

    if (stage->apart && n > NW_IPC_PATH_MAX)
        conf_problem(problems, nw_conf_line(daemon->conf, "run_dir"),
                     "the sockets of %s would have paths of %zu bytes; at most %d are possible: name a shorter folder",
                     stage->name, n, NW_IPC_PATH_MAX);
}

void shares_check(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    for (size_t i = 0; i < daemon->count; i++) {
        check_only(problems, daemon, i);
        check_path(problems, daemon, &daemon->stages[i]);
    }
}
