/*
 * One mailbox over IMAP by libcurl, a request at a time, without waiting. Certificates are verified; a connection that
 * is not encrypted is made to this machine only. The folder is opened to be read: fetching a message leaves its flags
 * as they are. User and password stand in no sentence.
 */
#ifndef FETCH_IMAP_H
#define FETCH_IMAP_H

#include "multi.h"

#include <newswire/buf.h>
#include <newswire/record.h>

enum { IMAP_URL = 1024, IMAP_PASSWORD = 1024, IMAP_COMMAND = 2048 };

struct imap_options {
    const char *server; /* imaps://host or imap://host, with or without a port */
    const char *user, *password, *folder;
    const char *ca; /* file of certificates to believe; "" for the machine's */
    int64_t timeout_ms;
    size_t most; /* bytes of an answer */
    bool allow_private;
};

struct imap {
    struct imap_options options;
    struct multi multi;
    CURL *curl;
    bool busy, refused, large, encrypted;
    struct nw_buf body;
    char url[IMAP_URL];
    char error[CURL_ERROR_SIZE];
};

/* 0; 1 with a sentence where the options can't be; or a negative fault. The strings must outlive it, but for the
 * password. The struct must stay where it is. */
int imap_open(struct imap *imap, const struct imap_options *options, char why[NW_WHY]);
void imap_close(struct imap *imap); /* accepts a zeroed one */

/* Asks for a command's untagged answers, in the folder. 0 or a negative fault. */
int imap_command(struct imap *imap, const char *command);

/* Asks for a whole message, by the folder's UIDVALIDITY and the message's UID. 0 or a negative fault. */
int imap_message(struct imap *imap, uint32_t validity, uint32_t uid);

enum imap_step {
    IMAP_ANSWER = 0, /* body, until the next request */
    IMAP_LARGE,      /* the answer is past `most`; body has its beginning */
    IMAP_FAILED,     /* why */
    IMAP_GONE,       /* the server has no such message, or does not give it: why */
    IMAP_WAIT,       /* again when the descriptor is readable, or after multi_timeout ms */
};
enum imap_step imap_step(struct imap *imap, char why[NW_WHY]);

/* The folder's name as a quoted string of IMAP. */
int imap_quote(const char *folder, struct nw_buf *out);

#endif
