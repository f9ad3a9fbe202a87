#!/usr/bin/python3
"""A restart of aggregate after kill -9: how long until it is ready, and whether anything is other than without the kill.

    tests/bench/restart_bench.py [--articles N] [--memory N] [--build FOLDER]

An invented stream is fed to the daemon; aggregate is killed when all of it is in the output log, and again while more comes, and once more with its files of memory
removed. Then all that is in the log is given to an aggregate that was never killed: each article must have the same story, copies, versions and similarities.
"""
import argparse
import os
import shutil
import time

from chain import QUICK, build, end_on_signals, run, tell
from daemon import Daemon, until

SETTINGS = 'pipeline: [aggregate]\nstages:\n  aggregate:\n    memory_articles: %d\n'
MORE = 500 if QUICK else 20000  # articles behind each kill
PATIENCE = 1800


class Restart:
    def __init__(self, options, daemon):
        self.bench = os.path.join(options.build, 'tests', 'restart_bench')
        self.daemon, self.fed = daemon, 0

    def feed(self, articles, wait=True):
        run([self.bench, 'feed', self.daemon.endpoint(), self.fed, self.fed + articles])
        self.fed += articles
        if wait:
            until(lambda: self.daemon.oseq() >= self.fed, 'all is in the output log', PATIENCE)

    def lines(self, end):
        with open(self.daemon.log, encoding='utf-8', errors='replace') as log:
            return [line for line in log if line.rstrip().endswith(end) and 'aggregate' in line]

    def kill(self, name):
        """Kills it; the time until it takes work again."""
        before, ready = len(self.lines('')), lambda: sum('ready: working for' in line for line in self.lines(''))
        count = ready()
        start = time.monotonic()
        self.daemon.kill(self.daemon.pids('aggregate'))
        until(lambda: ready() > count, 'aggregate is ready again', PATIENCE)
        tell('ready after kill -9, ' + name, time.monotonic() - start, 's')
        for line in self.lines('')[before:]:
            if 'taken back' in line:
                print('  ' + line.strip(), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--articles', type=int, default=2000 if QUICK else 1000000)
    parser.add_argument('--memory', type=int, default=200000)
    parser.add_argument('--build', default='build')
    options = parser.parse_args()
    end_on_signals()
    build(options.build, 'newswired', 'newswired-broker', 'newswired-aggregate', 'newswire', 'restart_bench')
    with Daemon(options.build, SETTINGS % options.memory) as daemon:
        restart = Restart(options, daemon)
        restart.feed(options.articles)
        restart.kill('all in memory files')
        restart.feed(MORE, wait=False)
        restart.kill('while articles come')
        restart.feed(MORE)
        shutil.rmtree(os.path.join(daemon.data_folder, 'output.memory'))
        restart.kill('without memory files')
        restart.feed(MORE)
        size = sum(entry.stat().st_size for entry in os.scandir(os.path.join(daemon.data_folder, 'output.memory')))
        tell('memory files', size / 2**20, 'MiB')
        compared, _ = run([restart.bench, 'compare', daemon.data_folder, options.memory])
        tell('articles with the same story as without a kill', int(compared), 'articles')


if __name__ == '__main__':
    main()
