/*
 * Keys for tcp: CURVE (CurveZMQ, ZeroMQ RFC 26) encrypts a connection and lets each side prove who it is. A key pair
 * lives in two files of one line each, 40 characters of Z85 (ZeroMQ RFC 32): NAME.pub is for everybody, NAME.key for
 * its owner alone. A secret key that others may read is refused. Functions here return 0 or NW_CURVE_BAD and a sentence
 * that names the file.
 */
#ifndef LINK_CURVE_H
#define LINK_CURVE_H

#include <newswire/record.h>

enum {
    NW_CURVE_TEXT = 41, /* a key in Z85, with its NUL */
    NW_CURVE_BAD = 1,
};

struct nw_curve_pair {
    char public[NW_CURVE_TEXT], secret[NW_CURVE_TEXT];
};

/* What a connecting socket needs. */
struct nw_curve_client {
    struct nw_curve_pair own;
    char server[NW_CURVE_TEXT]; /* the public key of whom it connects to */
};

/* A new pair, at random. */
int nw_curve_make(struct nw_curve_pair *pair, char why[NW_WHY]);

/* Writes NAME.key (mode 0600), then NAME.pub. Neither may exist. */
int nw_curve_write(const char *name, const struct nw_curve_pair *pair, char why[NW_WHY]);

/* Writes a public key where no file is. */
int nw_curve_write_public(const char *path, const char *key, char why[NW_WHY]);

int nw_curve_read_public(const char *path, char key[NW_CURVE_TEXT], char why[NW_WHY]);

/* The public key is computed from the secret one. */
int nw_curve_read_secret(const char *path, struct nw_curve_pair *pair, char why[NW_WHY]);

/* The files of a program's options --broker-key and --key; one without the other is bad. Both NULL is no key: then
 * *some is false. */
int nw_curve_read_client(const char *server, const char *own, struct nw_curve_client *client, bool *some,
                         char why[NW_WHY]);

/* Give a ZeroMQ socket its keys; what is connected or bound before stays as it was. 0 or a negative fault. On the
 * server's side a struct nw_zap of the same context must be open already: without one ZeroMQ lets in any key. */
int nw_curve_set_client(void *socket, const struct nw_curve_client *client);
int nw_curve_set_server(void *socket, const struct nw_curve_pair *pair);

/* Whether keys are of use: ipc needs none. */
bool nw_curve_is_tcp(const char *endpoint);

#endif
