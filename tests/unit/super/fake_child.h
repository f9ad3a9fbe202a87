/*
 * Children for tests of the supervisor, in the test's own program: `TEST fake NAME BEHAVIOUR …`. They keep to
 * stages/PROTOCOL.md on descriptor 3, but for what their behaviour breaks:
 *
 *   serve   is ready, reports, drains at SIGTERM and notes its name in $NEWSWIRE_RUN/drained
 *   deaf    the same, but ignores SIGTERM
 *   fail    exits 2 before it is ready
 *   end     is ready, then exits 0
 *   noise   serves, after lines on standard output and error and bad ones on descriptor 3
 *
 * A header, for tests are single files.
 */
#ifndef TEST_SUPER_FAKE_CHILD_H
#define TEST_SUPER_FAKE_CHILD_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FAKE_LIFELINE = 3, FAKE_REPORT_MS = 100 };

static void fake_say(const char *line)
{
    if (write(FAKE_LIFELINE, line, strlen(line)) < 0)
        exit(0); /* the supervisor is gone */
}

static int fake_describe(const char *name)
{
    const char *ordered = strcmp(name, "aggregate") == 0 ? "true" : "false";

    if (strcmp(name, "fetch") == 0)
        printf("{\"name\":\"fetch\",\"sets\":[\"raw\"],\"config\":[{\"key\":\"sources\",\"kind\":\"list\",\"rows\":["
               "{\"key\":\"path\",\"kind\":\"str\"}]}]}\n");
    else
        printf("{\"name\":\"%s\",\"ordered\":%s}\n", name, ordered);
    return 0;
}

/* One line a drained child, in the order in which they were told. */
static void fake_note(const char *name)
{
    char path[4096], line[128];
    const char *run = getenv("NEWSWIRE_RUN");
    int fd, n = snprintf(line, sizeof line, "%s\n", name);

    snprintf(path, sizeof path, "%s/drained", run ? run : ".");
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || write(fd, line, (size_t)n) != n)
        exit(7);
    close(fd);
}

static int fake_serve(const char *name, int deaf)
{
    unsigned long records = 0;
    char bytes[256];
    sigset_t set;
    int signals;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signals = signalfd(-1, &set, SFD_CLOEXEC);
    fake_say("ready\n");
    for (;;) {
        struct pollfd fds[2] = {{.fd = FAKE_LIFELINE, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        poll(fds, deaf ? 1 : 2, FAKE_REPORT_MS);
        if (fds[1].revents) {
            fake_note(name);
            return 0;
        }
        if (fds[0].revents && read(FAKE_LIFELINE, bytes, sizeof bytes) <= 0)
            return 0;
        snprintf(bytes, sizeof bytes, "metrics {\"records\":%lu,\"stage\":\"%s\"}\n", ++records, name);
        fake_say(bytes);
    }
}

static int fake_child(int argc, char **argv)
{
    const char *name = argc > 2 ? argv[2] : "", *behaviour = argc > 3 ? argv[3] : "";

    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "--describe") == 0)
            return fake_describe(name);
    }
    if (strcmp(behaviour, "fail") == 0) {
        fprintf(stderr, "no port left\n");
        return 2;
    }
    if (strcmp(behaviour, "end") == 0) {
        fake_say("ready\n");
        return 0;
    }
    if (strcmp(behaviour, "noise") == 0) {
        fprintf(stderr, "plain \"words\"\nts=1 level=info name=%s msg=\"passes as it is\"\n", name);
        fprintf(stderr, "ts=1 level=debug name=%s msg=\"debugged\"\n", name);
        printf("from standard output\n");
        fflush(stdout);
        fake_say("what\nmetrics {\nmetrics []\n");
    }
    return fake_serve(name, strcmp(behaviour, "deaf") == 0);
}

#endif
