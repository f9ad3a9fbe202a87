/*
 * See deadline.h. One word holds whose turn it is: an odd number while a piece is under way, an even one between two,
 * OVER once one is given up, STOPPED when nobody is watched any more. It is changed by compare and exchange, so that
 * either the watched thread ends its piece or the watchman takes it, never both.
 *
 * The watchman is asleep when it is to stop, and can't be woken without a signal: it finds out at its next look and
 * frees what the two share; where there is none any more it sleeps until the process ends.
 */
#include "run/deadline.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { LOOKS = 4 /* within the limit */, STACK = 1 << 20 };

#define OVER    UINT64_MAX
#define STOPPED (UINT64_MAX - 1) /* even: no piece is under way */

struct nw_deadline {
    _Atomic uint64_t turn;
    clockid_t clock; /* CPU time of the watched thread */
    int64_t pause;   /* ns of it between two looks */
    void (*over)(void *user);
    void *user;
};

/* Sleeps until the watched thread has used another pause. 0 or an errno value. */
static int sleep_a_pause(const struct nw_deadline *deadline)
{
    enum { SECOND = 1000000000 };
    struct timespec until;
    int r;

    if (clock_gettime(deadline->clock, &until) < 0)
        return errno;
    until.tv_sec += (time_t)(deadline->pause / SECOND);
    until.tv_nsec += (long)(deadline->pause % SECOND);
    if (until.tv_nsec >= SECOND) {
        until.tv_sec++;
        until.tv_nsec -= SECOND;
    }
    do
        r = clock_nanosleep(deadline->clock, TIMER_ABSTIME, &until, NULL);
    while (r == EINTR);
    return r;
}

static void *watch(void *user)
{
    struct nw_deadline *deadline = user;
    uint64_t seen = 0;
    int looks = 0; /* that saw the same piece */

    for (;;) {
        int r = sleep_a_pause(deadline);
        uint64_t turn = atomic_load(&deadline->turn);
        if (turn == STOPPED) {
            nw_free(deadline);
            return NULL;
        }
        if (r != 0) {
            nw_fault(-r);
            return NULL;
        }
        looks = turn == seen && turn % 2 == 1 ? looks + 1 : 0;
        seen = turn;
        if (looks >= LOOKS && atomic_compare_exchange_strong(&deadline->turn, &turn, OVER)) {
            deadline->over(deadline->user);
            return NULL;
        }
    }
}

/* Signals are for the threads that were there before. */
static int start(struct nw_deadline *deadline)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_t thread;
    int r = pthread_attr_init(&attributes);

    if (r != 0)
        return r;
    sigfillset(&all);
    r = pthread_attr_setstacksize(&attributes, STACK);
    if (r == 0)
        r = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (r == 0)
        r = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (r == 0) {
        r = pthread_create(&thread, &attributes, watch, deadline);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attributes);
    return r;
}

int nw_deadline_new(uint64_t limit_ms, void (*over)(void *user), void *user, struct nw_deadline **result)
{
    struct nw_deadline *deadline = nw_calloc(1, sizeof *deadline);
    int r;

    if (!deadline)
        return nw_fault(-ENOMEM);
    deadline->pause = (int64_t)limit_ms * 1000000 / LOOKS;
    deadline->over = over;
    deadline->user = user;
    r = pthread_getcpuclockid(pthread_self(), &deadline->clock);
    if (r == 0)
        r = start(deadline);
    if (r != 0) {
        nw_free(deadline);
        return nw_fault(-r);
    }
    *result = deadline;
    return 0;
}

void nw_deadline_free(struct nw_deadline **pointer)
{
    if (*pointer)
        atomic_store(&(*pointer)->turn, STOPPED);
    *pointer = NULL;
}

void nw_deadline_begin(struct nw_deadline *deadline)
{
    if (deadline) /* nobody else changes an even one */
        atomic_store_explicit(&deadline->turn, atomic_load_explicit(&deadline->turn, memory_order_relaxed) + 1,
                              memory_order_release);
}

void nw_deadline_end(struct nw_deadline *deadline)
{
    if (!deadline)
        return;
    uint64_t turn = atomic_load_explicit(&deadline->turn, memory_order_relaxed);
    if (turn != OVER && atomic_compare_exchange_strong(&deadline->turn, &turn, turn + 1))
        return;
    for (;;)
        pause(); /* until the process ends */
}
