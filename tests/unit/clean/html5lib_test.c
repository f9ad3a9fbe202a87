/*
 * The tokenizer against html5lib's tokenizer tests, which are shared material: found by NW_SHARED, skipped where
 * missing. Each file of them is run, or stands in LEFT_OUT with its reason, and is named and counted in the output.
 */
#include "html/tokenizer.h"

#include <newswire/utf8.h>

#include <dirent.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const FILES[] = {
    "contentModelFlags",      "domjs", "entities", "escapeFlag", "namedEntities", "numericEntities",
    "pendingSpecChanges",     "test1", "test2",    "test3",      "test4",         "unicodeChars",
    "unicodeCharsProblematic"};

static const struct {
    const char *file, *why;
} LEFT_OUT[] = {
    {"xmlViolation", "they are for tokenizers that repair text on its way into XML; ours hands on what the page has"},
};

static char *folder(void)
{
    const char *shared = getenv("NW_SHARED");
    char *path = malloc(4096);
    snprintf(path, 4096, "%s/data/html5lib/tokenizer", shared ? shared : NW_SOURCE_DIR "/../shared");
    return path;
}

/* UTF-8 of code units: surrogates in pairs make a character, alone they stay what they are (in three bytes), so that
 * the tokenizer, which takes bytes above 127 as they come, passes them through. */
