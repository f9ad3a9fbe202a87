#!/usr/bin/python3
"""Runs schedules of faults against real processes. A schedule is one test.

    tests/fault/run.py [--build FOLDER]                      the short list, as TAP
    tests/fault/run.py --soak N [--seed S] [--build FOLDER]  N faults, and how long the flow took to recover
    tests/fault/run.py --seed S --kind plain|crash|disk|clock|machines --faults N [--only NAME,…]  one schedule, talking

What must hold after each fault: every accepted article came out once, in order, with the text that went in; the ledger accounts for each.
"""
import argparse
import os
import statistics
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, '..', '..'))
sys.path[:0] = [HERE, os.path.join(ROOT, 'tests', 'harness'), os.path.join(ROOT, 'tests', 'e2e')]
import schedule  # noqa: E402
from tap import Tap  # noqa: E402

SHORT = [(1, 'plain', 12), (2, 'plain', 12), (3, 'crash', 3), (4, 'disk', 3), (5, 'clock', 4), (6, 'machines', 3)]
PART = 50  # faults of one schedule of a soak


def table(times):
    """Lines: per kind of fault how many, and the longest time for which nothing came out although there was something under way."""
    by_name = {}
    for name, seconds in times:
        by_name.setdefault(name, []).append(seconds)
    lines = ['%-22s %6s %8s %8s %8s   (standstill)' % ('fault', 'times', 'median', 'p90', 'most')]
    for name, several in sorted(by_name.items()) + [('all', [s for _, s in times])]:
        several.sort()
        lines.append('%-22s %6d %7.2fs %7.2fs %7.2fs' % (name, len(several), statistics.median(several), several[int(0.9 * (len(several) - 1))], several[-1]))
    return lines


def soak(build, count, seed):
    times, failed, left = [], 0, count
    kinds = ['plain', 'plain', 'crash', 'plain', 'machines', 'plain', 'disk', 'clock']
    part = 0
    while left > 0:
        kind, number = kinds[part % len(kinds)], min(left, PART)
        number = min(number, 10) if kind == 'disk' else number
        try:
            times += schedule.run(build, seed + part, kind, number, lambda line: print(line, flush=True))
            left -= number
        except schedule.Left as why:
            print('left out: %s: %s' % (kind, why))
        except Exception:  # whatever it is, this schedule failed
            traceback.print_exc(file=sys.stdout)
            failed += 1
            left -= number
        part += 1
    print('\n'.join(table(times) if times else ['no fault ran']))
    print('%d faults, %d schedules failed; where none failed, nothing was lost, doubled or out of order, and the ledger was balanced after each' % (len(times), failed))
    return 1 if failed or not times else 0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--build', default=os.path.join(ROOT, 'build'))
    options.add_argument('--soak', type=int, metavar='N')
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('--kind', choices=schedule.KINDS)
    options.add_argument('--faults', type=int, default=10, metavar='N')
    options.add_argument('--only', help='names of faults, parted by commas')
    given = options.parse_args()
    build = os.path.abspath(given.build)
    if given.soak:
        return soak(build, given.soak, given.seed)
    if given.kind:
        only = given.only.split(',') if given.only else None
        print('\n'.join(table(schedule.run(build, given.seed, given.kind, given.faults, lambda line: print(line, flush=True), only))))
        return 0
    tap = Tap()
    for seed, kind, count in SHORT:
        name, said = 'fault/%s: %d faults from seed %d' % (kind, count, seed), []
        try:
            schedule.run(build, seed, kind, count, said.append)
            tap.passed(name)
        except schedule.Left as why:
            tap.skipped(name, why)
        except Exception:  # whatever it is, it is this schedule's failure
            tap.fail(name, '\n'.join(said) + '\n' + traceback.format_exc())
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
