/* Phases, one request after the other: see mailbox.h. */
#include "mailbox.h"
#include "ledger.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BATCH_BYTES = 8 << 20,
    TOLD_EVERY = 16, /* errors in a row */
    TRIES = 3,       /* for a message that the server does not give, before it is passed over */
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

static void pause_for(struct mailbox *box, int64_t ms)
{
    box->due = nw_clock_mono() + ms;
    box->source.next_ms = nw_clock_wall() + ms;
    box->source.errors = box->pace.errors;
}

static void rest(struct mailbox *box)
{
    box->phase = PHASE_REST;
    if (box->pace.errors > 0)
        nw_info("%s answers again", box->imap.url);
    box->pace.errors = 0;
    pause_for(box, box->limits.least_ms);
}

/* What was fetched stays, and the rest is fetched after a pause. */
static int fail(struct mailbox *box, const char *why)
{
    int64_t pause;

    if (box->pace.errors % TOLD_EVERY == 0)
        say(box, why);
    feed_pace_error(&box->pace, &box->limits, -1, nw_hash64(box->source.key, (uint64_t)nw_clock_wall()), &pause);
    box->phase = PHASE_REST;
    pause_for(box, pause);
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

int mailbox_ask(struct mailbox *box)
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

int mailbox_hear(struct mailbox *box, enum imap_step step, const char *why)
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
