/* What the sandbox leaves to a process, and what it takes: each case is a process of its own, for there is no way back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1 };

static bool opens(int family)
{
    int fd = socket(family, family == AF_NETLINK ? SOCK_RAW : SOCK_STREAM, 0);

    if (fd >= 0)
        close(fd);
    return fd >= 0 || errno != EPERM;
}

static bool writes(void)
{
    int fd = open("/dev/null", O_WRONLY);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* The bits of what is still allowed, as the exit status of a process that has entered. */
enum { INTERNET = 1, LOCAL = 2, OTHER = 4, WRITES = 8, LISTENS = 16, EXECUTES = 32, GOES_ON = 64 };

static int allowed(const struct nw_sandbox *sandbox)
{
    pid_t child;
    int status = 0;

    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int before = socket(AF_INET, SOCK_STREAM, 0), bits;
        struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        struct sockaddr_in there;
        socklen_t size = sizeof there;
        int listening = socket(AF_INET, SOCK_STREAM, 0), caller = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(listening, (struct sockaddr *)&any, sizeof any) < 0 || listen(listening, 1) < 0 ||
            getsockname(listening, (struct sockaddr *)&there, &size) < 0 || nw_sandbox_enter(sandbox) < 0)
            _exit(FAILED + 127);
        bits = (opens(AF_INET) && opens(AF_INET6) ? INTERNET : 0) | (opens(AF_UNIX) ? LOCAL : 0) |
               (opens(AF_PACKET) || opens(AF_BLUETOOTH) || opens(AF_MAX + 1) ? OTHER : 0) | (writes() ? WRITES : 0) |
               (listen(before, 1) == 0 ? LISTENS : 0);
        if (execl("/bin/true", "true", (char *)NULL) < 0 && errno != EPERM)
            bits |= EXECUTES;
        /* What listens already takes callers. */
        if (connect(caller, (struct sockaddr *)&there, size) == 0 && accept(listening, NULL, NULL) >= 0)
            bits |= GOES_ON;
        _exit(bits);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void what_is_needed_is_left_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(allowed(&(struct nw_sandbox){.network = false}), LOCAL | GOES_ON);
    assert_int_equal(allowed(&(struct nw_sandbox){.network = true}), INTERNET | LOCAL | GOES_ON);
    assert_int_equal(allowed(&(struct nw_sandbox){.writes = true}), LOCAL | WRITES | GOES_ON);
    assert_int_equal(allowed(&(struct nw_sandbox){.listens = true}), LOCAL | LISTENS | GOES_ON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_needed_is_left_and_no_more)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
