"""Drops numbered articles into a folder while fetch is killed again and again, and checks that every file came out once."""
import json
import os
import random
import signal
import sqlite3
import time

import articles
import ledger
import processes
from daemon import Daemon, expect, until

# Started again at once: else the pauses between restarts would grow to their most, and the soak would wait for nothing else.
SETTINGS = '''
restart: {first_ms: 50, most_ms: 200}
pipeline: [clean, aggregate]
sources:
  - {kind: folder, name: drop, path: %s, after: %s, settle: 0, poll: 200}
'''
SIZE = 400


def drop(folder, numbers):
    """As an uploader does: under a name that is not taken, then renamed."""
    for n in numbers:
        path = os.path.join(folder, '%06d.json' % n)
        with open(path + '.part', 'w', encoding='utf-8') as file:
            json.dump(articles.item(n, SIZE), file, ensure_ascii=False)
        os.rename(path + '.part', path)


def under_way(daemon):
    """Files that are planned and not yet settled, as fetch wrote it down."""
    with sqlite3.connect('file:%s/fetch.db?mode=ro' % daemon.data_folder, uri=True) as book:
        return book.execute('SELECT count(*) FROM file WHERE state < 2').fetchone()[0]


def kill_fetch(daemon, rng):
    """kill -9 at some moment of the next quarter of a second. Whether files were under way."""
    pid = until(lambda: next(iter(daemon.pids('fetch')), None), 'the supervisor has started fetch')
    moment = time.monotonic() + rng.random() / 4
    until(lambda: time.monotonic() >= moment, 'a moment passes')
    processes.kill(pid, signal.SIGKILL)
    expect(not processes.wait_gone([pid], 10), 'fetch lives on after SIGKILL')
    return under_way(daemon) > 0


def check(daemon, files):
    got = [articles.number_of(o) for o in daemon.tail(daemon.oseq())]
    expect(len(got) == len(set(got)), '%d articles came out twice: %s', len(got) - len(set(got)), sorted(n for n in set(got) if got.count(n) > 1)[:10] if len(got) < 30000 else '')
    expect(set(got) == set(range(files)), '%d are missing: %s', files - len(set(got)), sorted(set(range(files)) - set(got))[:10])


def soak(build, files, kills, after='move'):
    rng, hits = random.Random(files), 0
    with Daemon(build) as daemon:
        folder = os.path.join(daemon.folder, 'drop')
        os.mkdir(folder)
        daemon.stop()
        daemon.configure(SETTINGS % (folder, after))
        daemon.start()
        for wave in range(kills):
            drop(folder, range(files * wave // kills, files * (wave + 1) // kills))
            hits += kill_fetch(daemon, rng)
        ledger.settle(daemon, files)
        check(daemon, files)
        # Nothing is taken again by one more life, and what was moved is away.
        kill_fetch(daemon, rng)
        until(lambda: daemon.metrics('fetch') and under_way(daemon) == 0, 'fetch has settled all')
        ledger.settle(daemon, files)
        left = len([name for name in os.listdir(folder) if name.endswith('.json')])
        expect(left == (files if after == 'leave' else 0), '%d files are left in the folder', left)
        return {'files': files, 'kills': kills, 'with files under way': hits, 'articles': daemon.oseq()}
