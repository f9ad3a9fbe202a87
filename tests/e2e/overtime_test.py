"""An article that a stage never comes back from is given up by its CPU time; nothing else is held up or lost."""
import json
import os

import articles
import ledger
from daemon import Daemon, expect, until

SETTINGS = ('broker:\n  article_ms: 200\n'
            'pipeline: [clean, spinner, aggregate]\n'
            'stages:\n  spinner:\n    command: [%s]\n    workers: %d\n')


def run(build, workers, spinning):
    """20 articles, of which some spin."""
    program = os.path.join(os.path.abspath(build), 'tests', 'newswired-spinner')
    with Daemon(build, SETTINGS % (program, workers)) as daemon:
        path = os.path.join(daemon.folder, 'a.ndjson')
        with open(path, 'w', encoding='utf-8') as file:
            for number in range(20):
                item = articles.item(number)
                if number in spinning:
                    item['slugline'] = 'spin'
                file.write(json.dumps(item, ensure_ascii=False) + '\n')
        expect(daemon.feed([path]) == (20, 0), 'not all were accepted')
        came = sorted(articles.number_of(o) for o in daemon.tail(20 - len(spinning)))
        expect(came == [n for n in range(20) if n not in spinning], 'came out: %s', came)

        def letters():
            status, output, errors = daemon.newswire('dead', 'list', '--json')
            expect(status == 0, 'newswire dead list: %s, %r', status, errors)
            found = [json.loads(line) for line in output.split('\n')[:-1]]
            return found if len(found) == len(spinning) else None
        found = until(letters, 'what spun is a dead letter')
        expect(sorted(o['source']['index'] for o in found) == sorted(spinning), 'the letters are %s', found)
        expect(all(o['reason'].startswith('took more than 0.2 s of CPU time') for o in found), 'the reasons are %s', found)
        ledger.settle(daemon, 20, dead=len(spinning))
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)


def test_one_of_many(build):
    """One of a batch: the others of it come out, and it is a letter at once, not after five workers."""
    run(build, 1, {7})


def test_several(build):
    """Several, with two workers."""
    run(build, 2, {3, 4, 15})
