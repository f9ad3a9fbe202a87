/* The whole command: argv in, exit status out. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

int cli_run(int argc, char **argv);

#endif
