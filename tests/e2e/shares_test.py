"""Two aggregates behind one broker share the stream by language: what they put out together is what one alone does, also over kills."""
import json
import os
import re
import shutil
import subprocess

import articles
import ledger
from daemon import Daemon, expect, until

ONE = 'pipeline: [clean, aggregate]\n'
# What has no language, or one that nobody named, goes to the last.
TWO = 'pipeline: [clean, german, aggregate]\nstages:\n  german: {program: aggregate, only: "lang:de"}\n'
COUNT, AGAIN, KILLED = 900, 120, 7  # articles; how many of them come a second time; one that is taken back


def item(number):
    return {**articles.item(number, 300), 'language': 'de-AT' if number % 3 == 1 else 'en'}


def write(daemon):
    """All articles, some of them again, and a kill that names a language of its own."""
    path = os.path.join(daemon.folder, 'a.ndjson')
    kill = {'uri': item(KILLED)['uri'], 'type': 'text', 'version': '9', 'pubStatus': 'canceled', 'language': 'en', 'versionCreated': '2026-03-02T12:00:00Z',
            'headlines': [{'role': 'main', 'value': 'KILL: the item on the harbour'}], 'bodies': [{'role': 'main', 'contentType': 'text/plain', 'value': 'Editors: kill this item.'}]}
    with open(path, 'w', encoding='utf-8') as file:
        for o in [item(n) for n in [*range(COUNT), *range(AGAIN)]] + [kill]:
            file.write(json.dumps(o) + '\n')
    return path


def output(daemon, stage=''):
    """What one output log gives, from its start: {(jseq, sub): article without what depends on the log}."""
    run = ['--run', os.path.join(daemon.run_folder, stage)] if stage else []
    status, text, errors = daemon.newswire('tail', *run, '--from', 'start', '--end', '--format', 'json')
    expect(status == 0, 'newswire tail: exit status %s, errors %r', status, errors[-2000:])
    found = {}
    places = []
    for line in text.split('\n')[:-1]:
        o = json.loads(line)
        if 'pipeline' in o:
            place = (o['pipeline']['jseq'], o['pipeline'].get('sub', 0))
            expect(place not in found, '%s comes twice', place)
            places.append(place)
            del o['pipeline'], o['source']  # when it came, and from which folder
            found[place] = o
    expect(places == sorted(places), 'the order of acceptance is not kept in %s', stage or 'the output')
    return found


def is_kill(article):
    return article.get('pubStatus') == 'canceled'


def done(daemon, accepted):
    def at_rest():
        book = daemon.metrics('broker')
        return book if book.get('in_flight') == 0 and book['journal_last'] >= accepted else None
    book = until(at_rest, 'nothing is in flight')
    expect(ledger.balanced(book), 'the ledger is not balanced: %s', book)
    return book


def alone(build):
    with Daemon(build, ONE) as daemon:
        daemon.feed([write(daemon)])
        done(daemon, COUNT + AGAIN + 1)
        return output(daemon)


def shared(build, hurt):
    with Daemon(build, TWO) as daemon:
        feeding = daemon.background('feed', '--json', write(daemon))
        until(lambda: daemon.metrics('german').get('oseq', 0) > 10, 'the first articles come out')
        hurt(daemon)
        feeding.finish()
        book = done(daemon, COUNT + AGAIN + 1)
        for stage in book['stages']:
            if stage['name'] in ('german', 'aggregate'):
                expect(stage['in'] == stage['out'] + stage['dropped'] + stage['dead'], 'the ledger of a share: %s', stage)
        halves = output(daemon, 'german'), output(daemon)
        status, text, errors = daemon.newswire('metrics')
        taken = re.search(r'^newswire_folder_bytes\{folder="german"\} (\d+)$', text, re.M)
        expect(status == 0 and taken and int(taken.group(1)) > 1 << 20, 'metrics: %s, german %s, errors %r', status, taken and taken.group(1), errors)
        until(lambda: 'not done yet' not in daemon.newswire('replay', '--diff', '--config', daemon.config)[2], 'the checkpoint is written')
        status, text, errors = daemon.newswire('replay', '--diff', '--stage', 'german', '--config', daemon.config)
        expect(status == 0 and ' 0 changed, 0 added, 0 gone' in text, 'replay of a share: %s %r %r', status, text, errors)
        return halves


def compare(one, halves):
    german, others = halves
    both = set(german) & set(others)
    expect([is_kill(german[p]) for p in both] == [True], 'in both logs: %s', sorted(both))
    expect(all(is_kill(o) or o['language'].startswith('de') for o in german.values()), 'others are among the German ones')
    expect(set(one) == set(german) | set(others), 'not the same articles: %d, and %d and %d', len(one), len(german), len(others))
    for place, article in one.items():
        if not is_kill(article):
            other = german.get(place) or others[place]
            expect(article == other, 'jseq %d differs: %s and %s', place[0], article.get('story'), other.get('story'))
    # The kill reached the half that has its item.
    uri = item(KILLED)['uri']
    expect([a for a in german.values() if a['uri'] == uri and not is_kill(a)] == [], 'what was killed is still served')
    place, kill = next((p, a) for p, a in one.items() if is_kill(a))
    expect(kill['story']['kills'] == [{'uri': uri}] and german[place] == kill, 'the kill is %s, and %s', kill['story'], german[place]['story'])


def test_two_are_one(build):
    """Stories, duplicates and revisions of two that share the stream by language are those of one, article by article."""
    compare(alone(build), shared(build, lambda daemon: None))


def test_no_query(build):
    """What is no query is told before anything starts: by check, and by the daemon itself."""
    daemon = Daemon(build, TWO.replace('lang:de', 'lang:('))
    try:
        status, _, errors = daemon.newswire('check', daemon.config)
        expect(status == 1 and '%s:5: ' % daemon.config in errors and 'only: column 6: ' in errors, 'check: %s %r', status, errors)
        done = subprocess.run([daemon.program('newswired'), '--config', daemon.config], cwd=daemon.folder, env=daemon.env, capture_output=True, timeout=60, check=False)
        expect(done.returncode == 1 and b'only: column 6: ' in done.stderr, 'newswired: %s %r', done.returncode, done.stderr[-500:])
        expect(not os.path.exists(daemon.run_folder), 'it began all the same')
    finally:
        shutil.rmtree(daemon.folder)


def test_two_and_kills(build):
    """The same while each of them, and the broker, is killed."""
    def pid_of(daemon, name):
        return next(p['pid'] for p in daemon.status()['processes'] if p['name'] == name)

    def hurt(daemon):
        for name in ('german', 'broker', 'aggregate'):
            before = pid_of(daemon, name)
            daemon.kill([before])
            until(lambda n=name, b=before: pid_of(daemon, n) not in (b, 0), 'the supervisor starts another %s' % name)
    compare(alone(build), shared(build, hurt))
