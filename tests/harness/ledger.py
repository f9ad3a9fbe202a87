"""The ledger: each article that came in is out, dropped, dead, or still in flight; at rest nothing is in flight."""
from daemon import expect, until


def entries(status):
    """The whole's ledger, from `newswire status --json`."""
    return status['ledger']


def balanced(status):
    book = entries(status)
    return book['in'] == book['out'] + book['dropped'] + book['dead'] + book['inflight']


def settle(daemon, accepted, outputs=True):
    """Waits until nothing is in flight, and expects that all that was accepted is accounted for; with outputs, that each came out."""
    status = until(lambda: (lambda s: s if entries(s)['inflight'] == 0 and entries(s)['in'] >= accepted else None)(daemon.status()), 'nothing is in flight')
    book = entries(status)
    expect(book['in'] == accepted, 'the ledger says in %s, accepted were %d', book['in'], accepted)
    expect(balanced(status), 'the ledger is not balanced: %s', book)
    if outputs:
        expect(book['out'] == accepted, 'the ledger says out %s, accepted were %d', book['out'], accepted)
    return status
