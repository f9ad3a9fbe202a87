/* Where the daemon's logs are, which can be read beside it and without it. */
#ifndef CLI_DATA_FOLDER_H
#define CLI_DATA_FOLDER_H

#include "arguments.h"

enum { DATA_FOLDER = 4096 };

/* The folder of --data, $NEWSWIRE_DATA, or what the running daemon says. 0, or an exit status; what is wrong was told.
 */
int data_folder(const struct arguments *arguments, char path[DATA_FOLDER]);

/* The path of a log in it. 0, or EXIT_USAGE, told, when it is too long. */
int data_log(const char *data, const char *name, char path[DATA_FOLDER]);

#endif
