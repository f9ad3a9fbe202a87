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
from machines import Machines
from tap import Skip
from world import World

PAUSE = threading.Event()  # never set: its wait() lets a fault last for a time that the schedule says
CRASHER = os.path.join(ROOT, 'tests', 'fault', 'crasher.py')
# Restarts are kept quick: with many faults a minute the pause would grow to its most, and the test would wait for nothing else.
TWO = 'restart:\n  most_ms: 400\nstages:\n  clean:\n    workers: 2\n  tag:\n    workers: 2\n'
KINDS = ('plain', 'crash', 'disk', 'clock', 'machines')
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


def preloaded_clock(folder):
    """The environment of processes whose wall clock the test can shift."""
    library, shift = os.path.join(folder, 'wallclock.so'), os.path.join(folder, 'shift')
    source = os.path.join(ROOT, 'tests', 'fault', 'wallclock.c')
    done = subprocess.run(['gcc', '-std=c11', '-O1', '-shared', '-fPIC', source, '-o', library], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, 'gcc: %s', done.stderr[-2000:])
    with open(shift, 'wb') as file:
        file.write(bytes(8))
    return {'LD_PRELOAD': library, 'NEWSWIRE_TEST_CLOCK': shift}


def make(stack, build, rng, kind):
    """A world of this kind."""
    if kind == 'crash':
        settings = 'pipeline: [clean, tag, crasher, aggregate]\n' + TWO + '  crasher:\n    workers: 2\n    command: [%s, %s]\n' % (sys.executable, CRASHER)
        return World(build, rng, settings)
    if kind == 'disk':
        return World(build, rng, TWO, folder=stack.enter_context(small_disk()))
    if kind == 'clock':
        return World(build, rng, TWO, preload=preloaded_clock(stack.enter_context(tempfile.TemporaryDirectory())))
    if kind == 'machines':
        try:
            machines = stack.enter_context(Machines(3))
        except Skip as why:
            raise Left(str(why)) from None
        endpoint = 'tcp://%s:7001' % machines.address(0)
        return World(build, rng, 'broker:\n  listen: [%s]\n  insecure: true\n' % endpoint + TWO, machines=machines, endpoint=endpoint)
    return World(build, rng, TWO)


def run(build, seed, kind, count, say, only=None):
    """Runs it; returns [(fault, longest time in seconds for which nothing came out)]. Raises Failed where a promise did not hold."""
    rng = random.Random(seed)
    with contextlib.ExitStack() as stack:
        world = stack.enter_context(make(stack, build, rng, kind))
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
    world.keep_far()
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
