"""Sources that are no feeds, as `newswire sources` shows and steers them: files, a drop folder, a port."""
import json
import os
import signal
import socket
import tempfile

import articles
import processes
import stream
from daemon import Daemon, expect, until


def listed(daemon):
    status, output, errors = daemon.newswire('sources', '--json', '--data', daemon.data_folder)
    expect(status == 0, 'newswire sources: exit status %s, errors %r', status, errors)
    return {row['source']: row for row in map(json.loads, output.splitlines())}


def test_files_killed(build):
    """kill -9 of fetch again and again in the middle of a file: each of its articles once, and none again after a restart."""
    with tempfile.TemporaryDirectory() as folder:
        count = 4000
        articles.write_ndjson(os.path.join(folder, 'a.ndjson'), range(count // 2))
        articles.write_ndjson(os.path.join(folder, 'b.ndjson'), range(count // 2, count))
        rows = 'pipeline: [clean, aggregate]\nbroker: {feeder_window: 16}\nsources:\n  - {kind: files, name: archive, paths: ["%s/*.ndjson"]}\n' % folder
        with Daemon(build, rows) as daemon:
            for part in range(1, 6):
                until(lambda n=part * count // 8: daemon.oseq() >= n, 'articles come')
                daemon.kill(daemon.pids('fetch'))
            stream.check(daemon.tail(count), range(count))
            row = until(lambda: next((r for r in listed(daemon).values() if r['state'] == 'ended'), None), 'the files have come to their end')
            expect(row['kind'] == 'files' and row['place'] == 'all is read' and row['taken'] == 2 and row['under_way'] == 0, 'the row: %s', row)
            expect(daemon.newswire('sources', 'pause', 'archive')[0] == 3, 'what has ended is paused')
            daemon.stop()
            articles.write_ndjson(os.path.join(folder, 'c.ndjson'), range(count, count + 10))
            daemon.start()
            stream.check(daemon.tail(count + 10), range(count + 10))
            until(lambda: listed(daemon)['archive']['taken'] == 3, 'the new file is taken')
            expect(daemon.oseq() == count + 10, '%d articles came out, expected %d', daemon.oseq(), count + 10)


def test_poll(build):
    """A folder that is looked through once a day is looked through now; a port says that there is nothing to poll; what is paused says so."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        rows = 'pipeline: [clean, aggregate]\nsources:\n  - {kind: folder, name: drop, path: "%s", settle: 0, poll: 86400000, recursive: true}\n' % folder
        rows += '  - {kind: listen, name: wires, port: %d}\n' % free.getsockname()[1]
        free.close()
        with Daemon(build, rows) as daemon:
            expect(set(listed(daemon)) == {'drop', 'wires'}, 'listed: %s', listed(daemon))
            # A folder below that inotify does not know yet: its files are found by a look only.
            os.mkdir(os.path.join(folder, 'new'))
            articles.write_ndjson(os.path.join(folder, 'new', 'a.ndjson'), range(5))
            expect(daemon.newswire('sources', 'poll', 'drop')[:2] == (0, 'poll: 1 source\n'), 'poll of a folder')
            stream.check(daemon.tail(5), range(5))
            status, output, errors = daemon.newswire('sources', 'poll', 'wires')
            expect(status == 3 and not output and 'nothing to poll' in errors, 'poll of a port: %s, %r, %r', status, output, errors)
            expect(daemon.newswire('sources', 'pause', 'drop')[0] == 0, 'pause of a folder')
            status, _, errors = daemon.newswire('sources', 'poll', 'drop')
            expect(status == 3 and 'at resume' in errors, 'poll of what is paused: %s, %r', status, errors)
            expect(listed(daemon)['drop']['state'] == 'paused', 'state: %s', listed(daemon)['drop'])


def test_files_paused(build):
    """An archive that is paused stops within what was planned, outlives a kill in its pause, and goes on without loss."""
    with tempfile.TemporaryDirectory() as folder:
        files, each = 700, 8
        for n in range(files):
            articles.write_ndjson(os.path.join(folder, '%03d.ndjson' % n), range(n * each, (n + 1) * each))
        rows = 'pipeline: [clean, aggregate]\nbroker: {feeder_window: 4, batch_records: 4}\nsources:\n  - {kind: files, name: archive, paths: ["%s"]}\n' % folder
        with Daemon(build, rows) as daemon:
            until(lambda: daemon.oseq() >= 5, 'articles come')
            expect(daemon.newswire('sources', 'pause', 'archive')[:2] == (0, 'pause: 1 source\n'), 'pause')
            state = {'oseq': 0}

            def rests():
                """Nothing under way, and nothing new since the last look."""
                was, state['oseq'] = state['oseq'], daemon.oseq()
                return listed(daemon)['archive']['under_way'] == 0 and was == state['oseq'] and listed(daemon)['archive']['state'] == 'paused'
            until(rests, 'what was planned is read')
            expect(daemon.oseq() < files * each, 'a pause that nobody saw: all came out')
            processes.kill(daemon.pids('fetch')[0], signal.SIGKILL)
            until(lambda: daemon.pids('fetch') and daemon.status()['ready'], 'fetch is back')
            expect(daemon.newswire('sources', 'resume', 'archive')[0] == 0, 'resume')
            stream.check(daemon.tail(files * each), range(files * each))
