/* `newswire check` and `newswired --check`: whether a configuration would start. */
#ifndef SUPER_CHECK_H
#define SUPER_CHECK_H

#include <stdio.h>

/* Prints "PATH: ok, N stages" to out, or "FILE:LINE: sentence" for each problem to err. path NULL: as newswired looks
 * for it. Returns an exit status: 0 good, 1 problems, 2 a fault of the machine. */
int nw_check(const char *path, FILE *out, FILE *err);

/* The same, printing the effective configuration with what each key means instead of the line. */
int nw_check_print(const char *path, FILE *out, FILE *err);

#endif
