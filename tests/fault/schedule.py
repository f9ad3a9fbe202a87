"""A schedule: a seed, a kind of world, and as many faults, one after the other, under load. The same seed chooses the same faults."""
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

import faults
from daemon import ROOT, expect
from world import World

PAUSE = threading.Event()  # never set: its wait() lets a fault last for a time that the schedule says
CRASHER = os.path.join(ROOT, 'tests', 'fault', 'crasher.py')
# Restarts are kept quick: with many faults a minute the pause would grow to its most, and the test would wait for nothing else.
TWO = 'restart:\n  most_ms: 400\nstages:\n  clean:\n    workers: 2\n  tag:\n    workers: 2\n'
KINDS = {
    'plain': TWO,
    'crash': 'pipeline: [clean, tag, crasher, aggregate]\n' + TWO + '  crasher:\n    workers: 2\n    command: [%s, %s]\n' % (sys.executable, CRASHER),
    'disk': TWO,
}
DISK_BYTES = 900 << 20  # the reserve that the broker keeps is 256 MiB, a segment of each log 64 MiB


class Left(Exception):
    """This kind of world can't be made on this machine; says why."""


@contextlib.contextmanager
def small_disk():
    """A folder on a file system of its own."""
    folder = tempfile.mkdtemp(prefix='newswired-')
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=%d,mode=0700' % DISK_BYTES, 'tmpfs', folder], capture_output=True, check=False).returncode == 0
    try:
        if not mounted:
            raise Left('a small tmpfs can be mounted by root only')
        yield folder
    finally:
        if mounted:
            subprocess.run(['umount', '-l', folder], check=False)
        os.rmdir(folder)


def run(build, seed, kind, count, say, only=None):
    """Runs it; returns [(fault, longest time in seconds for which nothing came out)]. Raises Failed where a promise did not hold."""
    rng = random.Random(seed)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(small_disk()) if kind == 'disk' else None
        world = stack.enter_context(World(build, rng, KINDS[kind], folder))
        world.advance(200)
        world.settle()
        choices = [f for f in faults.ALL if f.missing(world) is None and (only is None or f.__name__ in only)]
        expect(choices, 'no fault can be chosen')
        weights = [f.weight * (20 if f.kind == kind else 1) for f in choices]
        times = []
        for i in range(count):
            fault = rng.choices(choices, weights)[0]()
            name = type(fault).__name__
            try:
                times.append((name, one(world, fault, rng)))
            except Exception:
                say('seed %d, kind %s: fault %d of %d, %s, did not end well' % (seed, kind, i + 1, count, name))
                raise
            say('%s %d: %s, %.2f s' % (kind, i + 1, name, times[-1][1]))
        return times


def one(world, fault, rng):
    """One fault under load; the longest time for which nothing came out, although there was something under way."""
    world.advance(rng.randint(400, 1600))
    PAUSE.wait(rng.uniform(0, 0.08))
    start, out = time.monotonic(), world.out()
    fault.inject(world)
    world.advance(rng.randint(50, 400))
    due = world.due()
    PAUSE.wait(rng.uniform(*fault.lasting))
    fault.heal(world)
    world.settle()
    world.balance()
    return world.subscriber.longest_gap(out, due, start)
