"""Named positions: a subscriber of a name goes on where it stopped, however it or the daemon stopped."""
import json
import os
import signal

import articles
import stream
from daemon import Daemon, expect, until


def feed(daemon, numbers):
    path = articles.write_ndjson(os.path.join(daemon.folder, 'fed.ndjson'), numbers, size=300)
    expect(daemon.feed([path]) == (len(numbers), 0), 'not all were accepted')


def tail(daemon, *arguments):
    """(numbers of the articles, what it said)."""
    status, output, errors = daemon.newswire('tail', '--format', 'json', *arguments)
    expect(status == 0, 'newswire tail %s: exit status %s, errors %r', ' '.join(arguments), status, errors)
    return stream.numbers_of([json.loads(line) for line in output.split('\n')[:-1]]), errors


def expect_numbers(got, first, behind, what):
    expect(got == list(range(first, behind)), '%s: got %d from %s to %s, expected %d to %d', what, len(got), got[:1], got[-1:], first, behind - 1)


def test_names(build):
    """Each name has its own position; it survives kills of the publisher and the end of the daemon."""
    with Daemon(build) as daemon:
        feed(daemon, range(300))
        got, _ = tail(daemon, '--name', 'desk', '--from', 'start', '-n', '100')
        expect_numbers(got, 0, 100, 'the first time')
        daemon.kill(daemon.pids('aggregate'))
        until(lambda: daemon.oseq() == 300, 'the publisher is back')
        got, _ = tail(daemon, '--name', 'desk', '--from', 'start', '-n', '50')
        expect_numbers(got, 100, 150, 'after a kill of the publisher')
        got, _ = tail(daemon, '--name', 'other', '--from', '11', '-n', '5')
        expect_numbers(got, 10, 15, 'another name')
        got, _ = tail(daemon, '--from', 'start', '-n', '5')
        expect_numbers(got, 0, 5, 'without a name')
        expect(daemon.stop() == 0, 'newswired ended with status %s', daemon.supervisor.returncode)
        daemon.start()
        got, _ = tail(daemon, '--name', 'desk', '--end')
        expect_numbers(got, 150, 300, 'after a restart of the daemon')
        got, _ = tail(daemon, '--name', 'other', '--end')
        expect_numbers(got, 15, 300, 'the other name')
        got, _ = tail(daemon, '--name', 'desk', '--end')
        expect(got == [], 'at the end there is nothing more, got %d', len(got))
        # A name that begins now misses nothing from then on, though nobody listens.
        got, _ = tail(daemon, '--name', 'late', '--end')
        expect(got == [], 'a name that begins now got %d of the past', len(got))
        feed(daemon, range(300, 320))
        until(lambda: daemon.oseq() == 320, 'all are out')
        got, _ = tail(daemon, '--name', 'late', '-n', '20')
        expect_numbers(got, 300, 320, 'the name that began now')
        status, _, errors = daemon.newswire('tail', '--name', 'no name', '--from', '2', '-n', '1')
        expect(status == 2 and 'letters, digits' in errors, 'a bad name: %s %r', status, errors)


def test_ended(build):
    """Ended by SIGTERM it goes on exactly; ended by SIGKILL nothing is missed, and at most a second's worth comes again."""
    with Daemon(build) as daemon:
        feed(daemon, range(200))
        for number, exact in ((signal.SIGTERM, True), (signal.SIGKILL, False)):
            before = daemon.metrics('aggregate')['commits']
            name = 'desk-%d' % number
            waiting = daemon.background('tail', '--name', name, '--from', 'start', '--format', 'json')
            until(lambda w=waiting: w.text(w.out).count('\n') == 200, 'all are written')
            until(lambda b=before: daemon.metrics('aggregate')['commits'] > b, 'a position is committed while it waits')
            got = stream.numbers_of([json.loads(line) for line in waiting.text(waiting.out).split('\n')[:-1]])
            expect_numbers(got, 0, 200, name)
            waiting.process.send_signal(number)
            waiting.process.wait(60)
            again, _ = tail(daemon, '--name', name, '--end')
            if exact:
                expect(again == [], 'after SIGTERM %d came again', len(again))
            else:
                expect(again == list(range(200 - len(again), 200)), 'after SIGKILL it went on with %s', again[:3])
