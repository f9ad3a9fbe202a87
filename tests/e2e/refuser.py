#!/usr/bin/python3
"""A stage that cannot do some articles until it is mended: tests/e2e/stage.py with another process()."""
import os

import stage

WORDS = 'the unsayable word zzyzx'


def process(record, config):
    if any(WORDS in body['value'] for body in record.get('bodies', [])) and not os.path.exists(config['mended']):
        raise ValueError('it has %s' % WORDS)
    return [record]


if __name__ == '__main__':
    stage.NAME = stage.DESCRIPTION['name'] = 'refuser'
    stage.DESCRIPTION.update(doc='Refuses certain words.', sets=[], config=[
        {'key': 'mended', 'kind': 'str', 'least': 0, 'most': 4096, 'preset': '', 'unit': '', 'doc': 'a file; once it is there, nothing is refused'}])
    stage.process = process
    stage.main()
