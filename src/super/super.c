/* The loop, the order of starting and stopping, and time. */
#include "super.h"
#include "forward.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A timer that fires this late says that the supervisor itself was held up: the silence of its children proves nothing.
 */
enum { LATE_MS = 1000, MOST_WAIT_MS = 60000 };

static const int signal_numbers[SUPER_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

/* ---- what processes tell */

static void on_moved(struct process *process, enum life_action action)
{
    struct super *super = process->context;

    (void)action;
    super->changed = true;
}

static void on_reported(struct process *process)
{
    command_answer_status(process->context);
}

static void on_said(struct process *process, struct nw_str line, bool cut)
{
    struct super *super = process->context;
    struct nw_buf out;

    nw_buf_init(&out, 4 * NW_LOG_MAX);
    forward_line(line, cut, process->name, process->pid, super->level, &out);
    /* What can't be logged can't be reported either. */
    if (out.n > 0 && write(STDERR_FILENO, out.p, out.n) < 0)
        nw_buf_clear(&out);
    nw_buf_free(&out);
}

static const struct process_owner owner = {.moved = on_moved, .reported = on_reported, .said = on_said};

void super_set_level(struct super *super, enum nw_log_level level)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};

    super->level = level;
    nw_log_setup("newswired", level);
    setenv("NEWSWIRE_LOG", words[level], 1); /* for children that start from now on */
}

struct life_limits super_limits(const struct nw_daemon *daemon, const struct nw_conf *section)
{
    const struct nw_conf *restart = nw_conf_under(daemon->conf, "restart");

    return (struct life_limits){
        .start = nw_conf_int(section, "start_ms"),
        .stall = nw_conf_int(section, "stall_ms"),
        .grace = nw_conf_int(daemon->conf, "stop_ms"),
        .pause_first = nw_conf_int(restart, "first_ms"),
        .pause_most = nw_conf_int(restart, "most_ms"),
        .pause_reset = nw_conf_int(restart, "reset_ms"),
    };
}

void super_take_limits(struct super *super, const struct nw_daemon *daemon)
{
    const struct nw_conf *stages = nw_conf_under(daemon->conf, "stages");

    super->stop_ms = nw_conf_int(daemon->conf, "stop_ms");
    super_set_level(super, (enum nw_log_level)nw_log_level_of(nw_conf_str(daemon->conf, "log_level").p));
    for (size_t i = 0; i < super->count && !super->stopping; i++) {
        struct process *process = &super->processes[i];
        if (process == super->broker)
            process->life.limits = super_limits(daemon, nw_conf_under(daemon->conf, "broker"));
        else if (nw_daemon_stage(daemon, process->stage))
            process->life.limits = super_limits(daemon, nw_conf_under(stages, process->stage));
    }
}

/* ---- consequences */

bool super_ready(const struct super *super)
{
    for (size_t i = 0; i < super->count; i++) {
        const struct life *life = &super->processes[i].life;
        if (life->state != LIFE_READY && !(life->source && life->state == LIFE_STOPPED))
            return false;
    }
    return !super->stopping;
}

static bool group_down(const struct super *super, size_t group)
{
    for (size_t i = 0; i < super->count; i++) {
        if (super->processes[i].group == group && !life_down(&super->processes[i].life))
            return false;
    }
    return true;
}

static size_t last_group(const struct super *super)
{
    size_t last = 0;

    for (size_t i = 0; i < super->count; i++) {
        if (super->processes[i].group > last)
            last = super->processes[i].group;
    }
    return last;
}

/* Groups from this one on that have something to drain. */
static int64_t groups_left(const struct super *super, size_t group)
{
    int64_t n = 0;

    for (; group <= last_group(super); group++)
        n += !group_down(super, group);
    return n > 0 ? n : 1;
}

/* Tells a group to drain. What time is left is shared by the groups that are left, so that one that hangs does not take
 * the others' time to end in order. */
