#!/usr/bin/python3
"""The long soak of feeds, which scripts/test has no time for: some days of test time in ten minutes.

    tests/e2e/feeds_soak.py --build FOLDER [--feeds 1000] [--scale 600] [--seconds 500] [--faulty 0.3] [--kills 100] [--pages]

Prints what it counted; ends with an exception where an article is missing or came twice, or a feed was asked more often than its limits allow.
"""
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import feed_soak  # noqa: E402

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument('--build', default='build')
options.add_argument('--feeds', type=int, default=1000)
options.add_argument('--scale', type=int, default=600, help='seconds of test time in one of ours')
options.add_argument('--seconds', type=int, default=500)
options.add_argument('--faulty', type=float, default=0.0, help='share of bad answers')
options.add_argument('--kills', type=int, default=0, help='so many times kill -9 of fetch')
options.add_argument('--pages', action='store_true', help='follow: page')
given = options.parse_args()
print(json.dumps(feed_soak.soak(os.path.abspath(given.build), given.feeds, given.scale, given.seconds, given.faulty, given.kills, pages=given.pages)))
