/* The program `newswire`. */
#include "cli/cli.h"

#include <newswire/log.h>

int main(int argc, char **argv)
{
    nw_log_setup("newswire", NW_LOG_WARN);
    return cli_run(argc, argv);
}
