"""Feeds over HTTP, from a server that misbehaves: every article once, in the time of the test's clock."""
import contextlib
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import feed_soak
import processes
from daemon import Daemon, expect, until
from feed_server import HOSTS, FeedServer
from tap import Skip


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

@contextlib.contextmanager
def https_server(folder):
    """(its port, a list that grows with each request): answers 404 over TLS, with a certificate that nobody vouches for."""
    pem, asked = os.path.join(folder, 'own.pem'), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', pem, '-out', pem + '.crt', '-days', '2', '-subj', '/CN=localhost'], check=True,
                   capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem + '.crt', pem)
    with http.server.HTTPServer(('127.0.0.1', 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # the handshake that the client breaks off
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def test_certificates_are_verified(build):
    """A server whose certificate nobody vouches for is never asked for anything, and one sentence says why."""
    if not shutil.which('openssl'):
        raise Skip('openssl is not here; scripts/setup installs it')
    with tempfile.TemporaryDirectory() as folder, https_server(folder) as (port, asked):
        row = 'pipeline: [clean, aggregate]\nsources:\n  - {kind: feeds, name: tls, urls: ["https://localhost:%d/feed"], allow_private: true}\n' % port
        with Daemon(build, row) as daemon:
            feed = until(lambda: next((f for f in listed(daemon).values() if f['errors']), None), 'the feed has an error')
            expect('certificate' in feed['why'], 'the sentence: %r', feed['why'])
            expect(not asked, 'asked for %s', asked)


def test_nobody_is_asked_while_the_broker_withholds(build):
    """A broker that is stopped accepts nothing. Once its window of four records is full no feed is asked any more, though each is due again and again; then all go on."""
    with FeedServer(8, 8000) as server:
        settings = 'broker: {feeder_window: 4}\npipeline: [clean, aggregate]\nsources:\n'
        settings += '  - {kind: feeds, name: many, urls: [%s], allow_private: true, host_gap: 0, poll_least: 600, poll_most: 600}\n' % ', '.join('"%s"' % server.url(n) for n in range(8))
        seen = {'requests': 0, 'since': 0}

        def requests():
            return sum(len(server.asked[n]) for n in range(8))

        def silent():
            """No request for a second and a half, in which each feed is due twenty times."""
            if requests() != seen['requests']:
                seen.update(requests=requests(), since=time.monotonic())
            return time.monotonic() - seen['since'] > 1.5
        with Daemon(build, settings, preload={'NEWSWIRE_TEST_CLOCK': server.clock()}) as daemon:
            until(lambda: requests() >= 40, 'feeds are asked')
            broker = daemon.pids('broker')[0]
            processes.kill(broker, signal.SIGSTOP)
            try:
                until(silent, 'the asking ends', 30)
            finally:
                processes.kill(broker, signal.SIGCONT)
            until(lambda: requests() >= seen['requests'] + 40, 'feeds are asked again')


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
