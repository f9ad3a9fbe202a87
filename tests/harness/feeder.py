"""A feeder of numbered articles that speaks the protocol itself (stages/PROTOCOL.md), so that tests can send what a well-behaved one would not.

It runs on a thread of its own. Article n is record n + 1 of the feeder. What was not accepted is sent again after a RESET or a new connection: the
promise of (feeder, fseq) is that nothing is lost and nothing doubled by that.
"""
import json
import os
import socket
import threading
import time
import uuid

import articles
import msgpack
import zmq

VERSION = 2
HELLO, WELCOME, SUBMIT, ACCEPT, PING, RESET, BYE = 1, 2, 6, 7, 8, 9, 11
BATCH = 64


class Feeder(threading.Thread):
    def __init__(self, endpoint, name, size=1500, seed=0, make=None, urgent=None):
        super().__init__(daemon=True)
        self.endpoint, self.feeder, self.size, self.seed = endpoint, name, size, seed
        self.make = make or self.article
        self.urgent = urgent or (lambda number: False)  # whether an article is to overtake
        self.goal = 0          # articles that may be sent so far
        self.accepted = 0      # articles that are durable
        self.sent = 0          # articles sent at least once since the last WELCOME
        self.rejected = []     # [(article, sentence)]
        self.refused = None    # the broker's last word, where it will have nothing of us
        self.twice = 0         # so many articles are to be sent a second time, on purpose
        self.silent = False    # says and hears nothing, as if it had vanished
        self.changed = threading.Condition()
        self.ended = False
        self.made = {}

    # ---- for the test's thread

    def allow(self, goal):
        with self.changed:
            self.goal = max(self.goal, goal)

    def wait(self, count, seconds):
        """Waits until so many articles are accepted; False when the time is over."""
        with self.changed:
            return self.changed.wait_for(lambda: self.accepted >= count or self.refused, seconds) and not self.refused

    def close(self):
        self.ended = True
        self.join()

    # ---- on its own thread

    def article(self, number):
        raw = json.dumps(articles.item(number, self.size, self.seed), ensure_ascii=False).encode()
        return {'source': {'path': self.feeder, 'index': number, 'format': 'ninjs', 'received': int(time.time() * 1000)}, 'raw': raw}

    def packed(self, number):
        if number not in self.made:
            self.made[number] = msgpack.packb(self.make(number))
        return self.made[number]

    def send(self, kind, fields, body=b''):
        try:
            self.broker.send_multipart([msgpack.packb([VERSION, kind, self.epoch] + fields), body], zmq.NOBLOCK)
            return True
        except zmq.Again:
            return False

    def submit(self, first, count):
        records = [self.packed(n) for n in range(first, first + count)]
        urgent = [i for i in range(count) if self.urgent(first + i)]
        return self.send(SUBMIT, [self.feeder, first + 1, [len(r) for r in records], urgent], b''.join(records))

    def submit_more(self):
        with self.changed:
            end = min(self.goal, self.accepted + self.window)
        while self.sent < end:
            count = min(BATCH, end - self.sent)
            if not self.submit(self.sent, count):
                return
            if self.twice > 0:
                self.submit(self.sent, count)
                self.twice -= count
            self.sent += count

    def handle(self, header):
        version, kind, epoch, *fields = msgpack.unpackb(header)
        if kind == WELCOME:
            self.epoch = epoch
            self.window = fields[1]
            self.advance(fields[6] - 1)
            self.sent = self.accepted
        elif kind == ACCEPT and epoch == self.epoch:
            self.window = fields[2]
            self.rejected += [(fseq - 1, sentence) for fseq, sentence in (fields[3] if len(fields) > 3 else [])]
            self.advance(fields[1])
        elif kind == RESET:
            self.epoch = 0
        elif kind == BYE:
            with self.changed:
                self.refused = fields[0] or 'BYE'
                self.changed.notify_all()

    def advance(self, accepted):
        with self.changed:
            for number in range(self.accepted, accepted):
                self.made.pop(number, None)
            self.accepted = max(self.accepted, accepted)
            self.sent = max(self.sent, self.accepted)
            self.changed.notify_all()

    def run(self):
        self.epoch, self.window = 0, 0
        instance, due = str(uuid.uuid4()), 0
        self.broker = zmq.Context.instance().socket(zmq.DEALER)
        self.broker.setsockopt(zmq.IMMEDIATE, 1)
        self.broker.setsockopt(zmq.LINGER, 0)
        self.broker.setsockopt(zmq.RECONNECT_IVL, 50)
        self.broker.connect(self.endpoint)
        while not self.ended and not self.refused:
            ready = self.broker.poll(20)
            if self.silent:
                continue
            while ready:
                self.handle(self.broker.recv_multipart()[0])
                ready = self.broker.poll(0)
            if time.monotonic() >= due:
                if self.epoch:
                    self.send(PING, [])
                else:
                    self.send(HELLO, ['feeder', self.feeder, instance, 'test', os.getpid(), socket.gethostname(), 0, None])
                due = time.monotonic() + 0.5
            if self.epoch:
                self.submit_more()
        self.broker.close()
