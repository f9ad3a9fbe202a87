/* What all layers share, and the descriptor, which is the lowest of them. */
#include "bytes.h"
#include "failure.h"
#include "window.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct bytes_kind *const kinds[] = {&bytes_gzip, &bytes_zstd, &bytes_zip, &bytes_tar};

const struct bytes_kind *bytes_choose(struct nw_str head)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i]->fits(head))
            return kinds[i];
    }
    return NULL;
}

void bytes_free(struct bytes **bytes)
{
    if (bytes && *bytes)
        (*bytes)->kind->free(*bytes);
    if (bytes)
        *bytes = NULL;
}

enum bytes_step bytes_bad(struct bytes *bytes, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(bytes->why, sizeof bytes->why, format, list);
    va_end(list);
    return BYTES_BAD;
}

enum bytes_step bytes_bounded(struct bytes *bytes)
{
    if (bytes->gave > bytes->most)
        return bytes_bad(bytes, "unpacks to more than %llu bytes, the bound of `max_expanded`; the rest is left out",
                         (unsigned long long)bytes->most);
    if (bytes->gave > BYTES_RATIO_FROM && bytes->gave / BYTES_RATIO > bytes->came)
        return bytes_bad(bytes, "unpacks to %d times its size and more, as only a bomb does; the rest is left out",
                         BYTES_RATIO);
    return BYTES_SOME;
}

void bytes_name(struct bytes *bytes, struct nw_str name)
{
    size_t n = name.n < sizeof bytes->name ? name.n : sizeof bytes->name - 1;

    if (n < name.n)
        n = nw_utf8_floor(name, n);
    memcpy(bytes->name, name.p, n);
    bytes->name[n] = '\0';
    for (size_t i = 0, bad = nw_utf8_valid(nw_str(bytes->name, n)); i < n; i++) {
        unsigned char c = (unsigned char)bytes->name[i];
        if (c < ' ' || c == 0x7f || (bad < n && c >= 0x80))
            bytes->name[i] = '?';
    }
}

struct descriptor {
    struct bytes bytes;
    int fd;
    bool waits; /* no regular file: reading could wait */
    bool begun;
};

static enum bytes_step descriptor_next(struct bytes *bytes)
{
    struct descriptor *d = (struct descriptor *)bytes;
    bool begun = d->begun;

    d->begun = true;
    return begun ? BYTES_END : BYTES_SOME;
}

static enum bytes_step descriptor_read(struct bytes *bytes, char *p, size_t room, size_t *n)
{
    struct descriptor *d = (struct descriptor *)bytes;
    struct pollfd ready = {.fd = d->fd, .events = POLLIN};
    ssize_t got;

    /* The descriptor may be shared with other programs (a terminal is), so it isn't made non-blocking: it is asked. A
     * named pipe without a writer so far is not ready either. */
    if (d->waits && poll(&ready, 1, 0) == 0)
        return BYTES_WAIT;
    do
        got = read(d->fd, p, room);
    while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return BYTES_WAIT;
    if (got < 0) {
        char text[FAILURE_TEXT];
        int error = errno;
        return bytes_bad(bytes, "can't be read: %s", failure_text(error, text));
    }
    *n = (size_t)got;
    bytes->gave += *n;
    return got ? BYTES_SOME : BYTES_END;
}

static void descriptor_free(struct bytes *bytes)
{
    struct descriptor *d = (struct descriptor *)bytes;

    if (d->fd > 0)
        close(d->fd);
    nw_free(d);
}

static const struct bytes_kind descriptor = {
    .name = "descriptor", .next = descriptor_next, .read = descriptor_read, .free = descriptor_free};

int bytes_fd(int fd, struct bytes **bytes)
{
    struct descriptor *d = nw_calloc(1, sizeof *d);
    struct stat stat;

    if (!d)
        return nw_fault(-ENOMEM);
    d->bytes.kind = &descriptor;
    d->fd = fd;
    d->waits = fstat(fd, &stat) == 0 && !S_ISREG(stat.st_mode);
    *bytes = &d->bytes;
    return 0;
}
