/* The gate before the output log; see gate.h. */
#include "run/gate.h"

#include "link/frame.h"
#include "run/sink.h"

#include <newswire/clock.h>
#include <newswire/log.h>
#include <newswire/name.h>

static bool is_embargoed(const struct nw_record *record)
{
    return NW_HAS(record, record, embargoed_until) && record->embargoed_until > nw_clock_wall();
}

int gate_check(struct nw_stage_context *context, const struct nw_sink *sink, const struct nw_record *record)
{
    char until[NW_TIME_TEXT];
    uint64_t kill;
    size_t n;

    if (nw_record_is_kill(record))
        return NW_OK;
    if (nw_sink_killed(sink, record, &kill)) {
        nw_info("%.*s is not put out: the kill at oseq %llu means it", NW_FMT(record->uri), (unsigned long long)kill);
        return nw_drop(context, "killed");
    }
    if (!is_embargoed(record))
        return NW_OK;
    n = nw_time_print(record->embargoed_until, until);
    return nw_reject(context, "%.*s%.*s; it begins anew by itself then", NW_FMT(NW_EMBARGOED), (int)n, until);
}