static size_t put_unit(char *out, uint32_t c)
{
    if (c >= 0xD800 && c <= 0xDFFF) {
        out[0] = (char)(0xE0 | (c >> 12));
        out[1] = (char)(0x80 | ((c >> 6) & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    return nw_utf8_put(out, c);
}

static uint32_t hex4(const char *p)
{
    char digits[5] = {p[0], p[1], p[2], p[3], 0};
    return (uint32_t)strtoul(digits, NULL, 16);
}

/* The string of a test; with `twice`, its \uXXXX are unescaped once more. */
static struct nw_str text_of(const json_t *value, bool twice)
{
    const char *p = json_string_value(value);
    size_t n = json_string_length(value), m = 0;
    char *out = malloc(n * 3 + 1);
    for (size_t i = 0; i < n;) {
        if (twice && p[i] == '\\' && i + 5 < n && p[i + 1] == 'u') {
            uint32_t c = hex4(p + i + 2);
            i += 6;
            if (c >= 0xD800 && c < 0xDC00 && i + 5 < n && p[i] == '\\' && p[i + 1] == 'u') {
                uint32_t d = hex4(p + i + 2);
                if (d >= 0xDC00 && d < 0xE000) {
                    c = 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00);
                    i += 6;
                }
            }
            m += put_unit(out + m, c);
        } else {
            out[m++] = p[i++];
        }
    }
    return nw_str(out, m);
}

struct text {
    char *p;
    size_t n;
};

static void add(struct text *text, struct nw_str s)
{
    text->p = realloc(text->p, text->n + s.n + 1);
    memcpy(text->p + text->n, s.p ? s.p : "", s.n);
    text->n += s.n;
}

static void add_z(struct text *text, const char *z)
{
    add(text, nw_str_z(z));
}

/* One line of tokens, the same form for what is expected and what came: kind and parts, parted by byte 0x01. */
static void add_unescaped(struct text *text, struct nw_str s, enum html_text kind, bool lower)
{
    char *out = malloc(HTML_UNESCAPED_MOST(s.n));
    size_t n = html_unescape(out, s, kind);
    for (size_t i = 0; lower && i < n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] |= 0x20;
    add(text, nw_str(out, n));
    free(out);
}

static int by_name(const void *a, const void *b)
{
    return nw_str_cmp(((const struct nw_str *)a)[0], ((const struct nw_str *)b)[0]);
}

static void expected_tokens(const json_t *output, bool twice, struct text *text)
{
    size_t i;
    json_t *token;
    bool characters = false;
    json_array_foreach(output, i, token)
    {
        const char *kind = json_string_value(json_array_get(token, 0));
        if (strcmp(kind, "Character") == 0) {
            if (!characters)
                add_z(text, "\1T\1");
            characters = true;
        } else {
            characters = false;
            add_z(text, "\1");
            add_z(text, kind);
            add_z(text, "\1");
        }
        for (size_t k = 1; k < json_array_size(token); k++) {
            json_t *part = json_array_get(token, k);
            if (json_is_string(part)) {
                struct nw_str s = text_of(part, twice);
                add(text, s);
                free((void *)(uintptr_t)s.p);
            } else if (json_is_object(part)) {
                struct nw_str pairs[64][2];
                size_t n = 0;
                const char *key;
                json_t *value;
                json_object_foreach(part, key, value)
                {
                    json_t *name = json_string(key);
                    pairs[n][0] = text_of(name, twice);
                    pairs[n++][1] = text_of(value, twice);
                    json_decref(name);
                }
                qsort(pairs, n, sizeof pairs[0], by_name);
                for (size_t a = 0; a < n; a++) {
                    add_z(text, "\2");
                    add(text, pairs[a][0]);
                    add_z(text, "=");
                    add(text, pairs[a][1]);
                    free((void *)(uintptr_t)pairs[a][0].p);
                    free((void *)(uintptr_t)pairs[a][1].p);
                }
            } else if (json_is_null(part)) {
                add_z(text, "(null)");
            } else {
                add_z(text, json_is_true(part) ? "(true)" : "(false)");
            }
            if (!characters)
                add_z(text, "\1");
        }
    }
}

static void actual_tokens(struct nw_str input, enum html_state state, struct nw_str last, struct text *text)
{
    static struct html_tokenizer t;
    struct html_token token;
    bool characters = false;
    html_tokenizer_init(&t, input);
    t.state = state;
    t.last_tag = last;
    while (html_next(&t, &token)) {
        if (token.kind == TOKEN_TEXT) {
            if (!characters)
                add_z(text, "\1T\1");
            characters = true;
            add_unescaped(text, token.text, token.text_kind, false);
            continue;
        }
        characters = false;
        switch (token.kind) {
        case TOKEN_START:
            add_z(text, "\1StartTag\1");
            add_unescaped(text, token.name, HTML_RAW, true);
            add_z(text, "\1");
            {
                struct nw_str pairs[64][2];
                size_t n = 0;
                for (size_t a = 0; a < token.attrs && n < 64; a++) {
                    struct text name = {0}, value = {0};
                    add_unescaped(&name, t.attrs[a].name, HTML_RAW, true);
                    add_unescaped(&value, t.attrs[a].value, HTML_VALUE, false);
                    pairs[n][0] = nw_str(name.p, name.n);
                    pairs[n++][1] = nw_str(value.p, value.n);
                }
                qsort(pairs, n, sizeof pairs[0], by_name);
                for (size_t a = 0; a < n; a++) {
                    add_z(text, "\2");
                    add(text, pairs[a][0]);
                    add_z(text, "=");
                    add(text, pairs[a][1]);
                    free((void *)(uintptr_t)pairs[a][0].p);
                    free((void *)(uintptr_t)pairs[a][1].p);
                }
            }
            add_z(text, "\1");
            if (token.self_closing)
                add_z(text, "(true)\1");
            break;
        case TOKEN_END:
            add_z(text, "\1EndTag\1");
            add_unescaped(text, token.name, HTML_RAW, true);
            add_z(text, "\1");
            break;
        case TOKEN_COMMENT:
            add_z(text, "\1Comment\1");
            add_unescaped(text, token.text, HTML_RAW, false);
            add_z(text, "\1");
            break;
        default:
            add_z(text, "\1DOCTYPE\1");
            if (token.has_name)
                add_unescaped(text, token.name, HTML_RAW, true);
            else
                add_z(text, "(null)");
            add_z(text, "\1");
            if (token.has_public)
                add_unescaped(text, token.public_id, HTML_RAW, false);
            else
                add_z(text, "(null)");
            add_z(text, "\1");
            if (token.has_system)
                add_unescaped(text, token.system_id, HTML_RAW, false);
            else
                add_z(text, "(null)");
            add_z(text, "\1");
            add_z(text, token.force_quirks ? "(false)\1" : "(true)\1");
        }
    }
}

static enum html_state state_named(const char *name)
{
    static const struct {
        const char *name;
        enum html_state state;
    } states[] = {{"Data state", STATE_DATA},          {"PLAINTEXT state", STATE_PLAINTEXT},
                  {"RCDATA state", STATE_RCDATA},      {"RAWTEXT state", STATE_RAWTEXT},
                  {"Script data state", STATE_SCRIPT}, {"CDATA section state", STATE_CDATA}};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(name, states[i].name) == 0)
            return states[i].state;
    fail_msg("a state that no test had so far: %s", name);
    return STATE_DATA;
}

/* Names what is not run, and fails for a file that is neither run nor left out by name. */
static void tell_what_is_left_out(const char *where)
{
    DIR *dir = opendir(where);
    const struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        struct nw_str name = nw_str_z(entry->d_name);
        bool known = !nw_str_ends(name, NW_S(".test"));
        name.n -= known ? 0 : strlen(".test");
        for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
            known = known || nw_str_eq(name, nw_str_z(FILES[i]));
        for (size_t i = 0; i < sizeof LEFT_OUT / sizeof *LEFT_OUT; i++) {
            if (known || !nw_str_eq(name, nw_str_z(LEFT_OUT[i].file)))
                continue;
            char path[4400];
            snprintf(path, sizeof path, "%s/%s", where, entry->d_name);
            json_t *root = json_load_file(path, JSON_ALLOW_NUL, NULL),
                   *tests = json_object_get(root, "xmlViolationTests");
            print_message("left out: %s, %zu tests: %s\n", entry->d_name, json_array_size(tests), LEFT_OUT[i].why);
            json_decref(root);
            known = true;
        }
        if (!known)
            fail_msg("%s/%s is neither run nor left out", where, entry->d_name);
    }
    closedir(dir);
}

