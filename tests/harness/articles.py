"""Numbered articles in any quantity: the same number and seed give the same bytes everywhere, so a checker can make again what it must find.

The words are invented; places and a few names are real, so that every stage has work. Nothing in them gives a cleaner reason to change the body:
no dateline, no byline, no marks of the wire. So the body that comes out must be the body that went in.
"""
import json
import random
import re

SYLLABLES = 'ba be bi bo bra da de dor fa fe fin ga gel gra ha hol ka ke kin la len lo ma mer mo na nel no pa per po ra ren ro sa sel so ta ten to va ver vo'.split()
PLACES = ['Vilnius', 'Nairobi', 'Santiago', 'Helsinki', 'Jakarta', 'Ottawa', 'Lisbon', 'Tbilisi', 'Accra', 'Seoul', 'Warsaw', 'Lima', 'Hanoi', 'Oslo', 'Tunis',
          'Canada', 'Kenya', 'Poland', 'Chile', 'Georgia', 'Vietnam', 'Norway', 'Peru', 'Ghana']
PEOPLE = ['Marta Ozola', 'Kwame Asante', 'Lenka Dvorska', 'Joseph Kiptoo', 'Siim Kask', 'Rosa Villalobos', 'Tomas Weller', 'Aigul Sadykova']
VERBS = 'met raised closed opened signed refused weighed sold built moved'.split()
BASE = 'urn:example:article:'


def word(rng):
    return ''.join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4)))


def sentence(rng, words):
    kind = rng.randrange(6)
    if kind == 0:
        return '“%s %s %s,” said %s.' % (rng.choice(words).capitalize(), rng.choice(VERBS), ' '.join(rng.sample(words, 4)), rng.choice(PEOPLE))
    if kind == 1:
        return 'The %s in %s %s %d %s by %d percent.' % (rng.choice(words), rng.choice(PLACES), rng.choice(VERBS), rng.randint(2, 9000), rng.choice(words), rng.randint(2, 90))
    return 'A %s of %s %s the %s before the %s.' % (rng.choice(words), rng.choice(PLACES), rng.choice(VERBS), ' '.join(rng.sample(words, 3)), ' '.join(rng.sample(words, 2)))


def body(number, size=1500, seed=0):
    """The text of article `number`, a little over `size` characters; its first words name it."""
    rng = random.Random(seed * 1000003 + number)
    words = [word(rng) for _ in range(24)]
    paragraphs, length = ['Item %d of run %d concerns the %s of %s.' % (number, seed, rng.choice(words), rng.choice(PLACES))], 0
    while length < size:
        paragraphs.append(' '.join(sentence(rng, words) for _ in range(rng.randint(1, 4))))
        length += len(paragraphs[-1]) + 2
    return '\n\n'.join(paragraphs)


def uri(number, seed=0):
    return '%s%d:%d' % (BASE, seed, number)


FIRST_WORDS = re.compile(r'Item (\d+) of run (\d+) concerns ')


def number_of(article, seed=0):
    """The number of an article that came out, by the first words of its body; None where it is none of ours."""
    bodies = article.get('bodies') or [{}]
    match = FIRST_WORDS.match(bodies[0].get('value') or '')
    return int(match.group(1)) if match and int(match.group(2)) == seed else None


def item(number, size=1500, seed=0):
    """Article `number` as a ninjs object."""
    rng = random.Random(number)
    return {'uri': uri(number, seed), 'type': 'text', 'version': '1', 'versionCreated': '2026-03-%02dT%02d:%02d:00Z' % (1 + number // 1440 % 28, number // 60 % 24, number % 60),
            'pubStatus': 'usable', 'urgency': 5, 'language': 'en', 'headlines': [{'role': 'main', 'value': 'Item %d: %s in %s' % (number, word(rng), rng.choice(PLACES))}],
            'bodies': [{'role': 'main', 'contentType': 'text/plain', 'value': body(number, size, seed)}]}


def write_ndjson(path, numbers, size=1500, seed=0):
    with open(path, 'w', encoding='utf-8') as file:
        for number in numbers:
            file.write(json.dumps(item(number, size, seed), ensure_ascii=False) + '\n')
    return path
