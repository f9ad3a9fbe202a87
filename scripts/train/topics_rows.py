#!/usr/bin/env python3
"""Writes rows for `newswire-train topics`: GROUP, WEIGHT, LABELS (parted by commas), TITLE, TEXT, parted by TABs.

    topics_rows.py media TAXONOMY.tsv.gz VOA-TOPICS.tsv WIRE.txt… > rows     IPTC Media Topics, with their ancestors
    topics_rows.py labels TAXONOMY.tsv.gz > labels                           CODE, NAME, PARENT of each topic
    topics_rows.py unlabelled SENTENCES.txt.gz > rows                        text of the same kind, six sentences a row
    topics_rows.py reuters FOLDER train|test > rows                          Reuters-21578, ModApte split, categories R90;
                                                                             of train those that bear one

GROUP is what cross-validation leaves out together: a block of voa, a fifth of Reuters; - is never left out.
"""
import glob
import gzip
import html
import os
import re
import sys

# The categories with one document or more in both parts of the ModApte split, over which results are published.
R90 = set('''acq alum barley bop carcass castor-oil cocoa coconut coconut-oil coffee copper copra-cake corn cotton cotton-oil
cpi cpu crude dfl dlr dmk earn fuel gas gnp gold grain groundnut groundnut-oil heat hog housing income instal-debt interest
ipi iron-steel jet jobs l-cattle lead lei lin-oil livestock lumber meal-feed money-fx money-supply naphtha nat-gas nickel
nkr nzdlr oat oilseed orange palladium palm-oil palmkernel pet-chem platinum potato propane rand rape-oil rapeseed reserves
retail rice rubber rye ship silver sorghum soy-meal soy-oil soybean strategic-metal sugar sun-meal sun-oil sunseed tea
tin trade veg-oil wheat wpi yen zinc'''.split())


def taxonomy(path):
    with gzip.open(path, 'rt', encoding='utf-8') as f:
        next(f)
        for line in f:
            c = line.rstrip('\n').split('\t')
            yield c[0].split(':')[1], [x.split(':')[1] for x in c[1].split('/') if x], c[2], c[3], len(c) > 6 and bool(c[6])


def flat(s):
    return ' '.join(s.split())


def media(args):
    topics = {code: (path, name, text, retired) for code, path, name, text, retired in taxonomy(args[0])}
    up = lambda codes: ','.join(dict.fromkeys(x for c in codes if c in topics for x in topics[c][0]))
    with open(args[1], encoding='utf-8') as f:
        next(f)
        for line in f:
            story, _, codes, text = line.rstrip('\n').split('\t')
            print(story.rsplit('-', 1)[0], 1, up(c.split(':')[1] for c in codes.split(',')), '', flat(text), sep='\t')
    for path in args[2:]:
        with open(path, encoding='utf-8') as f:
            items = f.read().split('@@ ')[1:]
        for item in items:
            head, _, rest = item.partition('\n')
            title, _, text = rest.partition('\n')
            plain = lambda s: flat(re.sub(r'\[(?:PER|LOC|ORG|MISC) ([^]]*)\]', r'\1', s))
            print('-', 1, up(re.findall(r'medtop:(\d{8})', head.split('|')[0])), plain(title), plain(text), sep='\t')
    for code, (path, name, text, retired) in topics.items():
        if text and not retired:
            print('-', 0.1, ','.join(path), flat(name), flat(text), sep='\t')


def unlabelled(path):
    with gzip.open(path, 'rt', encoding='utf-8') as f:
        sentences = [re.sub(r" (['.,;:?!)]|n't)", r'\1', line.strip()).replace('~', ' ') for line in f]
    for i in range(0, len(sentences), 6):
        print('-', 0, '', '', flat(' '.join(sentences[i:i + 6])), sep='\t')


def reuters(folder, part):
    for path in sorted(glob.glob(os.path.join(folder, 'reut2-*.sgm*'))):
        with (gzip.open if path.endswith('.gz') else open)(path, 'rt', encoding='latin-1') as f:
            for doc in re.findall(r'<REUTERS (.*?)</REUTERS>', f.read(), re.S):
                head = doc[:doc.index('>')]
                get = lambda k: re.search(k + r'="([^"]*)"', head)[1]
                if get('TOPICS') != 'YES' or get('LEWISSPLIT') != ('TRAIN' if part == 'train' else 'TEST'):
                    continue
                tag = lambda k: (re.search(rf'<{k}>(.*?)</{k}>', doc, re.S) or ['', ''])[1]
                labels = ','.join(label for label in re.findall(r'<D>(.*?)</D>', tag('TOPICS')) if label in R90)
                if part == 'train' and not labels:
                    continue
                text = tag('BODY') or re.sub(r'<[^>]*>', ' ', re.search(r'<TEXT.*?</TEXT>', doc, re.S)[0])
                number = get('NEWID')
                print('%d' % (int(number) % 5), 1 if part == 'train' else number, labels, flat(html.unescape(tag('TITLE'))), flat(html.unescape(text)), sep='\t')


def main():
    if sys.argv[1] == 'media':
        media(sys.argv[2:])
    elif sys.argv[1] == 'labels':
        for code, path, name, _, _ in taxonomy(sys.argv[2]):
            print(code, name, path[-2] if len(path) > 1 else '', sep='\t')
    elif sys.argv[1] == 'unlabelled':
        unlabelled(sys.argv[2])
    else:
        reuters(*sys.argv[2:4])


if __name__ == '__main__':
    main()
