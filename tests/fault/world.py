"""A daemon under load, and what is known of it: what was accepted, what came out, how long the flow stood still.

A feeder on a thread submits numbered articles as far as it is allowed; a subscriber, `newswire tail --from start`, is read on another. Both outlive
restarts of the daemon. check() holds at any moment that what came out is a beginning of what was fed; finish() that it is all of it.
"""
import json
import os
import random
import subprocess
import threading
import time

import articles
import ledger
import processes
from daemon import PATIENCE, Daemon, Failed, expect, until
from feeder import Feeder

URGENT = 19  # every so many articles one is urgent
SIZE = 400  # characters of an article: small, so that faults and not bytes fill the time


def is_urgent(number):
    return number % URGENT == 7


class Subscriber(threading.Thread):
    """Reads newswire tail and keeps of each article what the checks need. When tail ends it is started again where it was."""

    def __init__(self, daemon, seed):
        super().__init__(daemon=True)
        self.daemon_under_test, self.seed = daemon, seed
        self.numbers, self.times, self.problem, self.process, self.ended = [], [], None, None, False
        self.changed = threading.Condition()

    def run(self):
        try:
            while not self.ended:
                self.read()
        except Exception as error:  # reported by whoever waits for articles
            with self.changed:
                self.problem = 'the subscriber: %r' % error
                self.changed.notify_all()

    def read(self):
        daemon = self.daemon_under_test
        with open(daemon.log, 'ab') as log:
            self.process = subprocess.Popen([daemon.program('newswire'), 'tail', '--from', str(len(self.numbers) + 1), '--format', 'json'], cwd=daemon.folder,
                                            env=daemon.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        for line in self.process.stdout:
            if line.endswith(b'\n'):
                self.take(json.loads(line))
        self.process.wait()

    def take(self, article):
        number, oseq = articles.number_of(article, self.seed), article['pipeline']['oseq']
        if oseq != len(self.numbers) + 1:
            raise Failed('oseq %d came, %d was next' % (oseq, len(self.numbers) + 1))
        if number is None or article['bodies'][0]['value'] != articles.body(number, SIZE, self.seed):
            raise Failed('article %s came out changed' % number)
        if article['pipeline'].get('lane', 0) != is_urgent(number):
            raise Failed('article %d came by lane %s' % (number, article['pipeline'].get('lane', 0)))
        with self.changed:
            self.numbers.append(number)
            self.times.append(time.monotonic())
            self.changed.notify_all()

    def longest_gap(self, first, end, since):
        """The longest time between two articles that came in a row, of those at first … end - 1; the first is measured from `since`."""
        times = [since] + self.times[first:end]
        return max((b - a for a, b in zip(times, times[1:])), default=0.0)

    def wait(self, count, seconds):
        with self.changed:
            return self.changed.wait_for(lambda: len(self.numbers) >= count or self.problem, seconds) and not self.problem

    def close(self):
        self.ended = True
        if self.process:
            self.process.kill()
        self.join()


class World:
    """settings: of the daemon. After open() articles flow as far as advance() allows."""

    def __init__(self, build, rng, settings, folder=None, preload=None, machines=None, endpoint=None):
        self.rng, self.seed = rng, rng.randrange(1 << 30)
        self.machines, self.endpoint, self.far = machines, endpoint, {}
        self.shift = (preload or {}).get('NEWSWIRE_TEST_CLOCK')
        self.daemon = Daemon(build, settings, folder, machine=machines.command(0) if machines else (), preload=preload)
        self.feeder = Feeder(self.daemon.endpoint(), 'fault-%d' % self.seed, SIZE, self.seed, make=self.make, urgent=is_urgent)
        self.subscriber = Subscriber(self.daemon, self.seed)
        self.dead = set()   # numbers of the articles that no stage may let pass
        self.goal = 0
        self.poison = {}    # number → words that make the crashing stage crash
        self.garbage = {}   # number → bytes of an article that is none

    def __enter__(self):
        self.daemon.__enter__()
        self.keep_far()
        self.feeder.start()
        self.subscriber.start()
        return self

    def __exit__(self, kind, value, trace):
        self.subscriber.close()
        self.feeder.close()
        self.daemon.__exit__(kind, value, trace)

    def make(self, number):
        record = self.feeder.article(number)
        if number in self.garbage:
            record['raw'] = random.Random(number).randbytes(self.garbage[number])
        if number in self.poison:
            item = articles.item(number, SIZE, self.seed)
            item['bodies'][0]['value'] += '\n\n' + self.poison[number]
            record['raw'] = json.dumps(item, ensure_ascii=False).encode()
        return record

    # ---- the flow

    def advance(self, count):
        """Lets so many more articles in; returns at once."""
        self.goal += count
        self.feeder.allow(self.goal)

    def add_poison(self, words):
        """The next article will crash whoever looks for these words."""
        self.poison[self.goal] = words
        self.dead.add(self.goal)
        self.advance(1)

    def add_garbage(self, count, size):
        """The next articles are so many bytes of nothing."""
        for number in range(self.goal, self.goal + count):
            self.garbage[number] = size
            self.dead.add(number)
        self.advance(count)

    def out(self):
        return len(self.subscriber.numbers)

    def due(self):
        """Articles that must come out of those that were let in."""
        return self.goal - len(self.dead)

    def settle(self, seconds=PATIENCE):
        """Waits until everything that was let in has come out, and checks it."""
        expect(self.feeder.wait(self.goal, seconds), 'the feeder: %d of %d accepted within %d s; %s', self.feeder.accepted, self.goal, seconds, self.feeder.refused or '')
        expect(not self.feeder.rejected, 'rejected: %s', self.feeder.rejected[:3])
        expect(self.subscriber.wait(self.due(), seconds), '%d of %d articles came out within %d s; %s', self.out(), self.due(), seconds, self.subscriber.problem or '')
        self.check()

    def check(self):
        """What came out is what was let in, each lane in its order, none missing, none doubled."""
        for lane in (False, True):
            got = [n for n in self.subscriber.numbers if is_urgent(n) == lane]
            wanted = [n for n in range(self.goal) if n not in self.dead and is_urgent(n) == lane][:len(got)]
            if got != wanted:
                at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b), min(len(got), len(wanted)))
                raise Failed('at place %d of lane %d came %s, expected %s' % (at, lane, got[at:at + 5], wanted[at:at + 5]))

    def balance(self):
        """The ledger at rest accounts for every article."""
        book = ledger.settle(self.daemon, self.goal, len(self.dead))
        expect(book['accepted'] != self.goal or book['dead'] == len(self.dead), 'the ledger says dead %s, expected %d', book['dead'], len(self.dead))

    # ---- its processes

    def keep_far(self):
        """One tag worker on each of the other machines; who was killed is started again."""
        for i in range(1, len(self.machines.names) if self.machines else 1):
            if i not in self.far or self.far[i].poll() is not None:
                self.far[i] = self.daemon.spawn('tag', '--broker', self.endpoint, machine=self.machines.command(i))

    def near(self):
        """All processes of the daemon on its own machine, and no command."""
        far = {p.pid for p in self.far.values()}
        return [p for p in processes.marked(self.daemon.mark) if p not in far and processes.program(p).startswith('newswired')]

    def pick(self, *programs):
        """One process of one of these programs, by chance; waits until there is one."""
        def living():
            return [pid for name in programs for pid in self.daemon.pids(name)]
        return self.rng.choice(until(living, 'a process of %s' % ' or '.join(programs)))

    def start_again(self):
        """What systemd does when the supervisor has ended: waits until nothing is left, and starts it."""
        left = processes.wait_gone(self.near(), 15)
        expect(not left, 'left of the former daemon: %s', [(p, processes.program(p)) for p in left])
        self.daemon.start()
