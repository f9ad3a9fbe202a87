"""The whole way: what is fed comes out, in order, once; and the count of every article is accounted for."""
import json
import os
import subprocess
import sys

import articles
import ledger
import stream
from daemon import ROOT, Daemon, expect
from tap import Skip

SAMPLES = os.path.join(ROOT, 'deploy', 'samples')
SHARED = os.environ.get('NW_SHARED') or os.path.join(ROOT, '..', 'shared')


def valid(found):
    """Every object is valid ninjs 3.1 and keeps what the project promises beside it, as the shared validator sees it."""
    validator = os.path.join(SHARED, 'eval', 'ninjs_validate.py')
    if not os.path.exists(validator):
        raise Skip('the validator is not here (NW_SHARED)')
    schema = os.path.join(ROOT, 'include', 'newswire', 'ninjs-extension.schema.json')
    done = subprocess.run([sys.executable, validator, '--stdin', '--extension', schema, '--json'], input='\n'.join(json.dumps(o) for o in found), capture_output=True, text=True, check=False)
    expect(done.returncode in (0, 1) and done.stdout, 'the validator ended with status %s: %s', done.returncode, done.stderr[-2000:])
    result = json.loads(done.stdout)
    expect(result['objects'] == len(found), 'the validator saw %s of %d objects', result['objects'], len(found))
    for key in ('valid', 'promises_kept', 'extension_valid'):
        expect(result[key] == len(found), '%s: %s of %d; first errors: %s', key, result[key], len(found), json.dumps(result['errors'][:3])[:2000])


def test_samples(build):
    """The sample articles of every format reach a subscriber, tagged."""
    with Daemon(build) as daemon:
        accepted, rejected = daemon.feed([SAMPLES])
        expect((accepted, rejected) == (13, 0), 'accepted %d, rejected %d of 13 items', accepted, rejected)
        ledger.settle(daemon, accepted, articles=accepted + 1)  # the feed is one document with two articles
        found = daemon.tail(accepted + 1)
        for o in found:
            expect(o.get('headlines') and o['headlines'][0]['value'], 'an article has no headline: %s', json.dumps(o)[:300])
            expect('annotations' in o, 'an article is not tagged: %s', json.dumps(o)[:300])
        paths = [os.path.basename(o['source']['path']) for o in found]
        expect(paths == sorted(paths), 'a folder is fed in the order of names; got %s', paths)
        expect(set(paths) == set(os.listdir(SAMPLES)), 'not every sample came out: %s', sorted(set(paths)))
        expect(any('duplicateOf' in o.get('story', {}) for o in found), 'the repeated article is not known as one')
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)


def test_numbered(build):
    """Two thousand articles, half from a file, half from standard input: each once, in order, its text unchanged; the past can be read from any place."""
    with Daemon(build) as daemon:
        first = articles.write_ndjson(os.path.join(daemon.folder, 'first.ndjson'), range(1000))
        accepted, rejected = daemon.feed([first])
        expect((accepted, rejected) == (1000, 0), 'accepted %d, rejected %d of 1000', accepted, rejected)
        stream.check(daemon.tail(1000), range(1000))
        second = articles.write_ndjson(os.path.join(daemon.folder, 'second.ndjson'), range(1000, 2000))
        with open(second, 'rb') as file:
            accepted, rejected = daemon.feed(['-'], stdin=file.read())
        expect((accepted, rejected) == (1000, 0), 'accepted %d, rejected %d of 1000', accepted, rejected)
        stream.check(daemon.tail(2000), range(2000))
        later = daemon.tail(500, start=1501)
        expect(stream.numbers_of(later) == list(range(1500, 2000)), 'tail --from 1501 began at %s', stream.numbers_of(later)[:2])
        ledger.settle(daemon, 2000)


def test_two_feeders(build):
    """Two feeders at once: each article comes out once, those of one feeder in its order."""
    with Daemon(build) as daemon:
        paths = [articles.write_ndjson(os.path.join(daemon.folder, name), numbers) for name, numbers in (('a.ndjson', range(1500)), ('b.ndjson', range(1500, 3000)))]
        feeding = [daemon.background('feed', path) for path in paths]
        for one in feeding:
            one.finish()
        numbers = stream.numbers_of(daemon.tail(3000))
        expect([n for n in numbers if n < 1500] == list(range(1500)), 'the order of the first feeder is not kept, or one is missing')
        expect([n for n in numbers if n >= 1500] == list(range(1500, 3000)), 'the order of the second feeder is not kept, or one is missing')
        ledger.settle(daemon, 3000)


def test_restart(build):
    """After a stop and a start the past is still there, and new articles come behind it."""
    with Daemon(build) as daemon:
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(300))
        daemon.feed([path])
        daemon.tail(300)
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)
        daemon.start()
        path = articles.write_ndjson(os.path.join(daemon.folder, 'b.ndjson'), range(300, 500))
        daemon.feed([path])
        stream.check(daemon.tail(500), range(500))


def test_live(build):
    """A subscriber that waits gets what is fed later."""
    with Daemon(build) as daemon:
        waiting = daemon.background('tail', '--from', 'start', '-n', '200', '--format', 'json')
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(200))
        daemon.feed([path])
        output = waiting.finish()
        stream.check([json.loads(line) for line in output.split('\n')[:-1]], range(200))


def test_reuters(build):
    """All 21,578 articles of Reuters-21578 go through the daemon: as many lines, in order, none twice, each valid."""
    folder = os.path.join(SHARED, 'data', 'reuters21578')
    if not os.path.isdir(folder):
        raise Skip('the Reuters articles are not here (NW_SHARED)')
    with Daemon(build) as daemon:
        paths = sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith('.sgm.gz'))
        accepted, rejected = daemon.feed(paths)
        expect((accepted, rejected) == (21578, 0), 'accepted %d, rejected %d of 21578', accepted, rejected)
        found = daemon.tail(21578)
        places = [(o['source']['path'], o['source']['index']) for o in found]
        expect(len(set(places)) == 21578, '%d different articles of 21578', len(set(places)))
        expect(places == sorted(places), 'the order of the files is not kept')
        ledger.settle(daemon, 21578)
        valid(found)
