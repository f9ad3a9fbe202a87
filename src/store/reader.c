/* Reads a log by number, across its segments: see reader.h. */
#include "store/reader.h"

#include "store/head.h"
#include "store/store.h"
#include "store/view.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { VIEWS = 4, TRIES = 16 };

struct nw_store_reader {
    int folder, head_fd;
    struct nw_store *store; /* NULL: of another process, or none */
    struct store_identity identity;
    bool bounded;     /* the durable number is known; else all whole entries are given out */
    uint64_t durable; /* last known */
    uint64_t next;    /* 0: the first that is kept */
    struct store_segments segments;
    struct {
        struct store_view view;
        uint64_t used; /* when, for replacing the one unused for longest */
    } views[VIEWS];
    uint64_t clock;
    struct nw_buf batch;
};

/* Looks how far the log is durable by now. */
static int look(struct nw_store_reader *reader)
{
    struct store_head head;
    int found;

    if (reader->store) {
        reader->durable = nw_store_durable(reader->store);
        return 0;
    }
    if (reader->head_fd < 0) {
        reader->head_fd = openat(reader->folder, STORE_NAME_HEAD, O_RDONLY | O_CLOEXEC);
        if (reader->head_fd < 0)
            return errno == ENOENT ? 0 : nw_fault(-errno);
    }
    found = store_head_read(reader->head_fd, &head);
    if (found < 0)
        return nw_fault(found);
    if (found == 0)
        return 0;
    if (head.identity.log != reader->identity.log || head.identity.salt != reader->identity.salt) {
        nw_error("a log that is being read was replaced by another one: open it anew");
        return nw_fault(-ESTALE);
    }
    reader->bounded = true;
    reader->durable = head.durable;
    return 0;
}

static int list(struct nw_store_reader *reader)
{
    int error = store_segments_load(&reader->segments, reader->folder);

    return error < 0 ? nw_fault(error) : 0;
}

/* The view of a segment, open already or opened now: 0, or as store_view_open. */
static int view_of(struct nw_store_reader *reader, const struct store_segment *segment, struct store_view **view)
{
    char name[STORE_NAME];
    size_t oldest = 0;
    int result;

    for (size_t i = 0; i < VIEWS; i++) {
        if (reader->views[i].view.fd >= 0 && reader->views[i].view.header.first == segment->first) {
            reader->views[i].used = ++reader->clock;
            *view = &reader->views[i].view;
            return 0;
        }
        if (reader->views[i].used < reader->views[oldest].used)
            oldest = i;
    }
    *view = &reader->views[oldest].view;
    reader->views[oldest].used = ++reader->clock;
    store_segment_name(name, segment->first, segment->kind);
    result = store_view_open(*view, reader->folder, name, segment->first, &reader->identity);
    return result < 0 ? nw_fault(result) : result;
}

static bool is_there(const struct nw_store_reader *reader, const struct store_segment *segment)
{
    char name[STORE_NAME];

    store_segment_name(name, segment->first, segment->kind);
    return faccessat(reader->folder, name, F_OK, 0) == 0;
}

/* Which log this is; the first segment with a good header says so. -ENOENT: none. */
static int identify(struct nw_store_reader *reader)
{
    for (size_t i = reader->segments.n; i-- > 0;) {
        struct store_view view = {.fd = -1, .window = {.fd = -1}};
        char name[STORE_NAME];
        int result;
        store_segment_name(name, reader->segments.p[i].first, reader->segments.p[i].kind);
        result = store_view_open(&view, reader->folder, name, reader->segments.p[i].first, NULL);
        if (result == 0)
            reader->identity = view.header.identity;
        store_view_close(&view);
        if (result <= 0)
            return result;
    }
    return -ENOENT;
}

