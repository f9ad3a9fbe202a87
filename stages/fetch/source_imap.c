/*
 * `imap`: a folder of a mailbox, looked at again and again (libcurl knows no IDLE). Messages are taken in the order of
 * their UIDs into the spool and the ledger together with the UID of the last one (batches.h, mail_book.h): so a kill at
 * any moment takes none twice and loses none. They are left as they are, unread where they were; once all their records
 * are durable they can be flagged \Seen, or moved to another folder. None is ever deleted.
 *
 * A message past max_bytes, or that the server does not give, is told and passed over. An error of server or network is
 * told when it begins and now and then while it lasts, and the pauses grow.
 */
#include "batches.h"
#include "failure.h"
#include "feed_pace.h"
#include "imap.h"
#include "ledger.h"
#include "mail_book.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BATCH_MAILS = 64,
    BATCH_BYTES = 8 << 20,
    SPOOL_MOST = 48 << 20,
    LIST_LINE = 64, /* bytes of one message's line in a list, about */
    SECOND_MS = 1000,
    TOLD_EVERY = 16, /* errors in a row */
    TRIES = 3,       /* for a message that the server does not give, before it is passed over */
    GRACE_MS = 1000, /* to look again for what has landed meanwhile */
};

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

static void say(struct mailbox *box, const char *why)
{
    box->source.path = nw_str_z(box->imap.url);
    snprintf(box->source.why, sizeof box->source.why, "%s", why);
    box->tell = true;
}

/* ---- the batch */

/* Makes what was taken durable, and how far it goes. */
static int settle(struct mailbox *box)
{
    struct ledger *ledger = box->source.commons->ledger;
    int64_t id = 0;
    int r;

    if (!box->moved_on)
        return 0;
    r = ledger_begin(ledger);
    if (r == 0 && box->mails > 0)
        r = batches_add(&box->batches, nw_buf_view(&box->spooled), &id);
    for (size_t i = 0; i < box->mails && r == 0; i++) {
        r = mail_book_keep(box->book, box->identities[i]);
        if (r == 0 && box->mark != MARK_NONE)
            r = mail_book_owe(box->book, box->uids[i], id);
    }
    if (r == 0)
        r = mail_book_put(box->book, &box->row);
    if (r == 0)
        r = ledger_commit(ledger);
    nw_buf_clear(&box->spooled);
    box->mails = 0;
    box->moved_on = false;
    return r;
}

/* The message at hand is done with. */
static void pass(struct mailbox *box)
{
    box->row.last = box->list[box->at++].uid;
    box->moved_on = true;
    box->tries = 0;
}

static int take(struct mailbox *box, struct nw_str message)
{
    const struct listed *listed = &box->list[box->at];
    uint64_t identity = mail_identity(message);
    bool known = false;
    char url[IMAP_URL + 64];
    int r = listed->uid < box->row.known_below ? mail_book_knows(box->book, identity, &known) : 0;

    if (r == 0 && !known) {
        snprintf(url, sizeof url, "%s;UIDVALIDITY=%lu/;UID=%lu", box->imap.url, (unsigned long)box->row.validity,
                 (unsigned long)listed->uid);
        r = spool_add(&box->spooled, nw_str_z(url), NW_S("message/rfc822"), message);
        box->uids[box->mails] = listed->uid;
        box->identities[box->mails++] = identity;
    }
    pass(box);
    return r;
}

/* ---- what the server says */

/* The number behind `word`; false where there is none. */
static bool number_behind(struct nw_str s, struct nw_str word, uint64_t *number)
{
    size_t at = nw_str_find(s, word), digits = 0;

    for (*number = 0; at != SIZE_MAX && at + word.n + digits < s.n && digits < 18; digits++) {
        char c = s.p[at + word.n + digits];
        if (c < '0' || c > '9')
            break;
        *number = *number * 10 + (uint64_t)(c - '0');
    }
    return digits > 0;
}

