/*
 * What a process that parses outside bytes gives up before it reads the first of them: executing programs, tracing
 * others, opening network connections of any family but AF_UNIX, listening, writing files. It sits below the stage, so
 * no stage can forget it.
 */
#ifndef RUN_SANDBOX_H
#define RUN_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct nw_sandbox {
    bool network;        /* it connects to other machines: sockets of the internet's families stay allowed */
    bool writes;         /* it keeps something: files may be written */
    bool listens;        /* it may begin to listen; what listens already goes on */
    size_t memory_bytes; /* most address space, 0: none set */
};

/* For the whole process, for good. What is refused gives EPERM. 0 or a negative fault. */
int nw_sandbox_enter(const struct nw_sandbox *sandbox);

#endif
