/* mkdir, checks, and an flock that the kernel gives up for us however we end. */
#include "folders.h"

#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* 0, or -1 with a line. */
static int make(const char *key, const char *path, mode_t mode)
{
    struct stat st;

    if (mkdir(path, mode) < 0 && errno != EEXIST) {
        nw_error("%s %s can't be made: %s%s", key, path, strerror(errno),
                 errno == ENOENT ? "; make the folder above it first" : "");
        return -1;
    }
    if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
        nw_error("%s %s is no folder; remove it or name another in the configuration", key, path);
        return -1;
    }
    if (mode == 0700 && (st.st_mode & 077)) {
        nw_error("%s %s is open to others (mode %04o), who could feed and command the daemon; chmod 700 it, or name a "
                 "folder of its own",
                 key, path, (unsigned)(st.st_mode & 07777));
        return -1;
    }
    if (access(path, W_OK | X_OK) < 0) {
        nw_error("%s %s can't be written to: %s", key, path, strerror(errno));
        return -1;
    }
    return 0;
}

/* The pid that a lock's holder has written, 0 if it can't be read. */
static long holder(int fd)
{
    char text[32] = "";

    return pread(fd, text, sizeof text - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

int folders_apart(const char *run_dir, const char *data_dir, const char *stage)
{
    char run[PATH_BYTES], data[PATH_BYTES];

    snprintf(run, sizeof run, "%s/%s", run_dir, stage);
    snprintf(data, sizeof data, "%s/%s", data_dir, stage);
    return make("run_dir", run, 0700) < 0 || make("data_dir", data, 0750) < 0 ? -1 : 0;
}

int folders_take(const char *run_dir, const char *data_dir)
{
    char path[PATH_BYTES], text[32];
    int fd, n;

    if (make("run_dir", run_dir, 0700) < 0 || make("data_dir", data_dir, 0750) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/lock", run_dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        nw_error("%s can't be opened: %s", path, strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        nw_error("another newswired (pid %ld) runs in %s; stop it, or name another run_dir in the configuration",
                 holder(fd), run_dir);
        close(fd);
        return -1;
    }
    n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n)
        nw_warn("%s can't be written: %s", path, strerror(errno));
    return fd;
}
