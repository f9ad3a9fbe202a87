/* Where the running daemon's sockets are, and what to say when nobody answers there. */
#ifndef CLI_DAEMON_H
#define CLI_DAEMON_H

#include "arguments.h"

enum { DAEMON_PATH = 108 }; /* sun_path ends there; so does an ipc endpoint's path */

/* The path of a socket in the folder of --run, $NEWSWIRE_RUN or ./run. 0, or EXIT_USAGE, told, when it is too long. */
int daemon_path(const struct arguments *arguments, const char *socket, char path[DAEMON_PATH]);

/* The same as a ZeroMQ endpoint. */
enum { DAEMON_ENDPOINT = DAEMON_PATH + 6 };
int daemon_endpoint(const struct arguments *arguments, const char *socket, char endpoint[DAEMON_ENDPOINT]);

/* Says that `where` could not be reached, why, and what to do; returns EXIT_UNREACHABLE. `why` may be "". */
int daemon_unreachable(const char *where, int error, const char *why);

#endif
