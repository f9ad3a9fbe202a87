/* Problems and places: formatting only, into buffers with bounds. */
#include "problem.h"
#include "conf.h"

#include <newswire/utf8.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

void nw_conf_problems_init(struct nw_buf *problems)
{
    /* A path may precede each sentence; what is longer is cut by conf_problem. */
    nw_buf_init(problems, (size_t)4 * (NW_CONF_PROBLEMS + 1) * NW_CONF_WHY * 4);
}

void conf_problem(struct conf_problems *problems, int line, const char *format, ...)
{
    char why[NW_CONF_WHY];
    va_list list;
    int wrote;

    if (++problems->count > NW_CONF_PROBLEMS)
        return;
    va_start(list, format);
    wrote = vsnprintf(why, sizeof why, format, list);
    va_end(list);
    if (wrote >= (int)sizeof why)
        why[nw_utf8_floor(nw_str(why, sizeof why - 1), sizeof why - 2)] = '\0';
    if (problems->file && line > 0)
        nw_buf_printf(problems->out, "%.4096s:%d: %s\n", problems->file, line, why);
    else if (problems->file)
        nw_buf_printf(problems->out, "%.4096s: %s\n", problems->file, why);
    else
        nw_buf_printf(problems->out, "%s\n", why);
}

void conf_problems_end(struct conf_problems *problems)
{
    if (problems->count > NW_CONF_PROBLEMS)
        nw_buf_printf(problems->out, "%.4096s: %zu more problems\n", problems->file ? problems->file : "configuration",
                      problems->count - NW_CONF_PROBLEMS);
}

void conf_place_print(const struct conf_place *place, char out[CONF_PATH])
{
    const struct conf_place *chain[NW_CONF_DEPTH];
    size_t depth = 0, n = 0;

    for (; place && depth < NW_CONF_DEPTH; place = place->above)
        chain[depth++] = place;
    out[0] = '\0';
    while (depth--) {
        const struct conf_place *link = chain[depth];
        int wrote = 0;
        if (link->index != SIZE_MAX)
            wrote = snprintf(out + n, CONF_PATH - n, "[%zu]", link->index);
        else if (link->key[0])
            wrote = snprintf(out + n, CONF_PATH - n, "%s%s", n ? "." : "", link->key);
        n += (size_t)wrote;
        if (n >= CONF_PATH) {
            out[nw_utf8_floor(nw_str(out, CONF_PATH - 1), CONF_PATH - 2)] = '\0';
            return;
        }
    }
}

void conf_quote(struct nw_str text, char out[CONF_QUOTE])
{
    static const char more[] = "…";
    size_t n = text.n;

    if (n > CONF_QUOTE - 1)
        n = nw_utf8_floor(text, CONF_QUOTE - sizeof more);
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f ? ' ' : text.p[i];
    if (n < text.n) {
        memcpy(out + n, more, sizeof more);
        return;
    }
    out[n] = '\0';
}
