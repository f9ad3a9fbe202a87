"""A day of a wire desk: articles, updates, corrections, a withdrawal, embargoes and kills of all kinds, while broker and aggregate are killed.

Nothing embargoed is ever seen early, nothing killed is served after: live, from the past, under a named position, by replay and in the dead letters.
Each article has a bird of its own in its text, by which it is known wherever it would turn up.
"""
import datetime
import json
import os
import time

import ledger
from daemon import Daemon, expect, until

WAIT = 10  # seconds until the embargoes that end within the test
DAY = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
BIRDS = 'gannet heron plover osprey buzzard linnet dunnock curlew siskin wagtail merlin kestrel bittern avocet godwit'.split()


def moment(minutes):
    return (DAY + datetime.timedelta(minutes=minutes)).strftime('%Y-%m-%dT%H:%M:%SZ')


def text(bird):
    return ('The keeper of the harbour wrote in the log that a %s had been seen above the eastern mole, the first in nine years. '
            'Two clerks were sent to count again, and the %s was still there when they came.' % (bird, bird))


def item(uri, slug, headline, bird, minute, **more):
    return {'uri': 'urn:day:' + uri, 'type': 'text', 'slugline': slug, 'headlines': [{'role': 'main', 'value': headline}], 'language': 'en',
            'versionCreated': moment(minute), 'infoSources': [{'name': 'Alfa Presse'}], 'bodies': [{'contentType': 'text/plain', 'value': text(bird)}], **more}


def kill(uri, slug, headline, minute, **more):
    return {**item(uri, slug, headline, 'notice', minute), 'pubStatus': 'canceled',
            'bodies': [{'contentType': 'text/plain', 'value': 'Editors, please do not use this item. A substitute is not planned.'}], **more}


def morning(due):
    """What comes before the first kill."""
    return [
        item('a1', 'HARBOUR', 'Harbour strike ends', 'gannet', -50, version='1'),
        item('a2', 'HARBOUR', 'UPDATE 1-Harbour strike ends', 'heron', -49),
        item('a3', 'HARBOUR, 2nd Ld', 'CORRECTED-Harbour strike ends', 'plover', -48),
        item('b', 'BUDGET', 'Council passes budget', 'osprey', -47, version='1'),
        item('w', 'WELL', 'Well found below the market', 'linnet', -46, version='1'),
        item('d', 'DYKE', 'Dyke holds through the night', 'dunnock', -45, version='1'),
        {**item('c', 'HARBOUR', 'Harbour strike ends', 'curlew', -44), 'infoSources': [{'name': 'Beta News'}]},
        item('g', 'PRIZE', 'Prize goes to a weaver', 'merlin', -43, embargoedUntil=due),
        item('h', 'REPORT', 'Report blames the pilot', 'kestrel', -42, version='1', embargoedUntil=due),
        {**item('i', 'SURVEY', 'Survey sees growth', 'bittern', -41), 'bodies': [{'contentType': 'text/plain', 'value': line(+2) + text('bittern')}]},
        {**item('j', 'VERDICT', 'Verdict is near', 'avocet', -40), 'bodies': [{'contentType': 'text/plain', 'value': line(+2) + text('avocet')}]},
    ]


def line(days):
    return (DAY + datetime.timedelta(days=days)).strftime('EMBARGOED until 1000 GMT %A, %B %d, %Y\n\n')


def noon(due):
    """Kills, of what is out, embargoed, in flight and still to come."""
    return [
        kill('k1', 'HARBOUR', 'KILL: Harbour strike ends', -30),
        kill('b', 'BUDGET', 'KILL: Council passes budget', -29, version='2'),
        kill('w', 'WELL', 'WITHDRAWAL: Well found below the market', -28, version='2'),
        kill('e', 'ECHO', 'KILL: Echo in the old hall', -27, version='2'),
        item('e', 'ECHO', 'Echo in the old hall', 'siskin', -35, version='1'),
        kill('k2', 'FERRY', 'KILL: Ferry runs aground', -26),
        item('f', 'FERRY', 'Ferry runs aground', 'wagtail', -36),
        {**item('h', 'REPORT', 'Report blames the pilot', 'kestrel', -25, version='2', embargoedUntil=due), 'pubStatus': 'canceled'},
        kill('k3', 'SURVEY', 'KILL: Survey sees growth', -24),
        item('l', 'LAMP', 'Lamp of the tower fails', 'godwit', -23, version='1'),
        kill('l', 'LAMP', 'KILL: Lamp of the tower fails', -22, version='2'),
    ]


