#!/usr/bin/python3
"""Tests scripts/check: each rule is shown to find what it is for, and to let pass what is close to it.

    tests/check/check_test.py        results as TAP
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'harness'))
from tap import Tap  # noqa: E402

CHECK = os.path.join(ROOT, 'scripts', 'check')
MAP = 'base/ record/ conf/ store/ link/ run/ broker/ super/ client/ cli/ gateway/\n'
HEAD = '/* Opens with a comment. */\n'
SPACE = ' '

# Name, files, what must be found (a part of a line of the output); None: nothing may be found.
CASES = [
    ('a clean tree passes',
     {'src/base/a.c': HEAD + '#include "a.h"\n#include "base/a.h"\n#include <newswire/str.h>\n', 'src/base/a.h': HEAD,
      'include/newswire/str.h': HEAD}, None),
    ('a layer includes one below', {'src/link/a.c': HEAD + '#include "record/b.h"\n', 'src/record/b.h': HEAD}, None),
    ('a layer includes one above', {'src/record/a.c': HEAD + '#include "link/b.h"\n', 'src/link/b.h': HEAD}, 'src/record/a.c:2: src/record includes src/link/b.h'),
    ('two of the same height', {'src/conf/a.c': HEAD + '#include "store/b.h"\n', 'src/store/b.h': HEAD}, 'src/conf/a.c:2: '),
    ('super does not touch the link', {'src/super/a.c': HEAD + '#include "link/b.h"\n', 'src/link/b.h': HEAD}, 'src/super/a.c:2: '),
    ('the broker does not include run', {'src/broker/a.c': HEAD + '#include "run/b.h"\n', 'src/run/b.h': HEAD}, 'src/broker/a.c:2: '),
    ('a way out by dots', {'src/base/a.c': HEAD + '#include "../link/b.h"\n', 'src/link/b.h': HEAD}, 'src/base/a.c:2: '),
    ('a stage and its own folder',
     {'stages/tag/a.c': HEAD + '#include "b.h"\n#include "deep/c.h"\n', 'stages/tag/b.h': HEAD, 'stages/tag/deep/c.h': HEAD, 'stages/tag/README.md': 'x\n'}, None),
    ('a stage includes src', {'stages/tag/a.c': HEAD + '#include "record/b.h"\n', 'src/record/b.h': HEAD}, 'stages/tag/a.c:2: stages/tag includes src/record/b.h'),
    ('a stage includes another', {'stages/tag/a.c': HEAD + '#include "clean/b.h"\n', 'stages/clean/b.h': HEAD}, 'stages/tag/a.c:2: '),
    ('a public header includes an inner one', {'include/newswire/a.h': HEAD + '#include "base/b.h"\n', 'src/base/b.h': HEAD}, 'include/newswire/a.h:2: '),
    ('a header that is not there', {'src/base/a.c': HEAD + '#include "nowhere.h"\n'}, 'src/base/a.c:2: "nowhere.h" is neither'),
    ('a header that the build makes', {'src/base/a.c': HEAD + '#include "made.inc"\n', 'CMakeLists.txt': 'add_custom_command(OUTPUT made.inc)\n'}, None),
    ('a public header that is not there', {'src/base/a.c': HEAD + '#include <newswire/nowhere.h>\n'}, 'src/base/a.c:2: '),
    ('a folder without a layer', {'src/attic/a.c': HEAD}, 'src/attic has no place in LAYERS'),
    ('a test includes what it likes', {'tests/unit/base/a_test.c': HEAD + '#include "link/b.h"\n#include <zmq.h>\n', 'src/link/b.h': HEAD}, None),
    ('zmq.h in its place', {'src/link/a.c': HEAD + '#include <zmq.h>\n', 'src/run/publish.c': HEAD + '#include <zmq.h>\n'}, None),
    ('zmq.h elsewhere', {'src/run/loop.c': HEAD + '#include <zmq.h>\n'}, 'src/run/loop.c:2: <zmq.h> may be included only in src/link/'),
    ('msgpack elsewhere', {'src/link/a.c': HEAD + '#include <msgpack/unpack.h>\n'}, 'src/link/a.c:2: <msgpack/unpack.h>'),
    ('uv.h elsewhere', {'src/run/a.c': HEAD + '#  include <uv.h>\n'}, 'src/run/a.c:2: <uv.h>'),
    ('a library in a public header', {'include/newswire/a.h': HEAD + '#include <jansson.h>\n'}, 'include/newswire/a.h:2: <jansson.h>'),
    ('a banned call', {'src/base/a.c': HEAD + 'int f(char *s)\n{\n    return atoi(s);\n}\n'}, 'src/base/a.c:4: atoi '),
    ('a banned call with a space', {'src/base/a.c': HEAD + 'void f(char *s) { strcpy (s, s); }\n'}, 'src/base/a.c:2: strcpy '),
    ('a banned call behind a comment', {'src/base/a.c': HEAD + '/* x */ int g(char *s) { return sprintf(s, "%s", "a"); } // y\n'}, 'src/base/a.c:2: sprintf '),
    ('a sleep', {'tests/unit/base/a_test.c': HEAD + 'void f(void) { sleep(1); }\n'}, 'tests/unit/base/a_test.c:2: sleep '),
    ('banned words in comments and texts', {'src/base/a.c': HEAD + '/* never strcpy(a, b);\n gets(c) */\nconst char *s = "sprintf(\\"x\\")"; // strcat(a, b)\nchar q = \'"\';\n'}, None),
    ('longer words', {'src/base/a.c': HEAD + 'int nw_atoi(int x);\nint f(int x) { return nw_atoi(x); }\n'}, None),
    ('members of that name', {'src/base/a.c': HEAD + 'void f(struct t *t) { t->gets(1); t->x.sleep(2); }\n'}, None),
    ('a file without an opening comment', {'src/base/a.c': '#include <stdio.h>\n'}, 'src/base/a.c:1: opens without a comment'),
    ('a script without an opening comment', {'scripts/x': '#!/bin/sh\nset -eu\n'}, 'scripts/x:2: opens without a comment'),
    ('a file too long', {'src/base/a.c': HEAD + 'int x;\n' * 701}, 'src/base/a.c:702: has 702 lines'),
    ('a file past the aim is only noted', {'src/base/a.c': HEAD + 'int x;\n' * 600}, None),
    ('a generated table may be long', {'src/base/a.c': '/* Generated by scripts/x. */\n' + 'int x;\n' * 2000}, None),
    ('white space at an end', {'src/base/a.c': HEAD + 'int x;' + SPACE + '\n'}, 'src/base/a.c:2: ends in white space'),
    ('white space in a page', {'src/README.md': MAP + 'Text.' + SPACE * 2 + '\n'}, 'src/README.md:2: ends in white space'),
    ('a stray file at the top', {'crash-1f2e': ''}, 'crash-1f2e:1: does not belong here'),
    ('dot files at the top', {'.editorconfig': 'root = true\n'}, None),
    ('samples stay as they are', {'deploy/samples/a.txt': 'Text.' + SPACE + '\n'}, None),
    ('no line feed at the end', {'a.md': '# A'}, 'a.md:1: does not end in a line feed'),
    ('not UTF-8', {'src/base/a.c': b'/* caf\xe9 */\n'}, 'src/base/a.c:1: is not UTF-8'),
    ('a path of one machine', {'a.md': 'See /' + 'work/shared/x.\n'}, 'a.md:1: names a path'),
    ('paths of every machine', {'stages/README.md': 'See ../shared, /usr/bin, src/work/x and /etc/newswired.\n'}, None),
    ('a stage without a page', {'stages/tag/a.c': HEAD}, 'stages/tag/README.md:1: is missing'),
    ('a folder that the map does not know', {'src/base/a.c': HEAD, 'src/README.md': 'nothing\n'}, 'src/README.md:1: does not name src/base/'),
]


def run(files, *options):
    """(exit status, output) of scripts/check over a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in {'src/README.md': MAP, **files}.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'wb') as file:
                file.write(text if isinstance(text, bytes) else text.encode())
        done = subprocess.run([sys.executable, CHECK, '--root', root, *options], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def judge(tap, name, files, expected, *options):
    status, output = run(files, *options)
    if expected is None:
        good = status == 0
    else:
        good = status == 1 and expected in output
    if good:
        tap.passed(name)
    else:
        tap.fail(name, 'expected %s\nexit status %d, output:\n%s' % (expected or 'no finding', status, output))


def main():
    tap = Tap()
    for name, files, expected in CASES:
        judge(tap, name, files, expected, '--no-format')
    with open(os.path.join(ROOT, '.clang-format'), encoding='utf-8') as file:
        style = file.read()
    judge(tap, 'C in our format', {'.clang-format': style, 'src/base/a.c': HEAD + 'int f(void)\n{\n    return 1;\n}\n'}, None)
    judge(tap, 'C in another format', {'.clang-format': style, 'src/base/a.c': HEAD + 'int f(void) {return 1;}\n'}, 'src/base/a.c:2: is not in our format')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
