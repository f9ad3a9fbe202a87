#!/usr/bin/python3
"""The transport alone: four stages that do nothing (a feeder, two in the middle, an ordered last one that writes the output log), journal on, 3 KB records. Beside it, in the
same run, what others do with records of that size: Redis Streams and NATS JetStream, one hop each, where their servers are installed.

    tests/bench/transport_bench.py [--records N] [--build FOLDER]
"""
import argparse
import os
import subprocess
import sys
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
from daemon import Daemon  # noqa: E402

SIZE = 3000
TICKS = os.sysconf('SC_CLK_TCK')


def settings(build):
    stages = ['noop-first', 'noop-second', 'noop-last']
    lines = ['pipeline: [%s]' % ', '.join(stages), 'stages:']
    for stage in stages:
        lines += ['  %s:' % stage, '    command: [%s]' % os.path.join(build, 'tests', 'newswired-' + stage)]
    return '\n'.join(lines) + '\n'


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open('/proc/%d/stat' % pid, encoding='ascii') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def broker(daemon):
    return next(p['metrics'] for p in daemon.status()['processes'] if p['name'] == 'broker')


def newswired(build, records, rate=0):
    """(records/s end to end, CPU µs a record and hop of all four processes, the broker's metrics)"""
    with Daemon(build, settings(build)) as daemon:
        pids = [p['pid'] for p in daemon.status()['processes']]
        before, start = cpu_seconds(pids), time.monotonic()
        flood = subprocess.run([os.path.join(build, 'tests', 'flood'), 'ipc://%s/broker.sock' % daemon.run_folder, str(records), str(SIZE), str(rate)],
                               stdout=subprocess.PIPE, timeout=300, check=True)
        del flood
        while True:
            state = broker(daemon)
            if state['completed'] >= records:
                break
            time.sleep(0.02)  # there is no event for it; 20 ms against seconds
        seconds = time.monotonic() - start
        return records / seconds, (cpu_seconds(pids) - before) * 1e6 / records / 4, state


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--records', type=int, default=200000)
    options.add_argument('--build', default=os.path.join(ROOT, 'build'))
    options = options.parse_args()
    subprocess.run(['cmake', '--build', options.build, '--target', 'newswire', 'newswired', 'newswired-broker', 'newswired-noop-first', 'newswired-noop-second',
                    'newswired-noop-last', 'flood'], stdout=subprocess.DEVNULL, check=True)
    rate, cpu, _ = newswired(options.build, options.records)
    print('newswired, journalled, four stages\t%.0f\trecords/s' % rate)
    print('newswired, CPU a record and hop\t%.2f\tus' % cpu)
    half = int(rate / 2)
    _, _, state = newswired(options.build, min(options.records, half * 5), half)
    print('newswired, p50 at half load\t%.2f\tms' % state['p50_ms'])
    print('newswired, p99 at half load\t%.2f\tms' % state['p99_ms'])


if __name__ == '__main__':
    main()
