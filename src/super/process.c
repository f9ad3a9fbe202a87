/*
 * Spawning, reading and ending. A run owns its handles and is freed when the last of them has closed. All close at the
 * exit: what the child wrote before is then in the pipes and is read first, so its last words stand before its end.
 */
#include "process.h"
#include "trampoline.h"

#include "conf/conf.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { READ_BYTES = 16 << 10, DRAIN_BYTES = 1 << 20, ARGUMENTS = 64, LIFELINE_FD = 3 };

struct process_run {
    struct process *process;
    uv_process_t handle;
    uv_pipe_t lifeline, log;
    struct lines heard, logged;
    int open; /* handles that are not closed yet */
    char bytes[READ_BYTES];
};

static void spawn(struct process *process);

void process_init(struct process *process, uv_loop_t *loop, const struct process_owner *owner, void *context)
{
    *process = (struct process){.owner = owner, .context = context, .loop = loop};
    nw_buf_init(&process->metrics, PROCESS_LINE_MAX);
    process->life.due = INT64_MAX;
}

void process_free(struct process *process)
{
    nw_buf_free(&process->metrics);
}

/* ---- handles */

static void on_closed(uv_handle_t *handle)
{
    struct process_run *run = handle->data;

    if (--run->open > 0)
        return;
    lines_free(&run->heard);
    lines_free(&run->logged);
    nw_free(run);
}

static void close_handle(void *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_closed);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct process_run *run = handle->data;

    /* Both streams are read one after the other, never at once. */
    (void)suggested;
    *buf = uv_buf_init(run->bytes, READ_BYTES);
}

/* ---- what the child says */

static void on_log_line(void *context, struct nw_str line, bool cut)
{
    struct process_run *run = context;

    run->process->owner->said(run->process, line, cut);
}

static void on_log(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct process_run *run = stream->data;

    if (n > 0)
        lines_feed(&run->logged, nw_str(buf->base, (size_t)n), on_log_line, run);
    else if (n < 0)
        uv_read_stop(stream);
}

static void complain(struct process *process, const char *what)
{
    if (!process->complained)
        nw_warn("%s (pid %ld) %s; such lines are passed over (stages/PROTOCOL.md)", process->name, process->pid, what);
    process->complained = true;
}

static void on_line(void *context, struct nw_str line, bool cut)
{
    struct process_run *run = context;
    struct process *process = run->process;
    static const char metrics[] = "metrics ";

    life_hear(&process->life, nw_clock_mono());
    if (nw_str_eq(line, NW_S("ready"))) {
        process_event(process, LIFE_ON_UP);
    } else if (cut) {
        complain(process, "wrote a line of more than 64 KiB to descriptor 3");
    } else if (nw_str_starts(line, nw_str_z(metrics))) {
        struct nw_str report = nw_str_from(line, sizeof metrics - 1);
        if (!nw_conf_is_json_object(report)) {
            complain(process, "reports metrics that are no JSON object");
            return;
        }
        nw_buf_clear(&process->metrics);
        nw_buf_str(&process->metrics, report);
        process->awaited = false;
        process->owner->reported(process);
    } else {
        complain(process, "wrote a line to descriptor 3 that is neither \"ready\" nor \"metrics {…}\"");
    }
}

static void on_lifeline(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct process_run *run = stream->data;

    /* Its end means nothing here: the exit tells. */
    if (n > 0)
        lines_feed(&run->heard, nw_str(buf->base, (size_t)n), on_line, run);
    else if (n < 0)
        uv_read_stop(stream);
}

/* ---- the end */

/* Reads what an ended child has left in a stream. A grandchild that still holds the other end is not waited for. */
static void drain(struct process_run *run, uv_pipe_t *pipe, struct lines *lines, lines_take *take)
{
    uv_os_fd_t fd;
    ssize_t n;

    if (uv_fileno((const uv_handle_t *)pipe, &fd) < 0)
        return;
    for (size_t total = 0; total < DRAIN_BYTES; total += (size_t)n) {
        n = read(fd, run->bytes, READ_BYTES);
        if (n <= 0)
            break;
        lines_feed(lines, nw_str(run->bytes, (size_t)n), take, run);
    }
    lines_end(lines, take, run);
}

