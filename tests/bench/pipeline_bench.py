#!/usr/bin/python3
"""The whole daemon with its real stages, from the files to a subscriber: journal and output log on, 1, 2 and 4 tag workers. The feeder hands in the files of a folder as they
would be fetched; the articles are counted, and their age taken, where a subscriber gets them.

    tests/bench/pipeline_bench.py [--records N] [--build FOLDER]

The files are those of NW_BENCH_DATA (scripts/bench --data), a file one article, each fed once as long as there are enough; else pages made here.
"""
import argparse
import html
import os
import shutil
import tempfile

from chain import QUICK, Gauge, build, cpu_of, end_on_signals, flood, note, tell
import articles  # chain makes these two findable
from daemon import Daemon, until

WORKERS = (1, 2, 4)
HALF_LOAD_SECONDS = 10
SETTINGS = 'stages:\n  clean:\n    workers: 2\n  tag:\n    workers: %d\n'
LINK = '<li class="menu"><a href="/section/%d">%s %s</a></li>'


def page(number):
    """An article of its own as a page: menu and script around it, as many bytes as the text."""
    item = articles.item(number, 2500)
    paragraphs = ''.join('<p>%s</p>\n' % html.escape(p) for p in item['bodies'][0]['value'].split('\n\n'))
    menu = '\n'.join(LINK % (i, articles.PLACES[i % len(articles.PLACES)], articles.PEOPLE[i % len(articles.PEOPLE)]) for i in range(40))
    return ('<!DOCTYPE html>\n<html lang="en"><head><title>%s</title><script>var page = {"id": %d, "slots": [%s]};</script></head>\n<body><nav><ul>%s</ul></nav>\n'
            '<article><h1>%s</h1>\n%s</article><footer>Meridian News</footer></body></html>\n' %
            (item['headlines'][0]['value'], number, ', '.join(map(str, range(200))), menu, item['headlines'][0]['value'], paragraphs))


def samples(folder, count):
    for number in range(count):
        with open(os.path.join(folder, '%07d.html' % number), 'w', encoding='utf-8') as file:
            file.write(page(number))


class Run:
    """A daemon through which the files go once; what that took."""

    def __init__(self, folder, files, workers, records, rate=0):
        with Daemon(folder, SETTINGS % workers) as daemon:
            processes = [(p['name'].split('.')[0].split('-')[0].split('#')[0], p['pid']) for p in daemon.status()['processes']]
            processes.append(('supervisor', daemon.supervisor.pid))
            before = {pid: cpu_of(pid) for _, pid in processes}
            gauge = Gauge(folder, daemon, records)
            flood(folder, daemon, records, files, rate)
            until(lambda: daemon.metrics('broker').get('completed', 0) >= records, 'every file is through')
            self.cpu = {}
            for name, pid in processes:
                self.cpu[name] = self.cpu.get(name, 0) + cpu_of(pid) - before[pid]
            published = daemon.oseq()
            self.seen, self.seconds, self.p50, self.p99 = gauge.finish()
            if self.seen != published:
                raise SystemExit('pipeline: %d of %d articles came to the subscriber' % (self.seen, published))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--records', type=int, default=100 if QUICK else 4000)
    options.add_argument('--build', default='build')
    options = options.parse_args()
    folder, records, files = os.path.abspath(options.build), options.records, os.environ.get('NW_BENCH_DATA')
    end_on_signals()
    build(folder, 'newswire', 'newswired', 'newswired-broker', 'newswired-fetch', 'newswired-clean', 'newswired-tag', 'newswired-aggregate', 'flood', 'gauge')
    made = None if files else tempfile.mkdtemp(prefix='newswire-bench-')
    try:
        if made:
            samples(made, records)
        for workers in WORKERS:
            label = '%d tag worker%s' % (workers, '' if workers == 1 else 's')
            full = Run(folder, files or made, workers, records)
            rate = max(1, int(records / full.seconds / 2))
            half = Run(folder, files or made, workers, max(1, min(records, rate * HALF_LOAD_SECONDS)), rate)
            tell(label, full.seen / full.seconds, 'articles/s')
            tell(label, half.p50, 'p50 ms at half load')
            tell(label, half.p99, 'p99 ms at half load')
            used = sum(full.cpu.values())
            tell(label, used * 1e3 / records, 'CPU ms/article')
            for name, seconds in sorted(full.cpu.items()):
                tell(label, 100 * seconds / used if used else 0, '%s %%' % name)
        note('%d files, %s' % (records, files or 'made for this'))
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


if __name__ == '__main__':
    main()
