"""Runs a daemon over feeds of a FeedServer for a while of test time, and checks that every article came out once."""
import random
import signal

import processes
from daemon import Daemon, Failed, expect, until
from feed_server import HAD, FeedServer

LEAST, MOST = 600, 21600  # seconds of test time between two requests of a feed

SETTINGS = '''
pipeline: [clean, aggregate]
restart: {first_ms: 50, most_ms: 200}
sources:
  - kind: feeds
    name: soak
    urls: [%s]
    poll_least: %d
    poll_most: %d
    host_gap: 0
    transfers: 64
    host_connections: 4
    timeout: 30000
    max_bytes: 1048576
    allow_private: true
    user_agent: newswired tests (desk@example.com)
    follow: %s
'''


def titles(articles):
    return [a.get('headlines', [{}])[0].get('value') for a in articles]


def check_output(daemon, server):
    """Everything published is in the output log, once each."""
    wanted = server.published()
    try:
        until(lambda: daemon.oseq() >= len(wanted), '%d articles come out' % len(wanted), 15 + 2 * MOST / server.scale)
    except Failed:
        pass  # which ones are missing is told below
    got = titles(daemon.tail(daemon.oseq()))
    expect(len(got) == len(set(got)), '%d articles came out twice', len(got) - len(set(got)))
    expect(set(got) == wanted, '%d are missing, %d are none: %s', len(wanted - set(got)), len(set(got) - wanted), [sorted(wanted - set(got))[:5], sorted(set(got) - wanted)[:5]])
    return len(wanted)


def check_pages(daemon, server):
    """Each article has its page's text if that could be had, else its feed's; nobody asked for what robots.txt forbids."""
    whole = 0
    for article in daemon.tail(daemon.oseq()):
        n, k = (int(word) for word in article['headlines'][0]['value'].split() if word.isdigit())
        had = server.kind(k) in HAD
        whole += had
        expect((server.whole(n, k) in article['bodies'][0]['value']) == had, 'article %d of feed %d, %s: %s', k, n, server.kind(k), article)
        expect(server.text(n, k) in article['bodies'][0]['value'], 'article %d of feed %d has lost its text: %s', k, n, article)
        expect(article['source']['format'] == ('html' if had else ['rss', 'atom', 'jsonfeed'][n % 3]), 'format of %s', article)
    with open(daemon.log, encoding='utf-8') as file:
        log = file.read()
    for sentence in ('/forbidden: the robots.txt of its site forbids it; the article goes on', 'the server says HTTP 404; the', 'expected text/html, found video/mp4; the', 'leads to no page of the web; the'):
        expect(sentence in log, 'the log does not say %r', sentence)
    expect(not any(server.kind(k) == 'forbidden' for _, k in server.pages_asked), 'pages that robots.txt forbids were asked for')
    return whole


def check_manners(server, faulty):
    """Requests within the limits, and 304 where nothing was new. Returns (requests, those answered by 304)."""
    requests = unchanged = 0
    for n, asked in server.asked.items():
        times = [t for t, _ in asked]
        requests += len(asked)
        unchanged += sum(s == 304 for _, s in asked)
        # 'moved' is two requests by one decision, and so is 'reset' on a connection that was used before (RFC 9112, 9.3.1); a second of slack, for time that
        # passes between decision and arrival
        slack = server.scale * 0.5 + 1
        for (a, kind), b in zip(asked, times[1:]):
            expect(kind in ('moved', 'reset') or b - a >= LEAST - slack, 'feed %d was asked %d s after %s', n, b - a, kind)
            if kind == 'busy':
                expect(b - a >= 1800 - slack, 'feed %d was asked %d s after 429 with Retry-After: 1800', n, b - a)
        if not faulty:
            expect(asked and all(s in (200, 304) for _, s in asked), 'feed %d got %s', n, asked[:5])
    return requests, unchanged


def soak(build, feeds, scale, seconds, faulty=0.0, kills=0, least=1800, most=14400, pages=False):
    """`seconds` are real ones."""
    with FeedServer(feeds, scale, faulty, least=least, most=most, pages=pages) as server:
        settings = SETTINGS % (', '.join(server.url(n) for n in range(feeds)), LEAST, MOST, 'page' if pages else 'no')
        with Daemon(build, settings, preload={'NEWSWIRE_TEST_CLOCK': server.clock()}) as daemon:
            rng = random.Random(4)
            until_then = server.now() + seconds * scale
            for _ in range(kills):
                pid = until(lambda: next(iter(daemon.pids('fetch')), None), 'fetch is there')
                processes.kill(pid, signal.SIGKILL)
                processes.wait_gone([pid], 10)
                until(lambda: daemon.pids('fetch'), 'the supervisor starts another fetch')
                wait = server.now() + rng.random() * server.scale
                until(lambda: server.now() >= wait, 'a moment passes')
            until(lambda: server.now() >= until_then, 'the time of the soak passes', seconds + 15)
            server.freeze()
            count = check_output(daemon, server)
            # Everything is asked once more, and brings nothing.
            again = server.now() + MOST / 4
            until(lambda: server.now() >= again, 'some more time passes')
            check_output(daemon, server)
            requests, unchanged = check_manners(server, faulty) if not kills else (sum(map(len, server.asked.values())), 0)
            if not faulty and not kills:
                expect(unchanged > 0, 'no request was answered by 304')
            if pages:
                check_pages(daemon, server)
            return {'feeds': feeds, 'days': round((server.now() - server.began) / 86400, 2), 'articles': count, 'requests': requests, 'unchanged': unchanged, 'kills': kills, 'pages': sum(server.pages_asked.values()), 'robots': server.robots_asked}
