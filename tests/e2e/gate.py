#!/usr/bin/python3
"""A stage that lets nothing pass until a file is there: tests/e2e/stage.py with another process(). What is fed meanwhile becomes a backlog."""
import os
import time

import stage


def process(record, config):
    while not os.path.exists(config['key']):
        time.sleep(0.02)
    return [record]


if __name__ == '__main__':
    stage.NAME = stage.DESCRIPTION['name'] = 'gate'
    stage.DESCRIPTION.update(doc='Holds all back.', sets=[], config=[
        {'key': 'key', 'kind': 'str', 'least': 0, 'most': 4096, 'preset': '', 'unit': '', 'doc': 'a file; once it is there, all pass'}])
    stage.process = process
    stage.main()
