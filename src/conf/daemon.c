/*
 * Loads the daemon's file in two passes over one tree. The first is lenient and only learns which stages there are, so
 * that their programs can be asked; the second holds the whole file against the tables that this gives.
 */
#include "daemon.h"
#include "daemon_rows.h"
#include "describe.h"
#include "pipeline.h"
#include "shares.h"
#include "value.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { SECTIONS = 8 }; /* most sections below the top */

struct loader {
    struct nw_daemon *daemon;
    struct conf_problems *problems;
    struct conf_node *root;
    struct conf_description descriptions[NW_DAEMON_STAGES]; /* of daemon->stages */
    bool fetch;                                             /* the first of them is fetch */
};

/* ---- the first pass: names and commands */

/* The pipeline as the file has it; the preset's list where it has none, NULL where it is no list of names: the second
 * pass tells. */
static int pipeline_node(struct loader *l, const struct conf_node **list)
{
    const struct nw_conf_row *row = conf_row_find(conf_daemon_rows, "pipeline");
    const struct conf_node *node = conf_node_get(l->root, "pipeline");
    struct conf_node *preset;
    int rc;

    *list = NULL;
    if (!node) {
        rc = conf_tree_yaml(&l->daemon->arena, l->problems, nw_str_z(row->preset), &preset);
        if (rc != 0)
            return rc;
        preset->line = 0;
        *list = preset;
        return 0;
    }
    if (node->kind != CONF_SEQUENCE)
        return 0;
    for (const struct conf_node *name = node->first; name; name = name->next) {
        if (name->kind != CONF_SCALAR || conf_node_void(name))
            return 0;
    }
    *list = node;
    return 0;
}

static const struct conf_node *stage_node(const struct loader *l, const char *name)
{
    return conf_node_get(conf_node_get(l->root, "stages"), name);
}

/* The argv of a stage: its `command`, or our program of its name or `program`. NW_CONF_BAD where neither is there. */
static int find_command(struct loader *l, struct nw_daemon_stage *stage, int line)
{
    const struct conf_node *command = conf_node_get(stage_node(l, stage->name), "command");
    const struct conf_node *program = conf_node_get(stage_node(l, stage->name), "program");
    const char **argv;
    char path[NW_PROGRAM_PATH];
    size_t n = 0;

    if (command && command->kind == CONF_SEQUENCE && command->count > 0) {
        argv = NW_ARENA_NEW(&l->daemon->arena, const char *, command->count + 1);
        if (!argv)
            return nw_fault(-ENOMEM);
        for (const struct conf_node *word = command->first; word; word = word->next)
            argv[n++] = word->kind == CONF_SCALAR ? word->text.p : "";
        stage->command = argv;
        return 0;
    }
    if (program && program->kind == CONF_SCALAR && program->text.n > 0)
        stage->program = program->text.p;
    if (!nw_program_find(stage->program ? stage->program : stage->name, path)) {
        conf_problem(l->problems, line,
                     "the program of stage %s is not there (%.200s); name it in stages.%s.command, a list: [PROGRAM, "
                     "ARGUMENT, …]",
                     stage->name, path, stage->name);
        return NW_CONF_BAD;
    }
    argv = NW_ARENA_NEW(&l->daemon->arena, const char *, 4);
    if (!argv || !(argv[0] = nw_arena_dup(&l->daemon->arena, nw_str_z(path)).p))
        return nw_fault(-ENOMEM);
    if (stage->program) {
        argv[1] = "--name";
        argv[2] = stage->name;
    }
    stage->command = argv;
    return 0;
}

/* The argv by which a stage's program is asked: with `only`, so that it says whether that is a query. NULL: no memory.
 */
static const char *const *asking(struct loader *l, const struct nw_daemon_stage *stage, const struct conf_node *only)
{
    const char **argv;
    size_t n = 0;

    if (!only || only->kind != CONF_SCALAR || only->text.n == 0)
        return stage->command;
    while (stage->command[n])
        n++;
    argv = NW_ARENA_NEW(&l->daemon->arena, const char *, n + 3);
    if (!argv)
        return NULL;
    memcpy(argv, stage->command, n * sizeof *argv);
    argv[n] = "--only";
    argv[n + 1] = only->text.p;
    return argv;
}

