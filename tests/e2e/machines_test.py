"""Workers on other machines: network namespaces play them."""
import os
import signal

import articles
import ledger
import processes
import stream
from daemon import TWO_WORKERS, Daemon, expect, until
from machines import Machines

COUNT = 6000


def test_cable_pulled(build):
    """Two tag workers on other machines; the cable of one is pulled under load and put back: nothing lost, and it works again."""
    with Machines(3) as machines:
        endpoint = 'tcp://%s:7001' % machines.address(0)
        settings = 'broker:\n  listen: [%s]\n  insecure: true\n' % endpoint + TWO_WORKERS
        with Daemon(build, settings, machine=machines.command(0)) as daemon:
            far = [daemon.spawn('tag', '--broker', endpoint, machine=machines.command(i)) for i in (1, 2)]
            until(lambda: daemon.workers('tag') == 4, 'both workers on other machines are known')
            path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(COUNT))
            feeding = daemon.background('feed', path)
            until(lambda: daemon.oseq() > COUNT // 20, 'the first articles come out')
            machines.cut(1)
            feeding.finish()
            stream.check(daemon.tail(COUNT), range(COUNT))
            machines.heal(1)
            # Only the worker that was cut off is left to tag: it must have come back by itself.
            far[1].kill()
            far[1].wait()
            for pid in daemon.pids('tag'):
                if pid != far[0].pid:
                    processes.kill(pid, signal.SIGSTOP)
            path = articles.write_ndjson(os.path.join(daemon.folder, 'b.ndjson'), range(COUNT, COUNT + 2000))
            daemon.feed([path])
            stream.check(daemon.tail(COUNT + 2000), range(COUNT + 2000))
            for pid in daemon.pids('tag'):
                processes.kill(pid, signal.SIGCONT)
            ledger.settle(daemon, COUNT + 2000)
