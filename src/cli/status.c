/* newswire status: how the daemon does, asked of its supervisor. */
#include "arguments.h"
#include "daemon.h"
#include "message.h"
#include "output.h"
#include "status_text.h"

#include <newswire/clock.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MS = 5000 };

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

static int control_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -errno;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* Reads until the other side closes. 0, -ETIMEDOUT, -EMSGSIZE or another negative errno. */
static int answer_read(int fd, struct nw_buf *answer)
{
    int64_t until = nw_clock_mono() + ANSWER_MS;

    for (;;) {
        struct pollfd item = {.fd = fd, .events = POLLIN};
        int64_t left = until - nw_clock_mono();
        ssize_t n;

        if (left <= 0 || (poll(&item, 1, (int)left) == 0)) {
            return -ETIMEDOUT;
        }
        if (nw_buf_reserve(answer, 64 << 10) != 0) {
            return answer->error;
        }
        n = read(fd, answer->p + answer->n, 64 << 10);
        if (n == 0) {
            return 0;
        }
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        answer->n += n > 0 ? (size_t)n : 0;
    }
}

static int ask(const char *path, struct nw_buf *answer)
{
    static const char question[] = "status\n";
    int fd = control_connect(path), rc;

    if (fd < 0) {
        return fd;
    }
    rc = send(fd, question, sizeof question - 1, MSG_NOSIGNAL) < 0 ? -errno : answer_read(fd, answer);
    close(fd);
    return rc == 0 && answer->n == 0 ? -ECONNRESET : rc;
}

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
    nw_buf_init(&answer, STATUS_MAX + (64 << 10));
    rc = ask(path, &answer);
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
            "The last line is the ledger: every article that was accepted is completed, dropped, dead-lettered or in "
            "flight.",
    .options = status_options,
    .examples = status_examples,
    .run = status_run,
};
