/*
 * Walks two JSON values side by side; see article_diff.h. Recursion follows values that nest at most NW_RECORD_DEPTH
 * deep, as records do.
 *
 * Lists: what is the same at both ends is passed over, and what both sides have elsewhere; the rest is gone or new.
 * Where nothing is common and as many are left on both sides, they are compared one by one.
 */
#include "article_diff.h"

#include "message.h"

#include <newswire/record.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = 256,
    CONTEXT = 16,    /* code points shown on either side of a difference */
    VALUE_MAX = 120, /* code points shown of a value */
    PAIRS_MAX = 4096 /* elements of lists up to which equal ones are looked for anywhere */
};

struct diff {
    struct nw_buf *out;
    bool json, colours;
    size_t fields; /* found so far */
    int error;
};

static const char red[] = "\033[31m", green[] = "\033[32m", plain[] = "\033[0m";

/* ---- one field */

/* Appends at most `most` code points, with … for the rest. */
static void put_cut(struct nw_buf *out, struct nw_str text, size_t most)
{
    size_t at = 0, n = 0;

    while (at < text.n && n < most) {
        nw_utf8_next(text, &at);
        n++;
    }
    message_plain(out, nw_str(text.p, at));
    if (at < text.n) {
        nw_buf_printf(out, "…");
    }
}

static int put_json(struct diff *diff, struct nw_buf *out, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

    if (!text) {
        return diff->error = -ENOMEM;
    }
    if (diff->json) {
        nw_buf_str(out, nw_str_z(text));
    } else {
        put_cut(out, nw_str_z(text), VALUE_MAX);
    }
    free(text);
    return out->error;
}

/* A colour, and behind it the end of it. */
static void put_coloured(struct diff *diff, const char *colour, json_t *value)
{
    nw_buf_printf(diff->out, "%s", diff->colours ? colour : "");
    put_json(diff, diff->out, value);
    nw_buf_printf(diff->out, "%s", diff->colours ? plain : "");
}

static bool is_inside(unsigned char c)
{
    return (c & 0xc0) == 0x80; /* of a code point's bytes behind the first */
}

/* The part of `text` between its first `same` and last `tail` bytes, with some of what is around it. */
static void put_window(struct diff *diff, const char *colour, struct nw_str text, size_t same, size_t tail)
{
    size_t start = same, end = text.n - tail, stop = end;

    for (size_t n = 0; start > 0 && n < CONTEXT; n += !is_inside((unsigned char)text.p[start])) {
        start--;
    }
    for (size_t n = 0; stop < text.n && n < CONTEXT; n += stop == text.n || !is_inside((unsigned char)text.p[stop])) {
        stop++;
    }
    nw_buf_printf(diff->out, "\"%s", start > 0 ? "…" : "");
    message_plain(diff->out, nw_str(text.p + start, same - start));
    nw_buf_printf(diff->out, "%s", diff->colours ? colour : "");
    put_cut(diff->out, nw_str(text.p + same, end - same), VALUE_MAX);
    nw_buf_printf(diff->out, "%s", diff->colours ? plain : "");
    message_plain(diff->out, nw_str(text.p + end, stop - end));
    nw_buf_printf(diff->out, "%s\"", stop < text.n ? "…" : "");
}

/* Two texts: what they have in common at both ends is cut. */
static void put_texts(struct diff *diff, struct nw_str old, struct nw_str new)
{
    size_t shorter = old.n < new.n ? old.n : new.n, same = 0, tail = 0;

    while (same < shorter && old.p[same] == new.p[same]) {
        same++;
    }
    while (same > 0 && ((same < old.n && is_inside((unsigned char)old.p[same])) ||
                        (same < new.n &&is_inside((unsigned char)new.p[same])))) {
        same--;
    }
    while (tail < shorter - same && old.p[old.n - 1 - tail] == new.p[new.n - 1 - tail]) {
        tail++;
    }
    while (tail > 0 && is_inside((unsigned char)old.p[old.n - tail])) {
        tail--;
    }
    put_window(diff, red, old, same, tail);
    nw_buf_printf(diff->out, " → ");
    put_window(diff, green, new, same, tail);
}

/* old or new is NULL where that side has nothing. */
static void put_field(struct diff *diff, const char *path, json_t *old, json_t *new)
{
    struct nw_buf *out = diff->out;

    if (diff->fields++ >= ARTICLE_DIFF_FIELDS && !diff->json) {
        return;
    }
    if (diff->json) {
        nw_buf_printf(out, "%s{\"path\":\"%s\"", diff->fields > 1 ? "," : "", path);
        if (old) {
            nw_buf_printf(out, ",\"old\":");
            put_json(diff, out, old);
        }
        if (new) {
            nw_buf_printf(out, ",\"new\":");
            put_json(diff, out, new);
        }
        nw_buf_char(out, '}');
        return;
    }
    nw_buf_printf(out, "    %s: ", path);
    if (old && new &&json_is_string(old) && json_is_string(new)) {
        put_texts(diff, nw_str(json_string_value(old), json_string_length(old)),
                  nw_str(json_string_value(new), json_string_length(new)));
    } else if (old && new) {
        put_coloured(diff, red, old);
        nw_buf_printf(out, " → ");
        put_coloured(diff, green, new);
    } else {
        nw_buf_printf(out, old ? "- " : "+ ");
        put_coloured(diff, old ? red : green, old ? old : new);
    }
    nw_buf_char(out, '\n');
}

/* ---- the walk */

