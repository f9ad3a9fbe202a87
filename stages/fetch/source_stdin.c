/* `stdin`: standard input, once. NDJSON, Reuters SGML and the other containers are split as they come in. */
#include "source.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

struct input {
    struct source source;
    bool given;
};

static int input_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct input *input = nw_calloc(1, sizeof *input);

    (void)conf;
    (void)why;
    if (!input)
        return nw_fault(-ENOMEM);
    input->source = (struct source){.kind = &source_stdin, .commons = commons};
    *source = &input->source;
    return 0;
}

static int input_next(struct source *source, struct document *document)
{
    struct input *input = (struct input *)source;

    if (input->given)
        return SOURCE_ENDED;
    input->given = true;
    *document = (struct document){.path = NW_S("-"), .fd = 0};
    return SOURCE_DOCUMENT;
}

static int input_done(struct source *source, const struct outcome *outcome)
{
    (void)source;
    (void)outcome;
    return 0;
}

static void input_free(struct source *source)
{
    nw_free(source);
}

const struct source_kind source_stdin = {.name = "stdin",
                                         .doc = "standard input, once",
                                         .open = input_open,
                                         .next = input_next,
                                         .done = input_done,
                                         .free = input_free};
