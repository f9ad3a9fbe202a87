/* SIGINT and SIGTERM end what a command waits for, so that it can write out and say what it has done. A second one ends
 * the process. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

void interrupt_setup(void);
bool interrupted(void);

#endif