/* Asks a stage's program what it is. Problems are told, and the next stage is asked. */
static int ask(struct loader *l, struct nw_daemon_stage *stage, struct conf_description *description, int line)
{
    const struct conf_node *command = conf_node_get(stage_node(l, stage->name), "command");
    const struct conf_node *only = conf_node_get(stage_node(l, stage->name), "only");
    const char *const *argv;
    char why[NW_CONF_WHY];
    int rc = find_command(l, stage, line);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    argv = asking(l, stage, only);
    rc = argv ? conf_describe(&l->daemon->arena, argv, description, why) : nw_fault(-ENOMEM);
    if (rc == NW_CONF_BAD) {
        conf_problem(l->problems,
                     command ? command->line
                     : only  ? only->line
                             : line,
                     "stage %s: %.100s --describe: %s", stage->name, stage->command[0], why);
        return 0;
    }
    if (rc < 0)
        return rc;
    if (strcmp(description->name, stage->program ? stage->program : stage->name) != 0)
        conf_problem(l->problems, line, "the program of stage %s calls itself %.64s; write that name in the pipeline",
                     stage->name, description->name);
    stage->version = description->version;
    stage->doc = description->doc;
    stage->ordered = description->ordered;
    stage->own = description->rows;
    return 0;
}

static int add_stage(struct loader *l, struct nw_str name, bool source, int line)
{
    struct nw_daemon_stage *stage = &l->daemon->stages[l->daemon->count];
    struct conf_description *description = &l->descriptions[l->daemon->count];

    *stage = (struct nw_daemon_stage){.source = source, .version = "", .doc = ""};
    stage->name = nw_arena_dup(&l->daemon->arena, name).p;
    if (!stage->name)
        return nw_fault(-ENOMEM);
    l->daemon->count++;
    return ask(l, stage, description, line);
}

/* fetch stands before each pipeline, where it is installed; only a file that has sources must have it. */
static int add_fetch(struct loader *l)
{
    const struct conf_node *sources = conf_node_get(l->root, "sources"), *own = stage_node(l, "fetch");
    char path[NW_PROGRAM_PATH];

    if (!sources && !own && !nw_program_find("fetch", path))
        return 0;
    l->fetch = true;
    return add_stage(l, NW_S("fetch"), true, sources ? sources->line : own ? own->line : 0);
}

static int find_stages(struct loader *l)
{
    const struct conf_node *list;
    int rc = pipeline_node(l, &list);

    if (rc < 0)
        return rc;
    if (list && !pipeline_names_good(l->problems, list))
        list = NULL;
    rc = add_fetch(l);
    for (const struct conf_node *name = list ? list->first : NULL; rc == 0 && name; name = name->next)
        rc = add_stage(l, name->text, false, list->line ? name->line : 0);
    l->daemon->pipeline = l->daemon->count - l->fetch;
    return rc;
}

/* ---- the second pass: the whole file */

/* The rows of the top: the daemon's, and fetch's sources. */
static const struct nw_conf_row *top_rows(struct loader *l)
{
    size_t n = conf_rows_count(conf_daemon_rows);
    struct nw_conf_row *rows = NW_ARENA_NEW(&l->daemon->arena, struct nw_conf_row, n + 2);
    const struct nw_conf_row *sources = l->fetch ? conf_row_find(l->daemon->stages[0].own, "sources") : NULL;

    if (!rows)
        return NULL;
    memcpy(rows, conf_daemon_rows, n * sizeof *rows);
    if (sources)
        rows[n] = *sources;
    return rows;
}

/* Whether a stage that has such a row gets what the top of the file says. */
static bool is_shared(const char *key)
{
    static const char *const shared[] = {"sources", "run_dir", "data_dir", "log_level"};

    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (strcmp(shared[i], key) == 0)
            return true;
    }
    return false;
}

