/*
 * SIGHUP: the file is read and checked again as at the start. What the supervisor alone uses changes at once:
 * log_level, stop_ms, restart, and the times by which processes are watched. The rest (pipeline, broker, the keys of
 * stages, their number of workers) reached the running processes when they started, by way of the broker: what differs
 * is named, and takes effect at the next start.
 */
#include "super.h"

#include <newswire/error.h>

#include <errno.h>
#include <string.h>

/* Whether a section, or the keys of one table of it, say the same in both files. */
static bool same(const struct nw_conf *a, const struct nw_conf *b)
{
    struct nw_buf x, y;
    bool equal;

    nw_buf_init(&x, NW_CONF_FILE_MAX * 2);
    nw_buf_init(&y, NW_CONF_FILE_MAX * 2);
    equal = nw_conf_to_json(a, NULL, &x) == 0 && nw_conf_to_json(b, NULL, &y) == 0 &&
            nw_str_eq(nw_buf_view(&x), nw_buf_view(&y));
    nw_buf_free(&x);
    nw_buf_free(&y);
    return equal;
}

static void tell_later(const char *what, const char *name)
{
    nw_warn("reload: %s%s has changed; it takes effect when newswired is started again", what, name);
}

static bool same_pipeline(const struct nw_daemon *a, const struct nw_daemon *b)
{
    if (a->count != b->count || strcmp(a->endpoint, b->endpoint) != 0)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->stages[i].name, b->stages[i].name) != 0)
            return false;
    }
    return true;
}

/* Names what differs and can't change now. */
static void compare(const struct nw_daemon *old, const struct nw_daemon *new)
{
    if (!same_pipeline(old, new)) {
        tell_later("the pipeline, run_dir or join", "");
        return;
    }
    if (!nw_str_eq(nw_conf_str(old->conf, "data_dir"), nw_conf_str(new->conf, "data_dir")))
        tell_later("data_dir", "");
    if (!same(nw_conf_under(old->conf, "broker"), nw_conf_under(new->conf, "broker")))
        tell_later("broker", "");
    if (!same(nw_conf_under(old->conf, "publish"), nw_conf_under(new->conf, "publish")))
        tell_later("publish", "");
    if (!nw_str_eq(nw_conf_str(old->conf, "join_key"), nw_conf_str(new->conf, "join_key")) ||
        !nw_str_eq(nw_conf_str(old->conf, "key"), nw_conf_str(new->conf, "key")))
        tell_later("join_key or key", "");
    for (size_t i = 0; i < old->count; i++) {
        const struct nw_daemon_stage *a = &old->stages[i], *b = &new->stages[i];
        /* Of fetch the sources too, which stand at the top of the file: they are in its JSON. */
        if (!nw_str_eq(a->json, b->json) || nw_conf_int(a->conf, "workers") != nw_conf_int(b->conf, "workers"))
            tell_later("stages.", a->name);
    }
}

void reload(struct super *super)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf problems;
    struct nw_str rest, line;
    int rc;

    nw_conf_problems_init(&problems);
    rc = nw_daemon_load(super->config, &daemon, &problems);
    rest = nw_buf_view(&problems);
    while (nw_str_line(&rest, &line))
        nw_error("reload: %.*s", NW_FMT(line));
    if (rc != 0) {
        nw_error("reload: the configuration stays as it was%s", rc < 0 ? strerror(-rc) : "");
    } else {
        compare(super->daemon, daemon);
        super_take_limits(super, daemon);
        nw_info("reload: %s is taken over", daemon->path);
    }
    nw_daemon_free(&daemon);
    nw_buf_free(&problems);
}
