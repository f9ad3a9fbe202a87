"""Processes of a test, found again by a mark in their environment, and waited for by events (pidfd), never by sleeping."""
import os
import select
import signal
import time

MARK = 'NEWSWIRE_TEST_MARK'


def marked(mark, variable=MARK):
    """Process ids of all living processes whose environment carries the mark, in order of start."""
    wanted, found = ('%s=%s' % (variable, mark)).encode(), []
    for name in os.listdir('/proc'):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open('/proc/%s/environ' % name, 'rb') as file:
                    if wanted in file.read().split(b'\0') and state(int(name)) not in 'ZX':
                        found.append(int(name))
            except OSError:
                continue  # gone meanwhile, or another user's
    return sorted(found, key=started)


def stat_fields(pid):
    with open('/proc/%d/stat' % pid, encoding='utf-8', errors='replace') as file:
        return file.read().rpartition(')')[2].split()


def state(pid):
    """The kernel's letter: R running, S sleeping, T stopped, Z dead but not waited for; X where it is gone."""
    try:
        return stat_fields(pid)[0]
    except OSError:
        return 'X'


def started(pid):
    try:
        return int(stat_fields(pid)[19])
    except OSError:
        return 0


def words(pid):
    """Its command line, each word without folders; [] when it is gone."""
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as file:
            return [os.path.basename(w) for w in file.read().decode('utf-8', 'replace').split('\0')]
    except OSError:
        return []


def program(pid):
    """The name of its program file, without folders; '' when it is gone."""
    return (words(pid) or [''])[0]


def memory(pid):
    """Resident bytes; 0 when it is gone."""
    try:
        with open('/proc/%d/statm' % pid, encoding='ascii') as file:
            return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
    except OSError:
        return 0


def kill(pid, number=signal.SIGKILL):
    """True where the process was there to get the signal."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def wait_gone(pids, seconds):
    """Waits until all have ended, at most so long; returns those that live on."""
    deadline, poll, watched = time.monotonic() + seconds, select.poll(), {}
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        watched[fd] = pid
        poll.register(fd, select.POLLIN)
    try:
        while watched:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            for fd, _ in poll.poll(left * 1000):
                poll.unregister(fd)
                os.close(fd)
                del watched[fd]
        return sorted(watched.values())
    finally:
        for fd in watched:
            os.close(fd)
