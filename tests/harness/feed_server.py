"""An HTTP server with feeds that behave as badly as asked. Time is the test's clock: NEWSWIRE_TEST_CLOCK=SCALE@START, as fetch reads it.

It listens at HOSTS addresses of loopback, so that the feeds do not all share one server's turns. Feed n brings an article every period(n) seconds of that time, shows the WINDOW newest ones, and is RSS, Atom or JSON Feed by n modulo 3. A share of all
answers is faulty, of the kinds in FAULTS, at random but the same for the same seed. Other paths are single misbehaviours. With pages=True each article links to
a page that has its whole text, and behaves as PAGES says by its number.
"""
import asyncio
import gzip
import json
import random
import threading
import time
from email.utils import formatdate

WINDOW = 30  # articles that a feed shows
AT_START = 10
HOSTS = 16
FAULTS = ['cut', 'short', 'long', 'charset', 'moved', 'busy', 'broken', 'bomb', 'loop', 'slow', 'html', 'reset']

# Of articles by their number modulo as many: what becomes of their pages; those in HAD can be had.
PAGES = ['good', 'forbidden', 'moved', 'gone', 'busy', 'film', 'out']
HAD = {'good', 'moved', 'busy'}
ROBOTS = 'User-agent: *\nDisallow: /\n\nUser-agent: newswired\nDisallow: /page/*/forbidden\nAllow: /\n'


