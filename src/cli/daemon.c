/* The running daemon's sockets; see daemon.h. */
#include "daemon.h"

#include "message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int daemon_path(const struct arguments *arguments, const char *socket, char path[DAEMON_PATH])
{
    const char *folder = argument_text(arguments, "run"), *set = getenv("NEWSWIRE_RUN");
    int n;

    if (!folder) {
        folder = set && *set ? set : "run";
    }
    n = snprintf(path, DAEMON_PATH, "%s/%s", folder, socket);
    if (n < 0 || n >= DAEMON_PATH) {
        message(nw_str_z(folder), "the path of a socket has at most %d bytes: give a shorter folder with --run",
                DAEMON_PATH - 1);
        return EXIT_USAGE;
    }
    return 0;
}

int daemon_endpoint(const struct arguments *arguments, const char *socket, char endpoint[DAEMON_ENDPOINT])
{
    char path[DAEMON_PATH];
    int rc = daemon_path(arguments, socket, path);

    if (rc == 0) {
        snprintf(endpoint, DAEMON_ENDPOINT, "ipc://%s", path);
    }
    return rc;
}

int daemon_stream(const struct arguments *arguments, const char *command, struct daemon_stream *stream,
                  struct nw_subscriber_options *options)
{
    options->publisher = argument_text(arguments, "live");
    options->reader = argument_text(arguments, "past");
    options->broker_key = argument_text(arguments, "broker-key");
    options->key = argument_text(arguments, "key");
    if (!options->publisher != !options->reader) {
        message(nw_str("", 0), "%s: --live and --past go together: the stream, and the log that it came from", command);
        return EXIT_USAGE;
    }
    if (options->publisher) {
        return 0;
    }
    options->publisher = stream->publisher;
    options->reader = stream->reader;
    return daemon_endpoint(arguments, "publish.sock", stream->publisher) ||
                   daemon_endpoint(arguments, "read.sock", stream->reader)
               ? EXIT_USAGE
               : 0;
}

int daemon_unreachable(const char *where, int error, const char *why)
{
    struct nw_str subject = nw_str_z(where);

    if (error == -EHOSTUNREACH || error == -ENOENT || error == -ECONNREFUSED) {
        if (why[0]) {
            message(subject, "the daemon refuses: %s", why);
        } else if (nw_str_starts(subject, NW_S("tcp:"))) {
            message(subject, "nobody answers: does the daemon listen there, and may its port be reached from here?");
        } else {
            message(subject,
                    "nobody answers: is newswired running? Start it with `newswired --config FILE`, or name its run "
                    "folder with --run");
        }
    } else if (error == -EINVAL) {
        message(subject, "%s", why[0] ? why : "that is no endpoint: expected ipc://PATH or tcp://HOST:PORT");
    } else {
        message(subject, "%s", why[0] ? why : strerror(-error));
    }
    return EXIT_UNREACHABLE;
}
