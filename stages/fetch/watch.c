/* Watch descriptors are small numbers that the kernel counts up, so they index an array. */
#include "watch.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

void watch_open(struct watch *watch)
{
    *watch = (struct watch){.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
}

void watch_close(struct watch *watch)
{
    if (watch->fd >= 0)
        close(watch->fd);
    for (size_t i = 0; i < watch->count; i++)
        nw_free(watch->folders[i]);
    nw_free(watch->folders);
    *watch = (struct watch){.fd = -1};
}

int watch_add(struct watch *watch, const char *path, const char *below)
{
    int wd = watch->fd < 0
                 ? -1
                 : inotify_add_watch(watch->fd, path,
                                     IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK);
    size_t i = (size_t)wd, n = strlen(below) + 1;
    char *copy;

    if (wd < 0 || i >= WATCH_FOLDERS ||
        (i < watch->count && watch->folders[i] && strcmp(watch->folders[i], below) == 0))
        return 0;
    if (i >= watch->count) {
        size_t count = i + 16;
        char **folders = nw_realloc(watch->folders, count * sizeof *folders);
        if (!folders)
            return nw_fault(-ENOMEM);
        memset(folders + watch->count, 0, (count - watch->count) * sizeof *folders);
        watch->folders = folders;
        watch->count = count;
    }
    copy = nw_malloc(n);
    if (!copy)
        return nw_fault(-ENOMEM);
    memcpy(copy, below, n);
    nw_free(watch->folders[i]);
    watch->folders[i] = copy;
    return 0;
}

enum watch_step watch_next(struct watch *watch, const char **below, struct nw_str *name)
{
    for (;;) {
        struct inotify_event event;
        size_t wd;

        if (watch->at == watch->n) {
            ssize_t n = watch->fd < 0 ? -1 : read(watch->fd, watch->events, sizeof watch->events);
            watch->at = 0;
            watch->n = n > 0 ? (size_t)n : 0;
            if (n <= 0)
                return WATCH_NONE;
        }
        memcpy(&event, watch->events + watch->at, sizeof event);
        *name = nw_str_z(event.len ? watch->events + watch->at + sizeof event : "");
        watch->at += sizeof event + event.len;
        if (event.mask & IN_Q_OVERFLOW)
            return WATCH_LOST;
        wd = (size_t)event.wd;
        if (event.mask & IN_ISDIR || name->n == 0 || wd >= watch->count || !watch->folders[wd])
            continue;
        *below = watch->folders[wd];
        return WATCH_FILE;
    }
}
