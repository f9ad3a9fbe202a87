"""Subscribers get what they ask for: the same from the live stream, from the past, and over both; and a sentence for what is no query."""
import json
import os

import articles
import stream
from daemon import Daemon, expect, until

COUNT = 600
QUERY = 'urgency:1..2 OR place:CL NOT dup:true'


def write(path, numbers):
    with open(path, 'w', encoding='utf-8') as file:
        for number in numbers:
            file.write(json.dumps({**articles.item(number, 400), 'urgency': 3 + number % 5}) + '\n')
    return path


def wanted(found):
    """What the query asks for, as this test understands it. None of these articles is urgent."""
    return [o['pipeline']['oseq'] for o in found
            if any(p.get('literal') == 'CL' for p in o.get('places', [])) and not ({'duplicateOf', 'nearDuplicateOf'} & set(o.get('story', {})))]


def oseqs(text):
    return [json.loads(line)['pipeline']['oseq'] for line in text.split('\n')[:-1]]


def test_query(build):
    """A live subscriber, one that begins in the past and goes on live, and one that reads the past: each gets what the query wants, in order."""
    with Daemon(build) as daemon:
        half = write(os.path.join(daemon.folder, 'a.ndjson'), range(COUNT // 2))
        rest = write(os.path.join(daemon.folder, 'b.ndjson'), range(COUNT // 2, COUNT))
        expect(daemon.feed([half]) == (COUNT // 2, 0), 'not all were accepted')
        first = wanted(daemon.tail(COUNT // 2))
        expect(5 < len(first) < COUNT // 4, 'the query wants %d of the first half', len(first))
        both = daemon.background('tail', '--from', 'start', '--format', 'json', '--query', QUERY)
        until(lambda: len(oseqs(both.text(both.out))) >= len(first), 'the past has come')
        expect(daemon.feed([rest]) == (COUNT // 2, 0), 'not all were accepted')
        everything = wanted(daemon.tail(COUNT))
        expect(len(everything) > len(first), 'the query wants nothing of the second half')
        until(lambda: len(oseqs(both.text(both.out))) >= len(everything), 'what is live has come')
        expect(oseqs(both.text(both.out)) == everything, 'past and live: %s, expected %s', oseqs(both.text(both.out)), everything)
        status, output, errors = daemon.newswire('tail', '--from', 'start', '--end', '--format', 'json', '--query', QUERY)
        expect(status == 0 and oseqs(output) == everything, 'the past: status %s, %s, errors %r', status, oseqs(output), errors)
        status, output, _ = daemon.newswire('tail', '--from', 'start', '--end', '--format', 'json', '--query', 'nothinglikethis')
        expect(status == 0 and output == '', 'a query that nothing matches: status %s, %r', status, output[:200])
        expect(stream.numbers_of(daemon.tail(COUNT)) == list(range(COUNT)), 'all is not all')


def test_bad_query(build):
    """The command says where a query is wrong; the daemon says it to whoever asks without the command's help."""
    with Daemon(build) as daemon:
        for words in (('tail', '--query'), ('check-query',)):
            status, _, errors = daemon.newswire(*words, 'ferry AND plac:LT')
            expect(status == 1 and 'column 11: no field is called "plac"' in errors, '%s: status %s, errors %r', words[0], status, errors)
        status, output, _ = daemon.newswire('check-query', 'ferry AND place:LT')
        expect(status == 0 and output == 'ok\n', 'a good query: status %s, %r', status, output)
