/*
 * The daemon's own configuration: which keys there are, and the pipeline that they make. Loading runs each stage's
 * program once with --describe, so that a stage's section is checked by what the program itself says, and checks that
 * the pipeline holds together before anything starts.
 */
#ifndef CONF_DAEMON_H
#define CONF_DAEMON_H

#include "conf/conf.h"

#include <newswire/arena.h>

enum {
    NW_PIPELINE_MAX = 6,                    /* stages of a pipeline */
    NW_DAEMON_STAGES = NW_PIPELINE_MAX + 1, /* and fetch before them */
    NW_NAME_MAX = 64,                       /* bytes of a stage's name */
    NW_IPC_PATH_MAX = 107,                  /* bytes of a Unix socket's path: sun_path has 108, with a NUL */
};

struct nw_daemon_stage {
    const char *name;
    const char *version, *doc;     /* "" where the program does not say */
    bool source;                   /* fetch: a feeder, before the pipeline */
    bool ordered;                  /* has memory: one process, at the end of the pipeline */
    const char *program;           /* which of ours it is; NULL: that of its name, or a command */
    const char *takes;             /* ordered, one of several: the query of what goes to it; else NULL */
    bool apart;                    /* ordered, not the last: in folders of its name below run_dir and data_dir */
    const char *const *command;    /* argv, NULL-terminated; --broker ENDPOINT is to follow */
    const struct nw_conf *conf;    /* its section: workers, stall_ms, start_ms, memory_mb, and its own keys */
    const struct nw_conf_row *own; /* the rows that its program describes */
    struct nw_str json;            /* their values as a JSON object: the config of WELCOME */
};

struct nw_daemon {
    struct nw_arena arena;
    const char *path;        /* of the file, or NW_DAEMON_BUILT_IN */
    struct nw_conf *conf;    /* the whole: run_dir, data_dir, …; sections broker, publish, restart, stages */
    bool feeds;              /* fetch has something to fetch */
    bool joins;              /* works for a broker elsewhere: no broker and no ordered stage here */
    const char *endpoint;    /* of the broker: ipc://RUN/broker.sock, or what `join` names */
    bool keys;               /* a process here listens on tcp, and asks for keys */
    const char *key;         /* file of a secret key: the broker's; where it joins, that of the workers here, or NULL */
    const char *join_key;    /* where it joins: file of the broker's public key, or NULL */
    const char *authorized;  /* folder of the public keys that may connect to the broker here */
    const char *live, *past; /* endpoints of the output on tcp, or NULL */
    struct nw_daemon_stage stages[NW_DAEMON_STAGES]; /* fetch first where it is installed, then the pipeline */
    size_t count;
    size_t pipeline; /* how many of them are the pipeline's */
};

#define NW_DAEMON_BUILT_IN "built-in configuration"

/* path NULL: ./newswired.yaml, else /etc/newswired/newswired.yaml, else the configuration that is compiled in. 0,
 * NW_CONF_BAD (each problem is told in `problems`, one a line) or a negative fault. */
int nw_daemon_load(const char *path, struct nw_daemon **daemon, struct nw_buf *problems);
int nw_daemon_parse(const char *name, struct nw_str text, struct nw_daemon **daemon, struct nw_buf *problems);
void nw_daemon_free(struct nw_daemon **daemon); /* accepts NULL, nulls the pointer */

/* The stage with this name, NULL if there is none. */
const struct nw_daemon_stage *nw_daemon_stage(const struct nw_daemon *daemon, const char *name);

/* The path of a program of ours: newswired-NAME in $NEWSWIRE_LIBEXEC, ../libexec/newswired beside the running program,
 * its own folder, or the folder that it was built in. False where it is in none; then `path` names where it should be.
 */
enum { NW_PROGRAM_PATH = 4096 };
bool nw_program_find(const char *name, char path[NW_PROGRAM_PATH]);

/* The configuration that is compiled in: deploy/newswired.yaml. */
struct nw_str nw_daemon_preset(void);

/* For the manual: the keys that need no stage's program. */
extern const struct nw_conf_section nw_daemon_section;

#endif
