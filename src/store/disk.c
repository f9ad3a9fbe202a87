/* Changes to a folder, each announced to the hook before it happens: see disk.h. */
#define _GNU_SOURCE /* SEEK_DATA, O_DIRECT */
#include "store/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int announce(const struct store_disk *disk, struct store_disk_event event)
{
    return disk->hook ? disk->hook->before(disk->hook->context, &event) : 0;
}

#define ANNOUNCE(disk, ...)                                                                                            \
    do {                                                                                                               \
        int refused = announce((disk), (struct store_disk_event){__VA_ARGS__});                                        \
        if (refused < 0)                                                                                               \
            return refused;                                                                                            \
    } while (0)

/* The disk has other blocks than store/blocks.h thinks, so nothing was written: from now on through the cache. */
static bool leave_direct(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && flags & O_DIRECT && fcntl(fd, F_SETFL, flags & ~O_DIRECT) == 0;
}

static int outcome(int result)
{
    return result < 0 ? -errno : 0;
}

int store_disk_make(const struct store_disk *disk, const char *name, int *fd)
{
    ANNOUNCE(disk, .op = STORE_DISK_MAKE, .name = name);
    *fd = openat(disk->folder, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    return outcome(*fd);
}

int store_disk_write(const struct store_disk *disk, int fd, const char *name, const void *bytes, size_t n,
                     uint64_t offset)
{
    const char *p = bytes;

    ANNOUNCE(disk, .op = STORE_DISK_WRITE, .name = name, .offset = offset, .bytes = bytes, .n = n);
    while (n) {
        ssize_t written = pwrite(fd, p, n, (off_t)offset);
        if (written < 0 && (errno == EINTR || (errno == EINVAL && leave_direct(fd))))
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -EIO;
        p += written;
        n -= (size_t)written;
        offset += (uint64_t)written;
    }
    return 0;
}

int store_disk_sync(const struct store_disk *disk, int fd, const char *name)
{
    ANNOUNCE(disk, .op = STORE_DISK_SYNC, .name = name);
    return outcome(fdatasync(fd));
}

int store_disk_sync_all(const struct store_disk *disk, int fd, const char *name)
{
    ANNOUNCE(disk, .op = STORE_DISK_SYNC, .name = name);
    return outcome(fsync(fd));
}

int store_disk_allocate(const struct store_disk *disk, int fd, const char *name, uint64_t size)
{
    int result;

    ANNOUNCE(disk, .op = STORE_DISK_ALLOCATE, .name = name, .offset = size);
    do {
        result = posix_fallocate(fd, 0, (off_t)size);
    } while (result == EINTR);
    return -result;
}

int store_disk_cut(const struct store_disk *disk, int fd, const char *name, uint64_t size)
{
    ANNOUNCE(disk, .op = STORE_DISK_CUT, .name = name, .offset = size);
    return outcome(ftruncate(fd, (off_t)size));
}

int store_disk_rename(const struct store_disk *disk, const char *name, const char *to)
{
    ANNOUNCE(disk, .op = STORE_DISK_RENAME, .name = name, .to = to);
    return outcome(renameat(disk->folder, name, disk->folder, to));
}

int store_disk_link(const struct store_disk *disk, const char *name, const char *to)
{
    ANNOUNCE(disk, .op = STORE_DISK_LINK, .name = name, .to = to);
    return outcome(linkat(disk->folder, name, disk->folder, to, 0));
}

int store_disk_remove(const struct store_disk *disk, const char *name)
{
    ANNOUNCE(disk, .op = STORE_DISK_REMOVE, .name = name);
    return unlinkat(disk->folder, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int store_disk_sync_folder(const struct store_disk *disk)
{
    ANNOUNCE(disk, .op = STORE_DISK_SYNC_FOLDER, .name = ".");
    return outcome(fsync(disk->folder));
}

int store_disk_read(int fd, void *bytes, size_t n, uint64_t offset, size_t *got)
{
    char *p = bytes;

    *got = 0;
    while (*got < n) {
        ssize_t have = pread(fd, p + *got, n - *got, (off_t)(offset + *got));
        if (have < 0 && errno == EINTR)
            continue;
        if (have < 0)
            return -errno;
        if (have == 0)
            break;
        *got += (size_t)have;
    }
    return 0;
}

bool store_disk_reserved(int fd, uint64_t size)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (uint64_t)st.st_size >= size && (uint64_t)st.st_blocks * 512 >= size;
}

bool store_disk_untouched(int fd, uint64_t size)
{
    return store_disk_reserved(fd, size) && lseek(fd, 0, SEEK_DATA) < 0 && errno == ENXIO;
}

int store_disk_free(const struct store_disk *disk, uint64_t *bytes)
{
    struct statvfs vfs;

    if (fstatvfs(disk->folder, &vfs) < 0)
        return -errno;
    *bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
    return 0;
}

bool store_disk_full(int error)
{
    return error == -ENOSPC || error == -EDQUOT;
}
