/*
 * Reads what a program says of itself into rows of the same form that C stages are written in. Nothing that a program
 * says is trusted: kinds, bounds, names and presets are checked here, once, so that the loader can rely on them.
 */
#include "describe.h"
#include "daemon.h"
#include "daemon_rows.h"
#include "program.h"
#include "value.h"

#include <newswire/error.h>

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

enum {
    DESCRIBE_MS = 10000,
    DESCRIPTION_BYTES = 1 << 20,
    COMPLAINT_BYTES = 4096,
    ROWS_MAX = 256,
    WORDS_MAX = 256,
    ROWS_DEPTH = 4,
};

static const struct {
    const char *word;
    enum nw_conf_kind kind;
} kinds[] = {
    {"int", NW_CONF_INT}, {"num", NW_CONF_NUM},   {"bool", NW_CONF_BOOL},
    {"str", NW_CONF_STR}, {"strs", NW_CONF_STRS}, {"list", NW_CONF_LIST},
};

struct reader {
    struct nw_arena *arena;
    char *why; /* of NW_CONF_WHY bytes */
};

static int bad(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int bad(struct reader *r, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(r->why, NW_CONF_WHY, format, list);
    va_end(list);
    return NW_CONF_BAD;
}

/* Texts of an object, each at its place; "" where it has none. */
struct text_place {
    const char *key, **text;
};

static int texts_at(struct reader *r, const json_t *object, const struct text_place *places, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(object, places[i].key);
        *places[i].text = "";
        if (!value || json_is_null(value))
            continue;
        if (!json_is_string(value))
            return bad(r, "\"%s\" must be a text", places[i].key);
        *places[i].text = nw_arena_dup(r->arena, nw_str_z(json_string_value(value))).p;
        if (!*places[i].text)
            return nw_fault(-ENOMEM);
    }
    return 0;
}

/* A list of texts, NULL-terminated. Absent: *out is NULL where `may_lack`, else empty. */
static int texts_of(struct reader *r, const json_t *object, const char *key, bool may_lack, const char ***out)
{
    const json_t *list = json_object_get(object, key);
    size_t n = json_array_size(list);

    *out = NULL;
    if ((!list || json_is_null(list)) && may_lack)
        return 0;
    if (list && !json_is_null(list) && (!json_is_array(list) || n > WORDS_MAX))
        return bad(r, "\"%s\" must be a list of at most %d texts", key, WORDS_MAX);
    *out = NW_ARENA_NEW(r->arena, const char *, n + 1);
    if (!*out)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(list, i);
        if (!json_is_string(value))
            return bad(r, "\"%s\" must be a list of texts; element %zu is none", key, i);
        (*out)[i] = nw_arena_dup(r->arena, nw_str_z(json_string_value(value))).p;
        if (!(*out)[i])
            return nw_fault(-ENOMEM);
    }
    return 0;
}

static bool key_valid(const char *key)
{
    size_t n = strlen(key);

    for (size_t i = 0; i < n; i++) {
        if (!islower((unsigned char)key[i]) && !isdigit((unsigned char)key[i]) && key[i] != '_')
            return false;
    }
    return n > 0 && n <= NW_NAME_MAX;
}

