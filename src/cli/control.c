/* One question at the supervisor's control socket; see control.h. */
#include "control.h"

#include <newswire/clock.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MS = 5000 };

static int control_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -errno;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* Reads until the other side closes. 0, -ETIMEDOUT, -EMSGSIZE or another negative errno. */
static int answer_read(int fd, struct nw_buf *answer)
{
    int64_t until = nw_clock_mono() + ANSWER_MS;

    for (;;) {
        struct pollfd item = {.fd = fd, .events = POLLIN};
        int64_t left = until - nw_clock_mono();
        ssize_t n;

        if (left <= 0 || (poll(&item, 1, (int)left) == 0)) {
            return -ETIMEDOUT;
        }
        if (nw_buf_reserve(answer, 64 << 10) != 0) {
            return answer->error;
        }
        n = read(fd, answer->p + answer->n, 64 << 10);
        if (n == 0) {
            return 0;
        }
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        answer->n += n > 0 ? (size_t)n : 0;
    }
}

int control_ask(const char *path, struct nw_buf *answer)
{
    static const char question[] = "status\n";
    int fd = control_connect(path), rc;

    if (fd < 0) {
        return fd;
    }
    rc = send(fd, question, sizeof question - 1, MSG_NOSIGNAL) < 0 ? -errno : answer_read(fd, answer);
    close(fd);
    return rc == 0 && answer->n == 0 ? -ECONNRESET : rc;
}
