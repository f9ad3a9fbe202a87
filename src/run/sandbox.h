/*
 * What a process that parses outside bytes gives up before it reads the first of them: executing programs, tracing
 * others, opening network connections of any family but AF_UNIX, writing files. It sits below the stage, so no stage
 * can forget it.
 */
#ifndef RUN_SANDBOX_H
#define RUN_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct nw_sandbox {
    bool network;        /* the broker is reached by TCP: AF_INET sockets stay allowed */
    bool writes;         /* the stage keeps a log: files may be written */
    size_t memory_bytes; /* most address space, 0: none set */
};

/* For the whole process, for good. What is refused gives EPERM. 0 or a negative fault. */
int nw_sandbox_enter(const struct nw_sandbox *sandbox);

#endif
