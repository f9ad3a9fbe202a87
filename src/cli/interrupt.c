/* See interrupt.h. The flag is the one variable of this folder that is no constant: a signal has no other way in. */
#include "interrupt.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t flag;

static void on_signal(int number)
{
    (void)number;
    flag = 1;
}

void interrupt_setup(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND; /* without SA_RESTART: waiting calls return EINTR */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupted(void)
{
    return flag != 0;
}
