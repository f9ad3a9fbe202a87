/*
 * posix_spawn, two pipes and a pidfd in one poll: whichever comes, output, end or deadline, is an event, so nothing is
 * waited for blindly. The program gets a process group of its own, which is killed as a whole when it is late.
 */
#include "program.h"

#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OUT, ERR, END, FDS };

static int spawn(const char *const *argv, const int out[2], const int err[2], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, normal;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&attributes);
    if (rc != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    sigemptyset(&none);
    sigemptyset(&normal);
    sigaddset(&normal, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    rc = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    if (rc == 0)
        rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* Takes what stands in a pipe now; false at its end. What is past the bound is read and left out. */
static bool take(int fd, struct nw_buf *buf)
{
    char bytes[4096];
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        size_t room = buf->max - buf->n;
        nw_buf_add(buf, bytes, (size_t)n < room ? (size_t)n : room);
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Until the program has ended, or the deadline. True when it is late. */
static bool watch(struct pollfd fds[FDS], struct conf_program *program, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - nw_clock_mono();
        if (left <= 0)
            return true;
        if (poll(fds, FDS, (int)left) < 0 && errno != EINTR)
            return true;
        if (fds[OUT].fd >= 0 && fds[OUT].revents && !take(fds[OUT].fd, &program->out))
            fds[OUT].fd = -1;
        if (fds[ERR].fd >= 0 && fds[ERR].revents && !take(fds[ERR].fd, &program->err))
            fds[ERR].fd = -1;
        if (fds[END].fd >= 0 ? fds[END].revents != 0 : fds[OUT].fd < 0 && fds[ERR].fd < 0)
            return false;
    }
}

static void finish(pid_t pid, const int out, const int err, struct conf_program *program, int64_t timeout_ms)
{
    /* Without a pidfd (Linux before 5.3) the end of both pipes stands for the end of the program. */
    struct pollfd fds[FDS] = {
        [OUT] = {.fd = out, .events = POLLIN},
        [ERR] = {.fd = err, .events = POLLIN},
        [END] = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN},
    };

    program->late = watch(fds, program, nw_clock_mono() + timeout_ms);
    if (program->late)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &program->status, 0) < 0 && errno == EINTR)
        continue;
    take(out, &program->out);
    take(err, &program->err);
    if (fds[END].fd >= 0)
        close(fds[END].fd);
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            close(pair[i]);
        pair[i] = -1;
    }
}

static int open_pair(int pair[2])
{
    if (pipe(pair) < 0) {
        pair[0] = pair[1] = -1;
        return -errno;
    }
    for (int i = 0; i < 2; i++)
        fcntl(pair[i], F_SETFD, FD_CLOEXEC);
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    return 0;
}

int conf_program_run(const char *const *argv, int64_t timeout_ms, struct conf_program *program)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1}, rc = open_pair(out);
    pid_t pid;

    program->error = program->status = 0;
    program->late = false;
    if (rc == 0)
        rc = open_pair(err);
    if (rc < 0) {
        close_pair(out);
        return nw_fault(rc);
    }
    program->error = spawn(argv, out, err, &pid);
    close(out[1]);
    close(err[1]);
    out[1] = err[1] = -1;
    if (program->error == 0)
        finish(pid, out[0], err[0], program, timeout_ms);
    close_pair(out);
    close_pair(err);
    if (program->out.error || program->err.error)
        return nw_fault(program->out.error ? program->out.error : program->err.error);
    return 0;
}
