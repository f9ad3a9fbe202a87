"""The supervisor: what it refuses to start, what it leaves behind, who may join."""
import os
import re
import signal
import subprocess
import sys

import articles
import processes
import stream
from daemon import ROOT, Daemon, expect, until


def test_no_orphans(build):
    """The supervisor is killed with -9: two seconds later no process of it is left."""
    with Daemon(build) as daemon:
        daemon.feed([articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(200))])
        children = [p for p in processes.marked(daemon.mark) if p != daemon.supervisor.pid]
        expect(len(children) >= 4, 'expected broker, clean, tag and aggregate, found %d processes', len(children))
        daemon.supervisor.kill()
        daemon.supervisor.wait()
        left = processes.wait_gone(children, 2.0)
        expect(not left, 'left after 2 s: %s', [(p, processes.program(p)) for p in left])
        expect(not processes.marked(daemon.mark), 'processes were started meanwhile: %s', processes.marked(daemon.mark))


def test_drain(build):
    """SIGTERM under load: everything ends within the grace period, and what was accepted comes out after the next start."""
    with Daemon(build) as daemon:
        daemon.feed([articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(3000))])
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)
        daemon.start()
        stream.check(daemon.tail(3000), range(3000))


def refused(build, settings, at, sentence):
    """newswired and `newswire check` both end with status 1 and a line FILE:LINE: … that holds the sentence; LINE is that of the words `at`."""
    daemon = Daemon(build, settings)
    try:
        line = 1 + daemon.text().count('\n', 0, daemon.text().index(at))
        for argv in ([daemon.program('newswired'), '--config', daemon.config], [daemon.program('newswire'), 'check', daemon.config]):
            done = subprocess.run(argv, cwd=daemon.folder, env=daemon.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            said = done.stderr + done.stdout
            expect(done.returncode == 1, '%s: exit status %s, expected 1; it said %r', argv[0], done.returncode, said)
            expect(re.search(r'^%s:%d: .*%s' % (re.escape(daemon.config), line, sentence), said, re.M), '%s: expected %s:%d: … %s …, it said %r', argv[0], daemon.config, line, sentence, said)
        expect(not processes.marked(daemon.mark), 'something was started')
    finally:
        daemon.__exit__(None, None, None)


def test_misspelt_key(build):
    """A misspelt key is refused with file and line."""
    refused(build, 'pipelime: [clean, tag, aggregate]\n', 'pipelime', 'pipelime')
    refused(build, 'stages:\n  clean:\n    wrokers: 3\n', 'wrokers', 'workers')


def test_wrong_value(build):
    """A value of the wrong type, and one out of range, are refused with file and line."""
    refused(build, 'stages:\n  clean:\n    workers: many\n', 'many', 'workers')
    refused(build, 'stages:\n  clean:\n    workers: 100000000\n', '100000000', 'workers')


def test_wrong_pipeline(build):
    """A stage before the one that sets what it needs, and a stage that does not exist, are refused before anything starts."""
    stage = os.path.join(ROOT, 'tests', 'e2e', 'stage.py')
    refused(build, 'pipeline: [nationality, clean, tag, aggregate]\nstages:\n  nationality:\n    command: [%s, %s]\n' % (sys.executable, stage), 'pipeline', 'bodies')
    refused(build, 'pipeline: [clean, tagg, aggregate]\n', 'tagg', 'tagg')
    refused(build, 'pipeline: [clean, aggregate, tag]\n', 'pipeline', 'aggregate')


def test_joins_by_hand(build):
    """A worker that is started by hand with --broker joins, takes work when it alone can, and leaves in peace on SIGTERM."""
    with Daemon(build, '') as daemon:
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(1000))
        supervised = daemon.pids('clean')
        own = daemon.spawn('clean', '--broker', daemon.endpoint())
        until(lambda: daemon.workers('clean') == len(supervised) + 1, 'the worker that was started by hand is known')
        for pid in supervised:
            processes.kill(pid, signal.SIGSTOP)
        daemon.feed([path])
        stream.check(daemon.tail(1000), range(1000))
        for pid in supervised:
            processes.kill(pid, signal.SIGCONT)
        own.send_signal(signal.SIGTERM)
        expect(own.wait(30) == 0, 'it ended with status %s', own.returncode)
