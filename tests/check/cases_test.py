#!/usr/bin/python3
"""Tests the runner of tests/cases: it must tell what is expected from what is not, and refuse a case that could not fail.

    tests/check/cases_test.py        results as TAP
"""
import os
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'harness'), os.path.join(ROOT, 'tests', 'cases')]
import run as cases  # noqa: E402
from tap import Tap  # noqa: E402

SAME = [
    ({'a': 1}, {'a': 1, 'b': 2}),
    ({'a': {'b': 'x'}}, {'a': {'b': 'x', 'c': 3}}),
    ({'a': None}, {'b': 1}),
    ({'a': [{'x': 1}, {'x': 2}]}, {'a': [{'x': 1, 'y': 0}, {'x': 2}]}),
    ({'a': [{'x': 1}, {'x': 3}, '…']}, {'a': [{'x': 1}, {'x': 2}, {'x': 3}, {'x': 4}]}),
    ({'a': 1}, {'a': 1.0}),
]
OTHER = [
    ({'a': 1}, {'a': 2}),
    ({'a': 1}, {'a': '1'}),
    ({'a': True}, {'a': 1}),
    ({'a': 1}, {}),
    ({'a': None}, {'a': 1}),
    ({'a': [1, 2]}, {'a': [1, 2, 3]}),
    ({'a': [1, 2]}, {'a': [2, 1]}),
    ({'a': [3, 1, '…']}, {'a': [1, 2, 3]}),
    ({'a': []}, {'a': [1]}),
    ({'a': {'b': 1}}, {'a': 1}),
    ({'a': [1]}, {'a': {'0': 1}}),
]
GOOD = 'Shows a thing.\n\n== run\nnewswire pipe a.txt\n== file a.txt\nText.\n== output\n{"a": 1}\n== errors\na.txt: why\n== exit 3\n'
BAD_FILES = ['Title.\n== run\nnewswire pipe\n', '== run\nnewswire pipe\n', 'Title.\n== file a\nx\n', 'Title.\n== run\nrm x\n', 'Title.\n== run\nnewswire pipe\n== outptu\n{}\n',
             'Title.\n== run\nnewswire pipe\n== file a times\nx\n', 'Title.\n== run\nnewswire pipe\n== output\n{"a": \n']


def read(text):
    with tempfile.NamedTemporaryFile('w', suffix='.case', encoding='utf-8') as file:
        file.write(text)
        file.flush()
        return cases.Case(file.name)


def refused(text):
    try:
        read(text)
    except cases.BadCase:
        return True
    return False


def main():
    tap = Tap()

    def expect(good, name):
        if good:
            tap.passed(name)
        else:
            tap.fail(name, 'did not hold')
    for i, (expected, actual) in enumerate(SAME):
        expect(cases.difference(expected, actual) is None, 'subset %d is taken' % i)
    for i, (expected, actual) in enumerate(OTHER):
        expect(cases.difference(expected, actual) is not None, 'difference %d is told' % i)
    good = read(GOOD)
    expect(cases.judge(good, 3, '{"a": 1, "b": 2}\n', 'a.txt: why\n') is None, 'a case that holds')
    for name, result in [('exit status', (0, '{"a": 1}\n', 'a.txt: why\n')), ('output', (3, '{"a": 2}\n', 'a.txt: why\n')), ('no output', (3, '', 'a.txt: why\n')),
                         ('one line more', (3, '{"a": 1}\n{"a": 1}\n', 'a.txt: why\n')), ('no line feed', (3, '{"a": 1}', 'a.txt: why\n')),
                         ('errors', (3, '{"a": 1}\n', 'a.txt: why not\n')), ('no errors', (3, '{"a": 1}\n', '')),
                         ('two errors', (3, '{"a": 1}\n', 'a.txt: why\nb.txt: why\n')), ('no JSON', (3, 'a\n', 'a.txt: why\n'))]:
        expect(cases.judge(good, *result) is not None, 'a case that fails by its ' + name)
    for i, text in enumerate(BAD_FILES):
        expect(refused(text), 'bad case file %d is refused' % i)
    expect(read('T.\n== run\nnewswire pipe\n== file a repeat 4\nab\n== errors\n').files[0][1] == b'abababab', 'a repeated line')
    expect(read('T.\n== run\nnewswire pipe\n== file a hex\n00 ff\n== errors\n').files[0][1] == b'\x00\xff', 'bytes in hexadecimal')
    expect(read('T.\n== run\nnewswire pipe\n== file a cut crlf\na\nb\n== errors\n').files[0][1] == b'a\r\nb', 'line ends')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
