/* A sorted table under one mutex, and a thread that writes it: see bookmarks.h. The file: msgpack
 * [1, log id, {name: oseq, …}]. */
#include "run/bookmarks.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/checkpoint.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    VERSION = 1,
    PATH_BYTES = 4096,
    FILE_MAX = NW_BOOKMARKS * (NW_BOOKMARK_NAME + 16) + 64,
    AGAIN_S = 5, /* after a write that failed */
};

struct bookmark {
    char name[NW_BOOKMARK_NAME + 1];
    uint64_t oseq;
};

struct nw_bookmarks {
    char path[PATH_BYTES];
    uint64_t log;
    int event_fd;
    bool running; /* the thread is */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;

    /* under the mutex */
    struct bookmark marks[NW_BOOKMARKS]; /* by name */
    size_t n;
    uint64_t version, durable; /* counts of sets */
    bool stop;
};

/* ---- the table */

/* Where the name is or would be. */
static size_t place_of(const struct nw_bookmarks *bookmarks, struct nw_str name, bool *there)
{
    size_t from = 0, to = bookmarks->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (nw_str_cmp(nw_str_z(bookmarks->marks[middle].name), name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    *there = from < bookmarks->n && nw_str_eq(nw_str_z(bookmarks->marks[from].name), name);
    return from;
}

static bool name_is_good(struct nw_str name)
{
    if (name.n < 1 || name.n > NW_BOOKMARK_NAME)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
              c == '.'))
            return false;
    }
    return true;
}

static int put(struct nw_bookmarks *bookmarks, struct nw_str name, uint64_t oseq)
{
    struct bookmark *marks = bookmarks->marks;
    bool there;
    size_t at = place_of(bookmarks, name, &there);

    if (oseq == 0 && there) {
        memmove(marks + at, marks + at + 1, (--bookmarks->n - at) * sizeof *marks);
    } else if (oseq > 0) {
        if (!there && bookmarks->n == NW_BOOKMARKS)
            return NW_BOOKMARKS_FULL;
        if (!there) {
            memmove(marks + at + 1, marks + at, (bookmarks->n++ - at) * sizeof *marks);
            snprintf(marks[at].name, sizeof marks[at].name, "%.*s", NW_FMT(name));
        }
        marks[at].oseq = oseq;
    }
    return 0;
}

uint64_t nw_bookmarks_get(struct nw_bookmarks *bookmarks, struct nw_str name)
{
    bool there;
    uint64_t oseq;
    size_t at;

    pthread_mutex_lock(&bookmarks->mutex);
    at = place_of(bookmarks, name, &there);
    oseq = there ? bookmarks->marks[at].oseq : 0;
    pthread_mutex_unlock(&bookmarks->mutex);
    return oseq;
}

int nw_bookmarks_set(struct nw_bookmarks *bookmarks, struct nw_str name, uint64_t oseq, uint64_t *version)
{
    int r;

    if (!name_is_good(name))
        return NW_BOOKMARK_BAD_NAME;
    pthread_mutex_lock(&bookmarks->mutex);
    r = put(bookmarks, name, oseq);
    if (r == 0) {
        *version = ++bookmarks->version;
        pthread_cond_signal(&bookmarks->changed);
    }
    pthread_mutex_unlock(&bookmarks->mutex);
    return r;
}

int nw_bookmarks_event(const struct nw_bookmarks *bookmarks)
{
    return bookmarks->event_fd;
}

uint64_t nw_bookmarks_durable(struct nw_bookmarks *bookmarks)
{
    uint64_t count, durable;

    /* Under the mutex, as the thread writes it: what is told by the event is never left in it. */
    pthread_mutex_lock(&bookmarks->mutex);
    if (read(bookmarks->event_fd, &count, sizeof count) < 0 && errno != EAGAIN)
        nw_fault(-errno);
    durable = bookmarks->durable;
    pthread_mutex_unlock(&bookmarks->mutex);
    return durable;
}

/* ---- the thread */

static int encode(const struct nw_bookmarks *bookmarks, struct nw_buf *out)
{
    nw_buf_clear(out);
    nw_pack_array(out, 3);
    nw_pack_uint(out, VERSION);
    nw_pack_uint(out, bookmarks->log);
    nw_pack_map(out, bookmarks->n);
    for (size_t i = 0; i < bookmarks->n; i++) {
        nw_pack_str(out, nw_str_z(bookmarks->marks[i].name));
        nw_pack_uint(out, bookmarks->marks[i].oseq);
    }
    return out->error;
}

/* After a write that failed: the disk is full, most likely. Ends early when it is time to stop. */
static void pause_a_moment(struct nw_bookmarks *bookmarks)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += AGAIN_S;
    while (!bookmarks->stop && pthread_cond_timedwait(&bookmarks->changed, &bookmarks->mutex, &until) == 0) {
    }
}

