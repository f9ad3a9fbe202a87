"""Machines for tests: network namespaces, each with one address, on a switch that is inside the first. Root only; nothing reaches the real network.

    with Machines(3) as machines:
        machines.command(1)       words to put before a command line
        machines.address(0)       '10.77.0.1'
        machines.cut(1), machines.heal(1)
"""
import os
import subprocess
import uuid

from tap import Skip


def ip(*words):
    return subprocess.run(['ip', *words], capture_output=True, text=True, check=False)


class Machines:
    def __init__(self, count):
        if os.geteuid() != 0:
            raise Skip('network namespaces need root')
        mark = uuid.uuid4().hex[:6]
        self.names = ['nw%s-%d' % (mark, i) for i in range(count)]

    def __enter__(self):
        try:
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in self.names:
            ip('netns', 'del', name)

    def must(self, *words):
        done = ip(*words)
        if done.returncode:
            raise Skip('ip %s: %s' % (' '.join(words), done.stderr.strip()))

    def make(self):
        hub = self.names[0]
        for i, name in enumerate(self.names):
            self.must('netns', 'add', name)
            self.must('-n', name, 'link', 'set', 'lo', 'up')
            if i == 0:
                self.must('-n', hub, 'link', 'add', 'switch', 'type', 'bridge')
                self.must('-n', hub, 'addr', 'add', self.address(0) + '/24', 'dev', 'switch')
                self.must('-n', hub, 'link', 'set', 'switch', 'up')
            else:
                self.must('-n', hub, 'link', 'add', 'port%d' % i, 'type', 'veth', 'peer', 'name', 'wire', 'netns', name)
                self.must('-n', hub, 'link', 'set', 'port%d' % i, 'master', 'switch', 'up')
                self.must('-n', name, 'addr', 'add', self.address(i) + '/24', 'dev', 'wire')
                self.must('-n', name, 'link', 'set', 'wire', 'up')

    def address(self, i):
        return '10.77.0.%d' % (i + 1)

    def command(self, i):
        return ['ip', 'netns', 'exec', self.names[i]]

    def cut(self, i):
        """Pulls the cable of machine i (not 0): no packet passes, nobody is told."""
        self.must('-n', self.names[0], 'link', 'set', 'port%d' % i, 'nomaster')

    def heal(self, i):
        self.must('-n', self.names[0], 'link', 'set', 'port%d' % i, 'master', 'switch')
