/* One datagram a state. */
#include "notify.h"

#include <newswire/log.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void notify_init(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");
    size_t n = path ? strlen(path) : 0;

    *notify = (struct notify){.address = {.sun_family = AF_UNIX}};
    if (n > 1 && n < sizeof notify->address.sun_path && (path[0] == '/' || path[0] == '@')) {
        memcpy(notify->address.sun_path, path, n);
        if (path[0] == '@')
            notify->address.sun_path[0] = '\0'; /* an abstract name */
        notify->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    }
    unsetenv("NOTIFY_SOCKET");
}

void notify_say(const struct notify *notify, const char *state)
{
    int fd;

    if (notify->size == 0)
        return;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 ||
        sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&notify->address, notify->size) < 0)
        nw_warn("systemd can't be told %s: %s", state, strerror(errno));
    if (fd >= 0)
        close(fd);
}
