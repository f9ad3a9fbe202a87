/*
 * A REP socket on the place where ZeroMQ looks for it. ZeroMQ's own threads ask; each handshake waits for its answer,
 * so whoever owns this must serve it as often as its other sockets.
 */
#include "link/zap.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zmq.h>

enum {
    FRAME_BYTES = 256,
    KEY_BYTES = 32,
    PATH_BYTES = 4096,
    QUIET_MS = 1000, /* between two lines about refused keys: strangers must not fill the log */
};

/* The frames of a question (RFC 27). */
enum { VERSION, REQUEST, DOMAIN, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS, FRAMES };

struct frame {
    char p[FRAME_BYTES];
    size_t n;
};

struct nw_zap {
    void *socket;
    int64_t told; /* monotonic ms of the last line about a refused key; 0: none yet */
    uint64_t untold;
    char folder[PATH_BYTES];
};

/* ---- the folder */

int nw_zap_make_folder(const char *folder, char why[NW_WHY])
{
    struct stat st;

    if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
        snprintf(why, NW_WHY, "%.150s can't be made: %s", folder, strerror(errno));
        return NW_CURVE_BAD;
    }
    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode)) {
        snprintf(why, NW_WHY, "%.150s is no folder; it holds the public keys that may connect", folder);
        return NW_CURVE_BAD;
    }
    if (st.st_mode & 022) {
        snprintf(why, NW_WHY, "%.150s may be written by others (mode %04o), who could let anybody in; chmod go-w it",
                 folder, (unsigned)(st.st_mode & 07777));
        return NW_CURVE_BAD;
    }
    return 0;
}

bool nw_zap_knows(const char *folder, const char key[NW_CURVE_TEXT], char name[NW_ZAP_NAME])
{
    DIR *entries = opendir(folder);
    struct dirent *entry;
    size_t seen = 0;
    bool found = false;

    while (entries && !found && seen < NW_ZAP_KEYS && (entry = readdir(entries))) {
        struct nw_str file = nw_str_z(entry->d_name);
        char path[PATH_BYTES + 300], known[NW_CURVE_TEXT], why[NW_WHY];
        if (!nw_str_ends(file, NW_S(".pub")) || file.p[0] == '.')
            continue;
        seen++;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        found = nw_curve_read_public(path, known, why) == 0 && strcmp(known, key) == 0;
        if (found)
            snprintf(name, NW_ZAP_NAME, "%.*s", (int)(file.n - 4), file.p);
    }
    if (entries)
        closedir(entries);
    return found;
}

/* ---- questions */

static void tell_refused(struct nw_zap *zap, const struct frame *address, const char *key)
{
    int64_t now = nw_clock_mono();

    if (zap->told && now - zap->told < QUIET_MS) {
        zap->untold++;
        return;
    }
    nw_warn("refused a connection from %.*s: its key %s is in no file *.pub of %s%s", (int)address->n, address->p, key,
            zap->folder, zap->untold ? "; others were refused before it" : "");
    zap->told = now;
    zap->untold = 0;
}

static bool frame_is(const struct frame *frame, const char *text)
{
    return nw_str_eq(nw_str(frame->p, frame->n), nw_str_z(text));
}

/* The User-Id, or false. Only CURVE is let in: a socket that asks for keys must not be opened by anything else. */
static bool admit(struct nw_zap *zap, const struct frame frames[FRAMES], char name[NW_ZAP_NAME])
{
    char key[NW_CURVE_TEXT];

    if (!frame_is(&frames[MECHANISM], "CURVE") || frames[CREDENTIALS].n != KEY_BYTES ||
        !zmq_z85_encode(key, (const uint8_t *)frames[CREDENTIALS].p, KEY_BYTES))
        return false;
    if (nw_zap_knows(zap->folder, key, name))
        return true;
    tell_refused(zap, &frames[ADDRESS], key);
    return false;
}

static int answer(struct nw_zap *zap, const struct frame *request, const char *code, const char *text, const char *name)
{
    const struct nw_str frames[] = {
        NW_S("1.0"), nw_str(request->p, request->n), nw_str_z(code), nw_str_z(text), nw_str_z(name), nw_str("", 0)};
    size_t n = sizeof frames / sizeof *frames;

    for (size_t i = 0; i < n; i++) {
        if (zmq_send(zap->socket, frames[i].p, frames[i].n, ZMQ_DONTWAIT | (i + 1 < n ? ZMQ_SNDMORE : 0)) < 0)
            return errno == EAGAIN ? 0 : nw_fault(-errno);
    }
    return 0;
}

/* Reads one question; *count is its number of frames, 0 when there is none. Frames that are too long are cut, and match
 * nothing. */
static int read_question(struct nw_zap *zap, struct frame frames[FRAMES], size_t *count)
{
    int more = 1;

    for (*count = 0; more; ++*count) {
        struct frame spare, *frame = *count < FRAMES ? &frames[*count] : &spare;
        size_t size = sizeof more;
        int n = zmq_recv(zap->socket, frame->p, sizeof frame->p, ZMQ_DONTWAIT);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : nw_fault(-errno);
        frame->n = (size_t)n < sizeof frame->p ? (size_t)n : sizeof frame->p;
        if (zmq_getsockopt(zap->socket, ZMQ_RCVMORE, &more, &size) < 0)
            return nw_fault(-errno);
    }
    return 0;
}

int nw_zap_serve(struct nw_zap *zap)
{
    for (;;) {
        struct frame frames[FRAMES];
        char name[NW_ZAP_NAME] = "";
        size_t count;
        int r = read_question(zap, frames, &count);
        if (r < 0 || count == 0)
            return r;
        /* ZeroMQ always sends version and request; without them there is nobody to answer. */
        if (count < 2)
            frames[REQUEST].n = 0;
        if (count == FRAMES && frame_is(&frames[VERSION], "1.0") && admit(zap, frames, name))
            r = answer(zap, &frames[REQUEST], "200", "OK", name);
        else
            r = answer(zap, &frames[REQUEST], "400", "this key is not known here", "");
        if (r < 0)
            return r;
    }
}

/* ---- its life */

int nw_zap_open(void *context, const char *folder, struct nw_zap **result)
{
    struct nw_zap *zap = nw_calloc(1, sizeof *zap);
    int linger = 0, r = 0;

    *result = NULL;
    if (!zap)
        return nw_fault(-ENOMEM);
    if (snprintf(zap->folder, sizeof zap->folder, "%s", folder) >= PATH_BYTES)
        r = nw_fault(-ENAMETOOLONG);
    zap->socket = zmq_socket(context, ZMQ_REP);
    if (r == 0 && (!zap->socket || zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger) < 0 ||
                   zmq_bind(zap->socket, "inproc://zeromq.zap.01") < 0))
        r = nw_fault(-errno);
    if (r < 0)
        nw_zap_close(&zap);
    *result = zap;
    return r;
}

void nw_zap_close(struct nw_zap **zap)
{
    if (!*zap)
        return;
    if ((*zap)->socket)
        zmq_close((*zap)->socket);
    nw_free(*zap);
    *zap = NULL;
}

void *nw_zap_socket(const struct nw_zap *zap)
{
    return zap->socket;
}