/* The answer to EXAMINE. Whether there is something new. 0 or a negative fault. */
static int hear_folder(struct mailbox *box, struct nw_str answer, bool *some)
{
    struct ledger *ledger = box->source.commons->ledger;
    uint64_t validity = 0, next = 0;
    int r = 0;

    if (!number_behind(answer, NW_S("[UIDVALIDITY "), &validity) || validity == 0 || validity > UINT32_MAX) {
        say(box, "the server tells no UIDVALIDITY, by which messages are known again");
        *some = false;
        return 0;
    }
    number_behind(answer, NW_S("[UIDNEXT "), &next);
    if (validity != box->row.validity) {
        if (box->row.validity)
            nw_warn(
                "%s was made anew (another UIDVALIDITY): its messages are looked through, and those that were taken "
                "are known by Message-ID and body",
                box->imap.url);
        box->row = (struct mail_row){.validity = (uint32_t)validity,
                                     .known_below = box->row.validity ? next ? (uint32_t)next : UINT32_MAX : 0};
        r = ledger_begin(ledger);
        if (r == 0)
            r = mail_book_put(box->book, &box->row);
        if (r == 0)
            r = mail_book_forget(box->book);
        if (r == 0)
            r = ledger_commit(ledger);
    }
    *some = next == 0 || next > (uint64_t)box->row.last + 1;
    return r;
}

static int by_uid(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;

    return x->uid < y->uid ? -1 : x->uid > y->uid;
}

/* The answer to UID FETCH: a line for each message, "* 3 FETCH (UID 17 RFC822.SIZE 2048)". Lines that are cut off by
 * the bound come with the next look. 0 or -ENOMEM. */
static int hear_list(struct mailbox *box, struct nw_str answer)
{
    size_t room = 0;
    struct nw_str line;

    box->count = box->at = 0;
    nw_free(box->list);
    for (size_t i = 0; i < answer.n; i++)
        room += answer.p[i] == '\n';
    box->list = nw_calloc(room + 1, sizeof *box->list);
    if (!box->list)
        return nw_fault(-ENOMEM);
    while (box->count < room && nw_str_line(&answer, &line)) {
        uint64_t uid, size;
        /* "n:*" names the last message even if it is below n. */
        if (number_behind(line, NW_S("UID "), &uid) && number_behind(line, NW_S("RFC822.SIZE "), &size) &&
            uid > box->row.last && uid <= UINT32_MAX)
            box->list[box->count++] = (struct listed){(uint32_t)uid, size};
    }
    qsort(box->list, box->count, sizeof *box->list, by_uid);
    return 0;
}

/* ---- phases */

static void rest(struct mailbox *box)
{
    box->phase = PHASE_REST;
    box->due = nw_clock_mono() + box->limits.least_ms;
    if (box->pace.errors > 0)
        nw_info("%s answers again", box->imap.url);
    box->pace.errors = 0;
}

/* What was fetched stays, and the rest is fetched after a pause. */
static int fail(struct mailbox *box, const char *why)
{
    int64_t pause;

    if (box->pace.errors % TOLD_EVERY == 0)
        say(box, why);
    feed_pace_error(&box->pace, &box->limits, -1, nw_hash64(box->source.key, (uint64_t)nw_clock_wall()), &pause);
    box->phase = PHASE_REST;
    box->due = nw_clock_mono() + pause;
    return settle(box);
}

static int folder_command(struct mailbox *box, const char *verb)
{
    struct nw_buf command;
    int r;

    nw_buf_init(&command, IMAP_COMMAND);
    nw_buf_printf(&command, "%s ", verb);
    imap_quote(box->imap.options.folder, &command);
    r = nw_buf_char(&command, '\0');
    if (r == 0)
        r = imap_command(&box->imap, command.p);
    nw_buf_free(&command);
    return r;
}

static int mark_command(struct mailbox *box)
{
    struct nw_buf command;
    int r;

    nw_buf_init(&command, IMAP_COMMAND);
    nw_buf_printf(&command, "UID %s", box->mark == MARK_SEEN ? "STORE" : "MOVE");
    for (size_t i = 0; i < box->owed_count; i++)
        nw_buf_printf(&command, "%c%lu", i ? ',' : ' ', (unsigned long)box->owed[i]);
    nw_buf_str(&command, box->mark == MARK_SEEN ? NW_S(" +FLAGS.SILENT (\\Seen)") : NW_S(" "));
    if (box->mark == MARK_MOVE)
        imap_quote(box->done, &command);
    r = nw_buf_char(&command, '\0');
    if (r == 0)
        r = imap_command(&box->imap, command.p);
    nw_buf_free(&command);
    return r;
}

