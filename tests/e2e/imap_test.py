"""Mail over IMAP from a dovecot: every message once, whatever is killed, and the mailbox as the config says."""
import json
import os

import articles
import mail_server
from daemon import Daemon, expect, until
from mail_server import MailServer
from tap import Skip

SETTINGS = '''
pipeline: [clean, aggregate]
sources:
  - {kind: imap, name: mail, server: "imap://127.0.0.1:%d", user: %s, password_env: DESK_PASSWORD, poll_least: 1, allow_private: true, ca: "%s", after: %s, done: Done}
'''


def needs_dovecot():
    if not mail_server.available():
        raise Skip('dovecot or openssl is not here; scripts/setup installs them')


def start(build, server, after='leave'):
    return Daemon(build, SETTINGS % (server.plain, mail_server.USER, server.ca, after), preload={'DESK_PASSWORD': mail_server.PASSWORD})


def deliver(server, numbers):
    for n in numbers:
        server.deliver(n, articles.body(n, 300))


def expect_once(daemon, numbers):
    """These have come out, once each, and nothing else."""
    until(lambda: daemon.oseq() >= len(numbers), '%d mails come out' % len(numbers))
    got = [articles.number_of(o) for o in daemon.tail(daemon.oseq())]
    expect(sorted(got) == sorted(numbers), 'missing %s; got %s', sorted(set(numbers) - set(got)), got)


def test_kill_among_mails(build):
    """kill -9 of fetch while mails come: each once, and all as unread as they were. The folder is made anew: none again."""
    needs_dovecot()
    with MailServer() as server, start(build, server) as daemon:
        deliver(server, range(70))
        for first in range(70, 100, 10):
            at = daemon.oseq()
            deliver(server, range(first, first + 10))
            until(lambda before=at: daemon.oseq() > before, 'mails come out')
            daemon.kill(until(lambda: daemon.pids('fetch'), 'fetch is there'))
        expect_once(daemon, range(100))
        expect(all(name.partition(':2,')[2] == '' for name in server.mails()), 'flags were set: %s', server.mails()[:3])
        server.make_anew()
        deliver(server, range(100, 103))
        until(lambda: daemon.oseq() >= 103, 'mails of the new folder come out')
        daemon.kill(until(lambda: daemon.pids('fetch'), 'fetch is there'))
        deliver(server, range(103, 105))
        expect_once(daemon, range(105))


def test_seen_and_moved(build):
    """What has come out is flagged as read, or moved; what is too large is told, and stays as it is."""
    needs_dovecot()
    for after in ('seen', 'move'):
        with MailServer() as server, start(build, server, after) as daemon:
            deliver(server, range(12))
            expect_once(daemon, range(12))
            if after == 'seen':
                until(lambda: all('S' in name.partition(':2,')[2] for name in server.mails()), 'all are flagged')
            else:
                until(lambda: len(server.mails('.Done')) == 12 and not server.mails(), 'all are moved')
                server.deliver(12, 'x' * 11000000)
                deliver(server, [13])
                expect_once(daemon, list(range(12)) + [13])
                until(lambda: len(server.mails('.Done')) == 13, 'the good one is moved')
                expect(len(server.mails()) == 1, 'the large one is gone: %s', server.mails())
                expect(log(daemon).count('more than max_bytes: it is left out') == 1, 'what the log says of the large one')


def log(daemon):
    with open(daemon.log, encoding='utf-8', errors='replace') as file:
        return file.read()


def test_encryption(build):
    """Certificates are verified; a wrong password is told without it; the right ones work."""
    needs_dovecot()
    with MailServer() as server:
        password = os.path.join(server.folder, 'password')
        with open(password, 'w', encoding='utf-8') as file:
            file.write(mail_server.PASSWORD + '\n')
        row = '  - {kind: imap, name: %s, server: "imaps://localhost:%d", user: desk@example.com, %s, poll_least: 1, allow_private: %s%s}\n'
        settings = 'pipeline: [clean, aggregate]\nsources:\n'
        settings += row % ('good', server.tls, 'password_file: ' + password, 'true', ', ca: ' + server.ca)
        settings += row % ('strange', server.tls, 'password_file: ' + password, 'true', '')
        settings += row % ('wrong', server.tls, 'password_env: WRONG', 'true', ', ca: ' + server.ca)
        settings += row % ('guarded', server.tls, 'password_env: WRONG', 'false', ', ca: ' + server.ca)
        deliver(server, [1])
        with Daemon(build, settings, preload={'WRONG': 'not-the-password'}) as daemon:
            expect_once(daemon, [1])
            for sentence in ('certificate', 'the server refuses user and password', 'is not a public one'):
                until(lambda s=sentence: s in log(daemon), sentence)
            for secret in (mail_server.PASSWORD, 'not-the-password', 'desk@example.com'):
                expect(secret not in log(daemon), '%r stands in the log', secret)


def test_poll_now(build):
    """A mailbox that is looked at each hour is looked at when somebody wants it."""
    needs_dovecot()
    settings = SETTINGS.replace('poll_least: 1', 'poll_least: 3600, poll_most: 3600')
    with MailServer() as server:
        deliver(server, [0])
        with Daemon(build, settings % (server.plain, mail_server.USER, server.ca, 'leave'), preload={'DESK_PASSWORD': mail_server.PASSWORD}) as daemon:
            expect_once(daemon, [0])
            until(lambda: json.loads(daemon.newswire('sources', '--json')[1])['next_poll'], 'the next look is told')
            deliver(server, [1])
            expect(daemon.newswire('sources', 'poll', 'mail')[:2] == (0, 'poll: 1 source\n'), 'poll')
            expect_once(daemon, [0, 1])
