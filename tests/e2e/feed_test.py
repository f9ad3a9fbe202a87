"""What `newswire feed` promises to who runs it: an interrupted run is gone on from, and each article is fed once."""
import json
import os
import signal

import articles
import ledger
import stream
from daemon import Daemon, expect, until

COUNT = 2400


def accepted(daemon):
    return daemon.metrics('broker').get('journal_last', 0)


def places(daemon):
    folder = os.path.join(daemon.folder, 'state', 'newswire', 'feed')
    return os.listdir(folder) if os.path.isdir(folder) else []


def test_interrupted_feed_goes_on(build):
    """A feed over a folder is killed and interrupted, three times each; the same command goes on each time, and every article comes out once, in order."""
    with Daemon(build) as daemon:
        folder = os.path.join(daemon.folder, 'wires')
        os.mkdir(folder)
        for part in range(3):
            articles.write_ndjson(os.path.join(folder, '%d.ndjson' % part), range(part * COUNT // 3, (part + 1) * COUNT // 3))
        for number in (signal.SIGKILL, signal.SIGINT) * 3:
            before = accepted(daemon)
            feeding = daemon.background('feed', '--rate', '150/s', 'wires')
            until(lambda at=before: accepted(daemon) > at + 5, 'some articles more are accepted')
            feeding.process.send_signal(number)
            feeding.process.wait(60)
            expect(len(places(daemon)) == 1, 'an interrupted run left %d places', len(places(daemon)))
        status, output, errors = daemon.newswire('feed', '--json', os.path.join(daemon.folder, 'wires'))  # another way to say the same folder
        counts = json.loads(output)
        expect(status == 0, 'newswire feed: exit status %s, %r', status, errors)
        expect(counts['before'] > 30 and counts['before'] + counts['accepted'] == COUNT, 'accepted before and now: %s', counts)
        expect(places(daemon) == [], 'a run that came to its end left its place')
        ledger.settle(daemon, COUNT)
        stream.check(daemon.tail(COUNT), range(COUNT))


def test_changed_input_is_not_gone_on_from(build):
    """What an interrupted feed read has changed: the same command refuses, and feeds nothing, until it is told --anew; two at once are refused too."""
    with Daemon(build) as daemon:
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(1000))
        feeding = daemon.background('feed', '--rate', '500/s', path)
        until(lambda: accepted(daemon) > 20, 'some articles are accepted')
        status, _, errors = daemon.newswire('feed', path)
        expect(status == 3 and 'is running already' in errors, 'a second run beside the first: exit status %s, %r', status, errors)
        feeding.process.kill()
        feeding.process.wait(60)
        before = accepted(daemon)
        articles.write_ndjson(path, range(1000, 1100))
        status, _, errors = daemon.newswire('feed', path)
        expect(status == 3 and '--anew' in errors, 'changed input: exit status %s, %r', status, errors)
        got, rejected = daemon.feed(['--anew', path])
        expect((got, rejected) == (100, 0), '--anew: accepted %d, rejected %d', got, rejected)
        ledger.settle(daemon, before + 100)
        found = daemon.tail(before + 100)
        expect(stream.numbers_of(found)[-100:] == list(range(1000, 1100)), 'what --anew fed did not come out')


def test_speed(build):
    """--speed keeps the order and loses none, whatever times the articles tell: the minute between two of them is made a millisecond."""
    with Daemon(build) as daemon:
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(500))
        got, rejected = daemon.feed(['--speed', '60000x', path])
        expect((got, rejected) == (500, 0), 'accepted %d, rejected %d', got, rejected)
        stream.check(daemon.tail(500), range(500))