/* All that is new is here. What has landed is marked, and then there is rest. */
static int finish(struct mailbox *box)
{
    int r = settle(box);

    if (r == 0)
        r = mail_book_owed(box->book, box->owed, &box->owed_count);
    if (r == 0 && box->owed_count > 0)
        box->phase = PHASE_SELECT;
    else
        rest(box);
    return r;
}

/* Asks for what the phase wants, where nothing is on its way. */
static int ask(struct mailbox *box)
{
    char command[64];

    switch (box->phase) {
    case PHASE_REST:
        if (nw_clock_mono() < box->due)
            return 0;
        box->phase = PHASE_EXAMINE;
        return folder_command(box, "EXAMINE");
    case PHASE_LIST:
        snprintf(command, sizeof command, "UID FETCH %lu:* (UID RFC822.SIZE)", (unsigned long)box->row.last + 1);
        return imap_command(&box->imap, command);
    case PHASE_FETCH:
        if (box->at == box->count)
            return finish(box);
        if (box->list[box->at].size <= box->most)
            return imap_message(&box->imap, box->row.validity, box->list[box->at].uid);
        snprintf(command, sizeof command, "message %lu", (unsigned long)box->list[box->at].uid);
        say(box, command);
        snprintf(box->source.why + strlen(command), sizeof box->source.why - strlen(command),
                 " has %llu bytes, more than max_bytes: it is left out; raise max_bytes if it should not be",
                 (unsigned long long)box->list[box->at].size);
        pass(box);
        return 0;
    case PHASE_SELECT:
        return folder_command(box, "SELECT");
    case PHASE_MARK:
        return mark_command(box);
    case PHASE_EXAMINE:
        break; /* on its way */
    }
    return 0;
}

static int hear_answer(struct mailbox *box, struct nw_str answer)
{
    bool some;
    int r = 0;

    switch (box->phase) {
    case PHASE_EXAMINE:
        box->count = box->at = 0;
        r = hear_folder(box, answer, &some);
        box->phase = some ? PHASE_LIST : PHASE_FETCH;
        return r;
    case PHASE_LIST:
        box->phase = PHASE_FETCH;
        return hear_list(box, answer);
    case PHASE_FETCH:
        r = take(box, answer);
        return r == 0 && (box->mails == BATCH_MAILS || box->spooled.n >= BATCH_BYTES || box->at == box->count)
                   ? settle(box)
                   : r;
    case PHASE_SELECT:
        box->phase = PHASE_MARK;
        return 0;
    case PHASE_MARK:
        r = ledger_begin(box->source.commons->ledger);
        if (r == 0)
            r = mail_book_paid(box->book, box->owed, box->owed_count);
        if (r == 0)
            r = ledger_commit(box->source.commons->ledger);
        box->phase = PHASE_FETCH; /* nothing is left there; there may be more to mark */
        return r;
    case PHASE_REST:
        break;
    }
    return nw_fault(-EINVAL);
}

/* The server has no such message, does not give it, or it is longer than it said. Tried a few times, after a look at
 * what is there: one that was deleted meanwhile is not listed any more. */
static int hear_nothing(struct mailbox *box, const char *why)
{
    char text[NW_WHY];

    if (box->phase != PHASE_FETCH || ++box->tries < TRIES)
        return fail(box, why);
    snprintf(text, sizeof text, "message %lu is left out, it could not be had %d times: %.150s",
             (unsigned long)box->list[box->at].uid, TRIES, why);
    say(box, text);
    pass(box);
    return settle(box);
}

static int hear(struct mailbox *box, enum imap_step step, const char *why)
{
    struct nw_str answer = nw_buf_view(&box->imap.body);

    switch (step) {
    case IMAP_ANSWER:
        return hear_answer(box, answer);
    case IMAP_LARGE:
        return box->phase == PHASE_LIST ? hear_answer(box, answer) : hear_nothing(box, "longer than max_bytes");
    case IMAP_GONE:
        return hear_nothing(box, why);
    case IMAP_FAILED:
    case IMAP_WAIT:
        break;
    }
    return fail(box, why);
}

/* ---- the source */

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
    r = batches_land(&box->batches);
    if (r == 0 && !box->imap.busy)
        r = ask(box);
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
    r = hear(box, step, why);
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
        r = imap_open(&box->imap, &options, box->source.commons->epoll, why);
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
