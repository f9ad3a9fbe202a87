"""Trends and stories of a running daemon: what bursts is on top, a kill takes it back, and a killed publisher comes back with the same."""
import json
import os

import articles
from daemon import Daemon, expect, until

QUIET, BURST = 1000, 12  # articles: one a minute, then a few of one subject within the last minutes
PLACE = 'Reykjavik'
OTHER = {'headlines': [{'role': 'main', 'value': 'Glaciers shrink faster, survey finds'}], 'bodies': [{'role': 'main', 'contentType': 'text/plain', 'value':
         'Ice on the high slopes melted twice as fast as a decade ago, surveyors wrote.\n\nThey measured snow depth with poles and radar on foot, and blamed warm winters.'}]}


def write(daemon, name, items):
    path = os.path.join(daemon.folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        for item in items:
            file.write(json.dumps(item) + '\n')
    return path


def day():
    """A quiet day, then the burst."""
    for number in range(QUIET):
        yield articles.item(number, 400)
    for number in range(QUIET, QUIET + BURST):
        item = articles.item(number, 400)
        item['bodies'][0]['value'] += '\n\nThe harbour of %s was closed, number %d.' % (PLACE, number)
        item['versionCreated'] = articles.item(QUIET + (number - QUIET) // 4)['versionCreated']
        yield item


def lines(daemon, *arguments):
    status, output, errors = daemon.newswire(*arguments)
    expect(status == 0, '%s: status %s, errors %r', ' '.join(arguments), status, errors)
    return [json.loads(line) for line in output.split('\n')[:-1]]


def trends(daemon, window, *arguments):
    return lines(daemon, 'trends', '--json', '--window', window, '-n', '250', *arguments)


def everything(daemon, *arguments):
    return [trends(daemon, window, *arguments) for window in ('5m', '1h', '24h')]


def of_place(found):
    return next((t for t in found if t['kind'] == 'place' and t['name'].startswith('Reykjav')), None)


def caught_up(daemon, oseq):
    """The report is of the whole log: one is at most a second old."""
    return until(lambda: (lambda t: t if t and max(x.get('oseq', 0) for x in t) == oseq else None)(trends(daemon, '24h')), 'trends through %d' % oseq)


def test_burst(build):
    """On top is what bursts; the same from the log and after kill -9; without what is killed."""
    with Daemon(build) as daemon:
        status, output, errors = daemon.newswire('trends')
        expect(status == 0 and output == '' and 'nothing has come out yet' in errors, 'of an empty log: %s %r %r', status, output, errors)
        expect(daemon.feed([write(daemon, 'a.ndjson', day())]) == (QUIET + BURST, 0), 'not all were accepted')
        until(lambda: daemon.oseq() == QUIET + BURST, 'all are out')
        caught_up(daemon, QUIET + BURST)
        top = trends(daemon, '5m', '--kind', 'place')[0]
        expect(of_place([top]) and top['count'] == BURST and top['score'] > 10 and top['error'] == 0, 'on top is %s', top)
        expect(top['headline'].startswith('Item %d:' % (QUIET + BURST - 1)), 'its newest article: %s', top)
        people = trends(daemon, '1h', '--kind', 'person')
        expect(people and all(p['score'] < 5 for p in people), 'people burst who are named every day: %s', people[:2])
        status, output, _ = daemon.newswire('trends', '--window', '5m', '-n', '1')
        expect(status == 0 and 'NAME' in output and 'Reykjav' in output, 'the table: %r', output)
        following = daemon.background('trends', '--follow', '--json', '--window', '5m', '-n', '1')
        until(lambda: following.text(following.out).count('\n') == 1, 'the first report of --follow')
        before = everything(daemon)
        expect(everything(daemon, '--data', daemon.data_folder) == before, 'read from the log they are others')
        daemon.kill(daemon.pids('aggregate'))
        until(lambda: daemon.oseq() == QUIET + BURST, 'the publisher is back')
        expect(everything(daemon) == before, 'after kill -9 they are others')
        # A kill by uri takes its article back; after another kill -9 it is still away.
        killed = {**articles.item(QUIET + 3, 400), 'version': '2', 'pubStatus': 'canceled'}
        daemon.feed([write(daemon, 'b.ndjson', [killed])])
        until(lambda: of_place(trends(daemon, '5m'))['count'] == BURST - 1, 'the killed one is taken back')
        before = everything(daemon)
        daemon.kill(daemon.pids('aggregate'))
        until(lambda: daemon.oseq() == QUIET + BURST + 1, 'the publisher is back')
        expect(everything(daemon) == before, 'after a kill and kill -9 they are others')


def test_kill_under_load(build):
    """The publisher is killed while articles flow: in the end its trends are those that the log gives."""
    with Daemon(build) as daemon:
        feeding = daemon.background('feed', write(daemon, 'a.ndjson', day()))
        for part in (5, 2):
            until(lambda p=part: daemon.oseq() > QUIET // p, 'articles come out')
            daemon.kill(daemon.pids('aggregate'))
        feeding.finish()
        until(lambda: daemon.oseq() == QUIET + BURST, 'all are out')
        caught_up(daemon, QUIET + BURST)
        expect(everything(daemon) == everything(daemon, '--data', daemon.data_folder), 'they are not those of the log')
        expect(of_place(trends(daemon, '5m'))['count'] == BURST, 'the burst: %s', of_place(trends(daemon, '5m')))


def test_stories(build):
    """Stories of the last day, and one story's articles: the killed one is not among them, the kill is."""
    with Daemon(build) as daemon:
        first = articles.item(7, 2000)
        other = {**articles.item(8), **OTHER, 'infoSources': [{'name': 'Meridian'}]}
        again = {**first, 'uri': articles.uri(9), 'infoSources': [{'name': 'Baltic Wire'}]}
        killed = {**articles.item(10, 2000), 'bodies': first['bodies'], 'headlines': [{'role': 'main', 'value': 'Not fit to print'}]}
        killed['bodies'] = [{**first['bodies'][0], 'value': first['bodies'][0]['value'] + '\n\nNobody may read this.'}]
        kill = {'uri': killed['uri'], 'type': 'text', 'version': '2', 'versionCreated': killed['versionCreated'], 'pubStatus': 'canceled',
                'headlines': [{'role': 'main', 'value': 'KILL: please kill the story above'}], 'bodies': [{'role': 'main', 'value': 'Please kill it.'}]}
        daemon.feed([write(daemon, 'a.ndjson', [first, other, again, killed, kill])])
        until(lambda: daemon.oseq() == 5, 'all are out')
        stories = lines(daemon, 'stories', '--json', '--order', 'biggest')
        story = next(s for s in stories if s['headline'].startswith('Item 7:'))
        expect(story['articles'] == 2 and story['sources'] == ['Baltic Wire'], 'the story: %s', story)
        expect(len(stories) == 2 and 'Not fit' not in json.dumps(stories), 'two stories, and no killed headline: %s', stories)
        found = lines(daemon, 'story', '--json', story['id'])
        expect([a['uri'] for a in found if a.get('pubStatus') != 'canceled'] == [first['uri'], again['uri']], 'its articles: %s', [a['uri'] for a in found])
        expect(found[1]['story']['duplicateOf'] == first['uri'], 'the copy is not marked: %s', found[1]['story'])
        status, output, _ = daemon.newswire('story', story['id'].rsplit(':', 1)[1])
        expect(status == 0 and 'copy' in output and 'killed' in output and 'Not fit' not in output, 'the table: %r', output)
        expect(len(lines(daemon, 'stories', '--json', '--thread')) <= len(stories), 'threads are more than stories')
        status, output, _ = daemon.newswire('stories')
        expect(status == 0 and 'Item 7:' in output and 'Baltic Wire' in output, 'the table: %r', output)
