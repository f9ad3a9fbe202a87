/* The stages in this process and their configurations; see stages.h. */
#include "stages.h"

#include "conf/conf.h"
#include "conf/daemon.h"
#include "message.h"
#include "run/share.h"

#include <newswire/json.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern const struct nw_stage nw_stage_clean, nw_stage_tag, nw_stage_aggregate;

const struct nw_stage *const stages[STAGES] = {&nw_stage_clean, &nw_stage_tag, &nw_stage_aggregate};
const char *const stage_names[] = {"clean", "tag", "aggregate", NULL};

enum {
    PATH_BYTES = 4095,    /* the longest path that Linux opens */
    JSON_BYTES = 1 << 30, /* of all operands */
};

static const struct nw_conf_row *row_find(const struct nw_conf_row *rows, const char *key)
{
    while (rows && rows->key && strcmp(rows->key, key) != 0) {
        rows++;
    }
    return rows && rows->key ? rows : NULL;
}

const char *const *stages_formats(void)
{
    const struct nw_conf_row *sources = row_find(nw_stage_fetch.conf, "sources");
    const struct nw_conf_row *format = sources ? row_find(sources->rows, "format") : NULL;

    return format ? format->words : NULL;
}

/* Whether fetch can be given this path; if not, it is told. */
static bool path_is_good(struct nw_str path)
{
    if (path.n == 0) {
        message(NW_S("''"), "an empty name names no file");
        return false;
    }
    if (path.n > PATH_BYTES) {
        message(path, "the name has %zu bytes, more than the %d that a path may have", path.n, PATH_BYTES);
        return false;
    }
    if (nw_utf8_valid(path) != path.n) {
        message(path, "the name is not UTF-8, and source.path must be: rename the file, or name the folder it is in");
        return false;
    }
    return true;
}

/* {"sources":[{"kind":"files","format":…,"paths":[…]}]} */
static int fetch_configure(const struct arguments *arguments, struct nw_conf **conf, uint64_t *failed)
{
    const char *format = argument_text(arguments, "format");
    char why[NW_CONF_WHY];
    struct nw_buf json;
    size_t n = 0;
    int rc;

    nw_buf_init(&json, JSON_BYTES);
    nw_buf_printf(&json, "{\"sources\":[{\"kind\":\"files\",\"format\":");
    nw_json_text(&json, nw_str_z(format));
    nw_buf_printf(&json, ",\"paths\":[");
    if (arguments->operand_count == 0) {
        nw_buf_printf(&json, "\"-\"");
        n = 1;
    }
    for (size_t i = 0; i < arguments->operand_count; i++) {
        struct nw_str path = nw_str_z(arguments->operands[i]);
        if (!path_is_good(path)) {
            ++*failed;
            continue;
        }
        nw_buf_printf(&json, "%s", n++ > 0 ? "," : "");
        nw_json_text(&json, path);
    }
    nw_buf_printf(&json, "]}]}");
    if (n == 0) { /* nothing is left to read */
        nw_buf_clear(&json);
        nw_buf_printf(&json, "{\"sources\":[]}");
    }
    rc = json.error ? json.error : nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, conf, why);
    nw_buf_free(&json);
    if (rc == NW_CONF_BAD) {
        message(nw_str("", 0), "%s: %s", arguments->command->name, why);
        return EXIT_USAGE;
    }
    if (rc < 0) {
        message_error(rc, arguments->command->name);
        return EXIT_UNREACHABLE;
    }
    return 0;
}

/* One stage's configuration: its section of the daemon's file, or its presets. */
static int stage_configure(const struct nw_stage *stage, const struct nw_daemon_stage *section, struct nw_conf **conf)
{
    char why[NW_CONF_WHY];
    int rc =
        section ? nw_conf_from_json(section->json, stage->conf, conf, why) : nw_conf_defaults(stage->conf, conf, why);

    if (rc == NW_CONF_BAD) {
        message(nw_str_z(stage->name), "%s", why);
        return EXIT_USAGE;
    }
    if (rc < 0) {
        message_error(rc, stage->name);
        return EXIT_UNREACHABLE;
    }
    return 0;
}

