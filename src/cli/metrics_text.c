/* One table of metrics; each is looked for in all objects of its scope. See metrics_text.h. */
#include "metrics_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum kind { COUNTER, GAUGE };

/* Where a metric stands. */
enum scope {
    DAEMON,
    PROCESS, /* the supervisor's view of each process */
    REPORT,  /* what each process last said of itself */
    BROKER,  /* the same, of the broker alone: the ledger */
    STAGE,   /* the broker's view of each stage */
    ALARM,
    SOURCE,
    FOLDER,
};

/* One list: name, type, help, place. A key of NULL: what is there counts 1. Metrics of one name stand together. */
static const struct metric {
    enum scope scope;
    enum kind kind;
    const char *name, *key;
    double scale;      /* to the base unit: seconds, bytes */
    const char *label; /* beside those of the scope; NULL for none */
    const char *help;
} metrics[] = {
    {DAEMON, GAUGE, "build_info", NULL, 1, NULL, "1, with the version as a label"},
    {DAEMON, GAUGE, "ready", "ready", 1, NULL, "whether all processes are ready"},
    {DAEMON, GAUGE, "uptime_seconds", "uptime_s", 1, NULL, "since the supervisor was started"},

    {PROCESS, GAUGE, "process_state", NULL, 1, NULL, "1, with the state as a label"},
    {PROCESS, COUNTER, "process_restarts_total", "restarts", 1, NULL, "starts after the first"},
    {PROCESS, GAUGE, "process_resident_memory_bytes", "rss_kb", 1024, NULL, "memory that it holds"},
    {PROCESS, COUNTER, "process_cpu_seconds_total", "cpu_ms", 1e-3, NULL, "processor time since it was started"},

    {BROKER, COUNTER, "articles_accepted_total", "accepted", 1, NULL,
     "durable in the journal: completed + dropped + dead + in flight"},
    {BROKER, COUNTER, "articles_completed_total", "completed", 1, NULL, "in the output log with all that they became"},
    {BROKER, COUNTER, "articles_dropped_total", "dropped", 1, NULL, "left out on purpose"},
    {BROKER, COUNTER, "articles_dead_total", "dead", 1, NULL, "dead-lettered"},
    {BROKER, GAUGE, "articles_in_flight", "in_flight", 1, NULL, "accepted, and not done with yet"},
    {BROKER, GAUGE, "articles_waiting", "waiting", 1, NULL, "of these, not begun"},
    {BROKER, COUNTER, "submissions_repeated_total", "duplicates", 1, NULL, "submitted again after a fault, and known"},
    {BROKER, COUNTER, "leases_lost_total", "lost_leases", 1, NULL, "leases taken from workers that were lost"},
    {BROKER, COUNTER, "journal_last", "journal_last", 1, NULL, "number of the journal's newest entry"},
    {BROKER, COUNTER, "journal_low", "journal_low", 1, NULL, "number of the oldest entry that is still needed"},
    {BROKER, GAUGE, "peers", "peers", 1, NULL, "workers and feeders that are connected"},
    {BROKER, GAUGE, "disk_nearly_full", "low_on_room", 1, NULL, "whether nothing is accepted for want of room"},
    {BROKER, GAUGE, "letters_unburied", "unburied", 1, NULL, "dead letters that wait for room on the disk"},
    {BROKER, GAUGE, "latency_seconds", "p50_ms", 1e-3, "quantile=\"0.5\"", "from acceptance to completion"},
    {BROKER, GAUGE, "latency_seconds", "p99_ms", 1e-3, "quantile=\"0.99\"", NULL},

    {STAGE, GAUGE, "stage_workers", "workers", 1, NULL, "that have said HELLO"},
    {STAGE, COUNTER, "stage_in_total", "in", 1, NULL, "records that came to the stage"},
    {STAGE, COUNTER, "stage_out_total", "out", 1, NULL, "records that it is done with"},
    {STAGE, COUNTER, "stage_made_total", "made", 1, NULL, "records that it put out"},
    {STAGE, COUNTER, "stage_dropped_total", "dropped", 1, NULL, "records that it left out on purpose"},
    {STAGE, COUNTER, "stage_dead_total", "dead", 1, NULL, "records that were dead-lettered there"},
    {STAGE, GAUGE, "stage_leased", "in_flight", 1, NULL, "records that workers hold"},
    {STAGE, GAUGE, "stage_queued", "queued", 1, NULL, "records that wait for a worker or their turn"},
    {STAGE, GAUGE, "stage_latency_seconds", "p50_ms", 1e-3, "quantile=\"0.5\"", "from lease to result"},
    {STAGE, GAUGE, "stage_latency_seconds", "p99_ms", 1e-3, "quantile=\"0.99\"", NULL},

    {REPORT, GAUGE, "channels", "channels", 1, NULL, "queries that somebody is subscribed to"},
    {REPORT, COUNTER, "output_last", "oseq", 1, NULL, "number of the output log's newest entry"},
    {REPORT, COUNTER, "output_durable", "durable", 1, NULL, "number of the newest one that is durable"},
    {REPORT, COUNTER, "published_total", "published", 1, NULL, "frames put on channels"},
    {REPORT, COUNTER, "pages_total", "pages", 1, NULL, "answers to readers of the past"},
    {REPORT, COUNTER, "commits_total", "commits", 1, NULL, "positions that subscribers have set"},
    {REPORT, GAUGE, "alarms", "alarm_count", 1, NULL, "things that a person should look at now"},

    {ALARM, GAUGE, "alarm", NULL, 1, NULL, "1 for each; of very many the first sixteen"},

    {SOURCE, COUNTER, "source_items_total", "items", 1, NULL, "items since the source is known"},
    {SOURCE, GAUGE, "source_last_item_timestamp_seconds", "last_item", 1e-3, NULL, "when the newest one came"},
    {SOURCE, GAUGE, "source_next_poll_timestamp_seconds", "due", 1e-3, NULL, "when it is asked next"},
    {SOURCE, GAUGE, "source_errors", "errors", 1, NULL, "since the last good answer"},
    {SOURCE, GAUGE, "source_quiet", "quiet", 1, NULL, "whether it is silent for longer than its rhythm explains"},
    {SOURCE, GAUGE, "source_paused", "paused", 1, NULL, "whether a person has paused it"},

    {FOLDER, GAUGE, "folder_bytes", "bytes", 1, NULL,
     "of the disk, in a folder of the data folder: journal, output, …"},
};

