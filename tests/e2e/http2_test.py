"""Feeds from a real HTTP/2 server over TLS, nghttpd: it speaks nothing else, so what comes has come over HTTP/2."""
import contextlib
import os
import shutil
import subprocess
import tempfile

from daemon import Daemon, expect, until
from tap import Skip

FEED = '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Harbour desk %d</title>\n%s</channel></rss>\n'
ITEM = '<item><title>Ferry %d of line %d sails</title><guid>ferry-%d-%d</guid><description>%s</description></item>\n'
TEXT = 'The ferry left the northern quay on time with all its passengers aboard, the harbour office said. '


def write_feed(folder, line, items):
    text = FEED % (line, ''.join(ITEM % (k, line, line, k, TEXT * 3) for k in items))
    with open(os.path.join(folder, 'new'), 'w', encoding='utf-8') as file:
        file.write(text)
    os.replace(os.path.join(folder, 'new'), os.path.join(folder, 'line%d.xml' % line))


@contextlib.contextmanager
def http2_server(folder):
    """(its port, the file of its log): what stands below folder/www; its certificate, of a CA of its own, is folder/ca.pem."""
    program = shutil.which('nghttpd') or '/usr/sbin/nghttpd'
    if not os.path.exists(program) or not shutil.which('openssl'):
        raise Skip('nghttpd or openssl is not here; scripts/setup installs them')

    def openssl(*words):
        subprocess.run(['openssl', *words], cwd=folder, check=True, capture_output=True)
    with open(os.path.join(folder, 'names'), 'w', encoding='utf-8') as file:
        file.write('subjectAltName=DNS:localhost\n')
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test CA')
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=localhost')
    openssl('x509', '-req', '-in', 'own.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'own.pem')
    log = os.path.join(folder, 'log')
    # It does not tell which port the system chose: take one that was free a moment ago.
    for port in range(20000 + os.getpid() % 20000, 65000, 331):
        with open(log, 'wb') as out:
            server = subprocess.Popen([program, '-v', '--address=127.0.0.1', '--htdocs=www', str(port), 'own.key', 'own.pem'], cwd=folder, stdout=out, stderr=out)
        try:
            listens = until(lambda s=server: s.poll() is not None or b'listen' in open(log, 'rb').read(), 'nghttpd listens or ends')
            if listens and server.poll() is None:
                yield port, log
                return
        finally:
            server.kill()
            server.wait()


def test_feeds_over_http2(build):
    """Three feeds over one server's HTTP/2: every article once, 304 while nothing is new, a new one when it comes; without the CA nothing is had."""
    with tempfile.TemporaryDirectory() as folder:
        www = os.path.join(folder, 'www')
        os.mkdir(www)
        for line in range(3):
            write_feed(www, line, range(4))
        with http2_server(folder) as (port, log):
            urls = ', '.join('"https://localhost:%d/line%d.xml"' % (port, line) for line in range(3))
            row = '  - {kind: feeds, name: %s, urls: [%s], allow_private: true, host_gap: 0, poll_least: 1, poll_most: 1%s}\n'
            rows = 'pipeline: [clean, aggregate]\nsources:\n' + row % ('harbour', urls, ', ca: "%s/ca.pem"' % folder) + row % ('stranger', urls, '')

            def told(text):
                with open(log, encoding='utf-8', errors='replace') as file:
                    return file.read().count(text)
            with Daemon(build, rows) as daemon:
                until(lambda: daemon.oseq() >= 12, 'the articles come out')
                until(lambda: told(':status: 304') >= 3, 'nghttpd answers 304')
                expect(told('if-modified-since: ') >= 3, 'no conditional request')
                write_feed(www, 1, range(5))
                until(lambda: daemon.oseq() >= 13, 'the new article comes out')
                titles = [a['headlines'][0]['value'] for a in daemon.tail(daemon.oseq())]
                expect(sorted(titles) == sorted(['Ferry %d of line %d sails' % (k, line) for line in range(3) for k in range(4)] + ['Ferry 4 of line 1 sails']), 'came out: %s', sorted(titles))
                with open(daemon.log, encoding='utf-8') as file:
                    expect('certificate' in file.read(), 'the source without the CA says nothing of a certificate')
            expect(told('The negotiated protocol: h2') >= 1 and told(':method: GET') >= 7, 'the log of nghttpd tells of no HTTP/2')