static int daemon_load(const char *path, struct nw_daemon **daemon)
{
    struct nw_buf problems;
    int rc;

    nw_conf_problems_init(&problems);
    rc = nw_daemon_load(path, daemon, &problems);
    if (rc == NW_CONF_BAD) {
        fwrite(problems.p, 1, problems.n, stderr);
        rc = EXIT_USAGE;
    } else if (rc < 0) {
        message_error(rc, path);
        rc = EXIT_UNREACHABLE;
    }
    nw_buf_free(&problems);
    return rc;
}

int stages_configure(const struct arguments *arguments, const char *config, size_t n, struct stages_conf *conf,
                     uint64_t *failed)
{
    struct nw_daemon *daemon = NULL;
    int rc;

    *conf = (struct stages_conf){0};
    rc = config ? daemon_load(config, &daemon) : 0;
    rc = rc ? rc : fetch_configure(arguments, &conf->fetch, failed);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = stage_configure(stages[i], daemon ? nw_daemon_stage(daemon, stages[i]->name) : NULL, &conf->confs[i]);
    }
    nw_daemon_free(&daemon);
    return rc;
}

void stages_conf_free(struct stages_conf *conf)
{
    nw_conf_free(&conf->fetch);
    for (size_t i = 0; i < STAGES; i++) {
        nw_conf_free(&conf->confs[i]);
    }
}

unsigned stages_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > NW_CHAIN_JOBS ? NW_CHAIN_JOBS : (unsigned)n;
}

static const struct nw_stage *stage_find(const char *name)
{
    for (size_t i = 0; i < STAGES; i++) {
        if (strcmp(stages[i]->name, name) == 0) {
            return stages[i];
        }
    }
    return NULL;
}

static int pipeline_add(struct stages_pipeline *pipeline, const struct nw_daemon_stage *section)
{
    const struct nw_stage *stage = stage_find(section->program ? section->program : section->name);

    if (!stage || nw_conf_count(section->conf, "command") > 0) {
        message(nw_str_z(section->name),
                "this stage is a program of its own, which cannot run in this process: clean, tag and aggregate can, "
                "without a command; take it off the pipeline");
        return EXIT_USAGE;
    }
    pipeline->stages[pipeline->n] = stage;
    return stage_configure(stage, section, &pipeline->confs[pipeline->n++]);
}

static int pipeline_share(struct stages_pipeline *pipeline, const struct nw_daemon_stage *stage)
{
    char why[NW_WHY];
    int rc = stage->takes ? share_new(nw_str_z(stage->takes), &pipeline->share, why) : 0;

    if (rc == SHARE_BAD) {
        message(nw_str_z(stage->name), "only: %s; newswire help check-query tells the language", why);
        return EXIT_USAGE;
    }
    if (rc < 0) {
        message_error(rc, stage->name);
        return EXIT_UNREACHABLE;
    }
    snprintf(pipeline->folder, sizeof pipeline->folder, "%s", stage->apart ? stage->name : "");
    return 0;
}

/* The ordered stage of that name, or the last; NULL when there is none, which is told. */
static const struct nw_daemon_stage *ordered_find(const struct nw_daemon *daemon, const char *name)
{
    for (size_t i = daemon->count; i-- > 0;) {
        if (daemon->stages[i].ordered && (!name || strcmp(daemon->stages[i].name, name) == 0)) {
            return &daemon->stages[i];
        }
    }
    message(nw_str_z(name ? name : daemon->path), "no stage of the pipeline that writes an output is named so");
    return NULL;
}

int stages_pipeline(const char *config, const char *ordered, struct stages_pipeline *pipeline)
{
    const struct nw_daemon_stage *last = NULL;
    struct nw_daemon *daemon = NULL;
    int rc;

    *pipeline = (struct stages_pipeline){0};
    rc = daemon_load(config, &daemon);
    if (rc == 0 && !(last = ordered_find(daemon, ordered))) {
        rc = EXIT_USAGE;
    }
    for (size_t i = 0; rc == 0 && i < daemon->count; i++) {
        const struct nw_daemon_stage *stage = &daemon->stages[i];
        if (!stage->source && (!stage->ordered || stage == last) && pipeline->n < NW_CHAIN_STAGES) {
            rc = pipeline_add(pipeline, stage);
        }
    }
    rc = rc ? rc : pipeline_share(pipeline, last);
    nw_daemon_free(&daemon);
    return rc;
}

void stages_pipeline_free(struct stages_pipeline *pipeline)
{
    share_free(&pipeline->share);
    for (size_t i = 0; i < pipeline->n; i++) {
        nw_conf_free(&pipeline->confs[i]);
    }
}
