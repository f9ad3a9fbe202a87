/* Tables of processes and stages, and the ledger; see status_text.h. */
#include "status_text.h"

#include "table.h"

#include <jansson.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct table_column process_columns[] = {
    {"PROCESS", false}, {"STAGE", false}, {"PID", true},        {"STATE", false}, {"RESTARTS", true},
    {"MEMORY", true},   {"CPU", true},    {"LAST EXIT", false}, {NULL, false},
};

static const struct table_column stage_columns[] = {
    {"STAGE", false}, {"WORKERS", true}, {"IN", true},     {"OUT", true},    {"DROPPED", true}, {"DEAD", true},
    {"LEASED", true}, {"QUEUED", true},  {"RATE/s", true}, {"p50 ms", true}, {"p99 ms", true},  {NULL, false},
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "-";
}

/* A count, false where there is none. */
static bool count_of(const json_t *object, const char *key, uint64_t *count)
{
    const json_t *value = json_object_get(object, key);

    *count = json_is_integer(value) && json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
    return json_is_integer(value);
}

static int add_count(struct table *table, const json_t *object, const char *key)
{
    uint64_t count;

    return count_of(object, key, &count) ? table_add_number(table, count) : table_add(table, TABLE_PLAIN, NW_S("-"));
}

static int add_text(struct table *table, const char *text)
{
    return table_add(table, TABLE_PLAIN, nw_str_z(text));
}

static int add_real(struct table *table, const json_t *object, const char *key, int decimals)
{
    const json_t *value = json_object_get(object, key);
    char text[48];

    snprintf(text, sizeof text, "%.*f", decimals, json_number_value(value));
    return add_text(table, json_is_number(value) ? text : "-");
}

static enum table_colour state_colour(const char *state)
{
    if (strcmp(state, "ready") == 0) {
        return TABLE_GREEN;
    }
    return strcmp(state, "failed") == 0 || strcmp(state, "stalled") == 0 || strcmp(state, "backoff") == 0
               ? TABLE_RED
               : TABLE_YELLOW;
}

/* Milliseconds of processor time as a part of the time since the process was started. */
static int add_cpu(struct table *table, const json_t *process)
{
    uint64_t ms, seconds;
    char text[48] = "-";

    if (count_of(process, "cpu_ms", &ms) && count_of(process, "uptime_s", &seconds) && seconds > 0) {
        snprintf(text, sizeof text, "%.1f %%", (double)ms / (double)seconds / 10);
    }
    return add_text(table, text);
}

static int add_memory(struct table *table, const json_t *process)
{
    uint64_t kib;
    char text[48] = "-";

    if (count_of(process, "rss_kb", &kib) && kib > 0) {
        snprintf(text, sizeof text, "%.1f MiB", (double)kib / 1024);
    }
    return add_text(table, text);
}

static int add_process(struct table *table, const json_t *process)
{
    const char *state = text_of(process, "state");
    uint64_t pid;
    char text[32] = "-";
    int rc = add_text(table, text_of(process, "name"));

    if (count_of(process, "pid", &pid) && pid > 0) {
        snprintf(text, sizeof text, "%" PRIu64, pid);
    }
    rc = rc ? rc : add_text(table, text_of(process, "stage"));
    rc = rc ? rc : add_text(table, text);
    rc = rc ? rc : table_add(table, state_colour(state), nw_str_z(state));
    rc = rc ? rc : add_count(table, process, "restarts");
    rc = rc ? rc : add_memory(table, process);
    rc = rc ? rc : add_cpu(table, process);
    return rc ? rc : add_text(table, text_of(process, "last_exit"));
}

static int add_stage(struct table *table, const json_t *stage)
{
    static const char *const counts[] = {"workers", "in", "out", "dropped", "dead", "in_flight", "queued"};
    int rc = add_text(table, text_of(stage, "name"));

    for (size_t i = 0; rc == 0 && i < sizeof counts / sizeof *counts; i++) {
        rc = add_count(table, stage, counts[i]);
    }
    rc = rc ? rc : add_real(table, stage, "rate", 1);
    rc = rc ? rc : add_real(table, stage, "p50_ms", 2);
    rc = rc ? rc : add_real(table, stage, "p99_ms", 2);
    return rc;
}

static int put_table(const json_t *list, const struct table_column *columns, int (*add)(struct table *, const json_t *),
                     bool colours, struct nw_buf *out)
{
    struct nw_arena arena = {0};
    struct table table;
    int rc = 0;

    table_init(&table, columns, &arena);
    for (size_t i = 0; rc == 0 && i < json_array_size(list); i++) {
        rc = add(&table, json_array_get(list, i));
    }
    rc = rc ? rc : table_print(&table, colours, out);
    nw_arena_free(&arena);
    return rc;
}

/* What the broker last reported; NULL where there is none here. */
static const json_t *broker_metrics(const json_t *processes)
{
    for (size_t i = 0; i < json_array_size(processes); i++) {
        const json_t *metrics = json_object_get(json_array_get(processes, i), "metrics");

        if (json_is_array(json_object_get(metrics, "stages"))) {
            return metrics;
        }
    }
    return NULL;
}

