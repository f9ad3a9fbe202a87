#!/usr/bin/python3
"""Tests what judges a stream of articles: it must tell an article that is missing, doubled, out of order or changed, and a ledger that does not add up.

    tests/check/stream_test.py        results as TAP
"""
import copy
import os
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
import articles  # noqa: E402
import ledger  # noqa: E402
import stream  # noqa: E402
from daemon import Failed  # noqa: E402
from tap import Tap  # noqa: E402


def good(numbers):
    out = []
    for i, number in enumerate(numbers):
        o = articles.item(number)
        o['pipeline'] = {'oseq': i + 1, 'jseq': i + 1, 'sub': 0}
        out.append(o)
    return out


def told(found, expected):
    try:
        stream.check(found, expected)
    except Failed:
        return True
    return False


def main():
    tap = Tap()

    def expect(holds, name):
        if holds:
            tap.passed(name)
        else:
            tap.fail(name, 'did not hold')
    whole = good(range(20))
    expect(not told(whole, range(20)), 'a good stream is taken')
    expect(told(good([n for n in range(20) if n != 7]), range(20)), 'a missing article is told')
    expect(told(whole[:19], range(20)), 'a missing end is told')
    expect(told(good([*range(8), 7, *range(8, 20)]), range(20)), 'a doubled article is told')
    expect(told(good([*range(7), 8, 7, *range(9, 20)]), range(20)), 'two in the wrong order are told')
    changed = copy.deepcopy(whole)
    changed[5]['bodies'][0]['value'] += ' '
    expect(told(changed, range(20)), 'a changed text is told')
    gap = copy.deepcopy(whole)
    gap[9]['pipeline']['oseq'] = 11
    expect(told(gap, range(20)), 'a gap in oseq is told')
    swapped = copy.deepcopy(whole)
    swapped[3]['pipeline']['jseq'], swapped[4]['pipeline']['jseq'] = 5, 4
    expect(told(swapped, range(20)), 'jseq out of order is told')
    other = copy.deepcopy(whole)
    other[0]['bodies'][0]['value'] = 'Something else.'
    expect(told(other, range(20)), "another's article is told")
    expect(articles.item(5) == articles.item(5) and articles.body(5) != articles.body(6) and articles.body(5, seed=1) != articles.body(5), 'articles are the same again, and different from each other')
    book = {'accepted': 10, 'completed': 6, 'dropped': 2, 'dead': 1, 'in_flight': 1}
    expect(ledger.balanced(book), 'a balanced ledger')
    expect(all(not ledger.balanced({**book, key: book[key] + 1}) for key in book), 'a ledger that does not add up')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
