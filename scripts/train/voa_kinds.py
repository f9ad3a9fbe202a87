#!/usr/bin/env python3
"""Copies voa-N.iob2 files into a folder with "sport" or "other" on each -DOCSTART- line, from voa-topics.tsv.

    scripts/train/voa_kinds.py VOA-FOLDER SPORT-CODES-FILE OUT-FOLDER

The stories of voa-topics.tsv stand in the order of the documents. Prints nothing.
"""
import collections
import os
import sys


def main():
    folder, codes, out = sys.argv[1:4]
    with open(codes, encoding='utf-8') as f:
        sport = set(f.read().strip().split(','))
    kinds = collections.defaultdict(list)
    with open(os.path.join(folder, 'voa-topics.tsv'), encoding='utf-8') as f:
        next(f)
        for line in f:
            story, _, topics, _ = line.split('\t')
            kinds[story.rsplit('-', 1)[0]].append('sport' if set(topics.split(',')) & sport else 'other')
    for block, names in kinds.items():
        it = iter(names)
        with open(os.path.join(folder, block + '.iob2'), encoding='utf-8') as f, open(os.path.join(out, block + '.iob2'), 'w', encoding='utf-8') as g:
            for line in f:
                g.write(f'-DOCSTART-\tO\t{next(it)}\n' if line.startswith('-DOCSTART-') else line)


if __name__ == '__main__':
    main()