/* All that was accepted is completed, dropped, dead, or on its way. */
static void put_ledger(const json_t *metrics, bool colours, struct nw_buf *out)
{
    static const char *const keys[] = {"accepted", "completed", "dropped", "dead", "in_flight"};
    char words[5][TABLE_NUMBER];
    uint64_t counts[5], unburied = 0;
    bool balanced;

    for (size_t i = 0; i < 5; i++) {
        count_of(metrics, keys[i], &counts[i]);
        table_number(counts[i], words[i]);
    }
    balanced = counts[0] == counts[1] + counts[2] + counts[3] + counts[4];
    nw_buf_printf(out, "Ledger: %s accepted = %s completed + %s dropped + %s dead + %s in flight: %s%s%s\n", words[0],
                  words[1], words[2], words[3], words[4], colours ? (balanced ? "\033[32m" : "\033[31m") : "",
                  balanced ? "balanced" : "NOT BALANCED", colours ? "\033[0m" : "");
    if (json_is_true(json_object_get(metrics, "low_on_room"))) {
        nw_buf_printf(out, "%sThe disk is nearly full: nothing more is accepted until there is room.%s\n",
                      colours ? "\033[31m" : "", colours ? "\033[0m" : "");
    }
    count_of(metrics, "unburied", &unburied);
    if (unburied > 0) {
        nw_buf_printf(out,
                      "%sThe disk has no room for dead letters: %" PRIu64 " wait for it, and what follows them.%s\n",
                      colours ? "\033[31m" : "", unburied, colours ? "\033[0m" : "");
    }
}

/* What a process wants a person to look at: a source gone quiet. */
static void put_alarms(const json_t *process, bool colours, struct nw_buf *out)
{
    const json_t *metrics = json_object_get(process, "metrics"), *alarms = json_object_get(metrics, "alarms");
    const char *red = colours ? "\033[31m" : "", *plain = colours ? "\033[0m" : "";
    uint64_t count = 0;

    for (size_t i = 0; i < json_array_size(alarms); i++) {
        const json_t *alarm = json_array_get(alarms, i);
        nw_buf_printf(out, "%sAlarm: %s: %s%s\n", red, text_of(alarm, "name"), text_of(alarm, "why"), plain);
    }
    count_of(metrics, "alarm_count", &count);
    if (count > json_array_size(alarms)) {
        nw_buf_printf(out, "%sAlarm: %" PRIu64 " more; newswire sources lists them%s\n", red,
                      count - json_array_size(alarms), plain);
    }
}

static void put_uptime(uint64_t seconds, struct nw_buf *out)
{
    if (seconds >= 86400) {
        nw_buf_printf(out, "%" PRIu64 " d %" PRIu64 " h", seconds / 86400, seconds / 3600 % 24);
    } else if (seconds >= 3600) {
        nw_buf_printf(out, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600, seconds / 60 % 60);
    } else if (seconds >= 60) {
        nw_buf_printf(out, "%" PRIu64 " min %" PRIu64 " s", seconds / 60, seconds % 60);
    } else {
        nw_buf_printf(out, "%" PRIu64 " s", seconds);
    }
}

static void put_daemon(const json_t *root, struct nw_buf *out)
{
    const char *state = json_is_true(json_object_get(root, "stopping")) ? "stopping"
                        : json_is_true(json_object_get(root, "ready"))  ? "ready"
                                                                        : "starting";
    uint64_t pid, seconds;

    count_of(root, "pid", &pid);
    count_of(root, "uptime_s", &seconds);
    nw_buf_printf(out, "newswired %s, pid %" PRIu64 ", %s, up ", text_of(root, "version"), pid, state);
    put_uptime(seconds, out);
    nw_buf_printf(out, ", config %s, broker %s\n\n", text_of(root, "config"), text_of(root, "endpoint"));
}

static int put_state(const json_t *root, bool colours, struct nw_buf *out)
{
    const json_t *processes = json_object_get(root, "processes"), *metrics = broker_metrics(processes);
    int rc;

    put_daemon(root, out);
    rc = put_table(processes, process_columns, add_process, colours, out);
    if (rc == 0 && metrics) {
        nw_buf_char(out, '\n');
        rc = put_table(json_object_get(metrics, "stages"), stage_columns, add_stage, colours, out);
        nw_buf_char(out, '\n');
        put_ledger(metrics, colours, out);
    }
    for (size_t i = 0; rc == 0 && i < json_array_size(processes); i++) {
        put_alarms(json_array_get(processes, i), colours, out);
    }
    return rc ? rc : out->error;
}

int status_text(struct nw_str json, bool colours, struct nw_buf *out, char why[STATUS_WHY])
{
    json_error_t error;
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &error);
    const char *refused = json_string_value(json_object_get(root, "error"));
    int rc = STATUS_BAD;

    if (!root) {
        snprintf(why, STATUS_WHY, "the answer is no JSON: %s", error.text);
    } else if (refused) {
        snprintf(why, STATUS_WHY, "the daemon says: %s", refused);
    } else if (!json_is_array(json_object_get(root, "processes"))) {
        snprintf(why, STATUS_WHY, "the answer names no processes");
    } else {
        rc = put_state(root, colours, out);
    }
    json_decref(root);
    return rc;
}

bool status_data(struct nw_str json, char *path, size_t size)
{
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    const char *data = json_string_value(json_object_get(root, "data"));
    int n = data ? snprintf(path, size, "%s", data) : -1;

    json_decref(root);
    return n > 0 && (size_t)n < size;
}