KILLED = 'gannet heron plover osprey linnet siskin wagtail kestrel bittern godwit'.split()
KILLS = {'k1': ['a1', 'a2', 'a3'], 'b': ['b'], 'w': ['w'], 'e': ['e'], 'k2': ['k2'], 'h': ['h'], 'k3': ['k3'], 'l': ['l']}


def feed(daemon, name, items):
    path = os.path.join(daemon.folder, name + '.ndjson')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(json.dumps(o) + '\n' for o in items))
    expect(daemon.feed([path]) == (len(items), 0), '%s: not all were accepted', name)


def articles(output):
    return [json.loads(one) for one in output.split('\n')[:-1]]


def uris(found):
    return [o['uri'].rsplit(':')[-1] for o in found]


def named(found, uri):
    return next(o for o in found if o['uri'] == 'urn:day:' + uri)


def birds(output):
    return {bird for bird in BIRDS if bird in output}


def tail(daemon, *arguments):
    status, output, errors = daemon.newswire('tail', '--end', '--format', 'json', *arguments)
    expect(status == 0, 'tail %s: %s %r', ' '.join(arguments), status, errors)
    return output


def check_versions(found):
    """Update and correction replace what they name by slug and headline; nobody else's item."""
    expect(named(found, 'a2')['story'].get('revisionOf') == 'urn:day:a1', 'the update is %s', named(found, 'a2')['story'])
    expect(named(found, 'a3')['story'].get('revisionOf') == 'urn:day:a2', 'the correction is %s', named(found, 'a3')['story'])
    expect('nearDuplicateOf' not in named(found, 'a3')['story'], 'the correction is a near duplicate')
    expect('revisionOf' not in named(found, 'c')['story'], 'the other agency revises ours: %s', named(found, 'c')['story'])


def check_past(output):
    """What is served of the log: the kills, which name what they kill, and what was not killed."""
    found = articles(output)
    left = sorted(set(uris(found)) - set(KILLS))
    expect(left == ['c', 'd', 'g'], 'beside the kills there came %s', left)
    expect(not birds(output) & set(KILLED), 'killed, and served: %s', birds(output) & set(KILLED))
    for uri, kills in KILLS.items():
        said = [o['uri'].rsplit(':')[-1] for o in named(found, uri)['story']['kills']]
        expect(sorted(said) == kills and named(found, uri)['pubStatus'] == 'canceled', 'the kill %s says %s', uri, said)
    expect([o['pipeline']['oseq'] for o in found] == sorted({o['pipeline']['oseq'] for o in found}), 'not in order, or doubled')


def check_story(before, after):
    """Three that were killed leave their story: its size, and its headline to one that stays."""
    story = named(before, 'a1')['story']['id']
    size = max(o['story']['size'] for o in before if o['story']['id'] == story)
    left = named(after, 'k1')['story']
    expect(left['id'] == story and left['size'] == size - 3, 'of %d there are left %s', size, left)
    headlines = [o['headlines'][0]['value'] for o in before if o['story']['id'] == story and o['uri'][-2:] not in ('a1', 'a2', 'a3')]
    expect(left.get('headline') in headlines, 'the story is called %r, its members %s', left.get('headline'), headlines)


