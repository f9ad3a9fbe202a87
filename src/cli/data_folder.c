/* Finds the data folder; see data_folder.h. */
#include "data_folder.h"

#include "control.h"
#include "daemon.h"
#include "message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int ask_daemon(const struct arguments *arguments, char path[DATA_FOLDER])
{
    char socket[DAEMON_PATH];
    struct nw_buf answer;
    int rc = daemon_path(arguments, "control.sock", socket);

    if (rc) {
        return rc;
    }
    nw_buf_init(&answer, CONTROL_MAX);
    if (control_ask(socket, &answer) < 0 || !status_data(nw_buf_view(&answer), path, DATA_FOLDER)) {
        message(nw_str("", 0),
                "%s: no daemon answers that could tell where its data is; name its data_dir with --data, or its run "
                "folder with --run",
                arguments->command->name);
        rc = EXIT_UNREACHABLE;
    }
    nw_buf_free(&answer);
    return rc;
}

int data_folder(const struct arguments *arguments, char path[DATA_FOLDER])
{
    const char *given = argument_text(arguments, "data"), *set = getenv("NEWSWIRE_DATA");

    if (!given && (!set || !*set)) {
        return ask_daemon(arguments, path);
    }
    if (data_log(given ? given : set, NULL, path)) {
        return EXIT_USAGE;
    }
    if (access(path, R_OK | X_OK) != 0) { /* else a slip of the pen would look like an empty log */
        message_error(-errno, path);
        return EXIT_UNREACHABLE;
    }
    return 0;
}

int data_log(const char *data, const char *name, char path[DATA_FOLDER])
{
    int n = snprintf(path, DATA_FOLDER, "%s%s%s", data, name ? "/" : "", name ? name : "");

    if (n < 0 || n >= DATA_FOLDER) {
        message(nw_str_z(data), "the path has more than %d bytes", DATA_FOLDER - 1);
        return EXIT_USAGE;
    }
    return 0;
}
