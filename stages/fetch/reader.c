/*
 * The stack of layers. At its top, a part's first bytes tell what it is: packed (another layer is put on top), an
 * archive (likewise), or a container for a splitter. When the top's parts are over, it goes, and the layer below has
 * its next part: so a tar in a gzip with WARC files in it is read like a text file.
 */
#include "reader.h"

#include <newswire/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void reader_init(struct reader *reader, uint64_t most)
{
    *reader = (struct reader){.most = most, .state = READER_DONE};
    for (size_t i = 0; i < READER_LAYERS; i++)
        window_init(&reader->layer[i].window, SPLIT_WINDOW, WINDOW_STEP);
}

static void pop(struct reader *reader)
{
    bytes_free(&reader->layer[--reader->layers].bytes);
    if (reader->layer[reader->layers].window.cap > 4 * WINDOW_STEP)
        window_free(&reader->layer[reader->layers].window);
}

uint64_t reader_gave(const struct reader *reader)
{
    return reader->layers ? reader->layer[0].bytes->gave : 0;
}

void reader_close(struct reader *reader)
{
    while (reader->layers)
        pop(reader);
    split_free(&reader->split);
    reader->state = READER_DONE;
}

void reader_free(struct reader *reader)
{
    reader_close(reader);
    for (size_t i = 0; i < READER_LAYERS; i++)
        window_free(&reader->layer[i].window);
}

int reader_open(struct reader *reader, int fd, uint64_t size, struct nw_str name, struct nw_str format)
{
    int error;

    reader_close(reader);
    error = bytes_fd(fd, &reader->layer[0].bytes);
    if (error)
        return error;
    reader->layers = 1;
    reader->fd = fd;
    reader->size = size;
    reader->name = name;
    reader->format = format;
    split_begin(&reader->split, NULL, 0);
    reader->items = reader->bad_items = reader->bad_parts = reader->untold = reader->passed = 0;
    reader->state = READER_PART;
    return 0;
}

/* A sentence, with the archive's member in front where there is one; READ_PASSED when there were too many of its sort:
 * a thousand bad lines do not hide that the file is cut off. */
static int complain(struct reader *reader, uint64_t *count, const char *why)
{
    const char *member = "";

    for (size_t i = 0; i < reader->layers; i++) {
        if (reader->layer[i].bytes->kind->archives)
            member = reader->layer[i].bytes->name;
    }
    if ((*count)++ >= READER_COMPLAINTS) {
        reader->untold++;
        return READ_PASSED;
    }
    if (*member)
        snprintf(reader->why, sizeof reader->why, "%s: %s", member, why);
    else
        snprintf(reader->why, sizeof reader->why, "%s", why);
    return READ_COMPLAINT;
}

/* All layers are gone. A document of which nothing came, neither an item nor a complaint, is told. */
static int over(struct reader *reader)
{
    char why[NW_WHY];

    if (reader->untold) {
        snprintf(reader->why, sizeof reader->why, "%llu more of its parts can't be read",
                 (unsigned long long)reader->untold);
        reader->untold = 0;
        return READ_COMPLAINT;
    }
    if (reader->items || reader->bad_items || reader->bad_parts) {
        reader_close(reader);
        return READ_END;
    }
    snprintf(why, sizeof why, "no article in it: read as %s, parts passed over: %llu",
             reader->split.kind ? reader->split.kind->name : "an archive", (unsigned long long)reader->passed);
    return complain(reader, &reader->bad_parts, why);
}

/* Behind a damaged piece: the same splitter goes on, if it can find an item's beginning; else the rest is of no use. */
static void resume(struct reader *reader)
{
    reader->state = READER_PART;
    if (reader->split.kind && reader->split.kind->resumes) {
        split_begin(&reader->split, reader->split.kind, 0);
        reader->state = READER_SPLIT;
    }
}

/* The top layer's next part. */
static int next_part(struct reader *reader)
{
    struct bytes *top;

    if (reader->layers == 0)
        return over(reader);
    top = reader->layer[reader->layers - 1].bytes;
    switch (top->kind->next(top)) {
    case BYTES_SOME:
        window_reset(&reader->layer[reader->layers - 1].window, top);
        reader->broken = false;
        reader->state = READER_HEAD;
        if (top->resumed)
            resume(reader);
        return READ_PASSED;
    case BYTES_WAIT:
        return READ_WAIT;
    case BYTES_BAD:
        return complain(reader, &reader->bad_parts, top->why);
    case BYTES_END:
        pop(reader);
        return READ_PASSED;
    }
    return nw_fault(-EINVAL);
}

/* Whether the stack has a layer of the sort: a packed one as the top, an archive anywhere. */
static bool stacked(const struct reader *reader, const struct bytes_kind *kind)
{
    if (kind->packs && !kind->archives)
        return reader->layer[reader->layers - 1].bytes->kind->packs &&
               !reader->layer[reader->layers - 1].bytes->kind->archives;
    for (size_t i = 0; i < reader->layers; i++) {
        if (reader->layer[i].bytes->kind->archives)
            return true;
    }
    return false;
}

