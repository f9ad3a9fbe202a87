/* Which processes there are: the broker, fetch where it has sources, and the workers of each stage. */
#include "folders.h"
#include "super.h"

#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Writes what the checked configuration says, with every key, for the broker: it sees the same as this process has
 * checked, whatever is done to the file meanwhile. 0, or -1 with a line. */
static int write_effective(const struct super *super, const char *path)
{
    char half[SUPER_PATH + 8];
    struct nw_buf text;
    int fd = -1, rc;

    snprintf(half, sizeof half, "%s.new", path);
    nw_buf_init(&text, NW_CONF_FILE_MAX);
    rc = nw_conf_print(super->daemon->conf, &text);
    if (rc == 0)
        fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (rc == 0 && (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || rename(half, path) < 0))
        rc = -errno;
    if (fd >= 0)
        close(fd);
    nw_buf_free(&text);
    if (rc < 0)
        nw_error("%s can't be written: %s", path, strerror(-rc));
    return rc < 0 ? -1 : 0;
}

/* A command with two arguments more, or as it is where there is no value; NULL when there is no memory. */
static const char **with_option(struct super *super, const char *const *command, const char *option, const char *value)
{
    const char **arguments;
    size_t n = 0;

    while (command[n])
        n++;
    arguments = NW_ARENA_NEW(&super->arena, const char *, n + 3);
    if (!arguments)
        return NULL;
    memcpy(arguments, command, n * sizeof *arguments);
    if (value) {
        arguments[n] = option;
        arguments[n + 1] = value;
    }
    return arguments;
}

/* The command line of a stage's processes. Keys go to those that need them: workers of a broker elsewhere, and the
 * last ordered stage where it publishes on tcp. */
static const char **stage_arguments(struct super *super, const struct nw_daemon_stage *stage)
{
    const struct nw_daemon *daemon = super->daemon;
    bool publishes = stage->ordered && !stage->apart && daemon->live;
    struct nw_str run = nw_conf_str(daemon->conf, "run_dir"), data = nw_conf_str(daemon->conf, "data_dir");
    const char *run_apart = nw_arena_printf(&super->arena, "%s/%s", run.p, stage->name).p;
    const char *data_apart = nw_arena_printf(&super->arena, "%s/%s", data.p, stage->name).p;
    const struct {
        const char *option, *value;
    } options[] = {
        {"--broker", daemon->endpoint},
        {"--only", stage->takes},
        {"--run", stage->apart ? run_apart : NULL},
        {"--data", stage->apart ? data_apart : NULL},
        {"--broker-key", daemon->join_key},
        {"--live", publishes ? daemon->live : NULL},
        {"--past", publishes ? daemon->past : NULL},
        {"--key", daemon->joins || (publishes && daemon->keys) ? daemon->key : NULL},
        {"--authorized", publishes && daemon->keys ? daemon->authorized : NULL},
    };
    const char *const *words = run_apart && data_apart ? stage->command : NULL;
    const char **arguments = NULL;

    for (size_t i = 0; i < sizeof options / sizeof *options && words; i++)
        words = arguments = with_option(super, words, options[i].option, options[i].value);
    return words ? arguments : NULL;
}

/* The workers of a stage that run here. */
static size_t workers_of(const struct nw_daemon *daemon, const struct nw_daemon_stage *stage)
{
    if (stage->source)
        return daemon->feeds ? 1 : 0;
    if (stage->ordered)
        return daemon->joins ? 0 : 1;
    return (size_t)nw_conf_int(stage->conf, "workers");
}

static void add(struct super *super, const struct process_owner *owner, const struct nw_conf *section,
                const char **arguments, size_t group)
{
    struct process *process = &super->processes[super->count++];

    process_init(process, &super->loop, owner, super);
    process->arguments = arguments;
    process->group = group;
    process->memory_mb = nw_conf_int(section, "memory_mb");
    process->life.limits = super_limits(super->daemon, section);
}

static int add_broker(struct super *super, const struct process_owner *owner)
{
    char program[NW_PROGRAM_PATH], path[SUPER_PATH];
    const char *command[2] = {program, NULL}, *file, **arguments;

    snprintf(path, sizeof path, "%s/newswired.yaml", nw_conf_str(super->daemon->conf, "run_dir").p);
    if (!nw_program_find("broker", program)) {
        nw_error("the broker's program is not there (%s); build or install it, or set NEWSWIRE_LIBEXEC", program);
        return -1;
    }
    if (write_effective(super, path) < 0)
        return -1;
    command[0] = nw_arena_dup(&super->arena, nw_str_z(program)).p;
    file = nw_arena_dup(&super->arena, nw_str_z(path)).p;
    arguments = command[0] && file ? with_option(super, command, "--config", file) : NULL;
    if (!arguments)
        return nw_fault(-ENOMEM);
    add(super, owner, nw_conf_under(super->daemon->conf, "broker"), arguments, NW_DAEMON_STAGES);
    super->broker = &super->processes[0];
    super->broker->stage = "broker";
    super->broker->life.vital = true;
    snprintf(super->broker->name, sizeof super->broker->name, "broker");
    return 0;
}

static int add_stage(struct super *super, const struct process_owner *owner, size_t at)
{
    const struct nw_daemon_stage *stage = &super->daemon->stages[at];
    size_t workers = workers_of(super->daemon, stage);
    const char **arguments = stage_arguments(super, stage);

    if (!arguments)
        return nw_fault(-ENOMEM);
    if (stage->apart && workers > 0 &&
        folders_apart(nw_conf_str(super->daemon->conf, "run_dir").p, nw_conf_str(super->daemon->conf, "data_dir").p,
                      stage->name) < 0)
        return -1;
    for (size_t i = 0; i < workers; i++) {
        struct process *process;
        add(super, owner, stage->conf, arguments, at);
        process = &super->processes[super->count - 1];
        process->stage = stage->name;
        process->life.source = stage->source;
        if (stage->source || stage->ordered)
            snprintf(process->name, sizeof process->name, "%s", stage->name);
        else
            snprintf(process->name, sizeof process->name, "%s-%zu", stage->name, i + 1);
    }
    return 0;
}

/* Keys that can't be read would let each worker end at its start. 0, or -1 with a line. */
static int look_for_keys(const struct nw_daemon *daemon)
{
    const char *files[] = {daemon->join_key, daemon->key};

    for (size_t i = 0; daemon->joins && i < sizeof files / sizeof *files; i++) {
        if (files[i] && access(files[i], R_OK) < 0) {
            nw_error("%s %s can't be read: %s; %s", i == 0 ? "join_key" : "key", files[i], strerror(errno),
                     i == 0 ? "it is a copy of the broker's broker.pub" : "newswire keygen makes it");
            return -1;
        }
    }
    return 0;
}

int crew_make(struct super *super, const struct process_owner *owner)
{
    size_t most = super->daemon->joins ? 0 : 1;
    int rc = look_for_keys(super->daemon);

    if (rc < 0)
        return rc;

    for (size_t i = 0; i < super->daemon->count; i++)
        most += workers_of(super->daemon, &super->daemon->stages[i]);
    super->processes = NW_ARENA_NEW(&super->arena, struct process, most);
    if (!super->processes)
        return nw_fault(-ENOMEM);
    if (!super->daemon->joins)
        rc = add_broker(super, owner);
    for (size_t i = 0; rc == 0 && i < super->daemon->count; i++)
        rc = add_stage(super, owner, i);
    if (rc == 0 && super->count == 0) {
        nw_error("nothing is to run here: the configuration joins %s and names no stage but ordered ones",
                 super->daemon->endpoint);
        rc = -1;
    }
    return rc;
}