def check_letters(daemon):
    """The dead letters of what was killed under embargo say so, and do not show it; a retry is refused."""
    status, output, _ = daemon.newswire('dead', 'list', '--json')
    letters = {o['reason'][:9] + str(o.get('killed', 0) > 0): o for o in articles(output)}
    expect(status == 0 and 'embargoedTrue' in letters and 'embargoedFalse' in letters, 'dead list: %r', output)
    killed = str(letters['embargoedTrue']['jseq'])
    for arguments, wanted in (('show',), 0), (('show', '--json'), 0), (('show', '--raw'), 3), (('retry',), 3):
        status, output, errors = daemon.newswire('dead', *arguments, killed)
        expect(status == wanted and 'killed' in output + errors, 'dead %s: %s %r %r', ' '.join(arguments), status, output, errors)
        expect(not birds(output + errors), 'dead %s shows what was killed', ' '.join(arguments))
    _, output, _ = daemon.newswire('dead', 'show', str(letters['embargoedFalse']['jseq']))
    expect('killed' not in output and birds(output), 'what was not killed is shown: %r', output)


def check_ended(daemon):
    """What was killed under embargo is dropped when that ends: it waits no longer, and is accounted for."""
    _, output, _ = daemon.newswire('dead', 'list', '--json')
    expect([o['jseq'] for o in articles(output)] == [10, 11], 'still wait: %r', output)
    book = daemon.metrics('broker')
    expect(ledger.balanced(book) and book['dropped'] >= 1, 'the ledger: %s', book)


def check_replay(daemon):
    """The journal gives again what is served, and says what it leaves out; against the log nothing has changed."""
    status, output, errors = daemon.newswire('replay', '--config', daemon.config)
    expect(status == 0 and 'kills take them back' in errors and 'under embargo' in errors, 'replay: %s %r', status, errors)
    check_past(''.join(json.dumps({**o, 'pipeline': {**o['pipeline'], 'oseq': i}}) + '\n' for i, o in enumerate(articles(output))))
    status, output, errors = daemon.newswire('replay', '--diff', '--exit-code', '--config', daemon.config)
    expect(status == 0 and not birds(output), 'replay --diff: %s %r %r', status, output, errors)
    journal = os.path.join(daemon.data_folder, 'journal')
    status, output, errors = daemon.newswire('replay', '--journal', journal, '--config', daemon.config)
    expect(status == 0 and not birds(output) & set(KILLED), 'a replay without log gives %s: %r', birds(output), errors)


def check_live(output):
    """What was live came in order, once; killed articles before their kills only, embargoed ones that were killed never."""
    found = articles(output)
    oseqs = [o['pipeline']['oseq'] for o in found]
    expect(oseqs == sorted(set(oseqs)), 'live: not in order, or doubled: %s', oseqs)
    for uri, kills in KILLS.items():
        at = uris(found).index(uri) if uri not in kills else next(i for i, o in enumerate(found) if uris([o]) == [uri] and o['pubStatus'] == 'canceled')
        late = [i for i, o in enumerate(found) if uris([o])[0] in kills and o['pubStatus'] != 'canceled' and i > at and 'buzzard' not in json.dumps(o)]
        expect(not late, 'live: killed by %s, and came after it', uri)
    expect(not birds(output) & {'siskin', 'wagtail', 'kestrel', 'bittern', 'avocet'}, 'live: %s', birds(output))


def check_asked(daemon, asked):
    """Whoever asked for what was killed, by words that no kill has, is told: who was given it, live, and who asks for the past."""
    for bird, (query, tail_of) in asked.items():
        until(lambda: tail_of.text(tail_of.out).count('\n') >= len(ASKED[bird]), 'all that wants %s is live' % bird)
        tail_of.process.terminate()
        live = [(o['uri'].rsplit(':')[-1], o['pubStatus'] == 'canceled' if 'pubStatus' in o else False) for o in articles(tail_of.finish())]
        expect(live == ASKED[bird], 'live, %s: %s', query, live)
        past = articles(tail(daemon, '--from', 'start', '--query', query))
        expect(uris(past) == [uri for uri, kill in ASKED[bird] if kill], 'from the past, %s: %s', query, uris(past))


