"""What must hold of the articles that a subscriber gets: each once, in order, its text as it went in."""
import articles
from daemon import expect


def numbers_of(found, seed=0):
    return [articles.number_of(o, seed) for o in found]


def check(found, expected, size=1500, seed=0, bodies=True):
    """found: objects from the output log, from its start; expected: the numbers that were fed, in order."""
    expected = list(expected)
    got = numbers_of(found, seed)
    if got != expected:
        missing, doubled = sorted(set(expected) - set(got))[:10], sorted(n for n in set(got) if got.count(n) > 1)[:10] if len(got) < 5000 else []
        at = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
        expect(False, '%d articles, expected %d; the first difference is at %d: got %s, expected %s; missing %s, doubled %s', len(got), len(expected), at,
               got[at:at + 3], expected[at:at + 3], missing, doubled)
    oseqs = [o['pipeline']['oseq'] for o in found]
    expect(oseqs == list(range(1, len(found) + 1)), 'oseq is not 1, 2, …: %s …', oseqs[:10])
    jseqs = [(o['pipeline']['jseq'], o['pipeline']['sub']) for o in found]
    expect(jseqs == sorted(set(jseqs)), 'the order of acceptance is not kept')
    if bodies:
        for o, number in zip(found, expected):
            text = o['bodies'][0]['value']
            expect(text == articles.body(number, size, seed), 'article %d: its text was changed: %r', number, text[:200])
