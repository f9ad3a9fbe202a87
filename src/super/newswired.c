/* Options, the configuration, the folders; then the supervisor. */
#include "newswired.h"
#include "check.h"
#include "folders.h"
#include "super.h"
#include "trampoline.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *config; /* NULL: looked for */
    bool check;
};

static void usage(FILE *out)
{
    fprintf(out, "newswired: starts the pipeline of news articles, watches it, and stops it.\n"
                 "\n"
                 "usage: newswired [--config FILE] [--check]\n"
                 "\n"
                 "  --config FILE  the configuration (default: ./newswired.yaml, else /etc/newswired/newswired.yaml,\n"
                 "                 else the one that is compiled in)\n"
                 "  --check        check the configuration and end\n"
                 "  --version, --help\n"
                 "\n"
                 "It stays in the foreground and logs to standard error. SIGTERM drains and stops it within 10 s, a\n"
                 "second one at once; SIGHUP reads the configuration again. `newswire status` asks how it stands.\n"
                 "\n"
                 "exit status: 0 stopped, 1 usage or configuration, 2 could not start\n"
                 "\n"
                 "examples:\n"
                 "  newswired                                   a daemon in this folder: ./run, ./data\n"
                 "  newswired --config newswired.yaml --check   what is wrong with the file, line by line\n"
                 "  newswire check --print > newswired.yaml     a file to begin with, with every key\n");
}

/* -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {
        {"config", required_argument, NULL, 'c'},
        {"check", no_argument, NULL, 'C'},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        switch (c) {
        case 'c':
            options->config = optarg;
            break;
        case 'C':
            options->check = true;
            break;
        case 'V':
            printf("newswired %s\n", NW_VERSION);
            return SUPER_OK;
        case 'h':
            usage(stdout);
            return SUPER_OK;
        default:
            fprintf(stderr, "newswired: see newswired --help\n");
            return SUPER_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "newswired: \"%s\" is no option; see newswired --help\n", argv[optind]);
        return SUPER_USAGE;
    }
    return -1;
}

static int start(const struct options *options)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf problems;
    int rc, lock;

    nw_conf_problems_init(&problems);
    rc = nw_daemon_load(options->config, &daemon, &problems);
    fprintf(stderr, "%.*s", NW_FMT(nw_buf_view(&problems)));
    nw_buf_free(&problems);
    if (rc != 0) {
        if (rc < 0)
            fprintf(stderr, "newswired: the configuration could not be read: %s\n", strerror(-rc));
        return rc < 0 ? SUPER_START : SUPER_USAGE;
    }
    lock = folders_take(nw_conf_str(daemon->conf, "run_dir").p, nw_conf_str(daemon->conf, "data_dir").p);
    if (lock < 0) {
        nw_daemon_free(&daemon);
        return SUPER_START;
    }
    rc = super_run(daemon, options->config);
    close(lock);
    return rc;
}

int newswired(int argc, char **argv)
{
    struct options options = {.config = NULL};
    int status;

    nw_log_setup("newswired", NW_LOG_INFO);
    if (argc > 1 && strcmp(argv[1], TRAMPOLINE_WORD) == 0)
        return trampoline(argc, argv);
    status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    return options.check ? nw_check(options.config, stdout, stderr) : start(&options);
}
