"""A slow subscriber: it loses live frames, knows it, and reads them from the log; and it is told what the log has let go of."""
import json
import os
import re
import signal

from daemon import Daemon, expect, until

COUNT = 50000  # more than the publisher, the kernel and the subscriber's own queue hold for a subscriber
SETTINGS = 'stages:\n  clean:\n    workers: 1\n  tag:\n    workers: 1\n'


def write(path, numbers):
    """Articles of one sentence each, for it is their number that counts here; all together they are more than a segment of the log."""
    notice = 'All of this is made up. ' * 30
    with open(path, 'w', encoding='utf-8') as file:
        for n in numbers:
            file.write('{"uri":"urn:example:slow:%d","language":"en","copyrightNotice":"%s","headlines":[{"value":"Item %d"}],"bodies":[{"value":"Item %d was weighed in Lima."}]}\n' % (n, notice, n, n))
    return path


def oseqs(text):
    return [json.loads(line)['pipeline']['oseq'] for line in text.split('\n')[:-1]]


def cut_log(daemon):
    """What tail from the start gives, and where the log begins, as it says; None while it says nothing of it."""
    status, output, errors = daemon.newswire('tail', '--from', 'start', '-n', '10', '--format', 'json')
    expect(status == 0, 'tail: %s %r', status, errors)
    begins = re.search(r'the output log begins at (\d+) now', errors)
    return (output, int(begins.group(1))) if begins else None


def test_slow(build):
    """One is stopped (SIGSTOP) while 50,000 articles pass: it gets each, in order, none twice. Then the log is cut: that is told."""
    with Daemon(build, SETTINGS) as daemon:
        first = write(os.path.join(daemon.folder, 'first.ndjson'), range(10))
        rest = write(os.path.join(daemon.folder, 'rest.ndjson'), range(10, COUNT))
        slow = daemon.background('tail', '--from', 'start', '-n', str(COUNT), '--format', 'json')
        daemon.feed([first])
        until(lambda: slow.text(slow.out).count('\n') == 10, 'the subscriber is live')
        os.kill(slow.process.pid, signal.SIGSTOP)
        daemon.feed([rest])
        until(lambda: daemon.oseq() == COUNT, 'all are out')
        expect(slow.text(slow.out).count('\n') == 10, 'a stopped subscriber wrote something')
        until(lambda: daemon.metrics('aggregate')['published'] == COUNT, 'all were published')
        pages = daemon.metrics('aggregate')['pages']
        os.kill(slow.process.pid, signal.SIGCONT)
        got = oseqs(slow.finish())
        expect(got == list(range(1, COUNT + 1)), 'got %d articles, the first that is out of line is at %s', len(got),
               next((i for i, (a, b) in enumerate(zip(got, range(1, COUNT + 1))) if a != b), None))
        # It had lost the most of 70 MB, which it read a page of 1 MiB at a time.
        until(lambda: daemon.metrics('aggregate')['pages'] - pages > 20, 'it read what it had lost')
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)

        # The log lets go of what is old: whoever asks for it is told where it begins now.
        daemon.configure(SETTINGS + 'output:\n  keep_mib: 1\n')
        daemon.start()
        output, begins = until(lambda: cut_log(daemon), 'the log is cut, and tail says so')
        got = oseqs(output)
        expect(begins > 1 and got == list(range(begins, begins + 10)), 'it went on at %s, not at %s', got[:1], begins)
