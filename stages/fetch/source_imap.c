/*
 * `imap`: a folder of a mailbox, looked at again and again (libcurl knows no IDLE). Messages are taken in the order of
 * their UIDs into the spool and the ledger together with the UID of the last one (batches.h, mail_book.h): so a kill at
 * any moment takes none twice and loses none. They are left as they are, unread where they were; once all their records
 * are durable they can be flagged \Seen, or moved to another folder. None is ever deleted.
 *
 * A message past max_bytes, or that the server does not give, is told and passed over. An error of server or network is
 * told when it begins and now and then while it lasts, and the pauses grow.
 */
#include "failure.h"
#include "ledger.h"
#include "mailbox.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SPOOL_MOST = 48 << 20, /* a batch, one message more, and their heads */
    SECOND_MS = 1000,
    GRACE_MS = 1000, /* to look again for what has landed meanwhile */
};

static int mailbox_next(struct source *source, struct document *document)
{
    struct mailbox *box = (struct mailbox *)source;
    enum imap_step step;
    char why[NW_WHY] = "";
    int r = batches_next(&box->batches, document);

    if (r != SOURCE_IDLE)
        return r;
    if (box->tell) {
        box->tell = false;
        return SOURCE_COMPLAINT;
    }
    if (source->wanted && box->phase == PHASE_REST)
        box->due = nw_clock_mono();
    source->wanted = false;
    r = batches_land(&box->batches);
    if (r == 0 && !box->imap.busy)
        r = mailbox_ask(box);
    if (r < 0)
        return r;
    if (!box->imap.busy && box->phase == PHASE_REST) {
        int64_t left = box->due - nw_clock_mono();
        source->idle_ms = left < 1 ? 1 : left < GRACE_MS || !box->batches.first ? left : GRACE_MS;
        return box->tell ? SOURCE_BUSY : SOURCE_IDLE;
    }
    if (!box->imap.busy)
        return SOURCE_BUSY;
    step = imap_step(&box->imap, why);
    if (step == IMAP_WAIT) {
        source->idle_ms = multi_timeout(&box->imap.multi);
        return SOURCE_IDLE;
    }
    r = mailbox_hear(box, step, why);
    return r < 0 ? r : SOURCE_BUSY;
}

static int mailbox_done(struct source *source, const struct outcome *outcome)
{
    batches_done(&((struct mailbox *)source)->batches, outcome);
    return 0;
}

static int mailbox_accepted(struct source *source, uint64_t accepted)
{
    ((struct mailbox *)source)->batches.accepted = accepted;
    return 0;
}

static int mailbox_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    return batches_resume(&((struct mailbox *)source)->batches, row, skip);
}

static int landed(struct source *source, int64_t batch)
{
    return mail_book_landed(((struct mailbox *)source)->book, batch);
}

/* ---- opening */

/* The password: 0, or SOURCE_COMPLAINT with a sentence that does not hold it. */
static int read_password(const struct nw_conf *conf, char password[IMAP_PASSWORD], char why[NW_WHY])
{
    const char *path = nw_conf_str(conf, "password_file").p, *name = nw_conf_str(conf, "password_env").p, *value;
    char text[FAILURE_TEXT];
    FILE *file;

    password[0] = '\0';
    if (path[0]) {
        file = fopen(path, "re");
        if (!file) {
            snprintf(why, NW_WHY, "`password_file`: %.100s can't be read: %s", path, failure_text(errno, text));
            return SOURCE_COMPLAINT;
        }
        if (!fgets(password, IMAP_PASSWORD, file))
            password[0] = '\0';
        fclose(file);
        password[strcspn(password, "\r\n")] = '\0';
    } else if (name[0]) {
        value = getenv(name);
        snprintf(password, IMAP_PASSWORD, "%s", value ? value : "");
    }
    if (password[0])
        return 0;
    snprintf(why, NW_WHY, "a source of kind imap needs `password_file` or `password_env`, and a password there");
    return SOURCE_COMPLAINT;
}

static int open_server(struct mailbox *box, const struct nw_conf *conf, char why[NW_WHY])
{
    char password[IMAP_PASSWORD];
    struct imap_options options = {.server = nw_conf_str(conf, "server").p,
                                   .user = nw_conf_str(conf, "user").p,
                                   .folder = nw_conf_str(conf, "mailbox").p,
                                   .ca = nw_conf_str(conf, "ca").p,
                                   .timeout_ms = nw_conf_int(conf, "timeout"),
                                   .most = box->most,
                                   .allow_private = nw_conf_bool(conf, "allow_private"),
                                   .password = password};
    int r = read_password(conf, password, why);

    if (r == 0)
        r = imap_open(&box->imap, &options, why);
    box->source.fd = box->imap.multi.epoll;
    explicit_bzero(password, sizeof password);
    box->imap.options.password = NULL;
    return r;
}

static int refuse(char why[NW_WHY], const char *sentence)
{
    snprintf(why, NW_WHY, "%s", sentence);
    return SOURCE_COMPLAINT;
}

static int mailbox_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct mailbox *box = nw_calloc(1, sizeof *box);
    struct nw_str after = nw_conf_str(conf, "after");
    int r;

    if (!box)
        return nw_fault(-ENOMEM);
    box->source = (struct source){.kind = &source_imap, .commons = commons, .format = NW_S("mail")};
    *source = &box->source;
    commons->connects = true;
    box->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : NW_S("imap");
    box->most = (size_t)nw_conf_int(conf, "max_bytes");
    box->limits.least_ms = nw_conf_int(conf, "poll_least") * SECOND_MS;
    box->limits.most_ms = nw_conf_int(conf, "poll_most") * SECOND_MS;
    box->mark = nw_str_eq(after, NW_S("seen")) ? MARK_SEEN : nw_str_eq(after, NW_S("move")) ? MARK_MOVE : MARK_NONE;
    box->done = nw_conf_str(conf, "done").p;
    nw_buf_init(&box->spooled, SPOOL_MOST);
    if (nw_str_eq(after, NW_S("delete")))
        return refuse(why, "`after: delete` is for files; mail is never deleted: leave it, or have it seen or moved");
    if (!nw_conf_str(conf, "server").n || !nw_conf_str(conf, "user").n)
        return refuse(why, "a source of kind imap needs `server` and `user`");
    r = batches_open(&box->batches, &box->source, why);
    box->batches.landed = landed;
    if (r == 0)
        r = mail_book_open(commons->ledger, box->source.key, &box->book, why);
    if (r == 0)
        r = mail_book_find(box->book, &box->row);
    if (r == 0)
        r = open_server(box, conf, why);
    return r > 0 ? SOURCE_COMPLAINT : r;
}

static void mailbox_free(struct source *source)
{
    struct mailbox *box = (struct mailbox *)source;

    batches_close(&box->batches);
    imap_close(&box->imap);
    mail_book_close(&box->book);
    nw_free(box->list);
    nw_buf_free(&box->spooled);
    nw_free(box);
}

const struct source_kind source_imap = {.name = "imap",
                                        .doc = "a folder of a mailbox, looked at again and again",
                                        .open = mailbox_open,
                                        .next = mailbox_next,
                                        .done = mailbox_done,
                                        .accepted = mailbox_accepted,
                                        .resume = mailbox_resume,
                                        .free = mailbox_free};