static void *run(void *user)
{
    struct nw_bookmarks *bookmarks = user;
    const uint64_t one = 1;
    struct nw_buf out;
    bool failed = false;

    nw_buf_init(&out, FILE_MAX);
    pthread_mutex_lock(&bookmarks->mutex);
    while (!bookmarks->stop || (bookmarks->durable < bookmarks->version && !failed)) {
        uint64_t version = bookmarks->version;
        int r;

        if (bookmarks->durable == version) {
            pthread_cond_wait(&bookmarks->changed, &bookmarks->mutex);
            continue;
        }
        r = encode(bookmarks, &out);
        pthread_mutex_unlock(&bookmarks->mutex);
        if (r == 0)
            r = nw_checkpoint_write(bookmarks->path, nw_buf_view(&out));
        if (r < 0 && !failed)
            nw_error("the positions of subscribers cannot be written to %s; nobody is told that they are kept",
                     bookmarks->path);
        failed = r < 0;
        pthread_mutex_lock(&bookmarks->mutex);
        if (failed) {
            pause_a_moment(bookmarks);
            continue;
        }
        bookmarks->durable = version;
        if (write(bookmarks->event_fd, &one, sizeof one) < 0 && errno != EAGAIN)
            nw_fault(-errno);
    }
    pthread_mutex_unlock(&bookmarks->mutex);
    nw_buf_free(&out);
    return NULL;
}

/* With all signals blocked: they are the main thread's. */
static int start(struct nw_bookmarks *bookmarks)
{
    sigset_t all, old;
    int error;

    sigfillset(&all);
    error = pthread_sigmask(SIG_SETMASK, &all, &old);
    if (error)
        return nw_fault(-error);
    error = pthread_create(&bookmarks->thread, NULL, run, bookmarks);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    bookmarks->running = error == 0;
    return error ? nw_fault(-error) : 0;
}

/* ---- opening */

/* 0, NW_CHECKPOINT_BAD for what is no such file, or a negative fault. */
static int take_up(struct nw_bookmarks *bookmarks, struct nw_str text)
{
    struct nw_unpack in = nw_unpack(text);
    uint64_t version, log, oseq;
    struct nw_str name;
    size_t n;

    if (!nw_unpack_array(&in, &n) || n < 3 || !nw_unpack_uint(&in, &version) || version != VERSION ||
        !nw_unpack_uint(&in, &log) || !nw_unpack_map(&in, &n) || n > NW_BOOKMARKS)
        return NW_CHECKPOINT_BAD;
    if (log != bookmarks->log) {
        if (n > 0)
            nw_warn("the positions of %zu subscribers are of another output log: they begin anew", n);
        return 0;
    }
    for (; n > 0; n--) {
        if (!nw_unpack_str(&in, &name) || !nw_unpack_uint(&in, &oseq) || !name_is_good(name))
            return NW_CHECKPOINT_BAD;
        put(bookmarks, name, oseq);
    }
    return 0;
}

static int read_file(struct nw_bookmarks *bookmarks)
{
    struct nw_buf text;
    int r;

    nw_buf_init(&text, FILE_MAX);
    r = nw_checkpoint_read(bookmarks->path, &text);
    if (r == 0)
        r = take_up(bookmarks, nw_buf_view(&text));
    nw_buf_free(&text);
    if (r == NW_CHECKPOINT_BAD) {
        nw_error("%s is damaged: it holds how far subscribers have got; put it back from a copy, or remove it, and "
                 "they begin anew",
                 bookmarks->path);
        return -EILSEQ;
    }
    return r < 0 ? nw_fault(r) : 0;
}

int nw_bookmarks_open(const char *path, uint64_t log, struct nw_bookmarks **result)
{
    struct nw_bookmarks *bookmarks = nw_calloc(1, sizeof *bookmarks);
    int r;

    *result = NULL;
    if (!bookmarks)
        return nw_fault(-ENOMEM);
    bookmarks->log = log;
    pthread_mutex_init(&bookmarks->mutex, NULL);
    pthread_cond_init(&bookmarks->changed, NULL);
    snprintf(bookmarks->path, sizeof bookmarks->path, "%s", path);
    bookmarks->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    r = bookmarks->event_fd < 0 ? nw_fault(-errno) : read_file(bookmarks);
    if (r == 0)
        r = start(bookmarks);
    if (r < 0)
        nw_bookmarks_close(&bookmarks);
    *result = bookmarks;
    return r;
}

void nw_bookmarks_close(struct nw_bookmarks **pointer)
{
    struct nw_bookmarks *bookmarks = *pointer;

    if (!bookmarks)
        return;
    if (bookmarks->running) {
        pthread_mutex_lock(&bookmarks->mutex);
        bookmarks->stop = true;
        pthread_cond_signal(&bookmarks->changed);
        pthread_mutex_unlock(&bookmarks->mutex);
        pthread_join(bookmarks->thread, NULL);
    }
    if (bookmarks->event_fd >= 0)
        close(bookmarks->event_fd);
    pthread_cond_destroy(&bookmarks->changed);
    pthread_mutex_destroy(&bookmarks->mutex);
    nw_free(bookmarks);
    *pointer = NULL;
}
