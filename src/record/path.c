/* Sentences about a place in a record: see path.h. */
#include "record/path.h"

#include <newswire/utf8.h>

#include <stdarg.h>
#include <stdio.h>

enum { STEPS = NW_RECORD_DEPTH * 2, KEY_SHOWN = 48 };

struct sentence {
    char *p;
    size_t n;
};

static void add(struct sentence *s, const char *p, size_t n)
{
    size_t room = NW_WHY - 1 - s->n;

    n = n < room ? n : nw_utf8_floor(nw_str(p, n), room);
    memcpy(s->p + s->n, p, n);
    s->n += n;
}

/* Text that may hold anything: what is no UTF-8 or a control character becomes a question mark. */
static void add_foreign(struct sentence *s, struct nw_str text)
{
    for (size_t at = 0, next = 0; at < text.n; at = next) {
        uint32_t c = nw_utf8_next(text, &next);
        bool shown = c >= 0x20 && c != 0x7f && (c != 0xfffd || next - at > 1);
        add(s, shown ? text.p + at : "?", shown ? next - at : 1);
    }
}

static void add_key(struct sentence *s, struct nw_str key)
{
    size_t n = key.n <= KEY_SHOWN ? key.n : nw_utf8_floor(key, KEY_SHOWN);

    add_foreign(s, nw_str(key.p, n));
    if (n < key.n)
        add(s, "…", strlen("…"));
}

int nw_path_refuse(char why[NW_WHY], const struct nw_path *path, const char *format, ...)
{
    const struct nw_path *steps[STEPS];
    struct sentence s = {.p = why};
    char text[NW_WHY];
    size_t count = 0;
    va_list list;
    int n;

    for (; path && count < STEPS; path = path->up)
        steps[count++] = path;
    if (count == 0)
        add(&s, "the record", strlen("the record"));
    for (size_t i = count; i-- > 0;) {
        if (steps[i]->key.p) {
            add(&s, ".", i + 1 < count);
            add_key(&s, steps[i]->key);
        } else {
            n = snprintf(text, sizeof text, "[%zu]", steps[i]->index);
            add(&s, text, (size_t)n);
        }
    }
    add(&s, ": ", 2);
    va_start(list, format);
    n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n > 0)
        add_foreign(&s, nw_str(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));
    why[s.n] = '\0';
    return NW_BAD_RECORD;
}
