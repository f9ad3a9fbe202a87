"""Workers are killed and stopped while articles flow: nothing is lost, nothing comes twice, the order stays."""
import os
import signal

import articles
import ledger
import processes
import stream
from daemon import Daemon, expect, until

COUNT = 6000


def flow(daemon, hurt):
    """Feeds COUNT articles and calls hurt(daemon) while they are under way; then checks all that must hold."""
    path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(COUNT))
    feeding = daemon.background('feed', path)
    until(lambda: daemon.oseq() > COUNT // 20, 'the first articles come out')
    hurt(daemon)
    feeding.finish()
    stream.check(daemon.tail(COUNT), range(COUNT))
    ledger.settle(daemon, COUNT)


def kill_one_after_another(daemon, stage, times):
    for _ in range(times):
        before = set(until(lambda: daemon.pids(stage), 'a worker of ' + stage))
        victim = max(before, key=processes.started)
        expect(processes.kill(victim), 'no %s worker to kill', stage)
        expect(not processes.wait_gone([victim], 10), '%d lives on after SIGKILL', victim)
        until(lambda: set(daemon.pids(stage)) - before, 'the supervisor starts another %s worker' % stage)


def test_kill_clean_and_tag(build):
    """kill -9 of two clean and two tag workers under load."""
    def hurt(daemon):
        for stage in ('clean', 'tag'):
            kill_one_after_another(daemon, stage, 2)
    with Daemon(build) as daemon:
        flow(daemon, hurt)


def test_stop_a_worker(build):
    """SIGSTOP of a tag worker under load: its leases go to others; when it wakes, its late results change nothing."""
    with Daemon(build) as daemon:
        victim = daemon.pids('tag')[0]

        def hurt(_):
            processes.kill(victim, signal.SIGSTOP)
        flow(daemon, hurt)
        processes.kill(victim, signal.SIGCONT)
        path = articles.write_ndjson(os.path.join(daemon.folder, 'b.ndjson'), range(COUNT, COUNT + 500))
        daemon.feed([path])
        stream.check(daemon.tail(COUNT + 500), range(COUNT + 500))


def test_kill_the_last_stage(build):
    """kill -9 of aggregate under load: its log is taken up where it ended."""
    with Daemon(build) as daemon:
        flow(daemon, lambda d: kill_one_after_another(d, 'aggregate', 1))