enum { METRICS = sizeof metrics / sizeof *metrics, LABELS = 3 };

/* The labels of what stands in a scope, and the keys of their values. Values that an object lacks are left out. */
static const struct {
    const char *label, *key;
} labels[][LABELS] = {
    [DAEMON] = {{"version", "version"}},
    [PROCESS] = {{"process", "name"}, {"stage", "stage"}, {"state", "state"}},
    [REPORT] = {{"process", "name"}, {"stage", "stage"}},
    [BROKER] = {{NULL, NULL}},
    [STAGE] = {{"stage", "name"}},
    [ALARM] = {{"name", "name"}},
    [SOURCE] = {{"source", "source"}, {"kind", "kind"}, {"url", "url"}},
    [FOLDER] = {{"folder", "name"}},
};

/* State and version change, and with them a counter would become another one: they are labels of what counts 1. */
static bool has_label(const struct metric *metric, const char *label)
{
    return metric->key == NULL || (strcmp(label, "state") != 0 && strcmp(label, "version") != 0);
}

static void put_label(struct nw_buf *out, bool *some, const char *label, const char *value)
{
    nw_buf_printf(out, "%c%s=\"", *some ? ',' : '{', label);
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            nw_buf_char(out, '\\');
        if (*value == '\n')
            nw_buf_str(out, NW_S("\\n"));
        else
            nw_buf_char(out, *value);
    }
    nw_buf_char(out, '"');
    *some = true;
}

/* A number, true or false as a number; false where it is none. */
static bool number_of(const json_t *value, double *number)
{
    *number = json_is_true(value) ? 1 : json_number_value(value);
    return json_is_number(value) || json_is_boolean(value);
}

/* Whole numbers below that are whole in a double. */
static const double exact_below = 9007199254740992.0;

static void put_sample(const struct metric *metric, const json_t *named, double number, const char *event,
                       struct nw_buf *out)
{
    bool some = false;

    nw_buf_printf(out, "newswire_%s", metric->name);
    for (size_t i = 0; i < LABELS && labels[metric->scope][i].label; i++) {
        const char *value = json_string_value(json_object_get(named, labels[metric->scope][i].key));
        if (value && has_label(metric, labels[metric->scope][i].label))
            put_label(out, &some, labels[metric->scope][i].label, value);
    }
    if (event)
        put_label(out, &some, "event", event);
    if (metric->label)
        nw_buf_printf(out, "%c%s", some ? ',' : '{', metric->label);
    number *= metric->scale;
    nw_buf_str(out, some || metric->label ? NW_S("} ") : NW_S(" "));
    nw_buf_printf(out, fabs(number) < exact_below && number == trunc(number) ? "%.0f\n" : "%.15g\n", number);
}