static void walk(struct diff *diff, const char *path, json_t *old, json_t *new);

/* Keys come from other people's records: what is no letter, digit or the like is shown as '?'. */
static void key_path(char out[PATH_BYTES], const char *path, const char *key)
{
    size_t n = (size_t)snprintf(out, PATH_BYTES, "%s%s%s", path, *path ? "." : "", key);

    for (size_t i = strlen(path); i < n && i < PATH_BYTES - 1; i++) {
        char c = out[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-[]:", c))) {
            out[i] = '?';
        }
    }
}

static void walk_objects(struct diff *diff, const char *path, json_t *old, json_t *new)
{
    char inner[PATH_BYTES];
    const char *key;
    json_t *value;

    json_object_foreach(old, key, value)
    {
        key_path(inner, path, key);
        walk(diff, inner, value, json_object_get(new, key));
    }
    json_object_foreach(new, key, value)
    {
        if (!json_object_get(old, key)) {
            key_path(inner, path, key);
            put_field(diff, inner, NULL, value);
        }
    }
}

static void index_path(char out[PATH_BYTES], const char *path, size_t i)
{
    snprintf(out, PATH_BYTES, "%s[%zu]", path, i);
}

/* Which elements of either list, from `start` to n and m, have an equal one in the other, each counted once. */
static size_t find_twins(json_t *old, json_t *new, size_t start, size_t n, size_t m, bool *old_twin, bool *new_twin)
{
    size_t twins = 0;

    for (size_t i = start; i < n && n - start <= PAIRS_MAX && m - start <= PAIRS_MAX; i++) {
        json_t *value = json_array_get(old, i);
        size_t j = start;
        while (j < m && (new_twin[j] || !json_equal(value, json_array_get(new, j)))) {
            j++;
        }
        if (j < m) {
            old_twin[i] = new_twin[j] = true;
            twins++;
        }
    }
    return twins;
}

/* Elements that only one side has; or, when nothing is common and there are as many on both sides, what differs in
 * each.
 */
static void walk_middle(struct diff *diff, const char *path, json_t *old, json_t *new, size_t start, size_t n, size_t m)
{
    bool *old_twin = calloc(n + 1, sizeof *old_twin), *new_twin = calloc(m + 1, sizeof *new_twin);
    char inner[PATH_BYTES];

    if (!old_twin || !new_twin) {
        diff->error = -ENOMEM;
    } else if (find_twins(old, new, start, n, m, old_twin, new_twin) == 0 && n == m) {
        for (size_t i = start; i < n; i++) {
            index_path(inner, path, i);
            walk(diff, inner, json_array_get(old, i), json_array_get(new, i));
        }
    } else {
        for (size_t i = start; i < n; i++) {
            index_path(inner, path, i);
            if (!old_twin[i]) {
                put_field(diff, inner, json_array_get(old, i), NULL);
            }
        }
        for (size_t i = start; i < m; i++) {
            index_path(inner, path, i);
            if (!new_twin[i]) {
                put_field(diff, inner, NULL, json_array_get(new, i));
            }
        }
    }
    free(old_twin);
    free(new_twin);
}

static void walk_lists(struct diff *diff, const char *path, json_t *old, json_t *new)
{
    size_t n = json_array_size(old), m = json_array_size(new), start = 0, before = diff->fields;

    while (start < n && start < m && json_equal(json_array_get(old, start), json_array_get(new, start))) {
        start++;
    }
    while (n > start && m > start && json_equal(json_array_get(old, n - 1), json_array_get(new, m - 1))) {
        n--;
        m--;
    }
    walk_middle(diff, path, old, new, start, n, m);
    if (n > start && diff->fields == before) { /* the same elements in another order */
        put_field(diff, path, old, new);
    }
}

/* Two values, either of which may be NULL. */
static void walk(struct diff *diff, const char *path, json_t *old, json_t *new)
{
    if (old && new &&json_is_object(old) && json_is_object(new)) {
        walk_objects(diff, path, old, new);
    } else if (old && new &&json_is_array(old) && json_is_array(new)) {
        walk_lists(diff, path, old, new);
    } else if (!old || !new || !json_equal(old, new)) {
        put_field(diff, path, old, new);
    }
}

static int run(struct diff *diff, struct nw_str old, struct nw_str new)
{
    json_t *left = json_loadb(old.p ? old.p : "", old.n, 0, NULL);
    json_t *right = json_loadb(new.p ? new.p : "", new.n, 0, NULL);
    int rc = 0;

    if (!json_is_object(left) || !json_is_object(right)) {
        rc = ARTICLE_DIFF_BAD;
    } else {
        walk(diff, "", left, right);
    }
    json_decref(left);
    json_decref(right);
    return rc ? rc : diff->error ? diff->error : diff->out->error;
}

int article_diff_text(struct nw_str old, struct nw_str new, bool colours, struct nw_buf *out)
{
    struct diff diff = {.out = out, .colours = colours};
    int rc = run(&diff, old, new);

    if (rc == 0 && diff.fields > ARTICLE_DIFF_FIELDS) {
        nw_buf_printf(out, "    … and %zu more\n", diff.fields - ARTICLE_DIFF_FIELDS);
    }
    return rc ? rc : out->error;
}

int article_diff_json(struct nw_str old, struct nw_str new, struct nw_buf *out)
{
    struct diff diff = {.out = out, .json = true};
    int rc;

    nw_buf_char(out, '[');
    rc = run(&diff, old, new);
    nw_buf_char(out, ']');
    return rc ? rc : out->error;
}
