/* The state of the daemon as JSON: what each process last reported is passed on as it is. */
#include "super.h"

#include <newswire/clock.h>
#include <newswire/json.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROC_LINE = 1024 };

/* The first line of /proc/PID/NAME; false where there is none. */
static bool read_proc(long pid, const char *name, char line[PROC_LINE])
{
    char path[64];
    FILE *file;
    bool got;

    snprintf(path, sizeof path, "/proc/%ld/%s", pid, name);
    file = fopen(path, "re");
    if (!file)
        return false;
    got = fgets(line, PROC_LINE, file) != NULL;
    fclose(file);
    return got;
}

/* Resident memory in KiB (proc(5), statm: the second number, in pages). */
static long long rss_of(long pid)
{
    char line[PROC_LINE];
    long long pages = 0;

    if (pid <= 0 || !read_proc(pid, "statm", line) || sscanf(line, "%*s %lld", &pages) != 1)
        return 0;
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Processor time in ms (proc(5), stat: fields 14 and 15, in ticks; the name in field 2 may hold anything but ends at
 * the last parenthesis). */
static long long cpu_of(long pid)
{
    char line[PROC_LINE];
    unsigned long long user = 0, kernel = 0;
    const char *behind;

    if (pid <= 0 || !read_proc(pid, "stat", line))
        return 0;
    behind = strrchr(line, ')');
    if (!behind || sscanf(behind + 1, " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu", &user, &kernel) != 2)
        return 0;
    return (long long)((user + kernel) * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static void write_process(const struct process *process, int64_t now, struct nw_buf *out)
{
    const struct life *life = &process->life;

    nw_buf_printf(out, "{\"name\":");
    nw_json_text(out, nw_str_z(process->name));
    nw_buf_printf(out, ",\"stage\":");
    nw_json_text(out, nw_str_z(process->stage));
    nw_buf_printf(out, ",\"pid\":%ld,\"state\":\"%s\",\"restarts\":%u,\"stalled\":%u,\"last_exit\":", process->pid,
                  life_state_word(life->state), life->starts > 0 ? life->starts - 1 : 0, life->stalls);
    if (process->last_exit[0])
        nw_json_text(out, nw_str_z(process->last_exit));
    else
        nw_buf_printf(out, "null");
    nw_buf_printf(out, ",\"uptime_s\":%lld,\"rss_kb\":%lld,\"cpu_ms\":%lld,\"metrics\":",
                  process->pid > 0 ? (long long)(now - life->spawned) / 1000 : 0LL, rss_of(process->pid),
                  cpu_of(process->pid));
    if (process->metrics.n > 0)
        nw_buf_str(out, nw_buf_view(&process->metrics));
    else
        nw_buf_printf(out, "{}");
    nw_buf_char(out, '}');
}

/* As an absolute path, for those who were started elsewhere. */
static void write_folder(const char *path, struct nw_buf *out)
{
    char *whole = realpath(path, NULL);

    nw_json_text(out, nw_str_z(whole ? whole : path));
    free(whole);
}

void status_write(const struct super *super, struct nw_buf *out)
{
    int64_t now = nw_clock_mono();

    nw_buf_printf(out, "{\"version\":\"%s\",\"pid\":%ld,\"uptime_s\":%lld,\"config\":", NW_VERSION, (long)getpid(),
                  (long long)(now - super->started) / 1000);
    nw_json_text(out, nw_str_z(super->daemon->path));
    nw_buf_printf(out, ",\"data\":");
    write_folder(nw_conf_str(super->daemon->conf, "data_dir").p, out);
    nw_buf_printf(out, ",\"endpoint\":");
    nw_json_text(out, nw_str_z(super->daemon->endpoint));
    nw_buf_printf(out, ",\"ready\":%s,\"stopping\":%s,\"processes\":[", super_ready(super) ? "true" : "false",
                  super->stopping ? "true" : "false");
    for (size_t i = 0; i < super->count; i++) {
        if (i > 0)
            nw_buf_char(out, ',');
        write_process(&super->processes[i], now, out);
    }
    nw_buf_printf(out, "]}\n");
}