static void tokenizer_agrees_with_html5lib(void **unused)
{
    (void)unused;
    char *where = folder();
    size_t runs = 0, wrong = 0;
    for (size_t f = 0; f < sizeof FILES / sizeof *FILES; f++) {
        char path[4200];
        json_error_t error;
        snprintf(path, sizeof path, "%s/%s.test", where, FILES[f]);
        json_t *root = json_load_file(path, JSON_ALLOW_NUL, &error);
        if (!root && f == 0) {
            print_message("skipped: no html5lib tests at %s; set NW_SHARED to the shared material\n", where);
            free(where);
            skip();
        }
        if (!root) {
            print_error("%s: %s\n", path, error.text);
            wrong++;
            continue;
        }
        size_t i;
        json_t *test;
        json_array_foreach(json_object_get(root, "tests"), i, test)
        {
            bool twice = json_is_true(json_object_get(test, "doubleEscaped"));
            json_t *states = json_object_get(test, "initialStates"), *last = json_object_get(test, "lastStartTag");
            struct nw_str input = text_of(json_object_get(test, "input"), twice),
                          last_tag = last ? text_of(last, false) : nw_str(NULL, 0);
            struct text expected = {0};
            expected_tokens(json_object_get(test, "output"), twice, &expected);
            for (size_t s = 0; s < (states ? json_array_size(states) : 1); s++) {
                const char *state = states ? json_string_value(json_array_get(states, s)) : "Data state";
                struct text actual = {0};
                actual_tokens(input, state_named(state), last_tag, &actual);
                runs++;
                if (actual.n != expected.n || (actual.n && memcmp(actual.p, expected.p, actual.n) != 0)) {
                    if (wrong++ < 40)
                        print_error("%s: %s [%s]: input <<%.*s>> expected <<%.*s>> got <<%.*s>>\n", FILES[f],
                                    json_string_value(json_object_get(test, "description")), state, (int)input.n,
                                    input.p, (int)expected.n, expected.p ? expected.p : "", (int)actual.n,
                                    actual.p ? actual.p : "");
                }
                free(actual.p);
            }
            free(expected.p);
            free((void *)(uintptr_t)input.p);
            free((void *)(uintptr_t)last_tag.p);
        }
        json_decref(root);
    }
    print_message("%zu runs, %zu wrong\n", runs, wrong);
    tell_what_is_left_out(where);
    free(where);
    assert_true(runs > 6000);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokenizer_agrees_with_html5lib)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
