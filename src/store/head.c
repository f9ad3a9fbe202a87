/* Reads and writes the watermark: see head.h. */
#include "store/head.h"

#include "store/crc32c.h"
#include "store/segment.h"

#include <errno.h>
#include <fcntl.h>

static const unsigned char MAGIC[8] = "NWHEAD";

enum { RETRIES = 8 }; /* a reader that meets the writer amid its 64 bytes sees them whole at the next look */

int store_head_read(int fd, struct store_head *head)
{
    for (int i = 0; i < RETRIES; i++) {
        unsigned char in[STORE_HEAD];
        size_t got;
        int error = store_disk_read(fd, in, sizeof in, 0, &got);
        if (error < 0)
            return error;
        if (got == sizeof in && memcmp(in, MAGIC, sizeof MAGIC) == 0 &&
            store_get32(in + STORE_HEAD - 4) == store_crc32c(0, in, STORE_HEAD - 4)) {
            *head = (struct store_head){.identity = {.log = store_get64(in + 8), .salt = store_get64(in + 16)},
                                        .durable = store_get64(in + 24)};
            return 1;
        }
    }
    return 0;
}

int store_head_open(const struct store_disk *disk, int *fd)
{
    *fd = openat(disk->folder, STORE_NAME_HEAD, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (*fd >= 0)
        return 0;
    return errno == ENOENT ? store_disk_make(disk, STORE_NAME_HEAD, fd) : -errno;
}

int store_head_write(const struct store_disk *disk, int fd, const struct store_head *head)
{
    unsigned char out[STORE_HEAD] = {0};

    memcpy(out, MAGIC, sizeof MAGIC);
    store_put64(out + 8, head->identity.log);
    store_put64(out + 16, head->identity.salt);
    store_put64(out + 24, head->durable);
    store_put32(out + STORE_HEAD - 4, store_crc32c(0, out, STORE_HEAD - 4));
    return store_disk_write(disk, fd, STORE_NAME_HEAD, out, sizeof out, 0);
}
