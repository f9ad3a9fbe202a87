"""A TCP port that is sent items: what was answered by OK comes out, whatever is killed; what is no item is answered by a sentence."""
import json
import re
import signal
import socket
import time

import articles
import processes
from daemon import Daemon, expect, until

SETTINGS = 'pipeline: [clean, aggregate]\nsources:\n'
ROW = '  - {kind: listen, name: %s, port: %d, framing: %s, answers: true, max_item: 20000, connections: 4}\n'
PATIENCE = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def connect(port):
    """The daemon says that it is ready before fetch has bound its port."""
    def attempt():
        try:
            return socket.create_connection(('127.0.0.1', port), PATIENCE)
        except ConnectionRefusedError:
            return None
    return until(attempt, 'the port is open')


class Sender:
    """A well-behaved sender: it keeps an item until its answer has come, and sends it again over a new connection."""

    def __init__(self, port, items):
        self.port, self.left, self.again = port, list(items), set()

    def turn(self, count):
        """Sends so many and reads their answers; what was not answered stays. False where the connection was lost."""
        batch, answered = self.left[:count], 0
        try:
            with connect(self.port) as line:
                line.sendall(b''.join(json.dumps(articles.item(n, 300), ensure_ascii=False).encode() + b'\n' for n in batch))
                with line.makefile('rb') as answers:
                    for text in answers:
                        answered += 1
                        expect(text == b'OK %d\n' % answered, 'answer %d: %r', answered, text)
                        if answered == len(batch):
                            break
        except ConnectionError:
            pass
        self.left = self.left[answered:]
        self.again.update(batch[answered:])
        return answered == len(batch)


def test_what_was_answered_comes_out(build):
    """kill -9 of fetch among items: what was answered by OK comes out once; only what was not answered may come twice, since it is sent again."""
    port, count = free_port(), 600
    with Daemon(build, SETTINGS + ROW % ('line', port, 'ndjson') + ROW % ('beside', free_port(), 'lines')) as daemon:
        sender, lost = Sender(port, range(count)), 0
        while sender.left:
            before = daemon.pids('fetch')
            if lost < 5 and before and len(sender.left) < count - 50 * lost:
                with connect(port) as line:  # some are under way when it is killed, and nobody reads their answers
                    batch = sender.left[:20]
                    line.sendall(b''.join(json.dumps(articles.item(n, 300), ensure_ascii=False).encode() + b'\n' for n in batch))
                    sender.again.update(batch)
                    daemon.kill(before)
                    lost += 1
            sender.turn(40)
        expect(lost == 5, 'fetch was killed %d times', lost)
        until(lambda: daemon.metrics('broker').get('in_flight') == 0 and daemon.oseq() >= count, 'all have come out')
        got = [articles.number_of(o) for o in daemon.tail(daemon.oseq())]
        expect(set(got) == set(range(count)), 'missing: %s', sorted(set(range(count)) - set(got))[:10])
        twice = {n for n in got if got.count(n) > 1}
        expect(twice <= sender.again, 'came twice though they were sent once: %s', sorted(twice - sender.again)[:10])


WIRE = '\x16\x16\x01ABC123 4 pol 50 Harbour\r\n\x02Cranes %d stand idle\r\nRIGA, Jan 14 (Meridian) - The cranes stood idle on Wednesday, the port said, while ships waited outside.\r\n\x03\x04'