static void retire(struct process_run *run)
{
    struct process *process = run->process;

    drain(run, &run->lifeline, &run->heard, on_line);
    drain(run, &run->log, &run->logged, on_log_line);
    close_handle(&run->handle);
    close_handle(&run->lifeline);
    close_handle(&run->log);
    process->run = NULL;
    process->pid = 0;
    process->awaited = false;
}

static void on_exit(uv_process_t *handle, int64_t status, int signal_number)
{
    struct process_run *run = handle->data;
    struct process *process = run->process;
    int failed = signal_number ? signal_number : (int)status;

    if (signal_number)
        snprintf(process->last_exit, sizeof process->last_exit, "signal %d (%.30s)", signal_number,
                 strsignal(signal_number));
    else
        snprintf(process->last_exit, sizeof process->last_exit, "status %d", (int)status);
    retire(run);
    process_event(process, life_exit_event(&process->life, failed));
}

/* ---- the beginning */

/* argv of the trampoline (trampoline.h); false when it is too long. */
static bool write_arguments(const struct process *process, char numbers[2][24], const char *argv[ARGUMENTS])
{
    size_t n = 0;

    snprintf(numbers[0], sizeof numbers[0], "%ld", (long)getpid());
    snprintf(numbers[1], sizeof numbers[1], "%lld", (long long)process->memory_mb);
    argv[n++] = "newswired";
    argv[n++] = TRAMPOLINE_WORD;
    argv[n++] = numbers[0];
    argv[n++] = numbers[1];
    argv[n++] = "--";
    for (size_t i = 0; process->arguments[i]; i++) {
        if (n == ARGUMENTS - 1)
            return false;
        argv[n++] = process->arguments[i];
    }
    argv[n] = NULL;
    return true;
}

static int open_run(struct process *process, struct process_run **out)
{
    struct process_run *run = nw_calloc(1, sizeof *run);

    if (!run)
        return -ENOMEM;
    run->process = process;
    lines_init(&run->heard, PROCESS_LINE_MAX);
    lines_init(&run->logged, NW_LOG_MAX);
    /* uv_pipe_init does not fail; a process handle is closed too, even when nothing was spawned. */
    uv_pipe_init(process->loop, &run->lifeline, 0);
    uv_pipe_init(process->loop, &run->log, 0);
    run->lifeline.data = run->log.data = run->handle.data = run;
    run->open = 3;
    *out = run;
    return 0;
}

static int start(struct process *process)
{
    const char *argv[ARGUMENTS];
    char numbers[2][24];
    struct process_run *run = NULL;
    uv_stdio_container_t stdio[LIFELINE_FD + 1];
    uv_process_options_t options = {0};
    int rc;

    if (!write_arguments(process, numbers, argv))
        return -E2BIG;
    rc = open_run(process, &run);
    if (rc < 0)
        return rc;
    stdio[0].flags = stdio[1].flags = UV_IGNORE;
    stdio[2].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    stdio[2].data.stream = (uv_stream_t *)&run->log;
    stdio[LIFELINE_FD].flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE;
    stdio[LIFELINE_FD].data.stream = (uv_stream_t *)&run->lifeline;
    options.file = "/proc/self/exe";
    options.args = (char **)(uintptr_t)argv;
    options.exit_cb = on_exit;
    options.stdio = stdio;
    options.stdio_count = LIFELINE_FD + 1;
    options.flags = UV_PROCESS_DETACHED; /* a session of its own: Ctrl-C is for the supervisor, which drains in order */
    rc = uv_spawn(process->loop, &run->handle, &options);
    if (rc < 0) {
        close_handle(&run->handle);
        close_handle(&run->lifeline);
        close_handle(&run->log);
        return rc;
    }
    process->run = run;
    process->pid = run->handle.pid;
    process->complained = false;
    rc = uv_read_start((uv_stream_t *)&run->log, on_room, on_log);
    if (rc == 0)
        rc = uv_read_start((uv_stream_t *)&run->lifeline, on_room, on_lifeline);
    if (rc < 0) {
        nw_error("%s (pid %ld) can't be listened to: %s", process->name, process->pid, uv_strerror(rc));
        process_kill(process); /* its exit then goes the usual way */
    }
    nw_buf_clear(&process->metrics);
    return 0;
}

