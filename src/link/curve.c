/* Key files, and the socket options that keys become: see curve.h. */
#include "link/curve.h"

#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

enum { KEY_BYTES = 32, PATH_BYTES = 4096, FILE_BYTES = 64 };

/* ---- reading */

static int refuse_errno(char why[NW_WHY], const char *path, const char *deed)
{
    snprintf(why, NW_WHY, "%.150s can't be %s: %s", path, deed, strerror(errno));
    return NW_CURVE_BAD;
}

/* The line that the file is; a file larger than a key with its line end is none. */
static int read_line(int fd, const char *path, char line[NW_CURVE_TEXT], char why[NW_WHY])
{
    char text[FILE_BYTES];
    uint8_t bytes[KEY_BYTES];
    ssize_t n = read(fd, text, sizeof text);
    struct nw_str key;

    if (n < 0)
        return refuse_errno(why, path, "read");
    key = nw_str_trim(nw_str(text, (size_t)n));
    if (key.n == NW_CURVE_TEXT - 1) {
        memcpy(line, key.p, key.n);
        line[key.n] = '\0';
    }
    if (key.n != NW_CURVE_TEXT - 1 || strlen(line) != key.n || !zmq_z85_decode(bytes, line)) {
        snprintf(why, NW_WHY, "%.150s is no key: it must be one line of %d characters, as `newswire keygen` writes it",
                 path, NW_CURVE_TEXT - 1);
        return NW_CURVE_BAD;
    }
    return 0;
}

static int read_key(const char *path, bool secret, char key[NW_CURVE_TEXT], char why[NW_WHY])
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;

    if (fd < 0)
        return refuse_errno(why, path, "read");
    if (fstat(fd, &st) < 0) {
        r = refuse_errno(why, path, "read");
    } else if (!S_ISREG(st.st_mode)) {
        snprintf(why, NW_WHY, "%.150s is no file; name the file of a key", path);
        r = NW_CURVE_BAD;
    } else if (secret && (st.st_mode & 077)) {
        snprintf(why, NW_WHY,
                 "%.120s holds a secret key and is open to others (mode %04o): chmod 600 it, or make a "
                 "new pair where others may have read it",
                 path, (unsigned)(st.st_mode & 07777));
        r = NW_CURVE_BAD;
    } else {
        r = read_line(fd, path, key, why);
    }
    close(fd);
    return r;
}

int nw_curve_read_public(const char *path, char key[NW_CURVE_TEXT], char why[NW_WHY])
{
    return read_key(path, false, key, why);
}

int nw_curve_read_secret(const char *path, struct nw_curve_pair *pair, char why[NW_WHY])
{
    int r = read_key(path, true, pair->secret, why);

    if (r == 0 && zmq_curve_public(pair->public, pair->secret) != 0) {
        snprintf(why, NW_WHY, "%.150s can't be used: %s", path, zmq_strerror(errno));
        r = NW_CURVE_BAD;
    }
    return r;
}

int nw_curve_read_client(const char *server, const char *own, struct nw_curve_client *client, bool *some,
                         char why[NW_WHY])
{
    int r = 0;

    *some = server || own;
    if (!*some)
        return 0;
    if (!server || !own) {
        snprintf(why, NW_WHY, "--broker-key and --key go together: the broker's public key and one's own secret key");
        return NW_CURVE_BAD;
    }
    r = nw_curve_read_public(server, client->server, why);
    return r == 0 ? nw_curve_read_secret(own, &client->own, why) : r;
}

/* ---- writing */

static int write_key(const char *path, mode_t mode, const char *key, char why[NW_WHY])
{
    char line[NW_CURVE_TEXT + 1];
    size_t n = (size_t)snprintf(line, sizeof line, "%s\n", key);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode), r = 0;

    if (fd < 0 && errno == EEXIST) {
        snprintf(why, NW_WHY, "%.150s is there already, and a key is not written over; choose another name", path);
        return NW_CURVE_BAD;
    }
    if (fd < 0)
        return refuse_errno(why, path, "written");
    if (write(fd, line, n) != (ssize_t)n || fsync(fd) < 0) {
        r = refuse_errno(why, path, "written");
        unlink(path);
    }
    close(fd);
    return r;
}

int nw_curve_write_public(const char *path, const char *key, char why[NW_WHY])
{
    return write_key(path, 0644, key, why);
}

int nw_curve_write(const char *name, const struct nw_curve_pair *pair, char why[NW_WHY])
{
    char public[PATH_BYTES], secret[PATH_BYTES];
    int r;

    if (snprintf(public, sizeof public, "%s.pub", name) >= PATH_BYTES) {
        snprintf(why, NW_WHY, "the name is longer than %d bytes", PATH_BYTES - (int)sizeof ".pub");
        return NW_CURVE_BAD;
    }
    snprintf(secret, sizeof secret, "%s.key", name);
    if (access(public, F_OK) == 0) {
        snprintf(why, NW_WHY, "%.150s is there already, and a key is not written over; choose another name", public);
        return NW_CURVE_BAD;
    }
    r = write_key(secret, 0600, pair->secret, why);
    if (r != 0)
        return r;
    r = nw_curve_write_public(public, pair->public, why);
    if (r != 0)
        unlink(secret);
    return r;
}

int nw_curve_make(struct nw_curve_pair *pair, char why[NW_WHY])
{
    if (zmq_curve_keypair(pair->public, pair->secret) == 0)
        return 0;
    snprintf(why, NW_WHY, "no key can be made: %s; is libzmq built with CURVE?", zmq_strerror(errno));
    return NW_CURVE_BAD;
}

/* ---- sockets */

static int set_key(void *socket, int option, const char key[NW_CURVE_TEXT])
{
    return zmq_setsockopt(socket, option, key, NW_CURVE_TEXT) < 0 ? nw_fault(-errno) : 0;
}

int nw_curve_set_client(void *socket, const struct nw_curve_client *client)
{
    int r = set_key(socket, ZMQ_CURVE_SERVERKEY, client->server);

    r = r ? r : set_key(socket, ZMQ_CURVE_PUBLICKEY, client->own.public);
    return r ? r : set_key(socket, ZMQ_CURVE_SECRETKEY, client->own.secret);
}

int nw_curve_set_server(void *socket, const struct nw_curve_pair *pair)
{
    static const char domain[] = "newswired";
    int on = 1;

    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) < 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, sizeof domain - 1) < 0)
        return nw_fault(-errno);
    return set_key(socket, ZMQ_CURVE_SECRETKEY, pair->secret);
}

bool nw_curve_is_tcp(const char *endpoint)
{
    return nw_str_starts(nw_str_z(endpoint), NW_S("tcp:"));
}
