/* Tells systemd how it stands: sd_notify(3)'s protocol, one datagram to $NOTIFY_SOCKET, without its library. */
#ifndef SUPER_NOTIFY_H
#define SUPER_NOTIFY_H

#include <sys/socket.h>
#include <sys/un.h>

struct notify {
    struct sockaddr_un address;
    socklen_t size; /* 0: systemd did not start us */
};

/* Takes $NOTIFY_SOCKET out of the environment, so that no child speaks for us. */
void notify_init(struct notify *notify);

/* "READY=1", "STOPPING=1", …. A failure is logged, for the service works without. */
void notify_say(const struct notify *notify, const char *state);

#endif
