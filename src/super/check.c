/* Loads a configuration as the daemon does, and says what came of it. */
#include "check.h"

#include "conf/daemon.h"

#include <string.h>

enum { GOOD, PROBLEMS, FAULT };

static int check(const char *path, FILE *out, FILE *err, bool print)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf text;
    int status = GOOD, rc;

    nw_conf_problems_init(&text);
    rc = nw_daemon_load(path, &daemon, &text);
    fprintf(err, "%.*s", NW_FMT(nw_buf_view(&text)));
    nw_buf_free(&text);
    nw_buf_init(&text, (size_t)4 * NW_CONF_FILE_MAX);
    if (rc < 0)
        fprintf(err, "the configuration could not be checked: %s\n", strerror(-rc));
    else if (rc == 0 && print && (rc = nw_conf_print(daemon->conf, &text)) == 0)
        fprintf(out, "%.*s", NW_FMT(nw_buf_view(&text)));
    else if (rc == 0)
        fprintf(out, "%s: ok, %zu stage%s\n", daemon->path, daemon->pipeline, daemon->pipeline == 1 ? "" : "s");
    if (rc != 0)
        status = rc < 0 ? FAULT : PROBLEMS;
    nw_buf_free(&text);
    nw_daemon_free(&daemon);
    return status;
}

int nw_check(const char *path, FILE *out, FILE *err)
{
    return check(path, out, err, false);
}

int nw_check_print(const char *path, FILE *out, FILE *err)
{
    return check(path, out, err, true);
}
