#!/usr/bin/python3
"""The long run of a drop folder, which scripts/test has no time for: fetch is killed again and again while files are dropped.

    tests/e2e/folders_soak.py --build FOLDER [--files 20000] [--kills 100] [--after move|leave|delete]

Prints what it counted; ends with an exception where an article is missing or came twice.
"""
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import folder_soak  # noqa: E402

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument('--build', default='build')
options.add_argument('--files', type=int, default=20000)
options.add_argument('--kills', type=int, default=100, help='so many times kill -9 of fetch')
options.add_argument('--after', default='move', help='what becomes of a file')
given = options.parse_args()
print(json.dumps(folder_soak.soak(os.path.abspath(given.build), given.files, given.kills, given.after)))
