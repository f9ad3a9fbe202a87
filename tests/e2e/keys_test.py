"""Other machines with keys: who has one works, feeds and reads over tcp; who has none gets a sentence, and never a record."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid

import articles
import ledger
import msgpack
import processes
import stream
import zmq
from daemon import PATIENCE, ROOT, Background, Daemon, expect, until
from machines import Machines

RATE = 300  # articles a second
COUNT = 24 * RATE  # so that feeding goes on for 24 s, and a cable that is pulled near its begin is out for over 20 s
AFTER = 1000

# The daemon's own workers of tag can be stopped for good: nobody takes them for hung.
SETTINGS = ('broker:\n  listen: [tcp://%(host)s:7001]\npublish:\n  live: tcp://%(host)s:7002\n  past: tcp://%(host)s:7003\n'
            'stages:\n  clean:\n    workers: 1\n    stall_ms: 0\n  tag:\n    workers: 1\n    stall_ms: 0\n')


class Keys:
    """Key pairs beside a daemon's folders, and its own public key."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.broker = os.path.join(daemon.data_folder, 'broker.pub')

    def make(self, name, known=True):
        """Makes NAME.key; where it is to be known, its public half goes to the broker. The options of a program that uses it."""
        path = os.path.join(self.daemon.folder, name)
        status, output, errors = self.daemon.newswire('keygen', '--out', path)
        expect(status == 0 and 'authorized/' in output, 'newswire keygen: exit status %s, output %r, errors %r', status, output, errors)
        if known:
            shutil.copy(path + '.pub', os.path.join(self.daemon.data_folder, 'authorized'))
        return ['--broker-key', self.broker, '--key', path + '.key']


def log_of(daemon):
    with open(daemon.log, encoding='utf-8', errors='replace') as file:
        return file.read()


def refused(daemon, words, argv, machine=()):
    """Runs a program that must end with exit status 2 and a sentence that holds these words."""
    done = subprocess.run([*machine, *argv], cwd=daemon.folder, env=daemon.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False)
    expect(done.returncode == 2 and words in done.stderr and not done.stdout, '%s: exit status %s, output %r, errors %r; expected 2 and "%s"', ' '.join(argv), done.returncode,
           done.stdout[-500:], done.stderr[-2000:], words)


def stop_workers(daemon, stage, but=()):
    """SIGSTOP to the workers of a stage but for some, which are left to do the work; the process ids of the stopped."""
    stopped = [pid for pid in daemon.pids(stage) if pid not in but]
    for pid in stopped:
        processes.kill(pid, signal.SIGSTOP)
    return stopped


def test_three_machines(build):
    """Broker here, two tag workers on other machines, all with keys; one is cut off for over 20 s under load and healed: nothing lost; strangers get nothing."""
    with Machines(3) as machines:
        host = machines.address(0)
        endpoint = 'tcp://%s:7001' % host
        with Daemon(build, SETTINGS % {'host': host}, machine=machines.command(0)) as daemon:
            keys, tag, newswire = Keys(daemon), daemon.program('newswired-tag'), daemon.program('newswire')
            far = [daemon.spawn('tag', '--broker', endpoint, *keys.make('tagger-%d' % i), machine=machines.command(i)) for i in (1, 2)]
            until(lambda: daemon.workers('tag') == 3, 'both workers on other machines are known')
            expect('with the key tagger-1' in log_of(daemon) and 'with the key tagger-2' in log_of(daemon), 'the log does not name the keys')
            stranger = keys.make('stranger', known=False)
            refused(daemon, 'does not know this key', [tag, '--broker', endpoint, *stranger], machines.command(1))
            refused(daemon, 'asks for keys', [tag, '--broker', endpoint], machines.command(1))
            path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(COUNT))
            refused(daemon, 'does not know this key', [newswire, 'feed', '--broker', endpoint, *stranger, path], machines.command(2))
            stopped = stop_workers(daemon, 'tag', but=[worker.pid for worker in far])

            feeder = keys.make('feeder')
            feeding = Background(machines.command(2) + [newswire, 'feed', '--rate', '%d/s' % RATE, '--broker', endpoint, *feeder, path], daemon.folder, daemon.env)
            until(lambda: daemon.oseq() > COUNT // 50, 'the first articles come out')
            machines.cut(1)
            feeding.finish()
            stream.check(daemon.tail(COUNT), range(COUNT))
            machines.heal(1)
            # Only the worker that was cut off is left to tag: it must have come back by itself.
            far[1].kill()
            far[1].wait()
            path = articles.write_ndjson(os.path.join(daemon.folder, 'b.ndjson'), range(COUNT, COUNT + AFTER))
            daemon.feed([path])
            stream.check(daemon.tail(COUNT + AFTER), range(COUNT + AFTER))

            # The output is read on another machine too, with a key.
            reader = ['--live', 'tcp://%s:7002' % host, '--past', 'tcp://%s:7003' % host]
            tail = [newswire, 'tail', '--from', 'start', '-n', str(COUNT), '--format', 'json', *reader]
            reading = Background(machines.command(2) + [*tail, *keys.make('reader')], daemon.folder, daemon.env)
            stream.check([json.loads(line) for line in reading.finish().split('\n')[:-1]], range(COUNT))
            refused(daemon, 'does not know this key', [*tail, *stranger], machines.command(2))
            refused(daemon, 'asks for keys', tail, machines.command(2))

            expect('with the key stranger' not in log_of(daemon), 'a stranger was let in')
            for pid in stopped:
                processes.kill(pid, signal.SIGCONT)
            ledger.settle(daemon, COUNT + AFTER)


def test_workers_only(build):
    """A newswired that holds only workers joins a broker on another machine, whose configuration they get; they do all the work."""
    with Machines(2) as machines:
        host = machines.address(0)
        join = 'join: tcp://%s:7001\njoin_key: %%s\nkey: %%s\npipeline: [clean, tag]\nstages:\n  clean:\n    workers: 2\n' % host
        with Daemon(build, SETTINGS % {'host': host}, machine=machines.command(0)) as daemon:
            options = Keys(daemon).make('machine-1')
            with Daemon(build, join % (options[1], options[3]), machine=machines.command(1)) as workers:
                until(lambda: daemon.workers('clean') == 3 and daemon.workers('tag') == 2, 'the workers of the other machine are known')
                expect(not workers.pids('aggregate') and not workers.pids('broker') and not workers.pids('fetch'), 'more than workers runs on the other machine')
                stopped = stop_workers(daemon, 'clean') + stop_workers(daemon, 'tag')
                path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(AFTER))
                daemon.feed([path])
                stream.check(daemon.tail(AFTER), range(AFTER))
                for pid in stopped:
                    processes.kill(pid, signal.SIGCONT)
                expect(workers.stop() == 0, 'the newswired with the workers ended with status %s', workers.supervisor.returncode)
            ledger.settle(daemon, AFTER)


