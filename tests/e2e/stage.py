#!/usr/bin/python3
"""A whole stage in Python: finds nationalities in an article and writes them to annotations.nationalities.

It joins the pipeline through the configuration alone, between tag and aggregate:

    pipeline: [clean, tag, nationality, aggregate]
    stages:
      nationality:
        command: [python3, tests/e2e/stage.py]

stages/PROTOCOL.md explains each message. To write a stage of your own, change NAME, DESCRIPTION and process; the rest is
what every stage does. Needs python3-zmq and python3-msgpack.
"""
import argparse
import json
import os
import re
import signal
import socket
import stat
import sys
import time
import uuid

import msgpack
import zmq

NAME = 'nationality'
DESCRIPTION = {
    'name': NAME,
    'version': '1',
    'doc': 'Finds the nationalities that an article speaks of.',
    'needs': ['bodies'],
    'sets': ['annotations'],
    'config': [{'key': 'most', 'kind': 'int', 'least': 1, 'most': 100, 'preset': '10', 'unit': '',
                'doc': 'nationalities kept of one article, the most frequent first'}],
}

COUNTRIES = {
    'American': 'US', 'Australian': 'AU', 'Belarusian': 'BY', 'Brazilian': 'BR', 'British': 'GB', 'Canadian': 'CA',
    'Chinese': 'CN', 'Danish': 'DK', 'Dutch': 'NL', 'Estonian': 'EE', 'Finnish': 'FI', 'French': 'FR', 'Georgian': 'GE',
    'German': 'DE', 'Greek': 'GR', 'Hungarian': 'HU', 'Indian': 'IN', 'Irish': 'IE', 'Italian': 'IT', 'Japanese': 'JP',
    'Latvian': 'LV', 'Lithuanian': 'LT', 'Mexican': 'MX', 'Norwegian': 'NO', 'Polish': 'PL', 'Portuguese': 'PT',
    'Russian': 'RU', 'Spanish': 'ES', 'Swedish': 'SE', 'Swiss': 'CH', 'Turkish': 'TR', 'Ukrainian': 'UA',
}
WORD = re.compile(r'\b(%s)s?\b' % '|'.join(COUNTRIES))


def process(record, config):
    """Takes one record (a dict) and returns the records that come of it: usually itself, changed."""
    counts = {}
    for body in record.get('bodies', []):
        for word in WORD.findall(body['value']):
            counts[word] = counts.get(word, 0) + 1
    if counts:
        best = sorted(counts, key=lambda word: (-counts[word], word))[:config.get('most', 10)]
        record.setdefault('annotations', {})['nationalities'] = [
            {'name': word, 'country': COUNTRIES[word], 'count': counts[word]} for word in best]
    record.setdefault('pipeline', {}).setdefault('stages', []).append({'name': NAME, 'version': DESCRIPTION['version']})
    return [record]


# ---- what every stage does

VERSION = 2
HELLO, WELCOME, CREDIT, WORK, DONE, PING, RESET, DRAIN, BYE = 1, 2, 3, 4, 5, 8, 9, 10, 11
OUTPUTS, DROPPED, FAILED = 0, 1, 2
WINDOW = 4  # batches that may wait for us


class Lifeline:
    """File descriptor 3: lines to the supervisor and from it. Without a supervisor there is none."""

    def __init__(self):
        self.socket = None
        self.heard = b''
        try:
            if stat.S_ISSOCK(os.fstat(3).st_mode):
                self.socket = socket.socket(fileno=3)
                self.socket.setblocking(False)
        except OSError:
            pass

    def say(self, line):
        if self.socket:
            try:
                self.socket.sendall(line.encode() + b'\n')
            except OSError:
                pass  # it will be said again, or the end of the line is noticed by lines()

    def lines(self):
        """The lines that have come; None in the place of one is the end: the supervisor is gone."""
        try:
            data = self.socket.recv(4096)
        except BlockingIOError:
            return []
        except OSError:
            data = b''
        *lines, self.heard = (self.heard + data).split(b'\n')
        if not data:
            self.socket.close()
            self.socket = None
            lines.append(None)
        return lines


