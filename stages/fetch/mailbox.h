/*
 * A mailbox at work: which request comes next, and what its answer means. See source_imap.c, whose state this is.
 */
#ifndef FETCH_MAILBOX_H
#define FETCH_MAILBOX_H

#include "batches.h"
#include "feed_pace.h"
#include "imap.h"
#include "mail_book.h"

enum { BATCH_MAILS = 64 };

enum phase {
    PHASE_REST,    /* until it is due */
    PHASE_EXAMINE, /* the folder is opened, to be read: how far does it go? */
    PHASE_LIST,    /* which messages are new? */
    PHASE_FETCH,   /* one after the other */
    PHASE_SELECT,  /* the folder is opened to be changed */
    PHASE_MARK,
};

enum mark { MARK_NONE, MARK_SEEN, MARK_MOVE };

struct listed {
    uint32_t uid;
    uint64_t size;
};

struct mailbox {
    struct source source;
    struct batches batches;
    struct imap imap;
    struct mail_book *book;
    struct mail_row row;
    enum phase phase;
    enum mark mark;
    const char *done; /* folder to move to */
    size_t most;      /* bytes of a message */
    struct feed_limits limits;
    struct feed_pace pace; /* of errors */
    int64_t due;           /* monotonic ms */
    struct listed *list;
    size_t count, at;
    unsigned tries;        /* for the message at hand */
    struct nw_buf spooled; /* the batch that is being made */
    uint32_t uids[BATCH_MAILS];
    uint64_t identities[BATCH_MAILS];
    size_t mails;
    bool moved_on; /* row.last is past what the book has */
    uint32_t owed[MAIL_MARKED];
    size_t owed_count;
    bool tell; /* source.why waits */
};

/* Asks for what the phase wants, where nothing is on its way. 0 or a negative fault. */
int mailbox_ask(struct mailbox *box);

/* What was asked for has come, or has not: `why`. 0 or a negative fault. */
int mailbox_hear(struct mailbox *box, enum imap_step step, const char *why);

#endif
