/* Writes and reads a small file as a whole: see checkpoint.h. */
#include "store/checkpoint.h"

#include "store/crc32c.h"
#include "store/disk.h"
#include "store/format.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* magic[8], length u64, CRC32C of length and payload u32, payload */
enum { MAGIC_SIZE = 8, START = MAGIC_SIZE + 8 + 4 };

static const unsigned char MAGIC[MAGIC_SIZE] = "NWCHECK";

/* Opens the folder that holds `path`; *name points to the last part of it. */
static int open_folder(const char *path, const char **name)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    int fd;

    *name = slash ? slash + 1 : path;
    if (n >= sizeof folder || strlen(*name) + sizeof ".new" > NAME_MAX)
        return -ENAMETOOLONG;
    memcpy(folder, path, n);
    folder[n] = '\0';
    fd = open(!slash ? "." : n ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static uint32_t checksum(const unsigned char length[8], struct nw_str bytes)
{
    return store_crc32c(store_crc32c(0, length, 8), bytes.p, bytes.n);
}

int nw_checkpoint_write(const char *path, struct nw_str bytes)
{
    unsigned char start[START];
    const char *name;
    char work[NAME_MAX + 1];
    struct store_disk disk = {.folder = open_folder(path, &name)};
    int fd = -1, error = disk.folder < 0 ? disk.folder : 0;

    if (error == 0 && bytes.n > NW_CHECKPOINT_MAX)
        error = -EMSGSIZE;
    if (error < 0)
        goto out;
    memcpy(start, MAGIC, MAGIC_SIZE);
    store_put64(start + MAGIC_SIZE, bytes.n);
    store_put32(start + MAGIC_SIZE + 8, checksum(start + MAGIC_SIZE, bytes));
    snprintf(work, sizeof work, "%s.new", name);
    error = store_disk_make(&disk, work, &fd);
    if (error == 0)
        error = store_disk_write(&disk, fd, work, start, sizeof start, 0);
    if (error == 0)
        error = store_disk_write(&disk, fd, work, bytes.p, bytes.n, sizeof start);
    if (error == 0)
        error = store_disk_sync_all(&disk, fd, work);
    if (error == 0)
        error = store_disk_rename(&disk, work, name);
    if (error == 0)
        error = store_disk_sync_folder(&disk);
out:
    if (fd >= 0)
        close(fd);
    if (disk.folder >= 0)
        close(disk.folder);
    if (error < 0)
        nw_error("cannot write the checkpoint %s", path);
    return error < 0 ? nw_fault(error) : 0;
}

int nw_checkpoint_read(const char *path, struct nw_buf *out)
{
    unsigned char start[START];
    struct stat st;
    size_t got, n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC), error;

    if (fd < 0)
        return errno == ENOENT ? NW_CHECKPOINT_NONE : nw_fault(-errno);
    error = fstat(fd, &st) < 0 ? -errno : store_disk_read(fd, start, sizeof start, 0, &got);
    if (error < 0)
        goto out;
    error = NW_CHECKPOINT_BAD;
    if (got < sizeof start || memcmp(start, MAGIC, MAGIC_SIZE) != 0 || st.st_size > START + NW_CHECKPOINT_MAX ||
        store_get64(start + MAGIC_SIZE) != (uint64_t)st.st_size - START)
        goto out;
    n = (size_t)st.st_size - START;
    error = nw_buf_reserve(out, n);
    if (error == 0)
        error = store_disk_read(fd, out->p + out->n, n, START, &got);
    if (error == 0 &&
        (got < n || checksum(start + MAGIC_SIZE, nw_str(out->p + out->n, n)) != store_get32(start + MAGIC_SIZE + 8)))
        error = NW_CHECKPOINT_BAD;
    if (error == 0)
        out->n += n;
out:
    close(fd);
    if (error == NW_CHECKPOINT_BAD)
        nw_error("%s is no checkpoint, or a damaged one: it is left aside", path);
    return error < 0 ? nw_fault(error) : error;
}
