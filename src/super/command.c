/* What the control socket can be asked: status, stop, restart NAME. */
#include "super.h"

#include <newswire/json.h>

#include <stdio.h>

static void answer(struct control_client *client, struct nw_buf *text)
{
    control_answer(client, text->error ? NW_S("{\"error\":\"the answer is too long\"}\n") : nw_buf_view(text));
    nw_buf_free(text);
}

/* ---- status: a round of reports */

static void answer_all(struct super *super)
{
    struct nw_buf text;

    uv_timer_stop(&super->report);
    nw_buf_init(&text, CONTROL_ANSWER_MAX);
    status_write(super, &text);
    control_answer_waiting(&super->control,
                           text.error ? NW_S("{\"error\":\"the answer is too long\"}\n") : nw_buf_view(&text));
    nw_buf_free(&text);
}

static void on_report_time(uv_timer_t *timer)
{
    struct super *super = timer->data;

    for (size_t i = 0; i < super->count; i++)
        super->processes[i].awaited = false;
    answer_all(super);
}

void command_answer_status(struct super *super)
{
    if (!control_has_waiting(&super->control))
        return;
    for (size_t i = 0; i < super->count; i++) {
        if (super->processes[i].awaited && super->processes[i].pid > 0)
            return;
    }
    answer_all(super);
}

static void take_status(struct super *super, struct control_client *client)
{
    /* Whoever asks while reports are coming in gets the same answer. */
    if (!control_has_waiting(&super->control)) {
        for (size_t i = 0; i < super->count; i++) {
            struct process *process = &super->processes[i];
            process->awaited = process->pid > 0 && process->life.state == LIFE_READY;
            if (process->awaited)
                process_tell(process, "report\n");
        }
        uv_timer_start(&super->report, on_report_time, SUPER_REPORT_MS, 0);
    }
    control_wait(client);
    command_answer_status(super);
}

/* ---- the others */

static void take_restart(struct super *super, struct control_client *client, struct nw_str name)
{
    struct nw_buf text;
    size_t found = 0;

    nw_buf_init(&text, 64 << 10);
    for (size_t i = 0; i < super->count && !super->stopping; i++) {
        struct process *process = &super->processes[i];
        if (!nw_str_eq(name, nw_str_z(process->name)) && !nw_str_eq(name, nw_str_z(process->stage)))
            continue;
        found++;
        process_event(process, LIFE_ON_RESTART);
    }
    if (found > 0) {
        nw_buf_printf(&text, "{\"restarting\":%zu}\n", found);
    } else if (super->stopping) {
        nw_buf_printf(&text, "{\"error\":\"the daemon is stopping\"}\n");
    } else {
        nw_buf_printf(&text, "{\"error\":");
        struct nw_buf sentence;
        nw_buf_init(&sentence, 32 << 10);
        nw_buf_printf(&sentence, "no process and no stage is named %.*s; there are", NW_FMT(name));
        for (size_t i = 0; i < super->count; i++)
            nw_buf_printf(&sentence, "%s %s", i ? "," : "", super->processes[i].name);
        nw_json_text(&text, nw_buf_view(&sentence));
        nw_buf_free(&sentence);
        nw_buf_printf(&text, "}\n");
    }
    answer(client, &text);
}

void command_take(void *context, struct control_client *client, struct nw_str line)
{
    static const char restart[] = "restart ";
    struct super *super = context;

    if (nw_str_eq(line, NW_S("status"))) {
        take_status(super, client);
    } else if (nw_str_eq(line, NW_S("stop"))) {
        control_answer(client, NW_S("{\"stopping\":true}\n"));
        if (!super->stopping)
            super_stop(super, SUPER_OK);
    } else if (nw_str_starts(line, nw_str_z(restart))) {
        take_restart(super, client, nw_str_trim(nw_str_from(line, sizeof restart - 1)));
    } else {
        control_answer(client, NW_S("{\"error\":\"unknown command; there are status, stop and restart NAME\"}\n"));
    }
}
