/* newswire check-query: whether a query can be read; and what a query is, for people. */
#include "check_query.h"
#include "arguments.h"
#include "message.h"

#include "query/query.h"

#include <stdio.h>

enum { SHOWN = 200 /* bytes of a query below which a mark is set */ };

int query_check(const char *command, const char *text)
{
    struct nw_query *query;
    char why[NW_WHY];
    size_t column;
    int rc = nw_query_compile(nw_str_z(text), &query, &column, why);

    nw_query_free(&query);
    if (rc == 0) {
        return 0;
    }
    if (rc < 0) {
        message_error(rc, command);
        return EXIT_UNREACHABLE;
    }
    message(nw_str("", 0), "%s: the query: %s", command, why);
    if (column <= SHOWN && !strpbrk(text, "\t\n")) {
        fprintf(stderr, "  %.*s\n  %*s^\n", SHOWN, text, (int)column - 1, "");
    }
    return EXIT_USAGE;
}

static int check_query_run(const struct arguments *arguments)
{
    int rc;

    if (arguments->operand_count == 0) {
        message(nw_str("", 0),
                "check-query: give the query, in quotation marks of the shell; see `newswire check-query "
                "--help`");
        return EXIT_USAGE;
    }
    rc = query_check("check-query", arguments->operands[0]);
    if (rc == 0) {
        puts("ok");
    }
    return rc;
}

static const struct command_example check_query_examples[] = {
    {"newswire check-query 'place:LT AND topic:medtop:04000000'", "Lithuania, or a place there, and business"},
    {"newswire check-query 'ferry (strike OR walkout*) NOT dup:true'", "words, one of them only begun; no copies"},
    {"newswire check-query 'person:\"Marta Ozola\"'", "somebody by name"},
    {"newswire check-query 'urgency:1..2 OR headline:urgent'", "flashes and bulletins"},
    COMMAND_EXAMPLE_END,
};

const struct command command_check_query = {
    .name = "check-query",
    .doc = "validate a query of `tail --query` or of a subscriber",
    .operands = "QUERY",
    .most_operands = 1,
    .text =
        "A query says which articles a subscriber wants. The daemon sends those and no others; the channel that a "
        "program subscribes to is its query too.\n\n"
        "A word stands for itself in headline or body, whatever its case and accents; word* for all that begin so; "
        "\"several words\" for these in a row. FIELD:VALUE asks elsewhere. Two terms side by side must both hold, as "
        "with AND between them; OR, NOT and brackets do what they say. Operators are in capitals; NOT binds closest, "
        "then AND, then OR. A value with spaces, brackets or colons stands in double quotation marks. all is every "
        "article; trends alone is none (newswire trends), \"trends\" is the word.\n\n"
        "text: headline and body, which is what a word without a field asks. headline: the headlines alone.\n"
        "place: a place's name or address, or a country's name or code, which stands for all places in it.\n"
        "person, org: a name, part of one, an address; of organisations a ticker too.\n"
        "topic: a media topic by code or name, with all topics below it.\n"
        "agency: who wrote it. slug: words of the slugline. lang: en, with en-GB and the like.\n"
        "story: the id of a story or thread. uri: an article's. status: usable or canceled.\n"
        "urgency: 2, 1..3, <=2 or >=4. dup, revision: true or false.\n\n"
        "At most 4,000 bytes, 256 words and phrases, brackets 32 deep.",
    .examples = check_query_examples,
    .run = check_query_run,
};
