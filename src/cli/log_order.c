/* Reads the origins of articles in the output log; see log_order.h. */
#include "log_order.h"

#include "run/sink.h"
#include "store/reader.h"

#include <newswire/record.h>

int log_order_open(const char *folder, struct log_order *order)
{
    uint64_t journal;
    int rc;

    *order = (struct log_order){0};
    rc = nw_sink_adopted(folder, &journal, &order->adopted);
    rc = rc ? rc : nw_store_reader_open(folder, order->adopted, &order->reader);
    return rc ? rc : log_order_next(order);
}

void log_order_close(struct log_order *order)
{
    nw_store_reader_close(&order->reader);
    nw_arena_free(&order->arena);
    *order = (struct log_order){0};
}

int log_order_next(struct log_order *order)
{
    struct nw_store_entry stored;
    int rc;

    order->there = false;
    while (order->reader && (rc = nw_store_reader_next(order->reader, &stored)) != NW_STORE_END) {
        struct nw_record *record;
        char why[NW_WHY];

        if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
            continue;
        }
        nw_arena_reset(&order->arena);
        rc = rc ? rc : nw_record_decode(&order->arena, stored.payload, &record, why);
        if (rc < 0) {
            return rc;
        }
        order->origin = rc == 0 ? nw_origin_of(record) : (struct nw_origin){0};
        order->there = order->origin.jseq > 0;
        if (order->there) {
            return 0;
        }
    }
    return 0;
}
