/* The thread that looks after a log: see upkeep.h. */
#include "store/upkeep.h"

#include "store/store.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

enum { REST_MS = 1000, NICER = 19 /* it takes what nobody else wants: the flow comes first */ };

struct nw_upkeep {
    struct nw_store *store;
    pthread_t thread;
    pthread_mutex_t mutex; /* of quit */
    pthread_cond_t wake;
    bool quit;
    atomic_int error;
};

/* Waits until there may be something to do; false when it is to end. */
static bool rest(struct nw_upkeep *upkeep, int64_t ms)
{
    struct timespec until;
    bool quit;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    pthread_mutex_lock(&upkeep->mutex);
    while (ms > 0 && !upkeep->quit && pthread_cond_timedwait(&upkeep->wake, &upkeep->mutex, &until) == 0)
        ;
    quit = upkeep->quit;
    pthread_mutex_unlock(&upkeep->mutex);
    return !quit;
}

static void *run(void *argument)
{
    struct nw_upkeep *upkeep = argument;
    int r = 0;

    /* On Linux a priority is the thread's. It stays as it is where this is not allowed. */
    (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICER);
    while (r >= 0 && rest(upkeep, r == 0 ? 0 : REST_MS))
        r = nw_store_maintain(upkeep->store);
    if (r < 0)
        atomic_store(&upkeep->error, r);
    return NULL;
}

static void take_over(struct nw_store *store, bool upkept)
{
    pthread_mutex_lock(&store->mutex);
    store->upkept = upkept;
    pthread_cond_signal(&store->wake); /* the committer, which may have something to delete again */
    pthread_mutex_unlock(&store->mutex);
}

static int launch(struct nw_upkeep *upkeep)
{
    pthread_condattr_t monotonic;
    sigset_t all, old;
    int error;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&upkeep->mutex, NULL);
    pthread_cond_init(&upkeep->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all); /* signals are for the main thread */
    error = pthread_sigmask(SIG_SETMASK, &all, &old);
    if (error == 0) {
        error = pthread_create(&upkeep->thread, NULL, run, upkeep);
        pthread_sigmask(SIG_SETMASK, &old, NULL);
    }
    return error ? nw_fault(-error) : 0;
}

static void forget(struct nw_upkeep *upkeep)
{
    pthread_cond_destroy(&upkeep->wake);
    pthread_mutex_destroy(&upkeep->mutex);
    nw_free(upkeep);
}

int nw_upkeep_start(struct nw_store *store, struct nw_upkeep **result)
{
    struct nw_upkeep *upkeep = nw_calloc(1, sizeof *upkeep);
    int r;

    *result = NULL;
    if (!upkeep)
        return nw_fault(-ENOMEM);
    upkeep->store = store;
    r = launch(upkeep);
    if (r < 0) {
        forget(upkeep);
        return r;
    }
    take_over(store, true);
    *result = upkeep;
    return 0;
}

void nw_upkeep_stop(struct nw_upkeep **pointer)
{
    struct nw_upkeep *upkeep = *pointer;

    if (!upkeep)
        return;
    pthread_mutex_lock(&upkeep->mutex);
    upkeep->quit = true;
    pthread_cond_signal(&upkeep->wake);
    pthread_mutex_unlock(&upkeep->mutex);
    pthread_join(upkeep->thread, NULL);
    take_over(upkeep->store, false);
    forget(upkeep);
    *pointer = NULL;
}

int nw_upkeep_error(const struct nw_upkeep *upkeep)
{
    return atomic_load(&upkeep->error);
}