class Worker:
    def __init__(self, endpoint, broker_key=None, key=None):
        self.broker = zmq.Context().socket(zmq.DEALER)
        self.broker.setsockopt(zmq.IMMEDIATE, 1)  # nothing is queued for a broker that is not there
        self.broker.setsockopt(zmq.LINGER, 2000)
        if key:  # files of one line each: the broker's public key and our secret one
            with open(broker_key, encoding='ascii') as public, open(key, encoding='ascii') as secret:
                server, own = public.read().strip().encode(), secret.read().strip().encode()
            self.broker.curve_serverkey, self.broker.curve_secretkey, self.broker.curve_publickey = server, own, zmq.curve_public(own)
        self.broker.connect(endpoint)
        self.lifeline = Lifeline()
        self.instance = str(uuid.uuid4())
        self.epoch = 0  # 0: the broker does not know us
        self.ready = False
        self.heartbeat = 0.5
        self.config = {}
        self.records = 0
        self.draining = False

    def send(self, kind, fields, body=b''):
        try:
            self.broker.send_multipart([msgpack.packb([VERSION, kind, self.epoch] + fields), body], zmq.NOBLOCK)
        except zmq.Again:
            pass  # nobody takes it: HELLO and CREDIT are repeated, and a lease without DONE goes to another worker

    def hello(self):
        self.epoch = 0
        self.send(HELLO, ['worker', NAME, self.instance, DESCRIPTION['version'], os.getpid(), socket.gethostname(), 0, None])

    def credit(self):
        self.send(CREDIT, [0 if self.draining else WINDOW, 0])

    def work(self, lease, entries, body):
        start, at, results, outputs = time.monotonic(), 0, [], []
        for _jseq, _sub, size, *_later in entries:
            try:
                record = msgpack.unpackb(body[at:at + size])
                packed = [msgpack.packb(out) for out in process(record, self.config)]
                outputs += packed
                results.append([OUTPUTS, [len(p) for p in packed]] if packed else [DROPPED, 'nothing emitted'])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                results.append([FAILED, 'not understood: %r' % error])
            at += size
        self.records += len(entries)
        self.send(DONE, [lease, int((time.monotonic() - start) * 1e6), results], b''.join(outputs))

    def handle(self, header, body):
        """One message of the broker's; False when we are to go."""
        version, kind, epoch, *fields = msgpack.unpackb(header)
        if version != VERSION:
            sys.exit('%s: the broker speaks version %r of the protocol, not %d' % (NAME, version, VERSION))
        if kind == WELCOME:
            self.epoch, self.heartbeat = epoch, fields[3] / 1000
            self.config = json.loads(fields[0] or '{}')
            self.credit()
            if not self.ready:
                self.ready = True
                self.lifeline.say('ready')
        elif kind == WORK and epoch == self.epoch:
            self.work(fields[0], fields[2], body)
        elif kind == RESET:
            if self.draining:
                return False
            self.hello()
        elif kind == DRAIN:
            self.drain()
        elif kind == BYE:
            if not self.draining:
                sys.exit('%s: the broker refuses this worker: %s' % (NAME, fields[0]))
            return False
        return True

    def drain(self, *_signal):
        self.draining = True

    def report(self):
        self.lifeline.say('metrics ' + json.dumps({'records': self.records}))

    def run(self):
        signal.signal(signal.SIGTERM, self.drain)
        due = 0
        while True:
            if time.monotonic() >= due:  # the heartbeat, both ways
                self.credit() if self.epoch else self.hello()
                self.report()
                due = time.monotonic() + min(self.heartbeat, 1)
            sockets = [self.broker] + ([self.lifeline.socket] if self.lifeline.socket else [])
            readable = zmq.select(sockets, [], [], max(0, due - time.monotonic()))[0]
            if self.lifeline.socket in readable:
                for line in self.lifeline.lines():
                    if line == b'report':
                        self.report()
                    elif line is None:
                        self.drain()
            if self.draining:
                break
            if self.broker in readable and not self.handle(*self.broker.recv_multipart()):
                return
        # Leases that were on their way are still ours: finish them until the broker says BYE, but not for ever.
        self.credit()
        end = time.monotonic() + 8
        while self.epoch and time.monotonic() < end and self.broker.poll(2000):
            if not self.handle(*self.broker.recv_multipart()):
                return
        self.send(BYE, ['drained'])


def main():
    parser = argparse.ArgumentParser(description=DESCRIPTION['doc'])
    parser.add_argument('--broker', metavar='ENDPOINT')
    parser.add_argument('--broker-key', metavar='FILE')
    parser.add_argument('--key', metavar='FILE')
    parser.add_argument('--describe', action='store_true')
    args = parser.parse_args()
    if args.describe:
        print(json.dumps(DESCRIPTION))
    elif args.broker:
        Worker(args.broker, args.broker_key, args.key).run()
    else:
        parser.error('give --broker ENDPOINT or --describe')


if __name__ == '__main__':
    main()
