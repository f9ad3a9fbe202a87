/* Rows and columns for people: as wide as what stands in them, numbers to the right. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <newswire/arena.h>
#include <newswire/buf.h>

#include <stdint.h>

struct table_column {
    const char *head; /* NULL ends an array */
    bool right;       /* of numbers */
};

enum table_colour { TABLE_PLAIN, TABLE_GREEN, TABLE_YELLOW, TABLE_RED };

struct table_cell {
    struct nw_str text;
    enum table_colour colour;
};

enum { TABLE_COLUMNS = 16, TABLE_CELLS = 16384 };

struct table {
    const struct table_column *columns;
    struct nw_arena *arena; /* borrowed; holds the cells */
    struct table_cell *cells;
    size_t count, room;
};

/* Cells are added row by row; a table that is not full in its last row is printed as far as it goes. */
void table_init(struct table *table, const struct table_column *columns, struct nw_arena *arena);

/* 0 or -ENOMEM; past TABLE_CELLS cells are left out. Control characters of the text are shown as '?'. */
int table_add(struct table *table, enum table_colour colour, struct nw_str text);

/* The same of at most `most` characters; a longer one ends in an ellipsis. */
int table_add_cut(struct table *table, struct nw_str text, size_t most);

/* A number with a comma at each thousand. */
int table_add_number(struct table *table, uint64_t n);

/* Appends the table, heads first. 0 or out->error. */
int table_print(const struct table *table, bool colours, struct nw_buf *out);

/* Digits with a comma at each thousand. */
enum { TABLE_NUMBER = 32 };
void table_number(uint64_t n, char out[TABLE_NUMBER]);

#endif
