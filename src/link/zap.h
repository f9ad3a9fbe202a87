/*
 * The doorkeeper of sockets that ask for keys: answers ZeroMQ's question whether a key may come in (ZAP, ZeroMQ RFC
 * 27). In come those whose public key stands in a file *.pub of one folder; the file's name without .pub becomes the
 * connection's User-Id. The folder is read at each question, so a file that comes or goes counts from the next
 * connection on. Belongs to the thread of the sockets; never waits.
 */
#ifndef LINK_ZAP_H
#define LINK_ZAP_H

#include "link/curve.h"

enum {
    NW_ZAP_KEYS = 4096, /* files of the folder that are read */
    NW_ZAP_NAME = 65,   /* most bytes of a User-Id, with its NUL */
};

struct nw_zap;

/* Once a ZeroMQ context, before the first socket asks for keys. 0 or a negative fault. `folder` is copied. */
int nw_zap_open(void *context, const char *folder, struct nw_zap **zap);
void nw_zap_close(struct nw_zap **zap); /* accepts NULL, nulls the pointer; before the context is ended */

/* The ZeroMQ socket to wait for. */
void *nw_zap_socket(const struct nw_zap *zap);

/* Answers all questions that have come. 0 or a negative fault. */
int nw_zap_serve(struct nw_zap *zap);

/* Whether a key (Z85) stands in the folder, and under which name. */
bool nw_zap_knows(const char *folder, const char key[NW_CURVE_TEXT], char name[NW_ZAP_NAME]);

/* Makes the folder with mode 0700 where it is not; one that others may write is refused with a sentence. */
int nw_zap_make_folder(const char *folder, char why[NW_WHY]);

#endif