static int reader_new(const char *folder, struct nw_store_reader **out)
{
    struct nw_store_reader *reader = nw_calloc(1, sizeof *reader);

    *out = NULL;
    if (!reader)
        return nw_fault(-ENOMEM);
    reader->head_fd = -1;
    for (size_t i = 0; i < VIEWS; i++)
        reader->views[i].view = (struct store_view){.fd = -1, .window = {.fd = -1}};
    nw_buf_init(&reader->batch, SIZE_MAX / 2);
    reader->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (reader->folder < 0) {
        int error = -errno;
        nw_store_reader_close(&reader);
        return error;
    }
    *out = reader;
    return 0;
}

int store_reader_open_inside(struct nw_store *store, struct nw_store_reader **reader)
{
    int error = reader_new(store->folder, reader);

    if (error < 0)
        return nw_fault(error);
    (*reader)->store = store;
    (*reader)->identity = store->identity;
    (*reader)->bounded = true;
    return 0;
}

int nw_store_reader_open(const char *folder, uint64_t from, struct nw_store_reader **reader)
{
    int error = reader_new(folder, reader);

    if (error < 0)
        return error;
    error = list(*reader);
    if (error == 0)
        error = identify(*reader);
    if (error == 0)
        error = look(*reader);
    if (error < 0)
        nw_store_reader_close(reader);
    else
        (*reader)->next = from;
    return error;
}

void nw_store_reader_close(struct nw_store_reader **out)
{
    struct nw_store_reader *reader = *out;

    if (!reader)
        return;
    for (size_t i = 0; i < VIEWS; i++)
        store_view_close(&reader->views[i].view);
    store_segments_free(&reader->segments);
    nw_buf_free(&reader->batch);
    if (reader->head_fd >= 0)
        close(reader->head_fd);
    if (reader->folder >= 0)
        close(reader->folder);
    nw_free(reader);
    *out = NULL;
}

static int gap(struct nw_store_reader *reader, struct nw_store_entry *entry, uint64_t last, int outcome)
{
    *entry = (struct nw_store_entry){.seq = reader->next, .last = last};
    reader->next = last + 1;
    return outcome;
}

/* Nothing is at reader->next in the segment that should hold it, nor in what is left of it before `resume` (UINT64_MAX:
 * nothing at all): tells what is missing, or that this is the end. `i` is the segment's place in a list just made. */
static int nothing_there(struct nw_store_reader *reader, size_t i, uint64_t resume, bool damaged,
                         struct nw_store_entry *entry)
{
    if (i + 1 < reader->segments.n && reader->segments.p[i + 1].first < resume)
        resume = reader->segments.p[i + 1].first;
    if (resume == UINT64_MAX) {
        /* The tail of the newest segment: without a word of the writer's it is just not written (or half written). */
        if (!reader->bounded)
            return NW_STORE_END;
        resume = reader->durable + 1;
    }
    if (!reader->bounded && !damaged && i + 1 >= reader->segments.n)
        return NW_STORE_END;
    return gap(reader, entry, resume - 1, NW_STORE_MISSING);
}

/* Reads entry reader->next, which is <= durable where that is known. */
static int next_entry(struct nw_store_reader *reader, struct nw_store_entry *entry)
{
    bool fresh = false; /* the list was made after the durable number was read: it has all segments up to there */

    for (int try = 0; try < TRIES; try++) {
        size_t i = store_segments_find(&reader->segments, reader->next);
        struct store_view *view;
        struct store_frame frame;
        uint64_t resume = UINT64_MAX;
        int step = STORE_STEP_END, result;
        if (i != SIZE_MAX) {
            result = view_of(reader, &reader->segments.p[i], &view);
            if (result < 0)
                return result;
            if (result == 0) {
                step = store_view_get(view, reader->next, reader->bounded && fresh, &frame, &resume);
                if (step < 0)
                    return nw_fault(step);
                if (step == STORE_STEP_ENTRY) {
                    *entry =
                        (struct nw_store_entry){.seq = reader->next, .last = reader->next, .payload = frame.payload};
                    reader->next++;
                    return 0;
                }
            }
            if (result == STORE_VIEW_GONE || !is_there(reader, &reader->segments.p[i]))
                fresh = false; /* dropped or compressed since it was listed: what was read may be a new one's */
            if (result == 0 && !fresh)
                store_view_close(view); /* it may have been closed or mended since it was opened */
        }
        if (!fresh) {
            result = list(reader);
            if (result < 0)
                return result;
            fresh = true;
            continue;
        }
        if (i != SIZE_MAX)
            return nothing_there(reader, i, resume, step == STORE_STEP_BAD, entry);
        if (reader->segments.n)
            return gap(reader, entry, reader->segments.p[0].first - 1, NW_STORE_DROPPED);
        return reader->bounded ? gap(reader, entry, reader->durable, NW_STORE_DROPPED) : NW_STORE_END;
    }
    return nw_fault(-ESTALE); /* segments vanish faster than they can be listed */
}

