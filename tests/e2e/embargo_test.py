"""What is embargoed is accepted, waits, and comes out by itself when it is due: never early, once, also when the daemon is killed meanwhile."""
import datetime
import json
import os
import time

import articles
import ledger
import stream
from daemon import Daemon, expect, until

WAIT = 6  # seconds of embargo: enough for the first article to come out and for the daemon to be killed


def write(path, number, until_time=None):
    item = articles.item(number, 300)
    if until_time:
        item['embargoedUntil'] = until_time.strftime('%Y-%m-%dT%H:%M:%SZ')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(json.dumps(item) + '\n')
    return path


def test_embargo(build):
    """An article with an embargo of some seconds, one without; broker and aggregate are killed while the first waits."""
    with Daemon(build) as daemon:
        due = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=WAIT)
        live = daemon.background('tail', '--from', 'start', '--format', 'json')
        held = write(os.path.join(daemon.folder, 'held.ndjson'), 1, due)
        free = write(os.path.join(daemon.folder, 'free.ndjson'), 2)
        expect(daemon.feed([held]) == (1, 0), 'the embargoed article was not accepted')
        expect(daemon.feed([free]) == (1, 0), 'the other one was not accepted')
        expect(stream.numbers_of(daemon.tail(1)) == [2], 'the article that is free did not come first')
        status, output, _ = daemon.newswire('dead', 'list', '--json')
        expect(status == 0 and 'embargoed until' in output, 'what waits is not listed: %r', output)
        daemon.kill(daemon.pids('broker') + daemon.pids('aggregate'))
        found = daemon.tail(2)
        expect(time.time() >= due.timestamp(), 'it came %.1f s early', due.timestamp() - time.time())
        expect(stream.numbers_of(found) == [2, 1], 'came out: %s', stream.numbers_of(found))
        until(lambda: len(live.text(live.out).split('\n')) == 3, 'a live subscriber has both')
        book = until(lambda: (lambda b: b if b.get('in_flight') == 0 else None)(daemon.metrics('broker')), 'nothing is in flight')
        expect(ledger.balanced(book), 'the ledger is not balanced: %s', book)
        expect(daemon.oseq() == 2, 'the output log holds %s articles', daemon.oseq())
