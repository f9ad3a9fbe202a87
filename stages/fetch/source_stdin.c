/*
 * `stdin`: standard input, once. NDJSON, Reuters SGML and the other containers are split as they come in. With a
 * `data_dir` its rhythm is kept, and it can be paused; what was read and not accepted can't be read again after a
 * crash: who must not lose it pipes it into `newswire feed`.
 */
#include "ledger.h"
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
    int result;

    if (!input)
        return nw_fault(-ENOMEM);
    input->source = (struct source){.kind = &source_stdin, .commons = commons};
    *source = &input->source;
    if (commons->data_dir.n == 0)
        return 0;
    input->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : NW_S("stdin");
    result = commons->ledger ? 0 : ledger_open(commons->data_dir, &commons->ledger, why);
    return result > 0 ? SOURCE_COMPLAINT : result;
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
                                         .once = true,
                                         .open = input_open,
                                         .next = input_next,
                                         .done = input_done,
                                         .free = input_free};