static void put_head(const char *name, enum kind kind, const char *help, struct nw_buf *out)
{
    nw_buf_printf(out, "# HELP newswire_%s %s\n# TYPE newswire_%s %s\n", name, help, name,
                  kind == COUNTER ? "counter" : "gauge");
}

/* All samples of a metric, below its head where there is any. `named` is what its labels are of. */
struct samples {
    const struct metric *metric;
    bool some;
    struct nw_buf *out;
};

static void look(struct samples *samples, const json_t *object, const json_t *named)
{
    const struct metric *metric = samples->metric;
    double number = 1;

    if (metric->key && !number_of(json_object_get(object, metric->key), &number))
        return;
    if (!samples->some && metric->help)
        put_head(metric->name, metric->kind, metric->help, samples->out);
    samples->some = true;
    put_sample(metric, named, number, NULL, samples->out);
}

static void look_all(struct samples *samples, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        look(samples, json_array_get(list, i), json_array_get(list, i));
}

static const json_t *report_of(const json_t *process)
{
    return json_object_get(process, "metrics");
}

static bool is_broker(const json_t *process)
{
    return json_is_array(json_object_get(report_of(process), "stages"));
}

static void look_at_processes(struct samples *samples, const json_t *processes)
{
    for (size_t i = 0; i < json_array_size(processes); i++) {
        const json_t *process = json_array_get(processes, i), *report = report_of(process);

        switch (samples->metric->scope) {
        case PROCESS:
            look(samples, process, process);
            break;
        case REPORT:
            if (!is_broker(process))
                look(samples, report, process);
            break;
        case BROKER:
            if (is_broker(process))
                look(samples, report, process);
            break;
        case STAGE:
            look_all(samples, json_object_get(report, "stages"));
            break;
        case ALARM:
            look_all(samples, json_object_get(report, "alarms"));
            break;
        case DAEMON:
        case SOURCE:
        case FOLDER:
            break;
        }
    }
}

static bool has_metric(const char *key)
{
    for (size_t i = 0; i < METRICS; i++) {
        if (metrics[i].scope == REPORT && strcmp(metrics[i].key, key) == 0)
            return true;
    }
    return false;
}

/* What stages count under names of their own (nw_count): one metric, with the name as a label. */
static void put_events(const json_t *processes, struct nw_buf *out)
{
    static const struct metric metric = {.scope = REPORT, .kind = COUNTER, .name = "events_total", .scale = 1};
    const char *key;
    json_t *value;

    put_head(metric.name, metric.kind, "what a stage counts of its work, by name", out);
    for (size_t i = 0; i < json_array_size(processes); i++) {
        json_t *process = json_array_get(processes, i), *report = json_object_get(process, "metrics");
        double number;

        if (is_broker(process))
            continue;
        json_object_foreach(report, key, value)
        {
            if (!has_metric(key) && number_of(value, &number))
                put_sample(&metric, process, number, key, out);
        }
    }
}

static void put_all(const json_t *root, const json_t *sources, const json_t *folders, struct nw_buf *out)
{
    const json_t *processes = json_object_get(root, "processes");

    for (size_t i = 0; i < METRICS; i++) {
        struct samples samples = {.metric = &metrics[i], .out = out};

        switch (metrics[i].scope) {
        case DAEMON:
            look(&samples, root, root);
            break;
        case SOURCE:
            look_all(&samples, sources);
            break;
        case FOLDER:
            look_all(&samples, folders);
            break;
        case PROCESS:
        case REPORT:
        case BROKER:
        case STAGE:
        case ALARM:
            look_at_processes(&samples, processes);
            break;
        }
    }
    put_events(processes, out);
}

int metrics_text(struct nw_str status, const json_t *sources, const json_t *folders, struct nw_buf *out,
                 char why[METRICS_WHY])
{
    json_error_t error;
    json_t *root = json_loadb(status.p ? status.p : "", status.n, JSON_REJECT_DUPLICATES, &error);
    const char *refused = json_string_value(json_object_get(root, "error"));
    int rc = METRICS_BAD;

    if (!root) {
        snprintf(why, METRICS_WHY, "the answer is no JSON: %s", error.text);
    } else if (refused) {
        snprintf(why, METRICS_WHY, "the daemon says: %s", refused);
    } else if (!json_is_array(json_object_get(root, "processes"))) {
        snprintf(why, METRICS_WHY, "the answer names no processes");
    } else {
        put_all(root, sources, folders, out);
        rc = out->error;
    }
    json_decref(root);
    return rc;
}
