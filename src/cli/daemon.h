/* Where the running daemon's sockets are, and what to say when nobody answers there. */
#ifndef CLI_DAEMON_H
#define CLI_DAEMON_H

#include "arguments.h"

#include <newswire/client.h>

enum { DAEMON_PATH = 108 }; /* sun_path ends there; so does an ipc endpoint's path */

/* The path of a socket in the folder of --run, $NEWSWIRE_RUN or ./run. 0, or EXIT_USAGE, told, when it is too long. */
int daemon_path(const struct arguments *arguments, const char *socket, char path[DAEMON_PATH]);

/* The same as a ZeroMQ endpoint. */
enum { DAEMON_ENDPOINT = DAEMON_PATH + 6 };
int daemon_endpoint(const struct arguments *arguments, const char *socket, char endpoint[DAEMON_ENDPOINT]);

/* Where to subscribe, and with which keys: --live and --past together, else the sockets of the run folder
 * (COMMAND_OPTIONS_STREAM). The options' texts stand in `stream` and in the arguments. 0, or EXIT_USAGE, told. */
struct daemon_stream {
    char publisher[DAEMON_ENDPOINT], reader[DAEMON_ENDPOINT];
};
int daemon_stream(const struct arguments *arguments, const char *command, struct daemon_stream *stream,
                  struct nw_subscriber_options *options);

/* Says that `where` could not be reached, why, and what to do; returns EXIT_UNREACHABLE. `why` may be "". */
int daemon_unreachable(const char *where, int error, const char *why);

#endif
