/* Standard output in large pieces; see output.h. */
#include "output.h"

#include "command.h"
#include "message.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* One line may be as long as it likes: it is on its way out at once. */
enum { OUTPUT_MAX = 1 << 30 };

void output_init(struct output *output, int fd)
{
    signal(SIGPIPE, SIG_IGN);
    *output = (struct output){.fd = fd};
    nw_buf_init(&output->buf, OUTPUT_MAX);
}

void output_free(struct output *output)
{
    nw_buf_free(&output->buf);
}

int output_flush(struct output *output)
{
    size_t at = 0;

    while (output->result == 0 && at < output->buf.n) {
        ssize_t n = write(output->fd, output->buf.p + at, output->buf.n - at);

        if (n >= 0) {
            at += (size_t)n;
        } else if (errno == EAGAIN) { /* a terminal or pipe that somebody made non-blocking */
            struct pollfd fd = {.fd = output->fd, .events = POLLOUT};
            (void)poll(&fd, 1, -1);
        } else if (errno != EINTR) {
            output->result = errno == EPIPE ? OUTPUT_CLOSED : -errno;
        }
    }
    nw_buf_clear(&output->buf);
    return output->result;
}

int output_line(struct output *output, struct nw_str line)
{
    nw_buf_str(&output->buf, line);
    nw_buf_char(&output->buf, '\n');
    if (output->buf.error && output->result == 0) {
        output->result = output->buf.error;
    }
    return output->result || output->buf.n < OUTPUT_PIECE ? output->result : output_flush(output);
}

int output_text(struct nw_str s)
{
    struct output output;
    int rc;

    output_init(&output, STDOUT_FILENO);
    nw_buf_str(&output.buf, s);
    rc = output.buf.error ? output.buf.error : output_flush(&output);
    output_free(&output);
    if (rc < 0) {
        message_error(rc, "standard output");
        return EXIT_UNREACHABLE;
    }
    return EXIT_DONE;
}
