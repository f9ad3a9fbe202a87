#!/usr/bin/python3
"""Writes a WARC file as CC-NEWS has them: a warcinfo record, then request, response and metadata for each page, each record a gzip member of its own.

    tests/bench/warc_make.py [--pages N] [--plain] [--seed S] FILE        --plain: without gzip

Pages are made of invented words in the shape of a news site's: head with scripts and metadata, navigation, an article, links, a footer; 20 to 200 kB,
in every fourth sent in chunks. The same numbers give the same bytes. It prints how many bytes of WARC that is, unpacked.
"""
import argparse
import gzip
import random
import sys

WORDS = ''.join('ba be bi bo da de fa fe fin ga gel ha hol ka ke kin la len lo ma mer mo na nel no pa per ra ren ro sa sel so ta ten to va ver'.split())
SYLLABLES = [WORDS[i:i + 2] for i in range(0, len(WORDS) - 1, 2)]


def page(rng, number):
    words = [''.join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(400)]

    def text(n):
        return ' '.join(rng.choice(words) for _ in range(n))
    links = ''.join('<li class="nav-item"><a href="/section/%d/%s">%s</a></li>\n' % (i, rng.choice(words), text(4)) for i in range(rng.randint(40, 400)))
    script = 'window.data=%s;' % ','.join('{"id":%d,"k":"%s"}' % (i, rng.choice(words)) for i in range(rng.randint(200, 2500)))
    body = ''.join('<p>%s.</p>\n' % text(60) for _ in range(rng.randint(8, 40)))
    return ('<!DOCTYPE html><html lang="en"><head><title>%s</title><meta property="article:published_time" content="2026-03-01T%02d:%02d:00Z">'
            '<script>%s</script></head><body><nav><ul>%s</ul></nav><article><h1>Page %d: %s</h1>%s</article><footer>%s</footer></body></html>\n'
            % (text(6), number // 60 % 24, number % 60, script, links, number, text(8), body, text(30))).encode()


def chunked(body):
    out = b''
    for at in range(0, len(body), 8192):
        part = body[at:at + 8192]
        out += b'%x\r\n%s\r\n' % (len(part), part)
    return out + b'0\r\n\r\n'


def record(kind, url, mime, block):
    head = 'WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: 2026-03-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012x>\r\n' % (kind, len(block))
    if url:
        head += 'WARC-Target-URI: %s\r\n' % url
    return head.encode() + b'Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n' % (mime, len(block), block)


def records(pages, seed):
    rng = random.Random(seed)
    shapes = [page(rng, i) for i in range(64)]  # made once each; a number makes every page another
    yield record('warcinfo', '', b'application/warc-fields', b'software: warc_make\r\nformat: WARC File Format 1.0\r\n')
    for number in range(pages):
        url = 'https://news%d.example/story/%d' % (number % 50, number)
        body = shapes[number % len(shapes)].replace(b'<h1>Page ', b'<h1>Page %d of ' % number, 1)
        head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: example\r\n'
        head, body = (head + b'Transfer-Encoding: chunked\r\n\r\n', chunked(body)) if number % 4 == 3 else (head + b'Content-Length: %d\r\n\r\n' % len(body), body)
        yield record('request', url, b'application/http; msgtype=request', b'GET /story/%d HTTP/1.1\r\nHost: news.example\r\nUser-Agent: example\r\n\r\n' % number)
        yield record('response', url, b'application/http; msgtype=response', head + body)
        yield record('metadata', url, b'application/warc-fields', b'fetchTimeMs: %d\r\ncharset-detected: UTF-8\r\n' % rng.randint(20, 900))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--pages', type=int, default=2000)
    options.add_argument('--seed', type=int, default=0)
    options.add_argument('--plain', action='store_true')
    options.add_argument('file')
    given = options.parse_args()
    total = 0
    with open(given.file, 'wb') as out:
        for one in records(given.pages, given.seed):
            total += len(one)
            out.write(one if given.plain else gzip.compress(one, 6, mtime=0))
    print(total)
    return 0


if __name__ == '__main__':
    sys.exit(main())