static int push(struct reader *reader, const struct bytes_kind *kind)
{
    struct window *below = &reader->layer[reader->layers - 1].window;
    int error = kind->open(below, &reader->layer[reader->layers].bytes);

    if (error)
        return error;
    reader->layer[reader->layers].bytes->most = reader->most;
    reader->layers++;
    reader->state = READER_PART;
    return READ_PASSED;
}

/* The splitter wants more bytes, or there are none. */
static int read_more(struct reader *reader)
{
    struct window *window = &reader->layer[reader->layers - 1].window;
    int step = reader->broken ? BYTES_BAD : window_fill(window);

    if (step < 0)
        return step;
    if (step == BYTES_WAIT)
        return READ_WAIT;
    if (step == BYTES_BAD && !reader->broken) {
        /* What came before the damage is whole, so far as it goes: the splitter has it first. */
        reader->broken = true;
        window->last = false;
        return READ_PASSED;
    }
    if (step == BYTES_BAD) {
        reader->state = READER_PART;
        return complain(reader, &reader->bad_parts, reader->layer[reader->layers - 1].bytes->why);
    }
    return READ_PASSED;
}

/* The name of what the top layer gives, without the ending of a packed file. */
static struct nw_str hint(const struct reader *reader)
{
    static const struct nw_str endings[] = {NW_STR(".gz"), NW_STR(".zst")};
    struct nw_str name = reader->name;

    for (size_t i = 0; i < reader->layers; i++) {
        if (reader->layer[i].bytes->kind->archives)
            name = nw_str_z(reader->layer[i].bytes->name);
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (nw_str_ends(name, endings[i]))
            return nw_str(name.p, name.n - endings[i].n);
    }
    return name;
}

/* A part's first bytes: what is it? */
static int read_head(struct reader *reader)
{
    struct window *window = &reader->layer[reader->layers - 1].window;
    struct view head = window_view(window);
    const struct bytes_kind *packed;
    const struct splitter *splitter;
    int step;

    head.last = head.last || reader->broken;
    if (head.bytes.n == 0 && reader->broken)
        return read_more(reader);
    if (head.bytes.n == 0 && head.last) {
        reader->state = READER_PART;
        if (reader->layer[reader->layers - 1].bytes->kind->archives) {
            reader->passed++; /* an empty file in an archive keeps a folder there */
            return READ_PASSED;
        }
        return complain(reader, &reader->bad_parts, "is empty: nothing to read");
    }
    packed = bytes_choose(head.bytes);
    if (packed && reader->layers < READER_LAYERS && !stacked(reader, packed))
        return push(reader, packed);
    if (packed) {
        reader->state = READER_PART;
        return complain(reader, &reader->bad_parts,
                        packed->archives ? "is an archive inside an archive; unpack it first"
                                         : "is packed twice; unpack it first");
    }
    splitter = head.last || head.bytes.n >= BYTES_MAGIC ? split_choose(head, hint(reader), reader->format) : NULL;
    if (splitter == &split_whole && !head.last && head.bytes.n < BYTES_HEAD)
        splitter = NULL; /* it may be a tar archive */
    if (splitter) {
        split_begin(&reader->split, splitter, reader->layers == 1 ? reader->size : 0);
        reader->state = READER_SPLIT;
        return READ_PASSED;
    }
    step = window_fill(window);
    if (step == BYTES_BAD) {
        reader->broken = true;
        window->last = false;
    }
    return step < 0 ? step : step == BYTES_WAIT ? READ_WAIT : READ_PASSED;
}

static int read_split(struct reader *reader, struct item *item)
{
    struct window *window = &reader->layer[reader->layers - 1].window;
    struct view view = window_view(window);
    enum split_step step;

    view.cut = reader->broken;
    step = reader->split.kind->next(&reader->split, view, item);
    window_take(window, reader->split.taken);
    reader->split.taken = 0;
    switch (step) {
    case SPLIT_ITEM:
        if (reader->format.n)
            item->format = reader->format;
        reader->items++;
        return READ_ITEM;
    case SPLIT_MORE:
        return read_more(reader);
    case SPLIT_BAD:
        return complain(reader, &reader->bad_items, reader->split.why);
    case SPLIT_PASSED:
        reader->passed++;
        return READ_PASSED;
    case SPLIT_END:
        reader->state = READER_PART;
        return READ_PASSED;
    }
    return nw_fault(-EINVAL);
}

int reader_next(struct reader *reader, struct item *item)
{
    switch (reader->state) {
    case READER_PART:
        return next_part(reader);
    case READER_HEAD:
        return read_head(reader);
    case READER_SPLIT:
        return read_split(reader, item);
    case READER_DONE:
        return READ_END;
    }
    return nw_fault(-EINVAL);
}
