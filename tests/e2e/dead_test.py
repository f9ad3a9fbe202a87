"""Dead letters: what a stage cannot do is kept with its reason and bytes, and a person lets it go through again or drops it, once."""
import json
import os
import sys

import articles
import ledger
import refuser
from daemon import ROOT, Daemon, expect, until

STAGE = os.path.join(ROOT, 'tests', 'e2e', 'refuser.py')
SETTINGS = ('pipeline: [clean, refuser, aggregate]\n'
            'stages:\n  refuser:\n    command: [%s, %s]\n    mended: %s\n')


def with_refuser(build):
    daemon = Daemon(build, '')
    daemon.configure(SETTINGS % (sys.executable, STAGE, os.path.join(daemon.folder, 'mended')))
    return daemon


def write(path, numbers, bad):
    """Numbered articles, of which some have words that the stage refuses; the lines by number."""
    lines = {}
    with open(path, 'w', encoding='utf-8') as file:
        for number in numbers:
            item = articles.item(number)
            if number in bad:
                item['bodies'][0]['value'] += '\n\nThen came %s.' % refuser.WORDS
            lines[number] = json.dumps(item, ensure_ascii=False)
            file.write(lines[number] + '\n')
    return lines


def dead(daemon, *arguments, status=0):
    """The objects that `newswire dead … --json` prints."""
    got, output, errors = daemon.newswire('dead', *arguments, '--json')
    expect(got == status, 'newswire dead %s: exit status %s, expected %s; output %r, errors %r', ' '.join(arguments), got, status, output, errors)
    return [json.loads(line) for line in output.split('\n')[:-1]]


def open_letters(daemon, count):
    return until(lambda: (lambda found: found if len(found) == count else None)(dead(daemon, 'list')), '%d letters are open' % count)


def test_retry_and_drop(build):
    """Refused articles are listed and shown, retried after the stage is mended, or dropped; the rest is not held up."""
    with with_refuser(build) as daemon:
        path = os.path.join(daemon.folder, 'a.ndjson')
        lines = write(path, range(20), {3, 7, 11})
        expect(daemon.feed([path]) == (20, 0), 'not all were accepted')
        came = [articles.number_of(o) for o in daemon.tail(17)]
        expect(came == [n for n in range(20) if n not in (3, 7, 11)], 'came out: %s', came)
        letters = open_letters(daemon, 3)
        expect([(o['jseq'], o['stage'], o['attempts'], o['state'], o['source']['index']) for o in letters] ==
               [(n + 1, 'refuser', 1, 'open', n) for n in (3, 7, 11)], 'the letters are %s', letters)
        expect(all(refuser.WORDS in o['reason'] for o in letters), 'the reasons are %s', letters)
        ledger.settle(daemon, 20, dead=3)

        shown = dead(daemon, 'show', '4')
        expect(len(shown) == 1 and refuser.WORDS in shown[0]['record']['bodies'][0]['value'], 'show 4 gave %s', shown)
        status, raw, errors = daemon.newswire('dead', 'show', '--raw', '8')
        expect(status == 0 and raw.strip() == lines[7], 'show --raw 8 gave %s, %r, %r', status, raw, errors)
        status, text, errors = daemon.newswire('dead', 'show', '8', '12')
        expect(status == 0 and text.count(refuser.WORDS) >= 4 and text.count('jseq ') >= 2, 'show 8 12 gave %s, %r, %r', status, text, errors)

        # Not mended: it dies again, as a new letter; the old one is not open any more.
        again = dead(daemon, 'retry', '4')
        expect(again == [{'jseq': 4, 'state': 'retried', 'retried_as': 21}], 'retry 4 said %s', again)
        letters = until(lambda: (lambda found: found if [o['jseq'] for o in found] == [8, 12, 21] else None)(dead(daemon, 'list')), 'the retried one dies again')
        expect(dead(daemon, 'retry', '4', '5', status=3) == [], 'what is not open was retried')

        # The letters are the broker's to keep, whatever happens to it.
        daemon.kill(daemon.pids('broker'))
        open(os.path.join(daemon.folder, 'mended'), 'w', encoding='utf-8').close()
        until(lambda: daemon.workers('refuser'), 'the broker is back')
        dropped = dead(daemon, 'drop', '12')
        expect(dropped == [{'jseq': 12, 'state': 'dropped'}], 'drop 12 said %s', dropped)
        retried = dead(daemon, 'retry', '--all')
        expect(retried == [{'jseq': 8, 'state': 'retried', 'retried_as': 22}, {'jseq': 21, 'state': 'retried', 'retried_as': 23}], 'retry --all said %s', retried)
        came = [articles.number_of(o) for o in daemon.tail(19)[17:]]
        expect(came == [7, 3], 'came out after the retry: %s', came)
        expect(dead(daemon, 'list') == [] and dead(daemon, 'retry', '--all') == [], 'something is open still')
        every = {o['jseq']: o['state'] for o in dead(daemon, 'list', '--all')}
        expect(every == {4: 'retried', 8: 'retried', 12: 'dropped', 21: 'retried'}, 'all letters: %s', every)
        ledger.settle(daemon, 23, dead=4)
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)

        # Without a daemon the log can be read, and nothing can be asked.
        expect(len(dead(daemon, 'list', '--all')) == 4, 'the log is not readable without a daemon')
        status, _, errors = daemon.newswire('dead', 'list')
        expect(status == 0, 'list: %s %r', status, errors)
        status, _, errors = daemon.newswire('dead', 'retry', '12')
        expect(status == 3 and 'no open dead letter' in errors, 'retry of a dropped one: %s %r', status, errors)


def test_another_folder(build):
    """Letters of one daemon cannot be dropped at another, whose letters have the same numbers."""
    with with_refuser(build) as one:
        path = os.path.join(one.folder, 'a.ndjson')
        write(path, range(2), {0, 1})
        one.feed([path])
        open_letters(one, 2)
        with Daemon(build, '') as other:
            status, output, errors = other.newswire('dead', 'drop', '--all', '--data', one.data_folder)
            expect(status == 2 and output == '' and 'another data folder' in errors, 'dropped elsewhere: %s %r %r', status, output, errors)
        # The daemon tells where its data is.
        one.env.pop('NEWSWIRE_DATA')
        expect(len(dead(one, 'drop', '--all')) == 2, 'the data folder was not found by the daemon')
        expect(dead(one, 'list') == [], 'letters are open still')
