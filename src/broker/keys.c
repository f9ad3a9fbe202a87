/* Keys at the broker's start: see keys.h. */
#include "broker/keys.h"

#include "link/zap.h"

#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* "x.key" is "x.pub"'s; a key whose file has another name has no such file. */
static bool public_path(const char *key, char path[PATH_BYTES])
{
    size_t n = strlen(key);

    if (n < 4 || strcmp(key + n - 4, ".key") != 0)
        return false;
    snprintf(path, PATH_BYTES, "%.*s.pub", (int)(n - 4), key);
    return true;
}

/* The key that the broker makes itself, at its first start. */
static int make_key(const char *path, struct nw_curve_pair *pair, char why[NW_WHY])
{
    char name[PATH_BYTES];
    int r = nw_curve_make(pair, why);

    snprintf(name, sizeof name, "%.*s", (int)(strlen(path) - 4), path);
    if (r == 0)
        r = nw_curve_write(name, pair, why);
    if (r == 0)
        nw_info("made a key for tcp: %s.pub is its public half, which workers, feeders and readers on other machines "
                "need (--broker-key, join_key)",
                name);
    return r;
}

static int take_key(const char *path, bool own, struct nw_curve_pair *pair, char why[NW_WHY])
{
    char public[PATH_BYTES];
    int r;

    if (own && access(path, F_OK) < 0 && errno == ENOENT)
        return make_key(path, pair, why);
    r = nw_curve_read_secret(path, pair, why);
    /* Whoever has only the secret half is given the public one. */
    if (r == 0 && public_path(path, public) && access(public, F_OK) < 0 && errno == ENOENT &&
        nw_curve_write_public(public, pair->public, why) != 0)
        nw_warn("%s", why);
    return r;
}

int keys_prepare(const struct nw_daemon *daemon, struct broker_keys *keys)
{
    const struct nw_conf *conf = nw_conf_under(daemon->conf, "broker");
    char why[NW_WHY];
    int r;

    *keys = (struct broker_keys){.asked = daemon->keys};
    if (!keys->asked)
        return 0;
    r = take_key(daemon->key, nw_conf_str(conf, "key").n == 0, &keys->pair, why);
    if (r == 0)
        r = nw_zap_make_folder(daemon->authorized, why);
    if (r == 0)
        return 0;
    nw_error("%s", why);
    return -EACCES;
}
