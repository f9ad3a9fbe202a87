/* Header, rest, entries: see memory_file.h. */
#include "run/memory_file.h"

#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>
#include <unistd.h>

enum { READ_BYTES = 256 << 10 /* at once: as much as stays in a processor's cache */ };

static const uint64_t MAGIC = UINT64_C(0x314d454d454d574e); /* NWMEMEM1, on a machine with the low byte first */

struct header {
    uint64_t magic;
    struct memory_owner owner;
    uint64_t first;
    uint64_t rest_n, rest_sum;
    uint64_t sum; /* of all before it */
};

struct entry_header {
    uint64_t oseq, record, n;
    uint64_t sum; /* of all before it, and of what is saved */
};

static uint64_t sum_of(const void *p, size_t n, uint64_t seed)
{
    return nw_hash64(nw_str(p, n), seed);
}

static uint64_t sum_header(const struct header *header)
{
    return sum_of(header, offsetof(struct header, sum), 0);
}

static uint64_t sum_entry(const struct entry_header *header, const struct memory_owner *owner, const char *saved)
{
    uint64_t seed = sum_of(header, offsetof(struct entry_header, sum), owner->log ^ owner->maker);

    return sum_of(saved, header->n, seed);
}

int memory_put_begin(struct nw_buf *out, const struct memory_owner *owner, uint64_t first, struct nw_str rest)
{
    struct header header = {.magic = MAGIC,
                            .owner = *owner,
                            .first = first,
                            .rest_n = rest.n,
                            .rest_sum = sum_of(rest.p, rest.n, owner->log)};

    header.sum = sum_header(&header);
    nw_buf_add(out, &header, sizeof header);
    return nw_buf_str(out, rest);
}

int memory_put_entry(struct nw_buf *out, const struct memory_owner *owner, const struct memory_entry *entry)
{
    struct entry_header header = {entry->oseq, entry->record, entry->saved.n, 0};

    header.sum = sum_entry(&header, owner, entry->saved.p);
    nw_buf_add(out, &header, sizeof header);
    return nw_buf_str(out, entry->saved);
}

/* Makes n bytes stand at reader->at; MEMORY_END where the file has fewer. */
static int have(struct memory_reader *reader, size_t n)
{
    struct nw_buf *bytes = &reader->bytes;

    if (bytes->n - reader->at >= n)
        return 0;
    nw_buf_take(bytes, reader->at);
    reader->at = 0;
    while (bytes->n < n) {
        size_t want = n - bytes->n > READ_BYTES ? n - bytes->n : READ_BYTES;
        if (nw_buf_reserve(bytes, want) < 0)
            return nw_fault(bytes->error);
        ssize_t got = read(reader->fd, bytes->p + bytes->n, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return MEMORY_BAD; /* a bad sector: the log is there for it */
        if (got == 0)
            return MEMORY_END;
        bytes->n += (size_t)got;
    }
    return 0;
}

int memory_reader_open(struct memory_reader *reader, int fd, const struct memory_owner *owner, uint64_t first,
                       struct nw_str *rest)
{
    struct header header;
    int r;

    *reader = (struct memory_reader){.fd = fd, .owner = *owner, .next = first};
    nw_buf_init(&reader->bytes, (size_t)MEMORY_REST_MAX + 2 * READ_BYTES);
    if (fd < 0)
        return MEMORY_BAD;
    r = have(reader, sizeof header);
    if (r != 0)
        return r == MEMORY_END ? MEMORY_BAD : r;
    memcpy(&header, reader->bytes.p, sizeof header);
    if (header.magic != MAGIC || header.sum != sum_header(&header) || header.owner.log != owner->log ||
        header.owner.maker != owner->maker || header.first != first || header.rest_n > MEMORY_REST_MAX)
        return MEMORY_BAD;
    r = have(reader, sizeof header + header.rest_n);
    if (r != 0)
        return r == MEMORY_END ? MEMORY_BAD : r;
    *rest = nw_str(reader->bytes.p + sizeof header, header.rest_n);
    if (header.rest_sum != sum_of(rest->p, rest->n, owner->log))
        return MEMORY_BAD;
    reader->at = reader->good = sizeof header + header.rest_n;
    return 0;
}

void memory_reader_close(struct memory_reader *reader)
{
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
    nw_buf_free(&reader->bytes);
}

int memory_reader_next(struct memory_reader *reader, struct memory_entry *entry)
{
    struct entry_header header;
    int r = have(reader, sizeof header);

    if (r != 0)
        return r == MEMORY_END && reader->bytes.n > reader->at ? MEMORY_BAD : r;
    memcpy(&header, reader->bytes.p + reader->at, sizeof header);
    if (header.oseq < reader->next || header.n > MEMORY_ENTRY_MAX)
        return MEMORY_BAD;
    r = have(reader, sizeof header + header.n);
    if (r != 0)
        return r == MEMORY_END ? MEMORY_BAD : r;
    entry->oseq = header.oseq;
    entry->record = header.record;
    entry->saved = nw_str(reader->bytes.p + reader->at + sizeof header, header.n);
    if (header.sum != sum_entry(&header, &reader->owner, entry->saved.p))
        return MEMORY_BAD;
    reader->at += sizeof header + header.n;
    reader->good += sizeof header + header.n;
    reader->next = header.oseq + 1;
    return 0;
}