static void spawn(struct process *process)
{
    int rc = start(process);

    if (rc == 0) {
        nw_debug("%s started (pid %ld)", process->name, process->pid);
        return;
    }
    snprintf(process->last_exit, sizeof process->last_exit, "can't start: %.30s", uv_strerror(rc));
    nw_error("%s can't be started: %s", process->name, uv_strerror(rc));
    process_event(process, life_exit_event(&process->life, 1));
}

/* ---- events */

static void send_signal(struct process *process, int number)
{
    /* A kill takes the whole group, so that no helper of the child is left. */
    int rc = process->pid > 0 ? uv_kill((int)(number == SIGKILL ? -process->pid : process->pid), number) : 0;

    if (rc == UV_ESRCH && number == SIGKILL)
        rc = uv_kill((int)process->pid, number); /* it has not made its group yet */
    if (rc < 0 && rc != UV_ESRCH)
        nw_error("%s (pid %ld) can't be signalled: %s", process->name, process->pid, uv_strerror(rc));
}

void process_kill(struct process *process)
{
    send_signal(process, SIGKILL);
}

/* One line for what people want to know of it. */
static void log_event(const struct process *process, enum life_event event, enum life_action action, long pid)
{
    const struct life *life = &process->life;

    if (action == LIFE_DO_WRONG)
        nw_error("fault: %s got the event \"%s\" in the state \"%s\"", process->name, life_event_word(event),
                 life_state_word(life->state));
    else if (action == LIFE_DO_GREET)
        nw_info("%s is ready (pid %ld)", process->name, pid);
    else if (action == LIFE_DO_PAUSE)
        nw_warn("%s ended with %s; it starts again in %lld ms", process->name, process->last_exit,
                (long long)life->pause);
    else if (event == LIFE_ON_STALL && action == LIFE_DO_KILL)
        nw_warn("%s (pid %ld) has been silent for %lld ms: it is taken for hung and killed", process->name, pid,
                (long long)(life->greeted >= life->spawned ? life->limits.stall : life->limits.start));
    else if (event == LIFE_ON_OVERDUE && action == LIFE_DO_KILL)
        nw_warn("%s (pid %ld) has not drained in time and is killed", process->name, pid);
    else if (event == LIFE_ON_HOPELESS && action == LIFE_DO_REST)
        nw_error("%s ended %d times without having been ready (last: %s); see its lines above", process->name,
                 LIFE_HOPELESS, process->last_exit);
    else if (event == LIFE_ON_ENDED && life->state == LIFE_STOPPED)
        nw_info("%s has no more input and ended", process->name);
    else
        nw_debug("%s: %s, now %s", process->name, life_event_word(event), life_state_word(life->state));
}

void process_event(struct process *process, enum life_event event)
{
    enum life_action action = life_take(&process->life, event, nw_clock_mono());

    log_event(process, event, action, process->pid);
    if (action == LIFE_DO_SPAWN)
        spawn(process);
    else if (action == LIFE_DO_TERM)
        send_signal(process, SIGTERM);
    else if (action == LIFE_DO_KILL)
        send_signal(process, SIGKILL);
    process->owner->moved(process, action);
}

static void on_told(uv_write_t *request, int status)
{
    /* A child that is gone or does not read is the watchdog's matter. */
    (void)status;
    nw_free(request);
}

void process_tell(struct process *process, const char *line)
{
    uv_write_t *request;
    uv_buf_t buf;

    /* What a child has not read yet is not added to: nothing grows behind one that hangs. */
    if (!process->run || uv_stream_get_write_queue_size((const uv_stream_t *)&process->run->lifeline) > 0)
        return;
    request = nw_malloc(sizeof *request);
    if (!request)
        return;
    buf = uv_buf_init((char *)(uintptr_t)line, (unsigned)strlen(line));
    if (uv_write(request, (uv_stream_t *)&process->run->lifeline, &buf, 1, on_told) < 0)
        nw_free(request);
}
