"""Replay: the journal through the stages again gives the same, with any number of workers; with another configuration it shows what changes."""
import json
import os
import shutil

import articles
from daemon import ROOT, Daemon, expect, until

SAMPLES = os.path.join(ROOT, 'deploy', 'samples')
WORKERS = 'stages:\n  clean:\n    workers: %d\n  tag:\n    workers: %d\n'


def replay(daemon, *arguments, status=0):
    """(objects or text, errors)"""
    got, output, errors = daemon.newswire('replay', *arguments)
    expect(got == status, 'newswire replay %s: exit status %s, expected %s; output %r, errors %r', ' '.join(arguments), got, status, output[-2000:], errors[-2000:])
    return output, errors


def objects(text):
    return [json.loads(line) for line in text.split('\n')[:-1]]


def feed(daemon, path):
    """The samples and a file: (entries of the journal, articles of them). The RSS feed among the samples is one entry of two articles."""
    accepted = daemon.feed([SAMPLES])[0] + daemon.feed([path])[0]
    return accepted, accepted + 1


def configured(daemon, name, clean):
    """Another configuration than the daemon's: with these fields of plain JSON."""
    path = os.path.join(daemon.folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('stages:\n  clean:\n    fields:\n%s' % clean)
    return path


def write(path, found):
    with open(path, 'w', encoding='utf-8') as file:
        for o in found:
            file.write(json.dumps(o) + '\n')
    return path


def test_same(build):
    """The same journal and configuration give what the output log has: all of it, and any part, whose memory comes from the log."""
    with Daemon(build) as daemon:
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), list(range(100)) + list(range(50)), size=400)
        entries, count = feed(daemon, path)
        log = daemon.tail(count)
        expect(sum('duplicateOf' in o['story'] for o in log) >= 50, 'the repeated articles are not told as such')
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)

        output, _ = replay(daemon, '--diff', '--exit-code', '--json', '--config', daemon.config)
        expect(objects(output) == [{'compared': count, 'same': count, 'changed': 0, 'added': 0, 'gone': 0}], 'replay of all: %r', output[:2000])
        output, _ = replay(daemon, '--diff', '--exit-code', '--from', str(entries - 59), '--to', str(entries - 10), '--config', daemon.config)
        expect(output == '50 articles: 50 the same, 0 changed, 0 added, 0 gone\n', 'replay of a part: %r', output[:2000])
        again = objects(replay(daemon, '--config', daemon.config)[0])
        for o in again + log:
            o['pipeline'] = {k: o['pipeline'][k] for k in ('jseq', 'sub')}
        expect(again == log, 'what replay prints is not what was put out')
        # A copy of the journal, without an output log.
        shutil.copytree(os.path.join(daemon.data_folder, 'journal'), os.path.join(daemon.folder, 'copy'))
        output, _ = replay(daemon, '--journal', os.path.join(daemon.folder, 'copy'), '--from', '1', '--to', '3', '--config', daemon.config)
        expect([o['pipeline']['jseq'] for o in objects(output)] == [1, 2, 3], 'of a copy came %r', output[:500])
        _, errors = replay(daemon, '--from', '9000', status=1)
        expect('holds the entries 1 to %d' % entries in errors, 'beyond the end: %r', errors)


def test_changes(build):
    """Another configuration changes some articles, lets one be, gives some that were refused, and refuses some that came out."""
    with Daemon(build) as daemon:
        daemon.stop()
        daemon.configure('stages:\n  clean:\n    fields:\n    - {field: body, key: rumpf}\n')
        daemon.start()
        found = [{'id': 'a', 'title': 'Rain in Lima', 'text': 'Rain fell in Lima on Monday, the city said.'},
                 {'id': 'b', 'kopf': 'Ferry sails again', 'text': 'A ferry sailed from Riga on Monday, its owner said.'},
                 {'id': 'c', 'rumpf': 'A strike ended in Accra on Monday, the union said.'},
                 {'id': 'd', 'inhalt': 'A bridge opened in Oslo on Monday, the city said.'}]
        expect(daemon.feed([write(os.path.join(daemon.folder, 'a.ndjson'), found)]) == (4, 0), 'not all were accepted')
        came = [o['uri'].rsplit(':')[-1] for o in daemon.tail(3)]
        expect(came == ['a', 'b', 'c'], 'came out: %s', came)
        until(lambda: daemon.metrics('broker').get('dead') == 1, 'the fourth is dead')
        # While the daemon runs: what it has done is told by its checkpoint.
        other = configured(daemon, 'other.yaml', '    - {field: headline, key: kopf}\n    - {field: body, key: inhalt}\n')
        until(lambda: 'not done yet' not in daemon.newswire('replay', '--diff', '--config', other)[2], 'the checkpoint is written')
        output, errors = replay(daemon, '--diff', '--json', '--config', other, status=3)
        changes = objects(output)
        expect('jseq 3: ' in errors, 'the refusal of the third is not told: %r', errors)
        expect([(o.get('change'), o.get('jseq')) for o in changes[:-1]] == [('changed', 2), ('gone', 3), ('added', 4)], 'the changes are %s', changes)
        expect(changes[-1] == {'compared': 4, 'same': 1, 'changed': 1, 'added': 1, 'gone': 1}, 'the summary is %s', changes[-1])
        fields = {f['path']: f for f in changes[0]['fields']}
        expect(fields['headlines'].get('new') == [{'role': 'main', 'value': 'Ferry sails again'}] and 'old' not in fields['headlines'], 'the fields of the second: %s', fields)
        expect(changes[2]['article']['bodies'][0]['value'] == found[3]['inhalt'], 'the article that is new: %s', changes[2])
        output, _ = replay(daemon, '--diff', '--to', '2', '--config', other)
        expect('~ jseq 2  urn:newswire:ndjson:b' in output and '    headlines: + [{"role":"main","value":"Ferry sails again"}]\n' in output, 'as text: %r', output)
        replay(daemon, '--diff', '--to', '2', '--exit-code', '--config', other, status=4)
        # Nothing was published, nothing was written.
        expect(daemon.oseq() == 3 and len(daemon.tail(3)) == 3, 'the output log has changed')


def test_any_workers(build):
    """Copies of one journal, done by one worker a stage and by eight: the output logs are equal, byte for byte."""
    with Daemon(build, WORKERS % (1, 1)) as origin:
        path = articles.write_ndjson(os.path.join(origin.folder, 'a.ndjson'), list(range(700)) + list(range(100)), size=300)
        _, count = feed(origin, path)
        expect(origin.stop() == 0, 'newswired ended with status %s', origin.supervisor.returncode)
        logs = []
        for workers in 1, 8:
            copy = Daemon(build, WORKERS % (workers, workers))
            os.mkdir(copy.data_folder)
            shutil.copytree(os.path.join(origin.data_folder, 'journal'), os.path.join(copy.data_folder, 'journal'))
            with copy:
                until(lambda d=copy: d.oseq() == count, 'the journal is done again by %d workers' % workers)
                status, output, errors = copy.newswire('tail', '--from', 'start', '-n', str(count), '--format', 'json')
                expect(status == 0, 'tail: %s %r', status, errors)
                logs.append(output)
        lines = [log.split('\n') for log in logs]
        expect(len(lines[0]) == count + 1, 'the output log has %d articles, expected %d', len(lines[0]) - 1, count)
        expect(logs[0] == logs[1], 'they differ first at article %s', next((i + 1 for i, (a, b) in enumerate(zip(*lines)) if a != b), 'behind the shorter'))
