"""newswire metrics: the daemon in numbers, as Prometheus reads them."""
import os
import re
import tempfile
import urllib.error
import urllib.request

import articles
from daemon import Daemon, expect, until

LINE = re.compile(r'(newswire_[a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (-?[0-9.e+-]+)$')


def parse(text):
    """{name: {labels: value}}; each family is in one place, below its HELP and TYPE."""
    families, name = {}, None
    for line in text.splitlines():
        if line.startswith('# HELP '):
            name = line.split()[2]
            expect(name not in families, '%s is told twice', name)
            families[name] = {}
        elif line.startswith('# TYPE '):
            expect(line.split()[2] == name and line.split()[3] in ('counter', 'gauge'), 'no type of %s: %r', name, line)
        else:
            sample = LINE.match(line)
            expect(sample and sample.group(1) == name, 'no sample of %s: %r', name, line)
            expect(sample.group(2) not in families[name], 'the same sample twice: %r', line)
            families[name][sample.group(2)] = float(sample.group(3))
    return families


def served(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            expect(answer.headers['Content-Type'].startswith('text/plain; version=0.0.4'), 'the type is %r', answer.headers['Content-Type'])
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_metrics(build):
    """What was fed stands in the ledger, the stages and the folders; a drop folder is a source; the same over HTTP; 503 once the daemon is gone."""
    with tempfile.TemporaryDirectory() as drop, Daemon(build, 'sources:\n  - {kind: folder, name: drop, path: "%s", settle: 0, poll: 100}\n' % drop) as daemon:
        articles.write_ndjson(os.path.join(drop, 'a.ndjson'), range(20))
        daemon.feed([articles.write_ndjson(os.path.join(daemon.folder, 'b.ndjson'), range(20, 50))])
        daemon.tail(50)

        def metrics():
            status, text, errors = daemon.newswire('metrics')
            expect(status == 0 and not errors, 'newswire metrics: exit status %s, errors %r', status, errors)
            return parse(text)
        source = 'source="drop",kind="folder"'
        until(lambda: metrics()['newswire_articles_completed_total'][None] == 50, 'all are completed')
        until(lambda: metrics()['newswire_source_items_total'].get(source) == 20, 'the source has told of its items')
        now = metrics()
        expect(now['newswire_articles_accepted_total'][None] == 50, 'accepted: %s', now['newswire_articles_accepted_total'])
        expect(now['newswire_stage_in_total']['stage="tag"'] == 50, 'tag: %s', now['newswire_stage_in_total'])
        expect(now['newswire_alarms']['process="fetch",stage="fetch"'] == 0, 'alarms: %s', now['newswire_alarms'])
        expect(now['newswire_events_total']['process="fetch",stage="fetch",event="documents"'] == 1, 'documents: %s', now['newswire_events_total'])
        expect(now['newswire_folder_bytes']['folder="journal"'] > 0, 'folders: %s', now['newswire_folder_bytes'])

        server = daemon.background('metrics', '--listen', '0')
        try:
            at = until(lambda: re.search(r'http://127\.0\.0\.1:\d+/metrics', server.text(server.err)), 'it says where it listens').group()
            status, text = served(at)
            expect(status == 200 and parse(text).keys() == now.keys(), 'over HTTP: status %s, other metrics: %s', status, parse(text).keys() ^ now.keys())
            expect(served(at.replace('/metrics', '/'))[0] == 404, 'another page is there')
            daemon.supervisor.terminate()
            daemon.supervisor.wait()
            status, text = served(at)
            expect(status == 503 and 'control.sock' in text, 'without a daemon: status %s, %r', status, text)
        finally:
            server.process.terminate()
        server.finish()
