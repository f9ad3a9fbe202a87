"""The ledger: each article that was accepted is completed, dropped, dead, or still in flight; at rest nothing is in flight.

The broker counts from its own start, so `accepted` begins again with a new broker; `journal_last`, the place of the last entry in the journal,
counts all articles that were ever accepted.
"""
from daemon import expect, until


def balanced(book):
    return book['accepted'] == book['completed'] + book['dropped'] + book['dead'] + book['in_flight']


def settle(daemon, accepted, dead=0, articles=None):
    """Waits until nothing is in flight, and expects that all that was accepted is accounted for, and has come out but for the dead. The book.

    articles: how many came of what was accepted, where a document holds several."""
    def at_rest():
        book = daemon.metrics('broker')
        return book if book.get('in_flight') == 0 and book['journal_last'] >= accepted else None
    book = until(at_rest, 'nothing is in flight')
    expect(balanced(book), 'the ledger is not balanced: %s', book)
    expect(book['journal_last'] == accepted, 'the journal holds %s, accepted were %d', book['journal_last'], accepted)
    wanted = accepted - dead if articles is None else articles
    expect(daemon.oseq() == wanted, 'the output log holds %s articles, expected %d', daemon.oseq(), wanted)
    return book