def test_framings(build):
    """Lines and wire blocks, in pieces of any size, two connections at once; half an item at the end is refused."""
    lines, wires = free_port(), free_port()
    with Daemon(build, SETTINGS + ROW % ('lines', lines, 'lines') + ROW % ('wires', wires, 'wire')) as daemon:
        with connect(lines) as a, connect(wires) as b:
            text = 'Ferries %d sail again from the northern harbour after the storm\r\n'
            for i in range(20):
                a.sendall((text % i).encode()[:30])
                b.sendall((WIRE % i).encode()[:40])
                a.sendall((text % i).encode()[30:])
                b.sendall((WIRE % i).encode()[40:])
            a.sendall(b'half a li')
            a.shutdown(socket.SHUT_WR)
            with a.makefile() as first, b.makefile() as second:
                expect(first.read() == ''.join('OK %d\n' % n for n in range(1, 21)), 'the answers to lines')
                expect([second.readline() for _ in range(20)] == ['OK %d\n' % n for n in range(1, 21)], 'the answers to blocks')
        until(lambda: 'ended inside item 21, 9 bytes behind its beginning' in log(daemon), 'half a line is told')
        until(lambda: daemon.oseq() >= 40, 'all have come out')
        got = json.dumps(daemon.tail(40))
        for i in range(20):
            expect('Ferries %d sail' % i in got and 'Cranes %d stand' % i in got, 'item %d is missing', i)


def log(daemon):
    with open(daemon.log, encoding='utf-8', errors='replace') as file:
        return file.read()


def test_hostile_senders(build):
    """An endless line, NULs, no JSON, too many connections, a crowd that says nothing: a sentence each, and others are served meanwhile."""
    port = free_port()
    with Daemon(build, SETTINGS + ROW % ('line', port, 'ndjson')) as daemon:
        with connect(port) as bad, bad.makefile('rb') as answers:
            bad.sendall(b'no json\n\0\0{\0\n' + b'x' * 3000000)
            expect(answers.readline() == b'NO 1 expected a JSON object in one line, found no json\n', 'the answer to no JSON')
            expect(answers.readline().startswith(b'NO 2 expected a JSON object'), 'the answer to NULs')
            expect(answers.readline().startswith(b'NO 3 longer than the 20000 bytes'), 'the answer to an endless line')
            crowd = [socket.create_connection(('127.0.0.1', port), PATIENCE) for _ in range(60)]
            sent_away = sum(is_closed(line) for line in crowd)
            expect(sent_away == 57, '%d of 60 were sent away; 3 of 4 places were free', sent_away)
            for line in crowd:
                line.close()
            # The endless line may still end, and what is behind it is served.
            bad.sendall(b'\n' + json.dumps(articles.item(7, 300)).encode() + b'\n')
            expect(answers.readline() == b'OK 4\n', 'the answer to a good item behind all that')
        until(lambda: daemon.oseq() >= 1, 'it comes out')
        expect([articles.number_of(o) for o in daemon.tail(1)] == [7], 'what came out')
        text = log(daemon)
        for sentence in ('found no json', 'item 2 is refused', 'item 3 is refused', 'sent away: there are 4 connections'):
            expect(text.count(sentence) == 1, '%r is %d times in the log', sentence, text.count(sentence))


def is_closed(line):
    """Whether the other side closes it; those that are kept are found by a blank line that gets no answer, behind one that gets one."""
    try:
        line.sendall(b'?\n')
        return not line.recv(100)
    except ConnectionError:
        return True


def test_reading_stops_while_the_broker_withholds(build):
    """While the broker is stopped nothing is read without bound: the sender's bytes wait in its kernel, and none is lost."""
    port = free_port()
    with Daemon(build, SETTINGS + ROW % ('line', port, 'ndjson')) as daemon, connect(port) as line, line.makefile('rb') as answers:
        line.sendall(json.dumps(articles.item(0, 300)).encode() + b'\n')
        expect(answers.readline() == b'OK 1\n', 'the first answer')
        broker = daemon.pids('broker')[0]
        processes.kill(broker, signal.SIGSTOP)
        try:
            line.setblocking(False)
            sent, items, rest = 0, 0, b''
            deadline = time.monotonic() + 4
            while time.monotonic() < deadline:
                if not rest:
                    items += 1
                    rest = json.dumps(articles.item(items, 15000), ensure_ascii=False).encode() + b'\n'
                try:
                    n = line.send(rest)
                    sent, rest = sent + n, rest[n:]
                    deadline = time.monotonic() + 2
                    expect(sent < 1 << 28, 'fetch has read %d bytes though the broker takes none', sent)
                except BlockingIOError:
                    pass
        finally:
            processes.kill(broker, signal.SIGCONT)
        line.setblocking(True)
        line.sendall(rest)
        line.shutdown(socket.SHUT_WR)
        expect([int(re.fullmatch(rb'OK (\d+)\n', a).group(1)) for a in answers] == list(range(2, items + 2)), 'each is answered')
        until(lambda: daemon.oseq() >= items + 1, 'all come out')
        expect(sorted(articles.number_of(o) for o in daemon.tail(items + 1)) == list(range(items + 1)), 'each once')


