/* Checks of the pipeline as a whole. Each sentence says what to change. */
#include "pipeline.h"
#include "endpoints.h"
#include "shares.h"

#include <ctype.h>
#include <stdio.h>

/* What every record has when it is accepted: fetch sets them, and so does any other feeder. */
static const char *const fed[] = {"raw", "source", NULL};

static bool name_valid(struct nw_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!isalnum((unsigned char)name.p[i]) && !strchr("-_.", name.p[i]))
            return false;
    }
    return name.n > 0 && name.n <= NW_NAME_MAX && name.p[0] != '.';
}

bool pipeline_names_good(struct conf_problems *problems, const struct conf_node *list)
{
    size_t before = problems->count;

    if (list->count == 0)
        conf_problem(problems, list->line,
                     "the pipeline has no stage; name at least the one that writes the output: "
                     "[aggregate]");
    if (list->count > NW_PIPELINE_MAX) {
        conf_problem(problems, list->line, "the pipeline has %zu stages; at most %d are allowed", list->count,
                     NW_PIPELINE_MAX);
        return false;
    }
    for (const struct conf_node *a = list->first; a; a = a->next) {
        char name[CONF_QUOTE];
        conf_quote(a->text, name);
        if (!name_valid(a->text))
            conf_problem(problems, a->line,
                         "\"%s\" is no name of a stage: letters, digits, -, _ and ., at most %d, no . first", name,
                         NW_NAME_MAX);
        else if (nw_str_eq(a->text, NW_S("fetch")) || nw_str_eq(a->text, NW_S("broker")))
            conf_problem(problems, a->line, "%s stands before the pipeline by itself; take it out of the list", name);
        for (const struct conf_node *b = list->first; b != a; b = b->next) {
            if (nw_str_eq(a->text, b->text)) {
                conf_problem(problems, a->line, "the stage %s stands twice in the pipeline", name);
                break;
            }
        }
    }
    return problems->count == before;
}

static bool holds(const char *const *keys, const char *key)
{
    for (; *keys; keys++) {
        if (strcmp(*keys, key) == 0)
            return true;
    }
    return false;
}

/* A key that no stage before `at` sets: says who would. */
static void tell_need(struct conf_problems *problems, int line, const struct nw_daemon *daemon,
                      const struct conf_description *descriptions, size_t at, const char *key)
{
    for (size_t i = at; i < daemon->count; i++) {
        if (i > at && holds((const char *const *)descriptions[i].sets, key)) {
            conf_problem(problems, line, "stage %s needs %.64s, which %s sets only behind it; put %s before %s",
                         daemon->stages[at].name, key, daemon->stages[i].name, daemon->stages[i].name,
                         daemon->stages[at].name);
            return;
        }
    }
    conf_problem(problems, line, "stage %s needs %.64s, which no stage before it sets; put one that does before it%s",
                 daemon->stages[at].name, key, nw_daemon_stage(daemon, "clean") ? "" : " (clean makes the article)");
}

static void check_needs(struct conf_problems *problems, int line, const struct nw_daemon *daemon,
                        const struct conf_description *descriptions)
{
    for (size_t at = daemon->count - daemon->pipeline; at < daemon->count; at++) {
        for (const char *const *key = (const char *const *)descriptions[at].needs; *key; key++) {
            bool there = holds(fed, *key);
            for (size_t i = 0; !there && i < at; i++)
                there = holds((const char *const *)descriptions[i].sets, *key);
            if (!there)
                tell_need(problems, line, daemon, descriptions, at, *key);
        }
    }
}

static void check_order(struct conf_problems *problems, int line, const struct nw_daemon *daemon)
{
    const struct nw_daemon_stage *last = &daemon->stages[daemon->count - 1];

    for (size_t i = daemon->count - daemon->pipeline; i + 1 < daemon->count; i++) {
        if (daemon->stages[i].ordered && !daemon->stages[i + 1].ordered)
            conf_problem(problems, line,
                         "stage %s keeps the order of all records, so it must be at the end; move %s before "
                         "it",
                         daemon->stages[i].name, daemon->stages[i + 1].name);
    }
    if (!last->ordered)
        conf_problem(problems, line,
                     "the pipeline must end with a stage that keeps the order and writes the output; add aggregate "
                     "behind %s",
                     last->name);
}

static void check_workers(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    for (size_t i = 0; i < daemon->count; i++) {
        const struct nw_daemon_stage *stage = &daemon->stages[i];
        if ((stage->ordered || stage->source) && nw_conf_int(stage->conf, "workers") > 1)
            conf_problem(problems, nw_conf_line(stage->conf, "workers"),
                         "stages.%s.workers is %lld; %s has one process: remove the key", stage->name,
                         (long long)nw_conf_int(stage->conf, "workers"), stage->name);
    }
}

void pipeline_check(struct conf_problems *problems, const struct nw_daemon *daemon,
                    const struct conf_description *descriptions)
{
    int line = nw_conf_line(daemon->conf, "pipeline");
    size_t before = problems->count;

    check_workers(problems, daemon);
    endpoints_check(problems, daemon);
    /* What stands before and behind is then the other daemon's matter. */
    if (daemon->joins)
        return;
    check_needs(problems, line, daemon, descriptions);
    check_order(problems, line, daemon);
    if (problems->count == before)
        shares_check(problems, daemon);
}
