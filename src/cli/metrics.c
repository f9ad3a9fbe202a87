/* newswire metrics: the daemon in numbers, for whoever gathers them. */
#include "arguments.h"
#include "control.h"
#include "daemon.h"
#include "data_folder.h"
#include "message.h"
#include "metrics_gather.h"
#include "metrics_serve.h"
#include "metrics_text.h"
#include "output.h"
#include "status_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct command_option metrics_options[] = {
    {.name = "listen",
     .kind = OPTION_TEXT,
     .argument = "[ADDRESS:]PORT",
     .doc = "serve them at http://ADDRESS:PORT/metrics until SIGTERM, instead of printing them once; the address is "
            "127.0.0.1 where there is none"},
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example metrics_examples[] = {
    {"newswire metrics", "prints all metrics of the running daemon"},
    {"newswire metrics --listen 9464", "serves them to Prometheus on this machine"},
    {"newswire metrics | grep '_alarms{'", "how many things a person should look at"},
    COMMAND_EXAMPLE_END,
};

/* Asks the daemon and looks into its data folder. As metrics_text, or what control_ask says. */
static int metrics_gather(const char *path, struct nw_buf *out, char why[METRICS_WHY])
{
    char data[DATA_FOLDER];
    json_t *sources = NULL, *folders = NULL;
    struct nw_buf answer;
    int rc;

    nw_buf_init(&answer, CONTROL_MAX);
    rc = control_ask(path, &answer);
    if (rc == 0 && status_data(nw_buf_view(&answer), data, sizeof data)) {
        sources = metrics_sources(data);
        folders = metrics_folders(data);
    }
    rc = rc ? rc : metrics_text(nw_buf_view(&answer), sources, folders, out, why);
    if (rc < 0)
        snprintf(why, METRICS_WHY, "%s", rc == -ETIMEDOUT ? "the daemon gave no answer within 5 s" : strerror(-rc));
    json_decref(sources);
    json_decref(folders);
    nw_buf_free(&answer);
    return rc;
}

/* A page for metrics_serve; `user` is the path of the control socket. */
static int metrics_put_page(void *user, struct nw_buf *out)
{
    const char *path = user;
    char why[METRICS_WHY] = "";
    int rc = metrics_gather(path, out, why);

    if (rc) {
        nw_buf_clear(out);
        nw_buf_printf(out, "%s: %s\n", path, why);
    }
    return rc;
}

static int metrics_print(const char *path)
{
    struct nw_buf text;
    char why[METRICS_WHY] = "";
    int rc;

    nw_buf_init(&text, METRICS_MAX);
    rc = metrics_gather(path, &text, why);
    if (rc < 0) {
        rc = daemon_unreachable(path, rc, rc == -ETIMEDOUT ? why : "");
    } else if (rc > 0) {
        message(nw_str_z(path), "%s", why);
        rc = EXIT_UNREACHABLE;
    } else {
        rc = output_text(nw_buf_view(&text));
    }
    nw_buf_free(&text);
    return rc;
}

static int metrics_run(const struct arguments *arguments)
{
    const char *listen = argument_text(arguments, "listen");
    char path[DAEMON_PATH];
    int rc = daemon_path(arguments, "control.sock", path);

    if (rc)
        return rc;
    return listen ? metrics_serve(listen, metrics_put_page, path) : metrics_print(path);
}

const struct command command_metrics = {
    .name = "metrics",
    .doc = "print the daemon's metrics, or serve them to Prometheus",
    .operands = "",
    .text =
        "Prints what the daemon counts in the text format of Prometheus: the ledger of articles (accepted = completed "
        "+ dropped + dead + in flight), each process (state, restarts, memory, processor time), each stage (in, out, "
        "queued, time from lease to result), subscribers' channels, alarms, each source and feed (items, last item, "
        "errors, quiet, paused), and what journal, output log and spool take of the disk. All names begin with "
        "newswire_; each has a line of help.\n\n"
        "With --listen it answers GET /metrics, one connection at a time, asking the daemon anew for each; while the "
        "daemon does not answer the status is 503 and the page is a sentence. There is no encryption and no password: "
        "listen on an address that only those can reach who may know.",
    .options = metrics_options,
    .examples = metrics_examples,
    .run = metrics_run,
};
