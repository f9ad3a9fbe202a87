/* newswire keygen: a pair of keys, for machines that work, feed or read over tcp. */
#include "arguments.h"
#include "link/curve.h"
#include "message.h"
#include "output.h"

#include <stdio.h>

static const struct command_option keygen_options[] = {
    {.name = "out",
     .kind = OPTION_FILE,
     .argument = "NAME",
     .preset = "newswire",
     .doc = "write NAME.pub and NAME.key; neither may exist"},
    COMMAND_OPTION_END,
};

static const struct command_example keygen_examples[] = {
    {"newswire keygen --out tagger-2", "makes tagger-2.pub and tagger-2.key"},
    {"newswire keygen --out /etc/newswired/tagger-2", "the same in another folder"},
    COMMAND_EXAMPLE_END,
};

static int say_what_next(const char *name)
{
    struct nw_buf text;
    int rc;

    nw_buf_init(&text, OUTPUT_PIECE);
    nw_buf_printf(&text,
                  "%s.key is the secret key: it stays on this machine, readable by you alone\n"
                  "%s.pub is the public key: copy it into the folder authorized/ in the data folder of the broker\n"
                  "\n"
                  "Then, with a copy of the broker's own public key (broker.pub in its data folder) on this machine:\n"
                  "  newswired-tag --broker tcp://HOST:7001 --broker-key broker.pub --key %s.key\n"
                  "or in a configuration of newswired:\n"
                  "  join: tcp://HOST:7001\n"
                  "  join_key: broker.pub\n"
                  "  key: %s.key\n",
                  name, name, name, name);
    rc = output_text(nw_buf_view(&text));
    nw_buf_free(&text);
    return rc;
}

static int keygen_run(const struct arguments *arguments)
{
    const char *name = argument_text(arguments, "out");
    struct nw_curve_pair pair;
    char why[NW_WHY];

    if (nw_curve_make(&pair, why) != 0 || nw_curve_write(name, &pair, why) != 0) {
        message(nw_str("", 0), "keygen: %s", why);
        return EXIT_UNREACHABLE;
    }
    return say_what_next(name);
}

const struct command command_keygen = {
    .name = "keygen",
    .doc = "make a pair of keys for connections to other machines",
    .operands = "",
    .text = "Writes a new pair of CURVE keys, each in a file of one line: NAME.pub, the public key, which goes to the "
            "broker, and NAME.key, the secret one, which nobody else may read. Over tcp a broker lets in whose public "
            "key is in its authorized/ folder; the file's name without .pub is what its log calls them. To shut "
            "somebody out, remove the file: it counts from the next connection on.\n\n"
            "A broker that listens on tcp makes its own pair at its first start, broker.key and broker.pub in its data "
            "folder. Nothing is ever written over.",
    .options = keygen_options,
    .examples = keygen_examples,
    .run = keygen_run,
};