/* The preset as it would stand in the file; numbers and truth values may be given as such. */
static int preset_of(struct reader *r, const json_t *object, struct nw_conf_row *row)
{
    const json_t *value = json_object_get(object, "preset");
    struct nw_str text;

    if (!value || json_is_null(value))
        return 0;
    if (json_is_string(value))
        text = nw_arena_dup(r->arena, nw_str_z(json_string_value(value)));
    else if (json_is_boolean(value))
        text = nw_str_z(json_is_true(value) ? "true" : "false");
    else if (json_is_integer(value))
        text = nw_arena_printf(r->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        text = nw_arena_printf(r->arena, "%.17g", json_real_value(value));
    else
        return bad(r, "the preset of \"%s\" must be a text as it would stand in the file", row->key);
    row->preset = text.p;
    return text.p ? 0 : nw_fault(-ENOMEM);
}

static int bound_of(struct reader *r, const json_t *object, const char *name, const char *key, int64_t *bound)
{
    const json_t *value = json_object_get(object, name);

    if (value && !json_is_integer(value))
        return bad(r, "\"%s\" of \"%s\" must be a whole number", name, key);
    *bound = json_integer_value(value);
    return 0;
}

static int row_of(struct reader *r, const json_t *object, struct nw_conf_row *row)
{
    const char *kind, **words = NULL;
    const struct text_place places[] = {{"key", &row->key}, {"kind", &kind}, {"unit", &row->unit}, {"doc", &row->doc}};
    size_t k = 0;
    int rc;

    *row = (struct nw_conf_row){.key = NULL};
    rc = texts_at(r, object, places, sizeof places / sizeof *places);
    if (rc != 0)
        return rc;
    if (!key_valid(row->key))
        return bad(r, "a row of \"config\" needs a \"key\" of letters a to z, digits and _; \"%.64s\" is none",
                   row->key);
    while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].word, kind) != 0)
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return bad(r, "the kind of \"%s\" is \"%.40s\"; it must be int, num, bool, str, strs or list", row->key, kind);
    row->kind = kinds[k].kind;
    rc = bound_of(r, object, "least", row->key, &row->least);
    if (rc == 0)
        rc = bound_of(r, object, "most", row->key, &row->most);
    if (rc == 0)
        rc = texts_of(r, object, "words", true, &words);
    if (rc == 0)
        rc = preset_of(r, object, row);
    if (rc != 0)
        return rc;
    row->words = words;
    bool lists_open = row->most == 0 && (row->kind == NW_CONF_STR || row->kind == NW_CONF_STRS);
    if (row->least > row->most && !lists_open)
        return bad(r, "\"least\" of \"%s\" is above its \"most\"", row->key);
    if (row->kind == NW_CONF_LIST && row->preset)
        return bad(r, "\"%s\" is a list of mappings, which is empty by default; it can have no preset", row->key);
    return 0;
}

/* A table waiting for its rows: tables nest, and are read one after the other. */
struct pending {
    const json_t *list;
    const struct nw_conf_row **rows;
    size_t depth;
};

struct queue {
    struct pending *tables;
    size_t n, cap;
};

static int push(struct reader *r, struct queue *queue, struct pending pending)
{
    if (queue->n == queue->cap)
        return bad(r, "\"config\" has more than %zu tables", queue->cap);
    queue->tables[queue->n++] = pending;
    return 0;
}

static int table_of(struct reader *r, struct queue *queue, struct pending pending)
{
    size_t n = json_array_size(pending.list);
    struct nw_conf_row *rows;
    int rc = 0;

    if (!json_is_array(pending.list) || n > ROWS_MAX)
        return bad(r, "\"config\" and \"rows\" must be lists of at most %d rows", ROWS_MAX);
    rows = NW_ARENA_NEW(r->arena, struct nw_conf_row, n + 1);
    if (!rows)
        return nw_fault(-ENOMEM);
    *pending.rows = rows;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const json_t *object = json_array_get(pending.list, i);
        struct nw_conf_row row;
        rc = row_of(r, object, &row);
        if (rc != 0)
            return rc;
        if (conf_row_find(rows, row.key))
            return bad(r, "\"%s\" stands twice in \"config\"", row.key);
        rows[i] = row;
        if (row.kind != NW_CONF_LIST)
            continue;
        if (pending.depth + 1 == ROWS_DEPTH)
            return bad(r, "\"rows\" nest more than %d deep in \"%s\"", ROWS_DEPTH, row.key);
        rc = push(r, queue, (struct pending){json_object_get(object, "rows"), &rows[i].rows, pending.depth + 1});
    }
    return rc;
}

/* A preset that its own row refuses would make every file bad. */
static int check_presets(struct reader *r, const struct nw_conf_row *rows)
{
    size_t n = conf_rows_count(rows), kept = 0;
    struct nw_conf_row *given = NW_ARENA_NEW(r->arena, struct nw_conf_row, n + 1);
    char why[NW_CONF_WHY];
    struct nw_conf *conf;
    int rc;

    if (!given)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].preset)
            given[kept++] = rows[i];
    }
    rc = nw_conf_defaults(given, &conf, why);
    nw_conf_free(&conf);
    return rc == NW_CONF_BAD ? bad(r, "a preset breaks its own row: %.400s", why) : rc;
}