# What a query for this bird is given: an item, and whether it is the kill.
ASKED = {'heron': [('a2', False), ('k1', True)], 'osprey': [('b', False), ('b', True)], 'linnet': [('w', False), ('w', True)]}


def check_headlines(daemon, killed):
    """A story is not called by the headline of an article that was killed: not in the list, not by its articles."""
    _, output, _ = daemon.newswire('stories', '--json', '--since', '7d')
    stories = articles(output)
    expect(stories and not any(o['headline'] in killed for o in stories), 'stories: %r', output)
    for story in stories:
        _, output, _ = daemon.newswire('story', '--json', story['id'])
        called = [o['story'].get('headline') for o in articles(output)]
        expect(called and not set(called) & set(killed), 'story %s: %s', story['id'], called)


def check_every_place(daemon):
    for oseq in range(1, daemon.oseq() + 1):
        expect(not birds(tail(daemon, '--from', str(oseq), '-n', '1')) & set(KILLED), 'read from %d on: a killed article', oseq)


def test_day(build):
    """Everything of the day, once through."""
    with Daemon(build) as daemon:
        due = DAY + datetime.timedelta(seconds=WAIT)
        until_due = due.strftime('%Y-%m-%dT%H:%M:%SZ')
        live = daemon.background('tail', '--from', 'start', '--format', 'json')
        asked = {bird: (bird, daemon.background('tail', '--from', 'start', '--format', 'json', '--query', bird)) for bird in ASKED}
        feed(daemon, 'morning', morning(until_due))
        until(lambda: daemon.oseq() == 7 and daemon.metrics('broker').get('dead') == 4, 'seven are out, four wait')
        early = articles(tail(daemon, '--from', 'start'))
        check_versions(early)
        tail(daemon, '--from', 'start', '--name', 'early', '-n', '1')
        until(lambda: live.text(live.out).count('\n') == 7, 'the seven are live')

        daemon.kill(daemon.pids('broker') + daemon.pids('aggregate'))
        feed(daemon, 'noon', noon(until_due))
        until(lambda: daemon.oseq() >= 15, 'the kills are out')
        expect(not birds(tail(daemon, '--from', '1')) & set(KILLED), 'served after its kill')
        daemon.kill(daemon.pids('aggregate') + daemon.pids('broker'))
        check_letters(daemon)
        before = live.text(live.out)
        expect('merlin' not in before or time.time() >= due.timestamp(), 'live before it was due')

        until(lambda: 'merlin' in tail(daemon, '--from', 'start'), 'what is due comes out')
        expect(time.time() >= due.timestamp(), 'it came early')
        until(lambda: daemon.metrics('broker').get('in_flight') == 0, 'nothing is in flight')
        check_ended(daemon)
        # What it knows of kills, it can learn again from the log alone.
        daemon.kill(daemon.pids('aggregate'))
        book = os.path.join(daemon.data_folder, 'output.kills')
        if os.path.exists(book):
            os.remove(book)
        output = tail(daemon, '--from', 'start')
        check_past(output)
        check_story(early, articles(output))
        check_past(tail(daemon, '--from', '1'))
        late = tail(daemon, '--name', 'early')
        expect(not birds(late) & set(KILLED) and set(KILLS) <= set(uris(articles(late))), 'under a name came %s', uris(articles(late)))
        check_asked(daemon, asked)
        check_headlines(daemon, {o['headlines'][0]['value'] for o in early if uris([o])[0] in ('a1', 'a2', 'a3', 'b', 'w')} - {'Harbour strike ends'})
        check_every_place(daemon)
        check_replay(daemon)

        feed(daemon, 'evening', [item('b', 'BUDGET', 'Council passes budget', 'buzzard', -1, version='3')])
        until(lambda: 'buzzard' in tail(daemon, '--from', 'start'), 'a later version than the kill comes out')
        expect('osprey' not in tail(daemon, '--from', 'start'), 'and brings the killed one back')
        until(lambda: 'buzzard' in live.text(live.out), 'it is live')
        live.process.terminate()
        check_live(live.finish())
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)
