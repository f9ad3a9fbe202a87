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
TWO = 'stages:\n  clean:\n    workers: 2\n  tag:\n    workers: 2\n'
KINDS = {
    'plain': TWO,
    'crash': 'pipeline: [clean, tag, crasher, aggregate]\n' + TWO + '  crasher:\n    workers: 2\n    command: [%s, %s]\n' % (sys.executable, CRASHER),
    'disk': TWO,
}
DISK_BYTES = 400 << 20


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
    """Runs it; returns [(fault, seconds until what was under way had come out)]. Raises Failed where a promise did not hold."""
    rng = random.Random(seed)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(small_disk()) if kind == 'disk' else None
        world = stack.enter_context(World(build, rng, KINDS[kind], folder))
        world.advance(200)
        world.settle()
        choices = [f for f in faults.ALL if f.missing(world) is None and (only is None or f.__name__ in only)]
        if kind == 'disk' and only is None:
            choices = [faults.FullDisk]
        expect(choices, 'no fault can be chosen')
        times = []
        for i in range(count):
            fault = rng.choices(choices, [f.weight for f in choices])[0]()
            name = type(fault).__name__
            try:
                times.append((name, one(world, fault, rng)))
            except Exception:
                say('seed %d, kind %s: fault %d of %d, %s, did not end well' % (seed, kind, i + 1, count, name))
                raise
            say('%s %d: %s, %.2f s' % (kind, i + 1, name, times[-1][1]))
        return times


def one(world, fault, rng):
    """One fault under load; the seconds until the articles that were under way had come out."""
    world.advance(rng.randint(50, 300))
    PAUSE.wait(rng.uniform(0, 0.1))
    under_way, start = world.due(), time.monotonic()
    came = []
    watch = threading.Thread(target=lambda: world.subscriber.wait(under_way, 120) and came.append(time.monotonic()), daemon=True)
    watch.start()
    fault.inject(world)
    world.advance(rng.randint(50, 300))
    PAUSE.wait(rng.uniform(*fault.lasting))
    fault.heal(world)
    world.settle()
    world.balance()
    watch.join()
    return came[0] - start
