/* Runs a program for what it prints: bounded in time and size, and nothing of it is left behind. */
#ifndef CONF_PROGRAM_H
#define CONF_PROGRAM_H

#include <newswire/buf.h>

#include <stdint.h>

struct conf_program {
    struct nw_buf out; /* standard output; its max bounds it */
    struct nw_buf err; /* the beginning of standard error */
    int error;         /* errno of what kept it from starting, 0 if it started */
    int status;        /* as waitpid gives it */
    bool late;         /* killed at the deadline */
};

/* 0, or a negative fault of ours. Out and err must be initialised, and be freed by the caller. */
int conf_program_run(const char *const *argv, int64_t timeout_ms, struct conf_program *program);

#endif
