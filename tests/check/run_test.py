#!/usr/bin/python3
"""Tests the counting of tests/run.py: a test program that dies, breaks its plan, or runs nothing must not pass.

    tests/check/run_test.py        results as TAP
"""
import importlib.util
import os
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
from tap import Tap  # noqa: E402

# What the program printed, its exit status, and what must be counted: passed, failed, skipped.
CASES = [
    ('all pass', 'ok 1 - a\nok 2 - b\n1..2\n', 0, (2, 0, 0)),
    ('one fails', 'ok 1 - a\nnot ok 2 - b\n# why\n1..2\n', 1, (1, 1, 0)),
    ('one is skipped', 'ok 1 - a\nok 2 - b # SKIP no root\n1..2\n', 0, (1, 0, 1)),
    ('noise between', 'hello\nok 1 - a\n# note\nok is not ok\n1..1\n', 0, (1, 0, 0)),
    ('nothing ran', '1..0\n', 0, (0, 1, 0)),
    ('nothing at all', '', 0, (0, 1, 0)),
    ('died before the plan', 'ok 1 - a\n', 0, (1, 1, 0)),
    ('killed after the plan', 'ok 1 - a\n1..1\n', -9, (1, 1, 0)),
    ('no end', 'ok 1 - a\n', None, (1, 1, 0)),
    ('a failure, but exit status 0', 'not ok 1 - a\n1..1\n', 0, (0, 2, 0)),
    ('all pass, but exit status 1', 'ok 1 - a\n1..1\n', 1, (1, 1, 0)),
    ('fewer than planned', 'ok 1 - a\n1..2\n', 0, (1, 1, 0)),
    ('more than planned', 'ok 1 - a\nok 2 - b\n1..1\n', 0, (2, 1, 0)),
]


def main():
    spec = importlib.util.spec_from_file_location('tests_run', os.path.join(ROOT, 'tests', 'run.py'))
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    tap = Tap()
    for name, output, status, expected in CASES:
        results = runner.read_tap('x', status, output)
        got = tuple(sum(r.outcome == outcome for r in results) for outcome in ('passed', 'failed', 'skipped'))
        if got == expected:
            tap.passed(name)
        else:
            tap.fail(name, 'expected %s, got %s' % (expected, got))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