class FeedServer:
    """with FeedServer(feeds=1000, scale=600, faulty=0.3) as server: server.url(7), server.published(), server.asked[7]"""

    def __init__(self, feeds, scale, faulty=0.0, least=900, most=14400, seed=1, pages=False):
        self.feeds, self.scale, self.faulty, self.least, self.most = feeds, scale, faulty, least, most
        self.start = int(time.time() * 1000)
        self.began = self.start / 1000
        self.frozen = None  # second of test time at which publishing stops
        self.asked = {n: [] for n in range(feeds)}  # (second of test time, status or fault)
        self.pages = pages
        self.pages_asked = {}  # (n, k): how often
        self.robots_asked = 0
        self.random = random.Random(seed)
        self.last_fault = {}
        self.second_ended = False
        self.port = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    # ---- what there is

    def clock(self):
        """The value of NEWSWIRE_TEST_CLOCK."""
        return '%d@%d' % (self.scale, self.start)

    def now(self):
        return self.began + (time.time() - self.began) * self.scale

    def period(self, n):
        return self.least + (n * 7919) % (self.most - self.least)

    def newest(self, n):
        """The number of the last article, from 0; AT_START of them are there at the start."""
        now = self.now() if self.frozen is None else min(self.now(), self.frozen)
        return AT_START - 1 + int((now - self.began) / self.period(n))

    def freeze(self):
        self.frozen = self.now()

    def published(self):
        return {self.name(n, k) for n in range(self.feeds) for k in range(self.newest(n) + 1)}

    @staticmethod
    def name(n, k):
        return 'Council %d votes on bridge %d' % (n, k)

    def url(self, n):
        return 'http://127.0.0.%d:%d/feed/%d' % (1 + n % HOSTS, self.port, n)

    @staticmethod
    def text(n, k):
        rng = random.Random(n * 100003 + k)
        words = 'harbour council budget ferry teacher bridge winter market orchestra railway budget river clinic museum storm'.split()
        return 'The council of district %d said on Monday that plan %d goes ahead. ' % (n, k) + ' '.join(rng.choice(words) for _ in range(40)) + '.'

    @staticmethod
    def kind(k):
        return PAGES[k % len(PAGES)]

    def link(self, n, k):
        if not self.pages:
            return 'http://example.com/%d/%d' % (n, k)
        return '/page/%d/%d/%s' % (n, k, self.kind(k)) + ('?a=1&amp;b=2' if n % 3 < 2 else '')

    @staticmethod
    def whole(n, k):
        """What the page says that the feed does not."""
        return 'The vote on plan %d in district %d was close, and the whole text says so.' % (k, n)

    def page(self, n, k):
        paragraphs = ''.join('<p>%s</p>' % p for p in (self.text(n, k), self.whole(n, k), self.text(n, k + 1)))
        return '<html><head><title>%s</title></head><body><article><h1>%s</h1>%s</article></body></html>' % (self.name(n, k), self.name(n, k), paragraphs)

    def feed(self, n, newest):
        entries = range(newest, max(newest - WINDOW, -1), -1)
        if n % 3 == 2:
            return 'application/feed+json', json.dumps({
                'version': 'https://jsonfeed.org/version/1.1', 'title': 'District %d' % n,
                'items': [{'id': 'urn:x:%d:%d' % (n, k), 'url': self.link(n, k), 'title': self.name(n, k), 'content_text': self.text(n, k)} for k in entries]})
        if n % 3 == 1:
            return 'application/atom+xml', '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>District %d</title><id>urn:x:%d</id>%s</feed>' % (
                n, n, ''.join('<entry><id>urn:x:%d:%d</id><link href="%s"/><title>%s</title><content type="text">%s</content></entry>' % (n, k, self.link(n, k), self.name(n, k), self.text(n, k)) for k in entries))
        return 'application/rss+xml; charset=utf-8', '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>District %d</title>%s</channel></rss>' % (
            n, ''.join('<item><title>%s</title><link>%s</link><description>%s</description></item>' % (self.name(n, k), self.link(n, k), self.text(n, k)) for k in entries))

    # ---- answers

    @staticmethod
    def message(status, fields, body=b'', length=None):
        head = 'HTTP/1.1 %s\r\nContent-Length: %d\r\n' % (status, len(body) if length is None else length)
        return (head + ''.join('%s: %s\r\n' % f for f in fields.items()) + '\r\n').encode() + body

    async def good(self, n, asked, writer):
        newest = self.newest(n)
        tag = '"%d-%d"' % (n, newest)
        if asked.get('if-none-match') == tag:
            self.asked[n].append((self.now(), 304))
            writer.write(self.message('304 Not Modified', {'ETag': tag}))
            return True
        kind, text = self.feed(n, newest)
        body, fields = text.encode(), {'Content-Type': kind, 'ETag': tag, 'Last-Modified': formatdate(self.now(), usegmt=True)}
        if n % 2 and 'gzip' in asked.get('accept-encoding', ''):
            body = gzip.compress(body, 1)
            fields['Content-Encoding'] = 'gzip'
        self.asked[n].append((self.now(), 200))
        writer.write(self.message('200 OK', fields, body))
        return True

    async def bad(self, n, fault, asked, writer):
        """True: the connection stays."""
        self.asked[n].append((self.now(), fault))
        kind, text = self.feed(n, self.newest(n))
        body = text.encode()
        if fault == 'cut':
            writer.write(self.message('200 OK', {'Content-Type': kind, 'ETag': '"bad"'}, body[:len(body) // 2], len(body)))
        elif fault == 'short':  # its length is told too small: the feed seems to end in its middle
            writer.write(self.message('200 OK', {'Content-Type': kind, 'ETag': '"%d-%d"' % (n, self.newest(n))}, body, len(body) // 2))
        elif fault == 'long':
            writer.write(self.message('200 OK', {'Content-Type': kind, 'ETag': '"bad"'}, body, len(body) + 100))
        elif fault == 'charset':
            writer.write(self.message('200 OK', {'Content-Type': 'application/xml; charset=x-none'}, body))
            return True
        elif fault == 'moved':
            writer.write(self.message('302 Found', {'Location': '/plain/%d' % n}))
            return True
        elif fault == 'busy':
            writer.write(self.message('429 Too Many Requests', {'Retry-After': '1800'}))
            return True
        elif fault == 'broken':
            writer.write(self.message('503 Service Unavailable', {}, b'<html>later</html>'))
            return True
        elif fault == 'bomb':
            writer.write(self.message('200 OK', {'Content-Encoding': 'gzip', 'Content-Type': kind}, BOMB))
        elif fault == 'loop':
            writer.write(self.message('302 Found', {'Location': '/loop'}))
            return True
        elif fault == 'slow':
            for at in range(0, len(body), 1 + len(body) // 4):
                writer.write((self.message('200 OK', {'Content-Type': kind}, b'', len(body)) if at == 0 else b'') + body[at:at + 1 + len(body) // 4])
                await writer.drain()
                await asyncio.sleep(0.02)
            return True
        elif fault == 'html':
            writer.write(self.message('200 OK', {'Content-Type': 'text/html', 'ETag': '"bad"'}, b'<html><body>Maintenance</body></html>'))
            return True
        return False  # reset: nothing at all

    async def endless(self, writer):
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss><channel>')
        while True:
            writer.write(b'<item><title>more</title></item>' * 2000)
            await writer.drain()

    def answer_page(self, n, k, kind, writer):
        asked = self.pages_asked[n, k] = self.pages_asked.get((n, k), 0) + 1
        page = self.message('200 OK', {'Content-Type': 'text/html; charset=utf-8'}, self.page(n, k).encode())
        if kind == 'moved':
            page = self.message('302 Found', {'Location': '/page/%d/%d/good' % (n, k)})
        elif kind == 'gone':
            page = self.message('404 Not Found', {'Content-Type': 'text/html'}, b'<p>Gone.</p>')
        elif kind == 'busy' and asked == 1:
            page = self.message('503 Service Unavailable', {'Retry-After': '30'})
        elif kind == 'film':
            page = self.message('200 OK', {'Content-Type': 'video/mp4'}, b'film' * 100000)
        elif kind == 'out':
            page = self.message('302 Found', {'Location': 'file:///etc/hostname'})
        writer.write(page)
        return kind != 'film'

    async def answer(self, path, asked, writer):
        if path == '/robots.txt':
            self.robots_asked += 1
            writer.write(self.message('200 OK', {'Content-Type': 'text/plain'}, ROBOTS.encode()))
            return True
        if path.startswith('/page/'):
            n, k, kind = path.partition('?')[0].split('/')[2:]
            return self.answer_page(int(n), int(k), kind, writer)
        part, n = path.strip('/').partition('/')[::2]
        if part in ('feed', 'plain'):
            n = int(n)
            # Never twice in a row: how long a feed may be away without loss is the window's matter.
            if part == 'feed' and self.random.random() < self.faulty and not self.last_fault.get(n):
                self.last_fault[n] = True
                return await self.bad(n, self.random.choice(FAULTS), asked, writer)
            self.last_fault[n] = False
            return await self.good(n, asked, writer)
        if part == 'first':  # leads to /second/ for good, until that has no feed any more
            self.asked.setdefault('first', []).append(self.now())
            if self.second_ended:
                return await self.good(int(n), asked, writer)
            writer.write(self.message('301 Moved Permanently', {'Location': '/second/' + n}))
            return True
        if part == 'second':
            self.asked.setdefault('second', []).append(self.now())
            return await (self.bad(int(n), 'html', asked, writer) if self.second_ended else self.good(int(n), asked, writer))
        if part == 'old':
            self.asked.setdefault('old', []).append(self.now())
            writer.write(self.message('301 Moved Permanently', {'Location': '/feed/' + n}))
            return True
        if part == 'bomb':
            return await self.bad(0, 'bomb', asked, writer)
        if part == 'endless':
            return await self.endless(writer)
        writer.write(self.message('302 Found', {'Location': '/loop'}))
        return True

    async def connection(self, reader, writer):
        try:
            stays = True
            while stays:
                lines = (await reader.readuntil(b'\r\n\r\n')).decode('latin-1').split('\r\n')
                asked = {name.strip().lower(): value.strip() for name, _, value in (line.partition(':') for line in lines[1:] if line)}
                stays = await self.answer(lines[0].split(' ')[1], asked, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    # ---- its life

    def serve(self):
        asyncio.set_event_loop(self.loop)
        self.port = 0
        for i in range(HOSTS):
            server = self.loop.run_until_complete(asyncio.start_server(self.connection, '127.0.0.%d' % (1 + i), self.port, backlog=1000))
            self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def __enter__(self):
        self.ready = threading.Event()
        self.thread.start()
        self.ready.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


BOMB = gzip.compress(b'<rss><channel>' + b' ' * (64 << 20), 9)
