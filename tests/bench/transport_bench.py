#!/usr/bin/python3
"""The transport alone: a feeder and three stages that do nothing but take each record apart and put it together again, the last one ordered, with an output log; journal on,
3 KB records, 64 a message. Beside it, in the same run, the same chain over what others would take: libzmq's PUSH/PULL, Redis Streams, NATS JetStream. tests/bench/README.md
says what each promises for it.

    tests/bench/transport_bench.py [--records N] [--build FOLDER] [--only NAME]     NAME: newswired, zmq, redis, nats
"""
import argparse
import os
import re
import shutil
import tempfile
import time

from chain import QUICK, Gauge, build, cpu_of, end_on_signals, flood, has_target, note, run, server, tell
from daemon import Daemon  # chain makes it findable

SIZE, BATCH = 3000, 64
STAGES = ['noop-first', 'noop-second', 'noop-last']
HALF_LOAD_SECONDS = 5


def settings(folder):
    lines = ['pipeline: [%s]' % ', '.join(STAGES), 'stages:']
    for stage in STAGES:
        lines += ['  %s:' % stage, '    command: [%s]' % os.path.join(folder, 'tests', 'newswired-' + stage)]
    return '\n'.join(lines) + '\n'


def show(label, records, seconds, cpu, hops, p50, p99):
    """hops: how often a record is handed over, to a stage or to the last log."""
    tell(label, records / seconds, 'records/s')
    tell(label, cpu * 1e6 / records, 'CPU us/record')
    tell(label, cpu * 1e6 / records / hops, 'CPU us/hop')
    tell(label, p50, 'p50 ms at half load')
    tell(label, p99, 'p99 ms at half load')


def at_half(records, rate):
    """(records, rate) for the measurement of latency."""
    half = max(1, int(rate / 2))
    return max(1, min(records, half * HALF_LOAD_SECONDS)), half


def newswired(folder, records):
    with Daemon(folder, settings(folder)) as daemon:
        pids = [p['pid'] for p in daemon.status()['processes']] + [daemon.supervisor.pid]
        before, start = sum(map(cpu_of, pids)), time.monotonic()
        cpu = flood(folder, daemon, records, SIZE)
        while daemon.metrics('broker').get('completed', 0) < records:
            time.sleep(0.02)  # no event tells of it; 20 ms against seconds
        seconds = time.monotonic() - start
        cpu += sum(map(cpu_of, pids)) - before
    with Daemon(folder, settings(folder)) as daemon:
        n, half = at_half(records, records / seconds)
        gauge = Gauge(folder, daemon, n)
        flood(folder, daemon, n, SIZE, half, BATCH)
        seen, _, p50, p99 = gauge.finish()
        if seen != n:
            raise SystemExit('transport: %d of %d records came to the subscriber' % (seen, n))
    show('newswired', records, seconds, cpu, 4, p50, p99)


def rival(label, folder, program, serve, records, hops):
    """serve(folder) gives (pid of the server or None, its address)."""
    argv = [os.path.join(folder, 'tests', program)]

    def once(n, rate):
        home = tempfile.mkdtemp(prefix='newswire-bench-')
        try:
            with serve(home) as (pid, address):
                before = cpu_of(pid) if pid else 0
                output, cpu = run(argv + [address, n, SIZE, BATCH, rate])
                return [float(word) for word in output.split()] + [cpu + (cpu_of(pid) - before if pid else 0)]
        finally:
            shutil.rmtree(home, ignore_errors=True)

    seconds, _, _, cpu = once(records, 0)
    n, half = at_half(records, records / seconds)
    _, p50, p99, _ = once(n, half)
    show(label, records, seconds, cpu, hops, p50, p99)


class Nobody:
    """No server: the stages speak to each other, through sockets in the folder."""

    def __init__(self, home):
        self.home = home

    def __enter__(self):
        return None, self.home

    def __exit__(self, *_):
        return False


def redis(appendfsync):
    def serve(home):
        path = os.path.join(home, 'redis.sock')
        return server(['redis-server', '--port', '0', '--unixsocket', path, '--dir', home, '--save', '', '--appendonly', 'yes', '--appendfsync', appendfsync,
                       '--auto-aof-rewrite-percentage', '0'], home, lambda said: 'eady to accept connections' in said[-1] and path)
    return serve


def nats(home):
    def ready(said):
        at = re.search(r'Listening for client connections on \S+:(\d+)', ''.join(said))
        return at and 'Server is ready' in said[-1] and 'nats://127.0.0.1:' + at.group(1)
    return server(['nats-server', '-a', '127.0.0.1', '-p', '-1', '-js', '-sd', os.path.join(home, 'jetstream')], home, ready)


def missing(folder, program, daemon, packages):
    """Says what to install, where something is."""
    if shutil.which(daemon, path=os.environ.get('PATH', '') + ':/usr/sbin:/usr/bin') and has_target(folder, program):
        return False
    note('left out: %s; apt-get install %s, then run cmake again' % (daemon, packages))
    return True


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--records', type=int, default=1000 if QUICK else 100000)
    options.add_argument('--build', default='build')
    options.add_argument('--only', choices=['newswired', 'zmq', 'redis', 'nats'])
    options = options.parse_args()
    folder, records, only = os.path.abspath(options.build), options.records, options.only
    end_on_signals()
    os.environ['PATH'] += ':/usr/sbin'  # where nats-server is
    build(folder, 'newswire', 'newswired', 'newswired-broker', *['newswired-' + stage for stage in STAGES], 'flood', 'gauge', 'rival_zmq')
    if only in (None, 'newswired'):
        newswired(folder, records)
    if only in (None, 'zmq'):
        rival('libzmq PUSH/PULL, nothing stored', folder, 'rival_zmq', Nobody, records, 3)
    # What is stored stays in Redis' memory: four times the records' bytes.
    stored = min(records, 50000)
    if only in (None, 'redis') and not missing(folder, 'rival_redis', 'redis-server', 'redis-server libhiredis-dev'):
        build(folder, 'rival_redis')
        rival('Redis Streams, AOF everysec', folder, 'rival_redis', redis('everysec'), stored, 4)
        rival('Redis Streams, AOF always', folder, 'rival_redis', redis('always'), stored, 4)
    if only in (None, 'nats') and not missing(folder, 'rival_nats', 'nats-server', 'nats-server libnats-dev'):
        build(folder, 'rival_nats')
        rival('NATS JetStream, file, fsync lazy', folder, 'rival_nats', nats, stored, 4)


if __name__ == '__main__':
    main()
