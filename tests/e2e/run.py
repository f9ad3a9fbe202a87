#!/usr/bin/python3
"""Runs the end-to-end tests: each function test_… of tests/e2e/*_test.py, in a process of its own with a time limit.

    tests/e2e/run.py [--build FOLDER] [-k WORD] [-j N]        results as TAP

A test gets one argument, the folder of the build. It passes by returning; it skips by raising Skip; anything else it raises is a failure, and
what it printed is shown.
"""
import argparse
import glob
import importlib
import inspect
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, '..', '..'))
sys.path[:0] = [HERE, os.path.join(ROOT, 'tests', 'harness')]
import processes  # noqa: E402
from tap import Skip, Tap  # noqa: E402

LIMIT = 420  # seconds for one test
SKIPPED = 77


def found():
    """(module, function, title) of every test, in order of file and line."""
    out = []
    for path in sorted(glob.glob(os.path.join(HERE, '*_test.py'))):
        name = os.path.basename(path)[:-3]
        module = importlib.import_module(name)
        tests = [f for n, f in inspect.getmembers(module, inspect.isfunction) if n.startswith('test_') and f.__module__ == name]
        for function in sorted(tests, key=lambda f: f.__code__.co_firstlineno):
            out.append((name, function.__name__, ' '.join((function.__doc__ or function.__name__).split())))
    return out


def one(module, function, build):
    """In the test's own process."""
    try:
        getattr(importlib.import_module(module), function)(build)
    except Skip as why:
        print(why)
        return SKIPPED
    except Exception:  # whatever it is, it is this test's failure
        traceback.print_exc(file=sys.stdout)
        return 1
    return 0


def launch(module, function, build):
    """(exit status or None past the limit, what it printed); nothing that the test started outlives it."""
    mark = str(uuid.uuid4())
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, os.path.abspath(__file__), '--build', build, '--one', module, function], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=out, env={**os.environ, 'NEWSWIRE_TEST_GROUP': mark, 'PYTHONDONTWRITEBYTECODE': '1'}, start_new_session=True)
        try:
            status = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            status = None
        for pid in processes.marked(mark, 'NEWSWIRE_TEST_GROUP'):
            processes.kill(pid, signal.SIGKILL)
        process.wait()
        out.seek(0)
        return status, out.read().decode('utf-8', 'replace')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--build', default=os.path.join(ROOT, 'build'), help='folder of the build (build)')
    options.add_argument('-k', metavar='WORD', default='', help='only tests with this word in module, name or title')
    options.add_argument('-j', metavar='N', type=int, default=1, help='so many at once')
    options.add_argument('--one', nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    build = os.path.abspath(given.build)
    if given.one:
        return one(*given.one, build)
    tests = [t for t in found() if given.k in ' '.join(t)]
    tap = Tap()
    with ThreadPoolExecutor(max(1, given.j)) as pool:
        runs = [pool.submit(launch, module, function, build) for module, function, _ in tests]
        for (module, function, title), run in zip(tests, runs):
            status, output = run.result()
            name = 'e2e/%s.%s: %s' % (module, function, title)
            if status == 0:
                tap.passed(name)
            elif status == SKIPPED:
                tap.skipped(name, output.strip().split('\n')[-1])
            else:
                tap.fail(name, ('no end within %d s\n' % LIMIT if status is None else 'ended by signal %d\n' % -status if status < 0 else '') + output[-20000:])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
