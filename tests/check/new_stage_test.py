#!/usr/bin/python3
"""Tests scripts/new-stage: what it writes keeps the house rules, compiles without a warning, and is refused where a stage of that name stands.

    tests/check/new_stage_test.py        results as TAP
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
from tap import Tap  # noqa: E402

WARNINGS = ['-std=c11', '-D_POSIX_C_SOURCE=200809L', '-D_DEFAULT_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wconversion', '-Wstrict-prototypes',
            '-Wmissing-prototypes', '-Wvla', '-Wcast-qual', '-Wformat=2', '-Werror', '-fsyntax-only']


def main():
    tap = Tap()

    def run(name, status, *argv):
        done = subprocess.run(argv, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == status:
            tap.passed(name)
        else:
            tap.fail(name, 'exit status %d, expected %d\n%s%s' % (done.returncode, status, done.stdout, done.stderr))
    with tempfile.TemporaryDirectory() as root:
        for part in ('scripts', 'include', 'src'):
            shutil.copytree(os.path.join(ROOT, part), os.path.join(root, part))
        shutil.copy(os.path.join(ROOT, '.clang-format'), root)
        stage, test = 'stages/weather/stage.c', 'tests/unit/weather/weather_stage_test.c'
        run('a new stage is written', 0, 'scripts/new-stage', 'weather')
        run('it keeps the house rules', 0, 'scripts/check', '--root', root, stage, 'stages/weather/README.md', test)
        for compiler in ('gcc', 'clang'):
            run('its table compiles with %s' % compiler, 0, compiler, *WARNINGS, '-Iinclude', stage)
            run('its test compiles with %s' % compiler, 0, compiler, *WARNINGS, '-Iinclude', '-Isrc', test)
        run('a name that is taken is refused', 1, 'scripts/new-stage', 'weather')
        for name in ('', 'Weather', '../x', 'a-b', '1a'):
            run('the name "%s" is refused' % name, 1, 'scripts/new-stage', name)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