static int rows_of(struct reader *r, const json_t *list, const struct nw_conf_row **rows)
{
    struct queue queue = {.tables = NW_ARENA_NEW(r->arena, struct pending, ROWS_MAX), .cap = ROWS_MAX};
    static const struct nw_conf_row none[] = {NW_CONF_END};
    int rc = 0;

    *rows = none;
    if (!list || json_is_null(list))
        return 0;
    if (!queue.tables)
        return nw_fault(-ENOMEM);
    rc = push(r, &queue, (struct pending){list, rows, 0});
    for (size_t i = 0; rc == 0 && i < queue.n; i++)
        rc = table_of(r, &queue, queue.tables[i]);
    for (size_t i = 0; rc == 0 && i < queue.n; i++)
        rc = check_presets(r, *queue.tables[i].rows);
    for (const struct nw_conf_row *row = *rows; rc == 0 && row->key; row++) {
        if (conf_row_find(conf_stage_rows, row->key))
            rc = bad(r, "the key \"%s\" of \"config\" is the supervisor's own; choose another name", row->key);
    }
    return rc;
}

static int description_of(struct reader *r, const json_t *object, struct conf_description *description)
{
    const struct text_place places[] = {
        {"name", &description->name}, {"version", &description->version}, {"doc", &description->doc}};
    int rc;

    if (!json_is_object(object))
        return bad(r, "a JSON object was expected, like {\"name\": \"upper\"}");
    *description = (struct conf_description){.ordered = json_is_true(json_object_get(object, "ordered"))};
    rc = texts_at(r, object, places, sizeof places / sizeof *places);
    if (rc == 0 && !*description->name)
        rc = bad(r, "\"name\" is missing");
    if (rc == 0)
        rc = texts_of(r, object, "needs", false, &description->needs);
    if (rc == 0)
        rc = texts_of(r, object, "sets", false, &description->sets);
    if (rc == 0)
        rc = rows_of(r, json_object_get(object, "config"), &description->rows);
    return rc;
}

int conf_describe_read(struct nw_arena *arena, struct nw_str json, struct conf_description *description,
                       char why[NW_CONF_WHY])
{
    struct reader r = {.arena = arena, .why = why};
    json_error_t error;
    json_t *object = json_loadb(json.n ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &error);
    int rc;

    if (!object && json_error_code(&error) == json_error_out_of_memory)
        return nw_fault(-ENOMEM);
    if (!object)
        return bad(&r, "a JSON object was expected: %s at byte %d", error.text, error.position);
    rc = description_of(&r, object, description);
    json_decref(object);
    return rc;
}

/* The last line of what a program complained, for a sentence. */
static struct nw_str last_line(struct nw_str text)
{
    struct nw_str line, last = {0};

    while (nw_str_line(&text, &line)) {
        if (nw_str_trim(line).n > 0)
            last = nw_str_trim(line);
    }
    return last;
}

static int outcome(struct reader *r, const struct conf_program *program)
{
    char complaint[CONF_QUOTE];
    struct nw_str last = last_line(nw_buf_view(&program->err));
    const char *colon = last.n ? ": " : "";

    conf_quote(last, complaint);
    if (program->error)
        return bad(r, "it can't be started: %s", strerror(program->error));
    if (program->late)
        return bad(r, "it did not end within %d s; --describe must print one JSON object and exit", DESCRIBE_MS / 1000);
    if (WIFSIGNALED(program->status))
        return bad(r, "it was ended by signal %d (%s)%s%s", WTERMSIG(program->status),
                   strsignal(WTERMSIG(program->status)), colon, complaint);
    if (WEXITSTATUS(program->status) != 0)
        return bad(r, "it exited with status %d%s%s", WEXITSTATUS(program->status), colon, complaint);
    return 0;
}

int conf_describe(struct nw_arena *arena, const char *const *command, struct conf_description *description,
                  char why[NW_CONF_WHY])
{
    struct reader r = {.arena = arena, .why = why};
    struct conf_program program = {0};
    const char **argv;
    size_t n = 0;
    int rc;

    while (command[n])
        n++;
    argv = NW_ARENA_NEW(arena, const char *, n + 2);
    if (!argv)
        return nw_fault(-ENOMEM);
    memcpy(argv, command, n * sizeof *argv);
    argv[n] = "--describe";
    nw_buf_init(&program.out, DESCRIPTION_BYTES);
    nw_buf_init(&program.err, COMPLAINT_BYTES);
    rc = conf_program_run(argv, DESCRIBE_MS, &program);
    if (rc == 0)
        rc = outcome(&r, &program);
    if (rc == 0)
        rc = conf_describe_read(arena, nw_buf_view(&program.out), description, why);
    nw_buf_free(&program.out);
    nw_buf_free(&program.err);
    return rc;
}