def test_quiet_alarm(build):
    """A source that falls silent against its own rhythm: an alarm in status and its --json, and in sources; it ends with the next item."""
    port = free_port()
    clock = '4000@%d' % (time.time() * 1000)  # half an hour in half a second
    with Daemon(build, SETTINGS + ROW % ('line', port, 'ndjson'), preload={'NEWSWIRE_TEST_CLOCK': clock}) as daemon, connect(port) as line, line.makefile('rb') as answers:
        def send(n):
            line.sendall(json.dumps(articles.item(n, 300)).encode() + b'\n')
            expect(answers.readline().startswith(b'OK'), 'the answer')
        for n in range(12):
            send(n)
        alarms = until(lambda: daemon.metrics('fetch').get('alarms'), 'an alarm is raised')
        expect(alarms[0]['name'] == 'line' and 'nothing new since' in alarms[0]['why'], 'the alarms: %s', alarms)
        status, output, _ = daemon.newswire('status')
        expect(status == 0 and 'Alarm: line: nothing new since' in output, 'status: %r', output)
        row = json.loads(daemon.newswire('sources', '--json')[1])
        expect((row['kind'], row['state'], row['items']) == ('listen', 'quiet', 12), 'sources: %s', row)
        # It ends with the next item; while the test looks, hours pass, and it may be raised again.
        send(12)
        until(lambda: 'source line is not quiet any more' in log(daemon), 'the alarm ends')


def test_pause_and_resume(build):
    """A source that is paused takes nothing new, across a kill of fetch too; what was sent meanwhile comes when it goes on."""
    port = free_port()
    with Daemon(build, SETTINGS + ROW % ('line', port, 'ndjson')) as daemon:
        def state():
            return json.loads(daemon.newswire('sources', '--json')[1])['state']

        def send(line, n):
            line.sendall(json.dumps(articles.item(n, 300)).encode() + b'\n')
        with connect(port) as line, line.makefile('rb') as answers:
            send(line, 0)
            expect(answers.readline() == b'OK 1\n', 'the answer')
        until(lambda: daemon.oseq() >= 1, 'the first item comes out')
        status, output, _ = daemon.newswire('sources', 'pause', 'line')
        expect((status, output) == (0, 'pause: 1 source\n'), 'pause: %r', output)
        until(lambda: 'source line pauses' in log(daemon), 'fetch notices')
        expect(state() == 'paused', 'the state: %s', state())
        processes.kill(daemon.pids('fetch')[0])
        until(lambda: log(daemon).count('source line pauses') == 2, 'the next fetch pauses too')
        with socket.create_connection(('127.0.0.1', port), PATIENCE) as line, line.makefile('rb') as answers:
            send(line, 1)
            expect(daemon.newswire('sources', 'resume', 'line')[0] == 0, 'resume')
            expect(answers.readline() == b'OK 1\n', 'the answer')
        expect('source line goes on' in log(daemon), 'it goes on before it takes anything')
        until(lambda: daemon.oseq() >= 2, 'the second item comes out')
        expect([articles.number_of(o) for o in daemon.tail(2)] == [0, 1], 'each once')
        status, _, complaint = daemon.newswire('sources', 'pause', 'nobody')
        expect(status == 3 and 'no source this name' in complaint, 'a name that is not there: %r', complaint)