static void stop_group(struct super *super, size_t group)
{
    int64_t now = nw_clock_mono(), left = super->stop_due - now;
    int64_t share = left > 0 ? left / groups_left(super, group) : 0;

    for (size_t i = 0; i < super->count; i++) {
        struct process *process = &super->processes[i];
        if (process->group != group)
            continue;
        process->life.limits.grace = share;
        process_event(process, LIFE_ON_STOP);
    }
}

static void on_handle(uv_handle_t *handle, void *context)
{
    struct super *super = context;
    bool own = handle == (uv_handle_t *)&super->due || handle == (uv_handle_t *)&super->report ||
               handle == (uv_handle_t *)&super->settle;

    for (size_t i = 0; i < SUPER_SIGNALS; i++)
        own = own || handle == (uv_handle_t *)&super->signals[i];
    if (own && !uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* All are down: the loop ends when the handles have closed. */
static void finish(struct super *super)
{
    super->closed = true;
    control_close(&super->control);
    uv_walk(&super->loop, on_handle, super);
}

static void go_on_stopping(struct super *super)
{
    while (super->group <= last_group(super) && group_down(super, super->group)) {
        super->group++;
        if (super->group <= last_group(super))
            stop_group(super, super->group);
    }
    if (super->group > last_group(super) && !super->closed)
        finish(super);
}

static void begin(struct super *super)
{
    super->begun = true;
    for (size_t i = 0; i < super->count; i++)
        process_event(&super->processes[i], LIFE_ON_START);
}

/* Draws the consequences of what has moved, until nothing does. */
static void settle(struct super *super)
{
    while (super->changed) {
        super->changed = false;
        if (super->broker && super->broker->life.state == LIFE_FAILED && !super->stopping)
            super_stop(super, SUPER_START);
        if (super->stopping) {
            go_on_stopping(super);
            continue;
        }
        if (!super->begun && (!super->broker || super->broker->life.state == LIFE_READY))
            begin(super);
        if (!super->announced && super_ready(super)) {
            super->announced = true;
            nw_info("all %zu processes are ready; %s", super->count, super->daemon->endpoint);
            notify_say(&super->notify, "READY=1");
        }
    }
}

void super_stop(struct super *super, int status)
{
    if (!super->stopping) {
        super->stopping = true;
        super->status = status;
        super->group = 0;
        super->stop_due = nw_clock_mono() + super->stop_ms;
        super->changed = true;
        nw_info("stopping: fetch, the stages and the broker drain, for at most %lld ms", (long long)super->stop_ms);
        notify_say(&super->notify, "STOPPING=1");
        stop_group(super, 0);
        return;
    }
    nw_warn("told to stop again: what still runs is killed");
    super->changed = true;
    for (size_t i = 0; i < super->count; i++) {
        struct process *process = &super->processes[i];
        process_event(process, LIFE_ON_STOP);
        if (life_running(&process->life) && !process->life.killed)
            process_event(process, LIFE_ON_OVERDUE);
    }
}

/* ---- time */

static void on_due(uv_timer_t *timer)
{
    struct super *super = timer->data;
    int64_t now = nw_clock_mono();
    bool late = now - super->planned > LATE_MS;

    if (late)
        nw_warn("the supervisor itself was held up for %lld ms", (long long)(now - super->planned));
    for (size_t i = 0; i < super->count; i++) {
        struct process *process = &super->processes[i];
        enum life_event event;
        if (late)
            life_hear(&process->life, now);
        if (life_is_due(&process->life, now, &event))
            process_event(process, event);
    }
}

static void plan(struct super *super)
{
    int64_t now = nw_clock_mono(), due = now + MOST_WAIT_MS;

    for (size_t i = 0; i < super->count; i++) {
        int64_t own = life_due(&super->processes[i].life);
        if (own < due)
            due = own;
    }
    super->planned = due > now ? due : now;
    uv_update_time(&super->loop);
    uv_timer_start(&super->due, on_due, (uint64_t)(super->planned - now), 0);
}

static void on_settle(uv_prepare_t *prepare)
{
    struct super *super = prepare->data;

    settle(super);
    if (!super->closed)
        plan(super);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct super *super = handle->data;

    if (number == SIGHUP)
        reload(super);
    else
        super_stop(super, SUPER_OK);
}

/* ---- the whole */

/* 0 or a negative libuv error. */
static int open_handles(struct super *super, const char *control)
{
    int rc = uv_timer_init(&super->loop, &super->due);

    if (rc == 0)
        rc = uv_timer_init(&super->loop, &super->report);
    if (rc == 0)
        rc = uv_prepare_init(&super->loop, &super->settle);
    super->due.data = super->report.data = super->settle.data = super;
    for (size_t i = 0; rc == 0 && i < SUPER_SIGNALS; i++) {
        rc = uv_signal_init(&super->loop, &super->signals[i]);
        super->signals[i].data = super;
        if (rc == 0)
            rc = uv_signal_start(&super->signals[i], on_signal, signal_numbers[i]);
    }
    if (rc == 0)
        rc = uv_prepare_start(&super->settle, on_settle);
    super->control.context = super;
    super->control.asked = command_take;
    if (rc == 0)
        rc = control_open(&super->control, &super->loop, control);
    if (rc < 0)
        nw_error("%s can't be opened: %s", control, uv_strerror(rc));
    return rc;
}

static int run(struct super *super)
{
    char control[SUPER_PATH];
    int rc = uv_loop_init(&super->loop);

    if (rc < 0) {
        nw_error("no event loop: %s", uv_strerror(rc));
        return SUPER_START;
    }
    snprintf(control, sizeof control, "%s/control.sock", nw_conf_str(super->daemon->conf, "run_dir").p);
    if (open_handles(super, control) < 0 || crew_make(super, &owner) < 0) {
        super->status = SUPER_START;
        finish(super);
    } else {
        super->changed = true;
        if (super->broker)
            process_event(super->broker, LIFE_ON_START);
    }
    uv_run(&super->loop, UV_RUN_DEFAULT);
    rc = uv_loop_close(&super->loop);
    if (rc < 0)
        nw_error("fault: the loop ended with handles open: %s", uv_strerror(rc));
    unlink(control);
    return super->status;
}

/* For children, which inherit the environment. */
static void set_number(const char *name, int64_t value)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)value);
    setenv(name, text, 1);
}

