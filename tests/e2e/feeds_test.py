"""Feeds over HTTP, from a server that misbehaves: every article once, in the time of the test's clock."""
import json
import sys

import feed_soak
from daemon import Daemon, expect, until
from feed_server import HOSTS, FeedServer


def test_soak_of_feeds(build):
    """30 feeds for some hours of test time: every article once, requests within their limits, 304 where nothing is new."""
    print(feed_soak.soak(build, feeds=30, scale=4000, seconds=6), file=sys.stderr)


def test_faulty_answers(build):
    """A third of all answers cut, wrong, moved, busy, broken, a bomb, a loop, slow: the same articles."""
    print(feed_soak.soak(build, feeds=30, scale=4000, seconds=8, faulty=0.33), file=sys.stderr)


def test_fetch_killed_among_feeds(build):
    """kill -9 of fetch again and again: every article once at the output log."""
    print(feed_soak.soak(build, feeds=30, scale=1000, seconds=4, kills=6), file=sys.stderr)


def test_pages_are_followed(build):
    """follow: page: the whole text of pages that robots.txt allows; an article whose page can't be had is the feed's, and the log says why."""
    told = feed_soak.soak(build, feeds=12, scale=2000, seconds=5, pages=True)
    print(told, file=sys.stderr)
    expect(told['robots'] <= HOSTS * (1 + told['days']), 'robots.txt was asked for %d times', told['robots'])


def test_fetch_killed_among_pages(build):
    """kill -9 of fetch while pages are fetched: every article once, with its page's text."""
    print(feed_soak.soak(build, feeds=12, scale=1000, seconds=4, kills=8, pages=True), file=sys.stderr)


def test_what_ends_in_a_sentence(build):
    """A gzip bomb, an endless answer, a loop of redirects and a private address: one sentence each. A permanent redirect is remembered."""
    with FeedServer(1, 2000) as server:
        base = 'http://127.0.0.1:%d' % server.port
        rows = 'pipeline: [clean, aggregate]\nsources:\n'
        for name, path in (('bomb', 'bomb'), ('endless', 'endless'), ('loop', 'loop'), ('old', 'old/0')):
            rows += '  - {kind: feeds, name: %s, urls: ["%s/%s"], allow_private: true, max_bytes: 1048576, host_gap: 0, poll_least: 600, poll_most: 600}\n' % (name, base, path)
        rows += '  - {kind: feeds, name: guarded, urls: ["%s/feed/0"], poll_least: 600}\n' % base
        with Daemon(build, rows, preload={'NEWSWIRE_TEST_CLOCK': server.clock()}) as daemon:
            until(lambda: len(server.asked[0]) >= 6, 'the feed that moved is asked again')
            expect(len(server.asked['old']) == 1, 'the old place was asked %d times', len(server.asked['old']))
            with open(daemon.log, encoding='utf-8') as file:
                log = file.read()
            for sentence in ('bomb: the answer is longer', 'endless: the answer is longer', 'loop: HTTP 302 leads on and on', 'is not a public one'):
                expect(log.count(sentence) == 1, '%r is %d times in the log', sentence, log.count(sentence))


def test_moved_feed_that_ends(build):
    """A feed that has moved for good is asked at its new place alone; when there is no feed any more, at its first place again."""
    with FeedServer(1, 4000) as server:
        rows = 'pipeline: [clean, aggregate]\nsources:\n  - {kind: feeds, name: moved, urls: ["http://127.0.0.1:%d/first/0"], allow_private: true, host_gap: 0, poll_least: 600, poll_most: 600}\n' % server.port
        with Daemon(build, rows, preload={'NEWSWIRE_TEST_CLOCK': server.clock()}) as daemon:
            until(lambda: len(server.asked.get('second', ())) >= 4, 'the feed is asked at its new place')
            expect(len(server.asked['first']) == 1, 'its first place was asked %d times', len(server.asked['first']))
            server.second_ended = True
            until(lambda: len(server.asked['first']) >= 3, 'the feed is asked at its first place again')
            count = len(server.published())
            until(lambda: daemon.oseq() >= count, 'what it published meanwhile comes out')
            titles = feed_soak.titles(daemon.tail(daemon.oseq()))
            expect(len(titles) == len(set(titles)), 'an article came twice: %s', sorted(titles))


def listed(daemon):
    status, output, errors = daemon.newswire('sources', '--json', '--data', daemon.data_folder)
    expect(status == 0, 'newswire sources: exit status %s, errors %r', status, errors)
    return {row['url']: row for row in map(json.loads, output.splitlines())}


def test_sources_command(build):
    """newswire sources lists, pauses, resumes and polls; what is not there gives exit status 3."""
    with FeedServer(2, 1) as server:
        a, b = server.url(0), server.url(1)
        rows = 'pipeline: [clean, aggregate]\nsources:\n  - {kind: feeds, name: desk, urls: ["%s", "%s"], allow_private: true, host_gap: 0, poll_least: 3600}\n' % (a, b)
        with Daemon(build, rows) as daemon:
            until(lambda: len(listed(daemon)) == 2 and all(r['state'] == 'ok' for r in listed(daemon).values()), 'both feeds are well')
            expect(all(r['items'] == 10 and r['next_poll'] and r['last_item'] for r in listed(daemon).values()), 'listed: %s', listed(daemon))
            asked = len(server.asked[0])
            status, output, _ = daemon.newswire('sources', 'pause', a)
            expect((status, output) == (0, 'pause: 1 feed\n'), 'pause: %s', (status, output))
            expect(listed(daemon)[a]['state'] == 'paused' and listed(daemon)[b]['state'] == 'ok', 'listed: %s', listed(daemon))
            status, output, _ = daemon.newswire('sources', 'poll', 'desk')
            expect((status, output) == (0, 'poll: 2 feeds\n'), 'poll: %s', (status, output))
            until(lambda: len(server.asked[1]) > 1, 'the feed is polled though it is not due')
            expect(len(server.asked[0]) == asked, 'a paused feed was asked')
            daemon.newswire('sources', 'resume', a)
            until(lambda: len(server.asked[0]) > asked, 'the feed that was paused is asked again')
            status, _, errors = daemon.newswire('sources', 'pause', 'nobody')
            expect(status == 3 and 'no feed has this address' in errors, 'pause nobody: %s %r', status, errors)
            status, output, _ = daemon.newswire('sources')
            expect(status == 0 and 'desk' in output and a in output, 'the table: %r', output)
