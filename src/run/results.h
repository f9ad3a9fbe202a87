/* What becomes of the records of one lease, gathered for its DONE: outputs one behind the other, or a reason. */
#ifndef RUN_RESULTS_H
#define RUN_RESULTS_H

#include "link/frame.h"

#include <newswire/buf.h>
#include <newswire/record.h>

struct results {
    struct nw_buf outputs;        /* records, encoded */
    struct nw_buf sizes, reasons; /* of the outputs, uint32_t; text */
    struct nw_buf all;            /* of struct nw_result, whose pointers are not set yet */
    size_t usual;                 /* bytes that the last outputs had: so much room the next ones get at once */
    bool full;                    /* the record at hand did not fit in the message any more */
};

/* Where a record's outputs begin. */
struct results_place {
    size_t outputs, sizes;
};

void results_init(struct results *results);
void results_free(struct results *results);

/* Begins a lease. 0 or a negative fault. */
int results_begin(struct results *results);

/* Adds an output of the record at hand. 0, -EMSGSIZE where it is past NW_RECORD_MAX or (full) finds no room, or another
 * negative fault. */
int results_put(struct results *results, const struct nw_record *record);

struct results_place results_place(const struct results *results);
void results_take_back(struct results *results, struct results_place place);
size_t results_count(const struct results *results, struct results_place place);

/* The record gives no output; the reason goes with the outcome. 0 or a negative fault. */
int results_give_nothing(struct results *results, enum nw_outcome outcome, struct nw_str why, struct nw_result *result);

/* The record's result, complete. 0 or a negative fault. */
int results_add(struct results *results, const struct nw_result *result);

/* All of the lease's, as DONE names them; they live until the next lease begins. */
struct nw_results results_list(struct results *results);

#endif