int super_run(struct nw_daemon *daemon, const char *config)
{
    struct super *super = nw_calloc(1, sizeof *super);
    int status = SUPER_START;

    if (super) {
        super->daemon = daemon;
        super->config = config;
        super->started = nw_clock_mono();
        signal(SIGPIPE, SIG_IGN);
        notify_init(&super->notify);
        super_take_limits(super, daemon); /* no process yet: the level and the time to stop */
        setenv("NEWSWIRE_RUN", nw_conf_str(daemon->conf, "run_dir").p, 1);
        setenv("NEWSWIRE_DATA", nw_conf_str(daemon->conf, "data_dir").p, 1);
        set_number("NEWSWIRE_KEEP_MIB", nw_conf_int(nw_conf_under(daemon->conf, "output"), "keep_mib"));
        set_number("NEWSWIRE_KEEP_HOURS", nw_conf_int(nw_conf_under(daemon->conf, "output"), "keep_hours"));
        status = run(super);
        for (size_t i = 0; i < super->count; i++)
            process_free(&super->processes[i]);
        nw_arena_free(&super->arena);
        daemon = super->daemon;
        nw_free(super);
    } else {
        nw_fault(-ENOMEM);
    }
    nw_daemon_free(&daemon);
    if (status == SUPER_OK)
        nw_info("stopped");
    return status;
}
