/* Lines up and down on descriptor 3: see lifeline.h. Never waits. */
#include "link/lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIFELINE_FD = 3, KEPT_BYTES = 64 << 10, LINE_BYTES = 256 };

void nw_lifeline_open(struct nw_lifeline *line)
{
    int type;
    socklen_t size = sizeof type;

    nw_buf_init(&line->in, LINE_BYTES);
    nw_buf_init(&line->out, KEPT_BYTES);
    /* Any other thing on descriptor 3 is somebody else's. */
    bool there = getsockopt(LIFELINE_FD, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
    line->fd = there ? LIFELINE_FD : -1;
    if (there) {
        fcntl(line->fd, F_SETFD, FD_CLOEXEC);
        fcntl(line->fd, F_SETFL, O_NONBLOCK);
    }
}

void nw_lifeline_close(struct nw_lifeline *line)
{
    if (line->fd >= 0)
        close(line->fd);
    line->fd = -1;
    nw_buf_free(&line->in);
    nw_buf_free(&line->out);
}

static void send_kept(struct nw_lifeline *line)
{
    while (line->fd >= 0 && line->out.n > 0) {
        ssize_t n = send(line->fd, line->out.p, line->out.n, MSG_NOSIGNAL);
        if (n < 0)
            return; /* full: later; broken: hear will see the end */
        nw_buf_take(&line->out, (size_t)n);
    }
}

void nw_lifeline_say(struct nw_lifeline *line, struct nw_str text)
{
    if (line->fd < 0 || line->out.n + text.n + 1 > line->out.max)
        return;
    nw_buf_str(&line->out, text);
    nw_buf_char(&line->out, '\n');
    send_kept(line);
}

enum nw_lifeline_news nw_lifeline_hear(struct nw_lifeline *line)
{
    enum nw_lifeline_news news = NW_LIFELINE_NOTHING;
    char bytes[LINE_BYTES];
    struct nw_str rest, one;

    if (line->fd < 0)
        return NW_LIFELINE_NOTHING;
    send_kept(line);
    for (;;) {
        ssize_t n = recv(line->fd, bytes, sizeof bytes, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n <= 0) {
            close(line->fd);
            line->fd = -1;
            return NW_LIFELINE_CUT;
        }
        /* Only whole lines count; a line too long is no line of ours. */
        if (nw_buf_add(&line->in, bytes, (size_t)n) < 0)
            nw_buf_clear(&line->in);
        rest = nw_buf_view(&line->in);
        while (memchr(rest.p ? rest.p : "", '\n', rest.n) && nw_str_line(&rest, &one)) {
            if (nw_str_eq(one, NW_S("report")))
                news = NW_LIFELINE_REPORT;
        }
        nw_buf_take(&line->in, line->in.n - rest.n);
    }
    return news;
}
