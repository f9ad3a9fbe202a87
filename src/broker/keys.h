/* The broker's own key and the folder of those that it lets in, for listening on tcp (stages/PROTOCOL.md, "Keys"). */
#ifndef BROKER_KEYS_H
#define BROKER_KEYS_H

#include "conf/daemon.h"
#include "link/curve.h"

struct broker_keys {
    struct nw_curve_pair pair;
    bool asked; /* tcp asks for keys */
};

/* Reads the key, makes it where the configuration names none and there is none yet, and makes the folder. Without tcp,
 * and with insecure, there is nothing to do. 0, or a negative fault with a line in the log. */
int keys_prepare(const struct nw_daemon *daemon, struct broker_keys *keys);

#endif