/* The rows of a stage's section: those of every stage, and its own but for those that it shares with the top. */
static const struct nw_conf_row *stage_rows(struct loader *l, const struct nw_daemon_stage *stage,
                                            const struct nw_conf_row *top)
{
    size_t n = conf_rows_count(conf_stage_rows);
    struct nw_conf_row *rows = NW_ARENA_NEW(&l->daemon->arena, struct nw_conf_row, n + conf_rows_count(stage->own) + 1);

    if (!rows)
        return NULL;
    memcpy(rows, conf_stage_rows, n * sizeof *rows);
    for (const struct nw_conf_row *row = stage->own; row && row->key; row++) {
        const struct nw_conf_row *above = conf_row_find(top, row->key);
        if (!above || above->kind != row->kind || !is_shared(row->key))
            rows[n++] = *row;
    }
    return rows;
}

static int compose(struct loader *l, struct nw_conf_section *root)
{
    struct nw_arena *arena = &l->daemon->arena;
    struct nw_conf_section *stages = NW_ARENA_NEW(arena, struct nw_conf_section, l->daemon->count + 1);
    struct nw_conf_section *below = NW_ARENA_NEW(arena, struct nw_conf_section, SECTIONS + 1);
    const struct nw_conf_row *top = top_rows(l);

    if (!stages || !below || !top)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < l->daemon->count; i++) {
        const struct nw_daemon_stage *stage = &l->daemon->stages[i];
        stages[i] = (struct nw_conf_section){.key = stage->name, .doc = stage->doc};
        stages[i].rows = stage_rows(l, stage, top);
        if (!stages[i].rows)
            return nw_fault(-ENOMEM);
    }
    for (size_t i = 0; i < SECTIONS && nw_daemon_section.sections[i].key; i++) {
        below[i] = nw_daemon_section.sections[i];
        /* In the manual one section stands for every stage; here are the ones of this file. */
        if (strcmp(below[i].key, "stages") == 0)
            below[i].sections = stages;
    }
    *root = (struct nw_conf_section){.key = "", .rows = top, .sections = below};
    return 0;
}