/* Where a reader of the first that is kept begins. */
static int begin(struct nw_store_reader *reader)
{
    int error = list(reader);

    if (error == 0 && reader->segments.n)
        reader->next = reader->segments.p[0].first;
    return error;
}

int nw_store_reader_next(struct nw_store_reader *reader, struct nw_store_entry *entry)
{
    int error = 0;

    if (reader->next == 0)
        error = begin(reader);
    if (error == 0 && (!reader->bounded || reader->next > reader->durable))
        error = look(reader);
    if (error < 0)
        return error;
    if (reader->next == 0 || (reader->bounded && reader->next > reader->durable))
        return NW_STORE_END;
    return next_entry(reader, entry);
}

int nw_store_reader_batch(struct nw_store_reader *reader, size_t bytes, struct nw_store_entry *entries, size_t most,
                          size_t *count)
{
    int result = 0;

    *count = 0;
    nw_buf_clear(&reader->batch);
    while (*count < most) {
        struct nw_store_entry *entry = &entries[*count];
        uint64_t before = reader->next;
        result = nw_store_reader_next(reader, entry);
        if (result != 0 || (*count && entry->payload.n > bytes - reader->batch.n)) {
            if (*count) {
                reader->next = before; /* told, or given, by the next call */
                result = 0;
            }
            break;
        }
        result = nw_buf_str(&reader->batch, entry->payload);
        if (result < 0) {
            reader->next = before;
            return nw_fault(result);
        }
        ++*count;
        if (reader->batch.n >= bytes)
            break;
    }
    for (size_t i = 0, at = 0; i < *count; at += entries[i++].payload.n)
        entries[i].payload.p = reader->batch.p + at; /* only now: the buffer may have moved */
    return result;
}

void nw_store_reader_seek(struct nw_store_reader *reader, uint64_t seq)
{
    reader->next = seq;
}

uint64_t nw_store_reader_position(const struct nw_store_reader *reader)
{
    return reader->next;
}

int nw_store_reader_range(struct nw_store_reader *reader, uint64_t *first, uint64_t *last)
{
    struct store_frame frame;
    struct store_view *view;
    uint64_t next, seq;
    int error = look(reader);

    if (error == 0)
        error = list(reader);
    if (error < 0)
        return error;
    *first = reader->segments.n ? reader->segments.p[0].first : reader->durable + 1;
    *last = reader->bounded ? reader->durable : *first - 1;
    if (reader->bounded || reader->segments.n == 0)
        return 0;
    /* A log without a head: the newest segment is walked to its end. */
    error = view_of(reader, &reader->segments.p[reader->segments.n - 1], &view);
    if (error != 0)
        return error < 0 ? error : 0;
    for (seq = view->header.first; !view->closed && (error = store_view_get(view, seq, false, &frame, &next)) == 0;
         seq++)
        ;
    *last = view->closed ? view->tail.last : seq - 1;
    return error < 0 ? nw_fault(error) : 0;
}

uint64_t nw_store_reader_id(const struct nw_store_reader *reader)
{
    return reader->identity.log;
}
