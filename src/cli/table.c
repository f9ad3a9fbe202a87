/* Tables for people; see table.h. */
#include "table.h"

#include "message.h"

#include <newswire/utf8.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static const char *const colour_codes[] = {
    [TABLE_PLAIN] = "",
    [TABLE_GREEN] = "\033[32m",
    [TABLE_YELLOW] = "\033[33m",
    [TABLE_RED] = "\033[31m",
};

void table_init(struct table *table, const struct table_column *columns, struct nw_arena *arena)
{
    *table = (struct table){.columns = columns, .arena = arena};
}

int table_add(struct table *table, enum table_colour colour, struct nw_str text)
{
    struct nw_str copy;
    struct nw_buf clean;

    if (table->count == TABLE_CELLS) {
        return 0;
    }
    if (table->count == table->room) {
        size_t room = table->room ? table->room * 2 : 64, size = sizeof *table->cells;
        void *grown = nw_arena_grow(table->arena, table->cells, table->room * size, room * size);
        if (!grown) {
            return -ENOMEM;
        }
        table->cells = grown;
        table->room = room;
    }
    nw_buf_init(&clean, text.n * 4 + 16);
    message_plain(&clean, text);
    copy = nw_arena_dup(table->arena, nw_buf_view(&clean));
    nw_buf_free(&clean);
    if (!copy.p) {
        return -ENOMEM;
    }
    table->cells[table->count++] = (struct table_cell){copy, colour};
    return 0;
}

void table_number(uint64_t n, char out[TABLE_NUMBER])
{
    char digits[TABLE_NUMBER];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

int table_add_cut(struct table *table, struct nw_str text, size_t most)
{
    size_t at = 0, end = 0;

    for (size_t i = 0; i < most && at < text.n; i++) {
        end = at;
        nw_utf8_next(text, &at);
    }
    if (at < text.n) {
        text = nw_arena_printf(table->arena, "%.*s…", NW_FMT(nw_str(text.p, end)));
        if (!text.p) {
            return -ENOMEM;
        }
    }
    return table_add(table, TABLE_PLAIN, text);
}

int table_add_number(struct table *table, uint64_t n)
{
    char text[TABLE_NUMBER];

    table_number(n, text);
    return table_add(table, TABLE_PLAIN, nw_str_z(text));
}

/* One cell, padded; the last one of a row is not. */
static void put_cell(struct nw_buf *out, struct nw_str text, size_t width, bool right, bool last, const char *colour)
{
    size_t pad = width - nw_utf8_count(text);

    if (right) {
        nw_buf_printf(out, "%*s", (int)pad, "");
    }
    nw_buf_printf(out, "%s", colour);
    nw_buf_str(out, text);
    nw_buf_printf(out, "%s", colour[0] ? "\033[0m" : "");
    if (!right && !last) {
        nw_buf_printf(out, "%*s", (int)pad, "");
    }
    nw_buf_printf(out, "%s", last ? "\n" : "  ");
}

int table_print(const struct table *table, bool colours, struct nw_buf *out)
{
    size_t widths[TABLE_COLUMNS] = {0}, n = 0;

    while (n < TABLE_COLUMNS && table->columns[n].head) {
        widths[n] = nw_utf8_count(nw_str_z(table->columns[n].head));
        n++;
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t width = nw_utf8_count(table->cells[i].text);
        widths[i % n] = width > widths[i % n] ? width : widths[i % n];
    }
    for (size_t i = 0; i < n; i++) {
        put_cell(out, nw_str_z(table->columns[i].head), widths[i], table->columns[i].right, i + 1 == n,
                 colours ? "\033[1m" : "");
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct table_cell *cell = &table->cells[i];
        put_cell(out, cell->text, widths[i % n], table->columns[i % n].right, (i + 1) % n == 0 || i + 1 == table->count,
                 colours ? colour_codes[cell->colour] : "");
    }
    return out->error;
}
