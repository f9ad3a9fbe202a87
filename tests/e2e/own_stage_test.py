"""A stage of a user's own, in Python, joins the pipeline through the configuration alone."""
import os
import sys

import ledger
from daemon import ROOT, Daemon, expect, until

STAGE = os.path.join(ROOT, 'tests', 'e2e', 'stage.py')
SETTINGS = ('pipeline: [clean, tag, nationality, aggregate]\n'
            'stages:\n  nationality:\n    command: [%s, %s]\n    most: 1\n' % (sys.executable, STAGE))
ARTICLE = 'Crews agree on new rosters\n\nLatvian and Estonian crews met on Monday. Latvian ships will sail again on Friday, their company said.\n'


def test_python_stage(build):
    """It stands between tag and aggregate, adds a field, and a subscriber sees it."""
    with Daemon(build, SETTINGS) as daemon:
        path = os.path.join(daemon.folder, 'a.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(ARTICLE)
        expect(daemon.feed([path]) == (1, 0), 'the article was not accepted')
        article = daemon.tail(1)[0]
        found = article['annotations'].get('nationalities')
        expect(found == [{'name': 'Latvian', 'country': 'LV', 'count': 2}], 'annotations.nationalities is %s', found)
        names = [s['name'] for s in article['pipeline']['stages']]
        expect(names[:1] == ['clean'], 'the stages that the article went through: %s', names)
        ledger.settle(daemon, 1)
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)


def test_python_stage_killed(build):
    """It is killed, and started again like any other."""
    with Daemon(build, SETTINGS) as daemon:
        path = os.path.join(daemon.folder, 'a.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(ARTICLE)
        first = until(lambda: daemon.scripts('stage.py'), 'the stage runs')
        daemon.kill(first)
        expect(daemon.feed([path]) == (1, 0), 'the article was not accepted')
        expect('nationalities' in daemon.tail(1)[0]['annotations'], 'the article did not go through the stage')
        expect(set(daemon.scripts('stage.py')) - set(first), 'the stage was not started again')
