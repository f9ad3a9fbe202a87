#!/usr/bin/python3
"""A stage that dies of certain words, as a stage with a bug would: tests/e2e/stage.py with another process()."""
import os
import signal
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'e2e'))
import stage  # noqa: E402

WORDS = 'the unsayable word zzyzx'


def process(record, _config):
    if any(WORDS in body['value'] for body in record.get('bodies', [])):
        os.kill(os.getpid(), signal.SIGSEGV)
    return [record]


if __name__ == '__main__':
    stage.NAME = stage.DESCRIPTION['name'] = 'crasher'
    stage.DESCRIPTION.update(doc='Dies of certain words.', sets=[], config=[])
    stage.process = process
    stage.main()
