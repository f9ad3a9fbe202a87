#!/usr/bin/python3
"""Runs every test of the project, step by step, and counts. scripts/test calls it; tests/README.md is the map.

    tests/run.py [--list] [STEP…]

A step that can't run counts as failed: nothing is passed over in silence. Each step's whole output stands in build-test/log/STEP.log; what
failed is printed. The last line is "N passed, N failed", with ", N skipped" behind it where something was skipped; the exit status follows it.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
LOGS = os.path.join(ROOT, 'build-test', 'log')
CORES = os.cpu_count() or 1
FUZZ_RUNS = 2000


class Result:
    """What one test came to: 'passed', 'failed' or 'skipped', and why."""

    def __init__(self, name, outcome, why=''):
        self.name, self.outcome, self.why = name, outcome, why


def digest(text):
    """What says why a test program failed: its lines with an error, then its last ones."""
    lines = text.rstrip('\n').split('\n')
    telling = [line for line in lines if re.search(r'\[ +(ERROR|FAILED|LINE) +\]|ERROR: |runtime error:|error: ', line)]
    return '\n'.join(telling[:20] + ['…'] + lines[-10:])


def run(log, argv, limit, env=None):
    """(exit status, output); the output goes to the log as well. A command past its limit in seconds has exit status None."""
    with open(log, 'ab') as file:
        start = file.tell()
        file.write(('$ %s\n' % ' '.join(argv)).encode())
        file.flush()
        try:
            status = subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                                    env={**os.environ, **(env or {})}, timeout=limit, check=False).returncode
        except subprocess.TimeoutExpired:
            status = None
            file.write(b'no end within %d s\n' % limit)
        except OSError as error:
            status = None
            file.write(('cannot be run: %s\n' % error).encode())
    with open(log, 'rb') as file:
        file.seek(start)
        return status, file.read().decode('utf-8', 'replace')


def tail(text, lines=40):
    return '\n'.join(text.rstrip('\n').split('\n')[-lines:])


def read_tap(name, status, output):
    """Results of a program that reports as TAP; one that died, or broke its plan, has one failed result more."""
    results, plan, last = [], None, None
    for line in output.split('\n'):
        match = re.match(r'(not ok|ok) \d+ - (.*?)(?: # SKIP (.*))?$', line)
        if match:
            outcome = 'failed' if match.group(1) == 'not ok' else 'skipped' if match.group(3) is not None else 'passed'
            last = Result(match.group(2), outcome, match.group(3) or '')
            results.append(last)
        elif line.startswith('# ') and last and last.outcome == 'failed':
            last.why += line[2:] + '\n'
        elif line.startswith('1..'):
            plan = int(line[3:])
    failed = any(r.outcome == 'failed' for r in results)
    if plan != len(results) or not results or status != (1 if failed else 0):
        why = 'exit status %s, %d results, plan %s' % (status, len(results), plan)
        results.append(Result('%s ran to its end' % name, 'failed', why + '\n' + tail(output)))
    return results


def tap(log, name, argv, limit):
    return read_tap(name, *run(log, argv, limit))


def build(log, folder, options, env=None):
    """Builds all that can be built; one result."""
    name = 'build %s' % folder
    status, output = run(log, ['cmake', '-S', '.', '-B', folder, '-G', 'Ninja', *options], 300, env)
    if status == 0:
        status, output = run(log, ['cmake', '--build', folder, '--', '-k', '0'], 3000, env)
    if status == 0:
        return [Result(name, 'passed')]
    errors = [line for line in output.split('\n') if re.search(r'\berror\b|FAILED|warning:', line)]
    return [Result(name, 'failed', '\n'.join(errors[:40]) or tail(output))]


def step_build_test(log):
    """gcc with AddressSanitizer and UndefinedBehaviorSanitizer, warnings are errors"""
    return build(log, 'build-test', ['-DNW_SANITIZE=ON'])


def step_build(log):
    """gcc, Release: what people run"""
    return build(log, 'build', ['-DNW_SANITIZE=OFF'])


def step_bench(log):
    """each bench once with counts so small that it measures nothing, so that none rots"""
    listed = subprocess.run(['scripts/bench', '--list'], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.decode().split()
    results = []
    for name in listed:
        status, output = run(log, ['scripts/bench', '--quick', '--build', 'build', name], 300)
        results.append(Result('bench ' + name, 'passed' if status == 0 else 'failed', tail(output)))
    return results


def step_build_clang(log):
    """clang with sanitizers and libFuzzer, warnings are errors"""
    return build(log, 'build-clang', ['-DNW_SANITIZE=ON', '-DNW_FUZZ=ON'], {'CC': 'clang', 'CXX': 'clang++'})


def step_unit(log):
    """unit tests, contracts and fuzz seeds, by ctest"""
    report = os.path.join(LOGS, 'ctest.xml')
    if os.path.exists(report):
        os.remove(report)
    status, output = run(log, ['ctest', '--test-dir', 'build-test', '-j', str(CORES), '--output-on-failure', '--output-junit', report, '--test-output-size-passed', '1000000'], 1800)
    if not os.path.exists(report):
        return [Result('ctest', 'failed', tail(output))]
    results = []
    for case in xml.parse(report).getroot().iter('testcase'):
        name, state = case.get('name'), case.get('status')
        # A cmocka program passes with tests in it that were skipped, for want of material: they are counted by themselves.
        results += [Result('%s: %s' % (name, test), 'skipped', 'see build-test/log/unit.log') for test in dict.fromkeys(re.findall(r'^\[ +SKIPPED +\] (\w+)$', case.findtext('system-out') or '', re.M))]
        if state == 'run':
            results.append(Result(name, 'passed'))
        elif state == 'disabled':
            results.append(Result(name, 'skipped', 'disabled'))
        else:  # 'fail', and 'notrun': a program that could not be built
            results.append(Result(name, 'failed', digest(case.findtext('system-out') or 'not run: its program is missing')))
    if not results or status != (8 if any(r.outcome == 'failed' for r in results) else 0):
        results.append(Result('ctest ran to its end', 'failed', 'exit status %s, %d results\n%s' % (status, len(results), tail(output))))
    return results


def step_check(log):
    """the house rules, and the tests of what holds them"""
    status, output = run(log, ['scripts/check'], 120)
    results = [Result('scripts/check', 'passed' if status == 0 else 'failed', tail(output))]
    for program in sorted(glob.glob(os.path.join(ROOT, 'tests', 'check', '*_test.py'))):
        results += tap(log, os.path.basename(program), [program], 120)
    return results


def step_cases(log):
    """tests/cases, with sanitizers"""
    return tap(log, 'cases', ['tests/cases/run.py', '--build', 'build-test'], 1200)


def step_e2e(log):
    """real processes from end to end, with sanitizers"""
    return tap(log, 'e2e', ['tests/e2e/run.py', '--build', 'build-test', '-j', str(CORES)], 1200)


def step_fault(log):
    """a short list of fault schedules"""
    return tap(log, 'fault', ['tests/fault/run.py', '--build', 'build'], 600)


def step_fuzz(log):
    """each fuzz target for a fixed number of runs from its seeds"""
    programs = sorted(glob.glob(os.path.join(ROOT, 'build-clang', 'tests', '*_fuzz')))
    sources = sorted(glob.glob(os.path.join(ROOT, 'tests', 'fuzz', '*_fuzz.c')))

    def one(source):
        name = os.path.basename(source)[:-len('_fuzz.c')]
        program = os.path.join(ROOT, 'build-clang', 'tests', name + '_fuzz')
        if program not in programs:
            return Result('fuzz ' + name, 'failed', 'not run: its program is missing')
        folder = os.path.join(LOGS, 'fuzz', name)
        os.makedirs(folder, exist_ok=True)
        seeds = os.path.join(ROOT, 'tests', 'fuzz', 'seeds', name)
        status, output = run(os.path.join(LOGS, 'fuzz-%s.log' % name), [program, '-runs=%d' % FUZZ_RUNS, '-seed=1', '-timeout=20', '-rss_limit_mb=2048', '-max_len=65536',
                                                                        '-artifact_prefix=%s/' % folder, folder] + ([seeds] if os.path.isdir(seeds) else []), 300)
        return Result('fuzz ' + name, 'passed' if status == 0 else 'failed', digest(output))
    with open(log, 'ab'), ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(one, sources))


STEPS = [('build-test', step_build_test), ('unit', step_unit), ('check', step_check), ('cases', step_cases), ('e2e', step_e2e), ('build', step_build),
         ('bench', step_bench), ('fault', step_fault), ('build-clang', step_build_clang), ('fuzz', step_fuzz)]


def summary(results):
    count = {outcome: sum(r.outcome == outcome for r in results) for outcome in ('passed', 'failed', 'skipped')}
    return '%(passed)d passed, %(failed)d failed' % count + (', %(skipped)d skipped' % count if count['skipped'] else '')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--list', action='store_true', help='name the steps')
    options.add_argument('steps', nargs='*', metavar='STEP')
    given = options.parse_args()
    if given.list:
        for name, step in STEPS:
            print('%-12s %s' % (name, step.__doc__))
        return 0
    unknown = set(given.steps) - {name for name, _ in STEPS}
    if unknown:
        print('tests/run.py: no such step: %s; --list names them' % ', '.join(sorted(unknown)), file=sys.stderr)
        return 1
    os.makedirs(LOGS, exist_ok=True)
    results = []
    for name, step in STEPS:
        if given.steps and name not in given.steps:
            continue
        log = os.path.join(LOGS, name + '.log')
        if os.path.exists(log):
            os.remove(log)
        start = time.monotonic()
        found = step(log)
        print('%-12s %s (%.0f s)' % (name + ':', summary(found), time.monotonic() - start), flush=True)
        for result in found:
            if result.outcome == 'failed':
                print('  FAILED %s' % result.name)
                for line in result.why.rstrip('\n').split('\n'):
                    print('    ' + line)
            elif result.outcome == 'skipped':
                print('  skipped %s: %s' % (result.name, result.why))
        sys.stdout.flush()
        results += found
    print(summary(results))
    return 1 if any(r.outcome == 'failed' for r in results) or not results else 0


if __name__ == '__main__':
    sys.exit(main())