/* The config of each stage's WELCOME. */
static int fill_stages(struct loader *l)
{
    const struct nw_conf *sections = nw_conf_under(l->daemon->conf, "stages");

    for (size_t i = 0; i < l->daemon->count; i++) {
        struct nw_daemon_stage *stage = &l->daemon->stages[i];
        struct nw_buf json;
        int rc;
        stage->conf = nw_conf_under(sections, stage->name);
        nw_buf_init(&json, 2 * NW_CONF_FILE_MAX);
        rc = nw_conf_to_json(stage->conf, stage->own, &json);
        if (rc == 0) {
            stage->json = nw_arena_dup(&l->daemon->arena, nw_buf_view(&json));
            rc = stage->json.p ? 0 : nw_fault(-ENOMEM);
        }
        nw_buf_free(&json);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int find_endpoint(struct loader *l)
{
    struct nw_daemon *d = l->daemon;
    struct nw_str join = nw_conf_str(d->conf, "join");

    d->joins = join.n > 0;
    d->endpoint =
        d->joins ? join.p : nw_arena_printf(&d->arena, "ipc://%s/broker.sock", nw_conf_str(d->conf, "run_dir").p).p;
    return d->endpoint ? 0 : nw_fault(-ENOMEM);
}

/* A text, or NULL where it is empty. */
static const char *text_or_null(const struct nw_conf *conf, const char *key)
{
    struct nw_str text = nw_conf_str(conf, key);

    return text.n > 0 ? text.p : NULL;
}

static int find_keys(struct loader *l)
{
    struct nw_daemon *d = l->daemon;
    const struct nw_conf *broker = nw_conf_under(d->conf, "broker"), *publish = nw_conf_under(d->conf, "publish");
    const char *data = nw_conf_str(d->conf, "data_dir").p;

    d->join_key = text_or_null(d->conf, "join_key");
    d->live = text_or_null(publish, "live");
    d->past = text_or_null(publish, "past");
    d->keys = !d->joins && !nw_conf_bool(broker, "insecure") && (nw_conf_count(broker, "listen") > 0 || d->live);
    d->key = text_or_null(d->joins ? d->conf : broker, "key");
    if (!d->key && !d->joins && !(d->key = nw_arena_printf(&d->arena, "%s/broker.key", data).p))
        return nw_fault(-ENOMEM);
    d->authorized = text_or_null(broker, "authorized");
    if (!d->authorized && !(d->authorized = nw_arena_printf(&d->arena, "%s/authorized", data).p))
        return nw_fault(-ENOMEM);
    return 0;
}

/* A fetch that takes no list of sources knows by itself what to fetch. */
static bool has_sources(const struct loader *l)
{
    if (!l->fetch)
        return false;
    return !conf_row_find(l->daemon->stages[0].own, "sources") || nw_conf_count(l->daemon->conf, "sources") > 0;
}

static int load(struct loader *l, struct nw_str text)
{
    struct nw_arena *arena = &l->daemon->arena;
    struct nw_conf_section *root = NW_ARENA_NEW(arena, struct nw_conf_section, 1);
    int rc;

    if (!root)
        return nw_fault(-ENOMEM);
    rc = conf_tree_yaml(arena, l->problems, text, &l->root);
    if (rc == 0)
        rc = find_stages(l);
    /* Without all programs the tables are not known: what else is wrong is told when they are there. */
    if (rc != 0 || l->problems->count > 0)
        return rc < 0 ? rc : NW_CONF_BAD;
    rc = compose(l, root);
    if (rc == 0)
        rc = conf_bind(arena, l->problems, l->root, root, &l->daemon->conf);
    if (rc != 0 || l->problems->count > 0)
        return rc < 0 ? rc : NW_CONF_BAD;
    l->daemon->feeds = has_sources(l);
    rc = find_endpoint(l);
    if (rc == 0)
        rc = find_keys(l);
    if (rc == 0)
        rc = fill_stages(l);
    if (rc == 0)
        rc = shares_find(l->daemon);
    if (rc == 0)
        pipeline_check(l->problems, l->daemon, l->descriptions);
    return rc < 0 ? rc : l->problems->count > 0 ? NW_CONF_BAD : 0;
}

int nw_daemon_parse(const char *name, struct nw_str text, struct nw_daemon **daemon, struct nw_buf *problems)
{
    struct conf_problems told = {.out = problems, .file = name};
    struct loader l = {.problems = &told};
    int rc;

    *daemon = NULL;
    l.daemon = nw_calloc(1, sizeof *l.daemon);
    if (!l.daemon)
        return nw_fault(-ENOMEM);
    l.daemon->path = nw_arena_dup(&l.daemon->arena, nw_str_z(name)).p;
    rc = l.daemon->path ? load(&l, text) : nw_fault(-ENOMEM);
    conf_problems_end(&told);
    if (rc >= 0 && problems->error)
        rc = problems->error;
    if (rc != 0)
        nw_daemon_free(&l.daemon);
    *daemon = l.daemon;
    return rc;
}

int nw_daemon_load(const char *path, struct nw_daemon **daemon, struct nw_buf *problems)
{
    static const char *const places[] = {"./newswired.yaml", "/etc/newswired/newswired.yaml"};
    struct nw_buf text;
    int rc;

    *daemon = NULL;
    for (size_t i = 0; !path && i < sizeof places / sizeof *places; i++) {
        if (access(places[i], F_OK) == 0)
            path = places[i];
    }
    if (!path)
        return nw_daemon_parse(NW_DAEMON_BUILT_IN, nw_daemon_preset(), daemon, problems);
    nw_buf_init(&text, NW_CONF_FILE_MAX + 1);
    rc = nw_conf_read(path, &text, problems);
    if (rc == 0)
        rc = nw_daemon_parse(path, nw_buf_view(&text), daemon, problems);
    nw_buf_free(&text);
    return rc;
}

void nw_daemon_free(struct nw_daemon **daemon)
{
    if (!daemon || !*daemon)
        return;
    /* The conf lies in this arena too. */
    nw_arena_free(&(*daemon)->arena);
    nw_free(*daemon);
    *daemon = NULL;
}

const struct nw_daemon_stage *nw_daemon_stage(const struct nw_daemon *daemon, const char *name)
{
    for (size_t i = 0; i < daemon->count; i++) {
        if (strcmp(daemon->stages[i].name, name) == 0)
            return &daemon->stages[i];
    }
    return NULL;
}
