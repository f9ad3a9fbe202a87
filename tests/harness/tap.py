"""Results as TAP (Test Anything Protocol), the one form in which all test programs of this folder that are not C report.

A result is one line, written when it is known; why a test failed stands behind it in lines that start with '# '. The plan comes last, so a
program that dies midway is seen to have died.
"""
import sys


class Skip(Exception):
    """Raised by a test whose means are missing on this machine; says which."""


class Tap:
    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.count, self.failed = 0, 0

    def line(self, text):
        self.out.write(text + '\n')
        self.out.flush()

    def passed(self, name):
        self.count += 1
        self.line('ok %d - %s' % (self.count, name))

    def skipped(self, name, why):
        self.count += 1
        self.line('ok %d - %s # SKIP %s' % (self.count, name, why))

    def fail(self, name, why):
        self.count += 1
        self.failed += 1
        self.line('not ok %d - %s' % (self.count, name))
        for line in str(why).rstrip('\n').split('\n'):
            self.line('# ' + line)

    def done(self):
        """Writes the plan; returns the exit status: 0, or 1 where a test failed or none ran."""
        self.line('1..%d' % self.count)
        return 1 if self.failed or not self.count else 0
