"""What the benches of the daemon share: CPU time, the programs that feed and subscribe, and servers that end when the bench does, however it ends."""
import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))

QUICK = bool(os.environ.get('NW_BENCH_QUICK'))  # only show that the bench works
TICKS = os.sysconf('SC_CLK_TCK')
LIMIT = 300  # seconds for any one program


def end_on_signals():
    """SIGTERM ends us like an exception, so that what was started is stopped."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def tell(label, value, unit):
    print('%s\t%.6g\t%s' % (label, value, unit), flush=True)


def note(text):
    print(text, flush=True)


def build(folder, *targets):
    subprocess.run(['cmake', '--build', folder, '--target', *targets], stdout=subprocess.DEVNULL, check=True)


def has_target(folder, name):
    listed = subprocess.run(['cmake', '--build', folder, '--target', 'help'], stdout=subprocess.PIPE, check=True).stdout.decode()
    return any(line.split(':')[0] == name for line in listed.split('\n'))


def cpu_of(pid):
    """Seconds that a process has used."""
    with open('/proc/%d/stat' % pid, encoding='ascii') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_of_children():
    """Seconds that our ended children, and theirs, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(argv):
    """(output, CPU seconds of it and of what it started)"""
    before = cpu_of_children()
    output = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=LIMIT, check=True).stdout.decode()
    return output, cpu_of_children() - before


@contextlib.contextmanager
def server(argv, folder, ready):
    """A server of somebody else's, once it has printed a line in which ready(line) finds something: (pid, what was found). It dies with us, even if we are killed."""
    process = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', *argv], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = []
        for line in process.stdout:
            said.append(line.decode('utf-8', 'replace'))
            found = ready(said)
            if found:
                break
        else:
            raise SystemExit('%s did not start:\n%s' % (argv[0], ''.join(said[-20:])))
        threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()
        yield process.pid, found
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Gauge:
    """A subscriber from now on, which measures: records, seconds, p50 and p99 in ms."""

    def __init__(self, folder, daemon, records):
        self.process = subprocess.Popen([os.path.join(folder, 'tests', 'gauge'), 'ipc://%s/publish.sock' % daemon.run_folder, 'ipc://%s/read.sock' % daemon.run_folder, str(records)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b'ready\n':
            raise SystemExit('the subscriber (gauge) did not start')

    def finish(self):
        output, _ = self.process.communicate(timeout=LIMIT)
        if self.process.returncode:
            raise SystemExit('the subscriber (gauge) ended with status %d' % self.process.returncode)
        records, *figures = output.decode().split()
        return (int(records), *map(float, figures))


def flood(folder, daemon, records, what, rate=0, batch=1):
    """Feeds, at a rate `batch` at a time; returns the feeder's CPU seconds."""
    return run([os.path.join(folder, 'tests', 'flood'), daemon.endpoint(), records, what, rate, batch])[1]