def test_python_stage_elsewhere(build):
    """A stage in Python works for a broker over tcp with keys, as the protocol page says."""
    stage = os.path.join(ROOT, 'tests', 'e2e', 'stage.py')
    settings = ('broker:\n  listen: [tcp://127.0.0.1:%d]\npipeline: [clean, nationality, aggregate]\n'
                'stages:\n  nationality:\n    command: [%s, %s]\n    stall_ms: 0\n')
    with socket.socket() as chosen:  # a port that is free now
        chosen.bind(('127.0.0.1', 0))
        port = chosen.getsockname()[1]
    with Daemon(build, settings % (port, sys.executable, stage)) as daemon:
        local = until(lambda: daemon.scripts('stage.py'), 'the stage runs')
        options = Keys(daemon).make('python')
        with open(daemon.log, 'ab') as log:
            subprocess.Popen([sys.executable, stage, '--broker', 'tcp://127.0.0.1:%d' % port, *options], cwd=daemon.folder, env=daemon.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: daemon.workers('nationality') == 2, 'the stage is known over tcp')
        for pid in local:
            processes.kill(pid, signal.SIGSTOP)
        path = articles.write_ndjson(os.path.join(daemon.folder, 'a.ndjson'), range(10))
        daemon.feed([path])
        stream.check(daemon.tail(10), range(10))
        for pid in local:
            processes.kill(pid, signal.SIGCONT)


def test_join_without_keys(build):
    """A newswired whose file names keys that are not there says so and ends with exit status 2."""
    with Daemon(build) as daemon:
        folder = os.path.join(daemon.folder, 'other')
        os.mkdir(folder)
        config = os.path.join(folder, 'newswired.yaml')
        with open(config, 'w', encoding='utf-8') as file:
            file.write('run_dir: %s/run\ndata_dir: %s/data\njoin: tcp://127.0.0.1:9\njoin_key: absent.pub\nkey: absent.key\npipeline: [tag]\n' % (folder, folder))
        refused(daemon, 'join_key absent.pub can\'t be read', [daemon.program('newswired'), '--config', config])


def test_other_record(build):
    """A worker that was built for another major version of the record is refused with a sentence; one that does not say is let in."""
    with Daemon(build) as daemon, zmq.Context() as context:
        def hello(schema):
            with context.socket(zmq.DEALER) as broker:
                broker.linger = 0
                broker.connect(daemon.endpoint())
                broker.send_multipart([msgpack.packb([2, 1, 0, 'worker', 'tag', str(uuid.uuid4()), 'test', os.getpid(), 'here', schema, None]), b''])
                expect(broker.poll(PATIENCE * 1000), 'the broker gave no answer')
                return msgpack.unpackb(broker.recv_multipart()[0])
        answer = hello(255 << 56 | 1)
        expect(answer[1] == 11 and 'was built for version 255 of the record, this broker for version' in answer[3], 'the answer is %s', answer)
        expect(hello(0)[1] == 2, 'a worker without a schema was not let in')
        expect(hello(1 << 56 | 77)[1] == 2, 'a worker of another hash was not let in')
