/* From a fork of the supervisor to the program of a child. See trampoline.h. */
#include "trampoline.h"

#include <newswire/log.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ARG_WORD = 1, ARG_PARENT, ARG_MEMORY, ARG_DASHES, ARG_PROGRAM };
enum { TRAMPOLINE_LIFELINE = 3 };

int trampoline(int argc, char **argv)
{
    long parent, megabytes;
    const char *program;

    if (argc <= ARG_PROGRAM || strcmp(argv[ARG_DASHES], "--") != 0) {
        nw_error("newswired child is for newswired itself; start newswired");
        return 1;
    }
    program = argv[ARG_PROGRAM];
    parent = strtol(argv[ARG_PARENT], NULL, 10);
    megabytes = strtol(argv[ARG_MEMORY], NULL, 10);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != (pid_t)parent)
        return TRAMPOLINE_ORPHAN;
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return TRAMPOLINE_NO_EXEC;
    /* What whoever started us has left open is not for children (Linux 5.9; where it is missing they get it). */
    syscall(SYS_close_range, TRAMPOLINE_LIFELINE + 1, ~0U, 0);
    if (megabytes > 0) {
        struct rlimit limit = {.rlim_cur = (rlim_t)megabytes << 20, .rlim_max = (rlim_t)megabytes << 20};
        if (setrlimit(RLIMIT_AS, &limit) < 0)
            nw_warn("memory of %s can't be limited to %ld MiB: %s", program, megabytes, strerror(errno));
    }
    execvp(program, &argv[ARG_PROGRAM]);
    nw_error("%s can't be executed: %s", program, strerror(errno));
    return TRAMPOLINE_NO_EXEC;
}
