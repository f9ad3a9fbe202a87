#!/usr/bin/python3
"""Runs the cases: tests/cases/STAGE/*.case, each found, none registered. Their form stands in tests/README.md.

    tests/cases/run.py [--build FOLDER] [-v] [FILE…]        results as TAP

With -v the output of each command is shown, which is how a new case gets its expectation: run it, read it, keep what is promised.
"""
import argparse
import base64
import ctypes
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
from tap import Tap  # noqa: E402

TIME_LIMIT = 120  # seconds, far above what any case needs, also with sanitizers
REST = '…'  # as last element of an expected list: more may follow, and stand between


class BadCase(Exception):
    """The case file itself is wrong; the message says where."""


class Case:
    """One file: what it shows, the command, the files it reads, and what must come of it."""

    def __init__(self, path):
        self.path, self.title, self.command, self.exit = path, '', None, 0
        self.files, self.missing, self.stdin = [], [], b''
        self.output, self.errors, self.lines = None, None, None
        with open(path, encoding='utf-8') as file:
            text = file.read()
        parts = re.split(r'^== (.*)\n', text, flags=re.M)
        self.title = ' '.join(parts[0].split())
        for head, body in zip(parts[1::2], parts[2::2]):
            self.section(head.split(), body)
        if not self.title or self.command is None:
            raise BadCase('%s: begins with a sentence that says what it shows, and has a section "== run"' % path)
        if self.output is None and self.errors is None and self.lines is None:
            raise BadCase('%s: expects nothing; write "== output" or "== errors"' % path)

    def section(self, words, body):
        kind, rest = words[0], words[1:]
        if kind == 'run':
            self.command = shlex.split(body.strip())
            if self.command[:1] != ['newswire']:
                raise BadCase('%s: the command under "== run" begins with newswire' % self.path)
        elif kind == 'file' and rest:
            self.files.append((rest[0], *content(self.path, rest[1:], body)))
        elif kind == 'stdin':
            self.stdin = content(self.path, rest, body)[0]
        elif kind == 'output':
            if rest[:1] == ['lines'] and len(rest) == 2:
                self.lines = int(rest[1])
            else:
                self.output = objects(self.path, body)
        elif kind == 'errors':
            self.errors = body.rstrip('\n').split('\n') if body.strip() else []
        elif kind == 'exit' and len(rest) == 1:
            self.exit = int(rest[0])
        else:
            raise BadCase('%s: unknown section "== %s"' % (self.path, ' '.join(words)))


def content(path, options, body):
    """(bytes, unreadable) of a file section; options say how its body is written."""
    data, unreadable = body.encode('utf-8'), False
    i = 0
    while i < len(options):
        option = options[i]
        if option == 'hex':
            data = bytes.fromhex(''.join(body.split()))
        elif option == 'base64':
            data = base64.b64decode(body)
        elif option == 'crlf':
            data = data.replace(b'\n', b'\r\n')
        elif option == 'cut':  # without the last line feed
            data = data[:-1]
        elif option == 'unreadable':
            unreadable = True
        elif option == 'repeat' and i + 1 < len(options):  # its one line, without line feed, so many times
            i += 1
            data = body.rstrip('\n').encode('utf-8') * int(options[i])
        else:
            raise BadCase('%s: unknown option "%s" of a file' % (path, option))
        i += 1
    return data, unreadable


def objects(path, body):
    """JSON values one behind the other, on as many lines as they like."""
    out, decoder, at = [], json.JSONDecoder(), 0
    while True:
        at += len(body[at:]) - len(body[at:].lstrip())
        if at == len(body):
            return out
        try:
            value, at = decoder.raw_decode(body, at)
        except ValueError as error:
            raise BadCase('%s: the expected output is no JSON: %s' % (path, error)) from None
        out.append(value)


