"""A newswired of a test's own: its configuration, run and data folders in one temporary folder, real processes, real sockets.

    with Daemon(build) as daemon:
        daemon.feed([path])
        articles = daemon.tail(100)

Starting waits for READY=1 of sd_notify(3); leaving stops the daemon, shows the end of its log if the test failed, and ends every process that
carries the test's mark.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import processes

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))

# Far above what anything here needs, so that a slow machine fails nothing; a test that hangs ends.
PATIENCE = 120.0


TWO_WORKERS = 'stages:\n  clean:\n    workers: 2\n  tag:\n    workers: 2\n'


class Failed(Exception):
    """What a test expected did not hold; the message says what."""


def expect(condition, message, *values):
    if not condition:
        raise Failed(message % values if values else message)


def until(condition, what, seconds=PATIENCE):
    """Asks again and again until condition() gives something true, which is returned. For what no event tells of."""
    deadline, pause = time.monotonic() + seconds, 0.01
    while True:
        value = condition()
        if value:
            return value
        expect(time.monotonic() < deadline, '%s: not within %d s', what, seconds)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


class Background:
    """A command that runs beside the test; its output goes to a file, so that it never waits for us."""

    def __init__(self, argv, folder, env):
        self.argv, self.out, self.err = argv, tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.err)

    def text(self, file):
        file.seek(0)
        return file.read().decode('utf-8', 'replace')

    def finish(self, limit=PATIENCE):
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed('%s: no end within %d s; errors: %r' % (' '.join(self.argv), limit, self.text(self.err)[-2000:])) from None
        expect(status == 0, '%s: exit status %s, errors %r', ' '.join(self.argv), status, self.text(self.err)[-2000:])
        return self.text(self.out)


class Daemon:
    """settings: what the configuration file says behind the folders."""

    CONFIG = 'run_dir: %(folder)s/run\ndata_dir: %(folder)s/data\n'

    def __init__(self, build, settings=TWO_WORKERS, folder=None, machine=(), preload=None):
        self.machine = list(machine)  # words before each command line that put it on another 'machine'
        self.build = os.path.abspath(build)
        self.folder = folder or tempfile.mkdtemp(prefix='newswired-')
        self.own_folder = folder is None
        self.mark = str(uuid.uuid4())
        self.config = os.path.join(self.folder, 'newswired.yaml')
        self.log = os.path.join(self.folder, 'log')
        self.run_folder = os.path.join(self.folder, 'run')
        self.data_folder = os.path.join(self.folder, 'data')
        self.supervisor, self.notify = None, None
        self.env = {**os.environ, processes.MARK: self.mark, 'NEWSWIRE_RUN': self.run_folder, 'NEWSWIRE_DATA': self.data_folder,
                    'XDG_STATE_HOME': os.path.join(self.folder, 'state')}
        # The stages' sandbox forbids ptrace, without which LeakSanitizer can't look; the unit tests look for leaks.
        self.env.setdefault('ASAN_OPTIONS', 'detect_leaks=0')
        self.preload = preload or {}  # environment of the daemon alone
        self.configure(settings)

    def configure(self, settings):
        with open(self.config, 'w', encoding='utf-8') as file:
            file.write(self.CONFIG % {'folder': self.folder} + settings)

    def text(self):
        with open(self.config, encoding='utf-8') as file:
            return file.read()

    # ---- its life

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            if self.supervisor and self.supervisor.poll() is None:
                self.supervisor.terminate()
                try:
                    self.supervisor.wait(30)
                except subprocess.TimeoutExpired:
                    if kind is None:
                        raise Failed('the daemon did not stop within 30 s of SIGTERM; its log ends:\n' + self.log_end()) from None
            if kind is None and self.supervisor:
                self.expect_sane()
        finally:
            for pid in processes.marked(self.mark):
                processes.kill(pid, signal.SIGKILL)
            if kind is not None:
                print('the log of the daemon ends:\n' + self.log_end(), flush=True)
            if self.notify:
                self.notify.close()
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts it and waits until it says that it is ready."""
        path = os.path.join(self.folder, 'notify')
        if self.notify is None:
            self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.notify.bind(path)
            self.notify.settimeout(0.5)
        with open(self.log, 'ab') as log:
            self.supervisor = subprocess.Popen(self.machine + [self.program('newswired'), '--config', self.config], cwd=self.folder,
                                               env={**self.env, **self.preload, 'NOTIFY_SOCKET': path}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if b'READY=1' in self.notify.recv(4096).split(b'\n'):
                    return
            except socket.timeout:
                expect(self.supervisor.poll() is None, 'newswired ended with status %s before it was ready', self.supervisor.returncode)
                expect(time.monotonic() < deadline, 'newswired was not ready within %d s', PATIENCE)

    def stop(self):
        """SIGTERM; returns the exit status, and expects that nothing is left."""
        self.supervisor.terminate()
        try:
            status = self.supervisor.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failed('the daemon did not stop within %d s of SIGTERM' % PATIENCE) from None
        left = [(p, processes.program(p)) for p in processes.marked(self.mark)]
        expect(not left, 'processes are left after the daemon stopped: %s', left)
        return status

    def expect_sane(self):
        """A process that a sanitizer ended is started again like any other, and the test might not notice: the log does."""
        with open(self.log, encoding='utf-8', errors='replace') as file:
            for line in file:
                expect('Sanitizer: ' not in line and 'runtime error: ' not in line, 'a sanitizer found a fault: %s', line[:1000])

    def log_end(self, lines=30):
        try:
            with open(self.log, encoding='utf-8', errors='replace') as file:
                return ''.join(line[:300].rstrip('\n') + '\n' for line in file.readlines()[-lines:])
        except OSError:
            return '(no log)'

    # ---- its processes

    def program(self, name):
        folder = 'bin' if name in ('newswire', 'newswired') else 'libexec/newswired'
        return os.path.join(self.build, folder, name)

    def spawn(self, stage, *arguments, machine=()):
        """A process of a stage, started by hand; its log goes to the daemon's."""
        with open(self.log, 'ab') as log:
            return subprocess.Popen([*machine, self.program('newswired-' + stage), *arguments], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def endpoint(self):
        return 'ipc://%s/broker.sock' % self.run_folder

    def pids(self, name):
        """Processes of the program newswired-NAME (or newswired, newswired-broker) below this daemon."""
        wanted = name if name == 'newswired' else 'newswired-' + name
        return [pid for pid in processes.marked(self.mark) if processes.program(pid) == wanted]

    def scripts(self, name):
        """Processes of a stage that is a script of this name."""
        return [pid for pid in processes.marked(self.mark) if name in processes.words(pid)[1:2]]

    def kill(self, pids):
        for pid in pids:
            processes.kill(pid)
        left = processes.wait_gone(pids, 10)
        expect(not left, 'live on after SIGKILL: %s', left)

    # ---- the commands for people

    def newswire(self, *arguments, stdin=None, limit=PATIENCE):
        """Runs the command to its end: (exit status, output, errors)."""
        try:
            done = subprocess.run([self.program('newswire'), *arguments], cwd=self.folder, env=self.env, input=stdin, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed('newswire %s: no end within %d s; errors: %r' % (' '.join(arguments), limit, (error.stderr or b'')[-2000:])) from None
        return done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace')

    def background(self, *arguments):
        """Starts the command and returns at once; finish() waits for its end and gives its output."""
        return Background([self.program('newswire'), *arguments], self.folder, self.env)

    def feed(self, paths, stdin=None, limit=PATIENCE):
        """(accepted, rejected), as the command tells it."""
        status, output, errors = self.newswire('feed', '--json', *paths, stdin=stdin, limit=limit)
        expect(status == 0, 'newswire feed: exit status %s, output %r, errors %r', status, output, errors[-2000:])
        counts = json.loads(output)
        return counts['accepted'], counts['rejected']

    def tail(self, n, start='start', limit=PATIENCE, extra=()):
        """The next n articles from there, as objects."""
        status, output, errors = self.newswire('tail', '--from', str(start), '-n', str(n), '--format', 'json', *extra, limit=limit)
        expect(status == 0, 'newswire tail: exit status %s, errors %r', status, errors[-2000:])
        return [json.loads(line) for line in output.split('\n')[:-1]]

    # ---- what it says of itself

    def status(self):
        """The object behind `newswire status`, asked at the control socket."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE)
            asking.connect(os.path.join(self.run_folder, 'control.sock'))
            asking.sendall(b'status\n')
            answer = b''
            while True:
                part = asking.recv(1 << 20)
                if not part:
                    return json.loads(answer)
                answer += part

    def metrics(self, name):
        """What the process of this name last reported; {} while there is none."""
        return next((p['metrics'] for p in self.status()['processes'] if p['name'] == name), {})

    def workers(self, stage):
        """How many workers of a stage the broker knows."""
        return next((s['workers'] for s in self.metrics('broker').get('stages', []) if s['name'] == stage), 0)

    def oseq(self):
        """The last place in the output log."""
        return self.metrics('aggregate').get('oseq', 0)
