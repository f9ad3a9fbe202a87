/* What the broker tells the supervisor: one JSON object, each second and when asked. The ledger stands in it: accepted
 * = published + dropped + dead + in flight; it begins when the journal has a record, durable or not. */
#include "broker/broker.h"

#include <newswire/json.h>

/* Dead letters that wait for room on the disk. */
static size_t unburied(const struct broker *broker)
{
    size_t n = 0;

    for (const struct grave *grave = broker->graves; grave; grave = grave->next)
        n += grave->item->entry->jseq <= journal_durable(broker->journal);
    return n;
}

static void print_stage(const struct broker *broker, const struct broker_stage *stage, struct nw_buf *out)
{
    /* What has come to an ordered stage and waits for its turn is queued there too. */
    uint64_t queued = stage->ordered
                          ? stage->in - stage->out - stage->dropped - stage->dead - stage->in_flight
                          : stage->queues[NW_LANE_NORMAL].n + stage->queues[NW_LANE_URGENT].n + stage->unburied;

    nw_buf_printf(out, "{\"name\":");
    nw_json_text(out, stage->name);
    nw_buf_printf(
        out,
        ",\"workers\":%zu,\"in\":%llu,\"out\":%llu,\"made\":%llu,\"dropped\":%llu,\"dead\":%llu,\"in_flight\":%zu,"
        "\"queued\":%llu,\"rate\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f}",
        stage->worker_count, (unsigned long long)stage->in, (unsigned long long)stage->out,
        (unsigned long long)stage->made, (unsigned long long)stage->dropped, (unsigned long long)stage->dead,
        stage->in_flight, (unsigned long long)queued, spread_rate(&stage->spread, broker->now),
        spread_at(&stage->spread, 0.5) / 1000, spread_at(&stage->spread, 0.99) / 1000);
}

int stats_print(const struct broker *broker, struct nw_buf *out)
{
    uint64_t last = journal_last(broker->journal);
    const struct lane *normal = &broker->lanes[NW_LANE_NORMAL], *urgent = &broker->lanes[NW_LANE_URGENT];
    uint64_t in_ring = lane_held(normal) + lane_held(urgent), done = broker->published + broker->dropped + broker->dead;
    uint64_t known = lane_below(urgent, last + 1), urgent_waiting = known - (urgent->next - urgent->base);
    uint64_t waiting = urgent_waiting;

    /* Less those that the normal lane passes over. */
    if (last + 1 > normal->next)
        waiting += last + 1 - normal->next - (known - lane_below(urgent, normal->next));
    nw_buf_printf(
        out,
        "{\"records\":%llu,\"accepted\":%llu,\"completed\":%llu,\"dropped\":%llu,\"dead\":%llu,\"in_flight\":%llu,"
        "\"waiting\":%llu,\"urgent_waiting\":%llu,\"duplicates\":%llu,\"lost_leases\":%llu,\"stale\":%llu,\"journal_"
        "last\":%llu,"
        "\"journal_low\":%llu,\"loaded_bytes\":%zu,\"peers\":%zu,\"low_on_room\":%s,\"unburied\":%zu,\"rate\":%.1f,"
        "\"p50_ms\":%.2f,"
        "\"p99_ms\":%.2f,\"stages\":[",
        /* progress for the watchdog is that turns are made, not that there is work */
        (unsigned long long)(done + (uint64_t)broker->now),
        (unsigned long long)(last + 1 - broker->first + (uint64_t)broker->carried),
        (unsigned long long)broker->published, (unsigned long long)broker->dropped, (unsigned long long)broker->dead,
        (unsigned long long)(in_ring + waiting), (unsigned long long)waiting, (unsigned long long)urgent_waiting,
        (unsigned long long)broker->duplicates, (unsigned long long)broker->lost_leases,
        (unsigned long long)broker->stale, (unsigned long long)last, (unsigned long long)ring_progress(broker).oldest,
        broker->loaded_bytes, broker->peer_count, broker->low_on_room ? "true" : "false", unburied(broker),
        spread_rate(&broker->spread, broker->now), spread_at(&broker->spread, 0.5) / 1000,
        spread_at(&broker->spread, 0.99) / 1000);
    for (size_t i = 0; i < broker->stage_count; i++) {
        if (i > 0)
            nw_buf_char(out, ',');
        print_stage(broker, &broker->stages[i], out);
    }
    return nw_buf_printf(out, "]}");
}
