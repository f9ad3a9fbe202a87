/* Clients are a list; each is freed when its pipe has closed. */
#include "control.h"

#include <newswire/alloc.h>
#include <newswire/log.h>

#include <sys/stat.h>
#include <unistd.h>

struct control_client {
    struct control *control;
    struct control_client *next;
    uv_pipe_t pipe;
    uv_write_t write;
    struct nw_buf line, answer;
    bool asked, waiting, closing;
    char bytes[CONTROL_LINE];
};

static void on_closed(uv_handle_t *handle)
{
    struct control_client *client = handle->data, **link = &client->control->clients;

    while (*link != client)
        link = &(*link)->next;
    *link = client->next;
    client->control->count--;
    nw_buf_free(&client->line);
    nw_buf_free(&client->answer);
    nw_free(client);
}

static void close_client(struct control_client *client)
{
    client->waiting = false;
    if (client->closing)
        return;
    client->closing = true;
    uv_close((uv_handle_t *)&client->pipe, on_closed);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct control_client *client = handle->data;

    (void)suggested;
    *buf = uv_buf_init(client->bytes, sizeof client->bytes);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct control_client *client = stream->data;
    const char *end;

    if (client->asked) {
        /* Whoever hangs up while waiting needs no answer; one that only ends its own sending does. */
        if (n < 0 && n != UV_EOF)
            close_client(client);
        else if (n < 0)
            uv_read_stop(stream);
        return;
    }
    if (n < 0) {
        close_client(client);
        return;
    }
    if (nw_buf_add(&client->line, buf->base, (size_t)n) < 0) {
        client->asked = true;
        control_answer(client, NW_S("{\"error\":\"the line is too long; try status, stop or restart NAME\"}\n"));
        return;
    }
    end = client->line.n ? memchr(client->line.p, '\n', client->line.n) : NULL;
    if (!end)
        return;
    client->asked = true;
    client->control->asked(client->control->context, client,
                           nw_str_trim(nw_str(client->line.p, (size_t)(end - client->line.p))));
}

/* A new client takes the place of the oldest that has not asked; the list has the newest first. */
static bool make_room(struct control *control)
{
    struct control_client *oldest = NULL;

    if (control->count < CONTROL_CLIENTS)
        return true;
    for (struct control_client *client = control->clients; client; client = client->next) {
        if (!client->asked && !client->closing)
            oldest = client;
    }
    if (oldest)
        close_client(oldest);
    return oldest != NULL;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct control *control = server->data;
    struct control_client *client = status == 0 ? nw_calloc(1, sizeof *client) : NULL;
    bool room = make_room(control);

    /* Without memory the connection stays in the backlog, and its client gives up in its own time. */
    if (!client)
        return;
    client->control = control;
    nw_buf_init(&client->line, CONTROL_LINE);
    nw_buf_init(&client->answer, CONTROL_ANSWER_MAX);
    uv_pipe_init(server->loop, &client->pipe, 0);
    client->pipe.data = client;
    client->next = control->clients;
    control->clients = client;
    control->count++;
    if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0 || !room ||
        uv_read_start((uv_stream_t *)&client->pipe, on_room, on_read) < 0)
        close_client(client);
}

int control_open(struct control *control, uv_loop_t *loop, const char *path)
{
    int rc = uv_pipe_init(loop, &control->server, 0);

    control->server.data = control;
    unlink(path);
    if (rc == 0) {
        control->open = true;
        rc = uv_pipe_bind(&control->server, path);
    }
    /* Nobody can connect before listen, and the folder is private. */
    if (rc == 0 && chmod(path, 0600) < 0)
        rc = uv_translate_sys_error(errno);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&control->server, CONTROL_CLIENTS, on_connection);
    return rc;
}

static void on_written(uv_write_t *request, int status)
{
    (void)status;
    close_client(request->data);
}

void control_answer(struct control_client *client, struct nw_str text)
{
    uv_buf_t buf;

    client->waiting = false;
    if (client->closing)
        return;
    nw_buf_clear(&client->answer);
    if (nw_buf_str(&client->answer, text) < 0) {
        close_client(client);
        return;
    }
    buf = uv_buf_init(client->answer.p, (unsigned)client->answer.n);
    client->write.data = client;
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buf, 1, on_written) < 0)
        close_client(client);
}

void control_wait(struct control_client *client)
{
    client->waiting = true;
}

bool control_has_waiting(const struct control *control)
{
    for (const struct control_client *client = control->clients; client; client = client->next) {
        if (client->waiting)
            return true;
    }
    return false;
}

void control_answer_waiting(struct control *control, struct nw_str text)
{
    for (struct control_client *client = control->clients; client; client = client->next) {
        if (client->waiting)
            control_answer(client, text);
    }
}

void control_close(struct control *control)
{
    if (!control->open)
        return;
    control->open = false;
    for (struct control_client *client = control->clients; client; client = client->next)
        close_client(client);
    uv_close((uv_handle_t *)&control->server, NULL);
}
