/* newswire fields: what a record holds. */
#include "arguments.h"
#include "help.h"
#include "message.h"
#include "output.h"

#include <newswire/record.h>

static int fields_run(const struct arguments *arguments)
{
    struct nw_buf text;
    int rc;

    (void)arguments;
    nw_buf_init(&text, HELP_MAX);
    rc = nw_record_describe(&text);
    if (rc < 0) {
        message_error(rc, "fields");
        rc = EXIT_UNREACHABLE;
    } else {
        rc = output_text(nw_buf_view(&text));
    }
    nw_buf_free(&text);
    return rc;
}

static const struct command_example fields_examples[] = {
    {"newswire fields | less", "reads the table"},
    COMMAND_EXAMPLE_END,
};

const struct command command_fields = {
    .name = "fields",
    .doc = "print the table of all fields of a record",
    .operands = "",
    .text = "Prints, as Markdown, every field that an article can have: its key in msgpack and JSON, its type, whether "
            "it is required, and its meaning. Authors of stages in other languages read it beside the protocol page "
            "(stages/PROTOCOL.md).",
    .examples = fields_examples,
    .run = fields_run,
};
