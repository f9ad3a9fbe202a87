/* See feed_place.h. A file that was cut short while it was written is as good as none: nothing was submitted then. */
#include "feed_place.h"

#include "message.h"

#include <newswire/buf.h>
#include <newswire/hash.h>
#include <newswire/uuid.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_BYTES = 1 << 30, /* of all paths */
    FILE_BYTES = 256,
    TRIES = 100, /* a run that ends takes its file away while another one opens it: again, so many times */
};

static const char head[] = "newswire feed 1\n";

/* The path as it is called from everywhere. */
static void add_whole(struct nw_buf *key, const char *path)
{
    char *whole = realpath(path, NULL);

    nw_buf_str(key, nw_str_z(whole ? whole : path));
    nw_buf_char(key, '\0');
    free(whole);
}

static int key_make(const struct arguments *arguments, const char *endpoint, char hex[33])
{
    struct nw_buf key;
    int rc;

    nw_buf_init(&key, KEY_BYTES);
    if (nw_str_starts(nw_str_z(endpoint), NW_S("ipc://"))) {
        add_whole(&key, endpoint + 6);
    } else {
        nw_buf_printf(&key, "%s%c", endpoint, '\0');
    }
    nw_buf_printf(&key, "%s%c", argument_text(arguments, "format"), '\0');
    for (size_t i = 0; i < arguments->operand_count; i++) {
        add_whole(&key, arguments->operands[i]);
    }
    rc = key.error;
    nw_hash128_hex(nw_hash128(nw_buf_view(&key)), hex);
    nw_buf_free(&key);
    return rc;
}

/* Makes the folders of `path`, which has a slash at its end. */
static int folders_make(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST) {
            return -errno;
        }
        *slash = '/';
    }
    return 0;
}

static int path_make(struct feed_place *place, const char *hex)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    bool set = state && state[0] == '/';
    int n, rc;

    if (!set && (!home || home[0] != '/')) {
        return -ENOENT;
    }
    n = snprintf(place->path, sizeof place->path, "%s%s/newswire/feed/", set ? state : home,
                 set ? "" : "/.local/state");
    if (n < 0 || n + 33 > (int)sizeof place->path) {
        return -ENAMETOOLONG;
    }
    rc = folders_make(place->path);
    memcpy(place->path + n, hex, 33);
    return rc;
}

/* Opens and locks. 0, -EWOULDBLOCK when another process has it, or another errno. */
static int lock(struct feed_place *place)
{
    struct stat own, named;

    for (int i = 0; i < TRIES; i++) {
        place->fd = open(place->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (place->fd < 0) {
            return -errno;
        }
        if (flock(place->fd, LOCK_EX | LOCK_NB) < 0) {
            return -errno;
        }
        if (fstat(place->fd, &own) == 0 && stat(place->path, &named) == 0 && own.st_ino == named.st_ino) {
            return 0;
        }
        close(place->fd);
        place->fd = -1;
    }
    return -EWOULDBLOCK;
}

/* What an earlier run left there. False for nothing, or a piece of a file. */
static bool place_read(struct feed_place *place, uint64_t *digest)
{
    char text[FILE_BYTES + 1];
    ssize_t n = pread(place->fd, text, FILE_BYTES, 0);
    int end = 0;

    if (n <= 0 || !nw_str_starts(nw_str(text, (size_t)n), nw_str_z(head))) {
        return false;
    }
    text[n] = '\0';
    return sscanf(text + sizeof head - 1, "%64s %" SCNx64 "\n.%n", place->name, digest, &end) == 2 && end > 0;
}

static int place_write(struct feed_place *place, uint64_t digest)
{
    char text[FILE_BYTES], uuid[NW_UUID];
    int n, rc = nw_uuid(uuid);

    if (rc < 0) {
        return rc;
    }
    snprintf(place->name, sizeof place->name, "feed-%s", uuid);
    n = snprintf(text, sizeof text, "%s%s %016" PRIx64 "\n.\n", head, place->name, digest);
    if (ftruncate(place->fd, 0) < 0 || pwrite(place->fd, text, (size_t)n, 0) != n || fsync(place->fd) < 0) {
        return errno ? -errno : -EIO;
    }
    return 0;
}

/* Without a place: told, unless nobody has a home here. */
static int without(struct feed_place *place, int rc)
{
    feed_place_close(place);
    place->name[0] = '\0';
    if (rc != -ENOENT) {
        message(nw_str_z(place->path), "%s; the run goes on, but could not be gone on from if it were interrupted",
                strerror(-rc));
    }
    return 0;
}

int feed_place_open(struct feed_place *place, const struct arguments *arguments, const char *endpoint,
                    const struct feed_input *input, bool anew)
{
    uint64_t digest = 0;
    char hex[33];
    int rc;

    *place = (struct feed_place){.fd = -1};
    if (!input->replayable) {
        return 0;
    }
    rc = key_make(arguments, endpoint, hex);
    rc = rc ? rc : path_make(place, hex);
    rc = rc ? rc : lock(place);
    if (rc == -EWOULDBLOCK) {
        message(nw_str("", 0),
                "feed: the same command is running already; wait for its end, or feed to another daemon");
        return EXIT_INPUT;
    }
    if (rc < 0) {
        return without(place, rc);
    }
    if (!anew && place_read(place, &digest)) {
        if (digest == input->digest) {
            place->resumed = true;
            return 0;
        }
        message(nw_str("", 0),
                "feed: a run of this command was interrupted, and what it read has changed since, so that "
                "it can't be gone on from; --anew feeds all of it, with what was accepted then");
        return EXIT_INPUT;
    }
    rc = place_write(place, input->digest);
    return rc < 0 ? without(place, rc) : 0;
}

void feed_place_forget(struct feed_place *place)
{
    if (place->fd >= 0) {
        (void)unlink(place->path);
    }
}

void feed_place_close(struct feed_place *place)
{
    if (place->fd >= 0) {
        close(place->fd);
    }
    place->fd = -1;
}
