"""Urgent articles overtake what waits; each lane keeps its order, also over kills; and a replay pairs them all."""
import json
import os
import sys

import articles
import ledger
import stream
from daemon import ROOT, Daemon, expect, until

STAGE = os.path.join(ROOT, 'tests', 'e2e', 'gate.py')
# Of the backlog, sixteen articles at most are in hand when the urgent ones come.
SETTINGS = ('pipeline: [clean, gate, aggregate]\nbroker:\n  batch_records: 4\n  window: 4\n  heartbeat_ms: 10000\n  lease_ms: 60000\n'
            'stages:\n  gate:\n    command: [%s, %s]\n    key: %s\n')
BACKLOG, IN_HAND = 200, 16
URGENT = [1000, 1001, 1002]


def write(path, numbers, urgency):
    with open(path, 'w', encoding='utf-8') as file:
        for number in numbers:
            file.write(json.dumps({**articles.item(number, 300), 'urgency': urgency}) + '\n')
    return path


def with_gate(build):
    daemon = Daemon(build, '')
    daemon.configure(SETTINGS % (sys.executable, STAGE, os.path.join(daemon.folder, 'key')))
    return daemon


def feed(daemon):
    normal = write(os.path.join(daemon.folder, 'normal.ndjson'), range(BACKLOG), 5)
    urgent = write(os.path.join(daemon.folder, 'urgent.ndjson'), URGENT, 2)
    expect(daemon.feed([normal]) == (BACKLOG, 0), 'not all were accepted')
    expect(daemon.feed([urgent]) == (len(URGENT), 0), 'not all were accepted')


def open_gate(daemon):
    with open(os.path.join(daemon.folder, 'key'), 'w', encoding='utf-8'):
        pass


def check(daemon):
    """All came out once, each lane in its order; the numbers in the order in which they came."""
    found = daemon.tail(BACKLOG + len(URGENT))
    numbers = stream.numbers_of(found)
    expect([n for n in numbers if n < 1000] == list(range(BACKLOG)), 'the normal lane: %s', numbers)
    expect([n for n in numbers if n >= 1000] == URGENT, 'the urgent lane: %s', numbers)
    expect([o['pipeline']['oseq'] for o in found] == list(range(1, len(found) + 1)), 'oseq is not 1, 2, …')
    expect(all(o['pipeline'].get('lane', 0) == (n >= 1000) for n, o in zip(numbers, found)), 'a lane is wrong')
    ledger.settle(daemon, BACKLOG + len(URGENT))
    return numbers


def test_urgent_overtakes(build):
    """Three urgent articles behind two hundred others come out after those that were in hand."""
    with with_gate(build) as daemon:
        feed(daemon)
        open_gate(daemon)
        numbers = check(daemon)
        first = numbers.index(URGENT[0])
        expect(first <= 2 * IN_HAND, 'the first urgent article came behind %d of the backlog', first)
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)
        daemon.configure('pipeline: [clean, aggregate]\n')  # a program of one's own cannot be replayed
        status, output, errors = daemon.newswire('replay', '--diff', '--json', '--config', daemon.config)
        expect(status == 0, 'newswire replay: exit status %s, errors %r', status, errors[-2000:])
        # It follows the log's order, so a story has seen the same ones before, and nothing differs.
        every = BACKLOG + len(URGENT)
        told = [json.loads(line) for line in output.split('\n')[:-1]]
        expect(told == [{'compared': every, 'same': every, 'changed': 0, 'added': 0, 'gone': 0}], 'replay: %s', told[-3:])


def test_urgent_and_killed(build):
    """Broker and aggregate are killed while the backlog waits, and again while it flows."""
    with with_gate(build) as daemon:
        feed(daemon)
        daemon.kill(daemon.pids('broker'))
        until(lambda: daemon.metrics('broker').get('waiting', 0) > 0, 'the new broker knows its backlog')
        open_gate(daemon)
        until(lambda: daemon.oseq() > IN_HAND, 'articles come out')
        daemon.kill(daemon.pids('aggregate') + daemon.pids('broker'))
        check(daemon)
