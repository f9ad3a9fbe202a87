/* newswire status: how the daemon does, asked of its supervisor. */
#include "arguments.h"
#include "control.h"
#include "daemon.h"
#include "message.h"
#include "output.h"
#include "status_text.h"

#include <errno.h>
#include <unistd.h>

static const struct command_option status_options[] = {
    {.name = "json", .kind = OPTION_FLAG, .doc = "print the supervisor's answer as it is: one JSON object"},
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example status_examples[] = {
    {"newswire status", "shows the processes, the stages, and whether every article is accounted for"},
    {"newswire status --json | jq '.processes[] | select(.state != \"ready\")'", "lists what is not well"},
    COMMAND_EXAMPLE_END,
};

static int show(const char *path, struct nw_str answer)
{
    struct nw_buf text;
    char why[STATUS_WHY];
    int rc;

    nw_buf_init(&text, STATUS_MAX);
    rc = status_text(answer, message_colours(STDOUT_FILENO), &text, why);
    if (rc == STATUS_BAD) {
        message(nw_str_z(path), "%s", why);
        rc = EXIT_UNREACHABLE;
    } else if (rc < 0) {
        message_error(rc, path);
        rc = EXIT_UNREACHABLE;
    } else {
        rc = output_text(nw_buf_view(&text));
    }
    nw_buf_free(&text);
    return rc;
}

static int status_run(const struct arguments *arguments)
{
    char path[DAEMON_PATH];
    struct nw_buf answer;
    int rc = daemon_path(arguments, "control.sock", path);

    if (rc) {
        return rc;
    }
    nw_buf_init(&answer, CONTROL_MAX);
    rc = control_ask(path, &answer);
    if (rc < 0) {
        rc = daemon_unreachable(path, rc, rc == -ETIMEDOUT ? "the daemon gave no answer within 5 s; see its log" : "");
    } else if (argument_given(arguments, "json")) {
        rc = output_text(nw_buf_view(&answer));
    } else {
        rc = show(path, nw_buf_view(&answer));
    }
    nw_buf_free(&answer);
    return rc;
}

const struct command command_status = {
    .name = "status",
    .doc = "show how a running daemon does",
    .operands = "",
    .text = "Asks the supervisor and prints a row a process (pid, state, restarts, memory, processor time as a part of "
            "the time since it was started, how the one before it ended) and a row a stage (records in and out, "
            "dropped on purpose, dead-lettered, leased to workers, queued, records a second, and the time from lease "
            "to result of a record: median and 99th percentile).\n\n"
            "Then comes the ledger: every article that was accepted is completed, dropped, dead-lettered or in "
            "flight. The last lines are alarms: sources and feeds that have gone quiet against their own rhythm (in "
            "--json below `metrics` of fetch, `alarms` and `alarm_count`).",
    .options = status_options,
    .examples = status_examples,
    .run = status_run,
};
