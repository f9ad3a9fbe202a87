"""A dovecot of a test's own: an ordinary user's process on loopback, its mail in a Maildir below a temporary folder."""
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile

from daemon import expect, until

USER, PASSWORD = 'desk@example.com', 'wave-4711-harbour'

CONFIG = '''
base_dir = %(dir)s/run
state_dir = %(dir)s/state
log_path = %(dir)s/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <%(dir)s/cert.pem
ssl_key = <%(dir)s/key.pem
disable_plaintext_auth = no
default_internal_user = %(user)s
default_login_user = %(user)s
default_internal_group = %(group)s
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:%(dir)s/mail
passdb {
  driver = static
  args = password=%(password)s
}
userdb {
  driver = static
  args = uid=%(uid)d gid=%(gid)d home=%(dir)s/home
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %(plain)d
  }
  inet_listener imaps {
    port = %(tls)d
    ssl = yes
  }
}
'''

MAIL = 'Message-ID: <%d@example.com>\r\nFrom: wire@example.com\r\nTo: desk@example.com\r\nDate: Wed, 14 Jan 2026 10:00:00 +0000\r\n' \
       'Subject: Item %d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n'


def available():
    return all(shutil.which(program, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin') for program in ('dovecot', 'openssl'))


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class MailServer:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='newswired-mail-')
        self.plain, self.tls = free_port(), free_port()
        # Mail of root is none that dovecot serves.
        self.owner = pwd.getpwnam('nobody') if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        for name in ('run', 'state', 'home', 'mail', 'mail/new', 'mail/cur', 'mail/tmp', 'mail/.Done', 'mail/.Done/new', 'mail/.Done/cur', 'mail/.Done/tmp'):
            os.mkdir(os.path.join(self.folder, name))
        self.ca = os.path.join(self.folder, 'cert.pem')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', os.path.join(self.folder, 'key.pem'), '-out', self.ca, '-days', '2',
                        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], check=True, capture_output=True)
        self.config = os.path.join(self.folder, 'dovecot.conf')
        with open(self.config, 'w', encoding='utf-8') as file:
            file.write(CONFIG % {'dir': self.folder, 'user': self.owner.pw_name, 'group': self.group(), 'uid': self.owner.pw_uid, 'gid': self.owner.pw_gid,
                                 'password': PASSWORD, 'plain': self.plain, 'tls': self.tls})
        self.own(self.folder)
        self.process = None
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        if kind is not None:
            with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as file:
                print('the log of dovecot ends:\n' + ''.join(file.readlines()[-15:]))
        shutil.rmtree(self.folder, ignore_errors=True)

    def group(self):
        return grp.getgrgid(self.owner.pw_gid).gr_name

    def own(self, path):
        if os.getuid() == 0:
            subprocess.run(['chown', '-R', '%d:%d' % (self.owner.pw_uid, self.owner.pw_gid), path], check=True)
            os.chmod(path, 0o755 if os.path.isdir(path) else 0o644)

    def start(self):
        who = {'user': self.owner.pw_uid, 'group': self.owner.pw_gid, 'extra_groups': []} if os.getuid() == 0 else {}
        dovecot = shutil.which('dovecot', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
        self.process = subprocess.Popen([dovecot, '-F', '-c', self.config], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)

        def answers():
            expect(self.process.poll() is None, 'dovecot ended with status %s', self.process.returncode)
            try:
                with socket.create_connection(('127.0.0.1', self.plain), 10) as line:
                    return line.recv(4) == b'* OK'
            except ConnectionError:
                return False
        until(answers, 'dovecot answers')

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        self.process = None

    def deliver(self, number, text):
        """As a mail transport does: under tmp/, then renamed."""
        name = '%d.M%dP1.example' % (1768384800 + number, number)
        path = os.path.join(self.folder, 'mail', 'tmp', name)
        with open(path, 'w', encoding='utf-8', newline='') as file:
            file.write(MAIL % (number, number, text))
        self.own(path)
        os.rename(path, os.path.join(self.folder, 'mail', 'new', name))

    def make_anew(self):
        """The folder loses its UIDs, as when mail is moved to another server."""
        self.stop()
        for name in os.listdir(os.path.join(self.folder, 'mail')):
            if name.startswith('dovecot'):
                path = os.path.join(self.folder, 'mail', name)
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        self.start()

    def mails(self, folder=''):
        """Names of the messages in a folder, with their flags behind ':2,'."""
        base = os.path.join(self.folder, 'mail', folder)
        return [name for part in ('new', 'cur') for name in os.listdir(os.path.join(base, part))]