def difference(expected, actual, where=''):
    """None where actual holds all that is expected, else a sentence on the first place where it does not."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return '%s: expected an object, got %s' % (where or 'value', short(actual))
        for key, value in expected.items():
            at = '%s.%s' % (where, key) if where else key
            if value is None:
                if key in actual:
                    return '%s: expected none, got %s' % (at, short(actual[key]))
            elif key not in actual:
                return '%s: expected %s, is not there' % (at, short(value))
            else:
                found = difference(value, actual[key], at)
                if found:
                    return found
        return None
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return '%s: expected a list, got %s' % (where, short(actual))
        if expected[-1:] == [REST]:
            return missing(expected[:-1], actual, where)
        if len(expected) != len(actual):
            return '%s: expected %d elements, got %d: %s' % (where, len(expected), len(actual), short(actual))
        for i, (one, other) in enumerate(zip(expected, actual)):
            found = difference(one, other, '%s[%d]' % (where, i))
            if found:
                return found
        return None
    alike = isinstance(expected, bool) == isinstance(actual, bool)
    return None if alike and expected == actual else '%s: expected %s, got %s' % (where, short(expected), short(actual))


def missing(expected, actual, where):
    rest = iter(actual)
    for i, one in enumerate(expected):
        if not any(difference(one, other) is None for other in rest):
            return '%s: expected element %d, %s, is not there in this order; got %s' % (where, i, short(one), short(actual))
    return None


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + '…'


def obey_permissions():
    """In the child, before exec: root too must obey a file's permission bits. Its capabilities to pass them by are dropped."""
    libc = ctypes.CDLL(None, use_errno=True)
    drop, override, search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if os.geteuid() == 0:
        libc.prctl(drop, override, 0, 0, 0)
        libc.prctl(drop, search, 0, 0, 0)


def execute(case, newswire):
    """(exit status, output, errors) of the case's command in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data, unreadable in case.files:
            full = os.path.join(folder, name)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'wb') as file:
                file.write(data)
            if unreadable:
                os.chmod(full, 0)
        strict = obey_permissions if any(u for _, _, u in case.files) else None
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            stdin.write(case.stdin)
            stdin.seek(0)
            try:
                status = subprocess.run([newswire] + case.command[1:], cwd=folder, stdin=stdin, stdout=out, stderr=err,
                                        timeout=TIME_LIMIT, check=False, preexec_fn=strict).returncode
            except subprocess.TimeoutExpired:
                status = 'no end within %d s' % TIME_LIMIT
            out.seek(0)
            err.seek(0)
            return status, out.read().decode('utf-8', 'replace'), err.read(1 << 20).decode('utf-8', 'replace')


def judge(case, status, output, errors):
    """None, or why the case failed."""
    wrong = []
    if status != case.exit:
        wrong.append('exit status: expected %s, got %s' % (case.exit, status))
    lines = output.split('\n')
    if lines.pop():
        wrong.append('output: the last line is not ended')
    if case.lines is not None and len(lines) != case.lines:
        wrong.append('output: expected %d lines, got %d' % (case.lines, len(lines)))
    if case.output is not None:
        if len(lines) != len(case.output):
            wrong.append('output: expected %d objects, got %d lines' % (len(case.output), len(lines)))
        for i, (expected, line) in enumerate(zip(case.output, lines)):
            try:
                found = difference(expected, json.loads(line))
            except ValueError as error:
                found = 'is no JSON: %s' % error
            if found:
                wrong.append('object %d: %s' % (i, found))
    got = errors.rstrip('\n').split('\n') if errors else []
    if case.errors is not None and got != case.errors:
        wrong.append('errors: expected\n  %s\ngot\n  %s' % ('\n  '.join(case.errors) or '(none)', '\n  '.join(got) or '(none)'))
    return '\n'.join(wrong) or None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--build', default=os.path.join(ROOT, 'build'), help='folder of the build (build)')
    options.add_argument('-v', action='store_true', help='show what each command printed')
    options.add_argument('files', nargs='*')
    given = options.parse_args()
    newswire = os.path.join(os.path.abspath(given.build), 'bin', 'newswire')
    tap = Tap()
    for path in given.files or sorted(glob.glob(os.path.join(HERE, '*', '*.case'))):
        name = 'cases/' + os.path.relpath(os.path.abspath(path), HERE)
        try:
            case = Case(path)
            status, output, errors = execute(case, newswire)
        except (BadCase, OSError, ValueError) as error:
            tap.fail(name, error)
            continue
        why = judge(case, status, output, errors)
        if why:
            tap.fail('%s: %s' % (name, case.title), why)
        else:
            tap.passed('%s: %s' % (name, case.title))
        if given.v:
            for line in ['$ ' + shlex.join(case.command)] + output.split('\n')[:-1] + errors.split('\n')[:-1] + ['exit %s' % status]:
                tap.line('# ' + line[:20000])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
