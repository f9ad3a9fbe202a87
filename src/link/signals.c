/* signalfd behind two functions. */
#include "link/signals.h"

#include <newswire/error.h>

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int nw_signals_open(void)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    sigaddset(&set, SIGPIPE);
    if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return nw_fault(-errno);
    return fd;
}

bool nw_signals_came(int fd)
{
    struct signalfd_siginfo info;
    bool came = false;

    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
        came = true;
    return came;
}
