/*
 * Opens a log whose segments hold any bytes: with the writer's recovery, and with a reader alone. Neither may crash,
 * hang, or take memory by what a length says; a log that opens must go on, and must read the same after it is opened
 * again.
 *
 * Input: a byte of flags, then the bytes of one or two segments.
 *   1  a good header is put before, so that the bytes are frames
 *   2  each frame that the lengths make out gets its right checksum, so that what a frame says is reached
 *   4  the second half is a segment of its own, behind the first
 *   8  the first one is compressed: its bytes are packed into one zstd frame, with an index
 *   16 the head is there and vouches for entry 3
 */
#include "store/format.h"
#include "store/head.h"
#include "store/reader.h"
#include "store/segment.h"

#include <newswire/log.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADED = 1, SEALED = 2, TWO = 4, PACKED = 8, VOUCHED = 16, SPACE = 1 << 20, READS = 100000 };

static const struct store_identity identity = {.log = 0x1122334455667788, .salt = 0x0123456789abcdef};

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

static void write_file(int where, const char *name, const unsigned char *p, size_t n)
{
    int fd = openat(where, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    CHECK(fd >= 0 && write(fd, p, n) == (ssize_t)n);
    close(fd);
}

static void empty_folder(int where)
{
    int fd = openat(where, ".", O_RDONLY | O_DIRECTORY);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    CHECK(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(where, entry->d_name, 0);
    closedir(dir);
}

/* Right checksums for as many frames as the lengths make out; returns the number behind the last entry. */
static uint64_t seal(unsigned char *p, size_t n, uint64_t seq)
{
    for (size_t at = 0; at + STORE_FRAME <= n;) {
        uint32_t word = store_get32(p + at);
        size_t length = store_word_length(word) % 2048; /* else nearly all lengths are beyond the input */
        unsigned kind = store_word_kind(word);
        if (kind != STORE_KIND_MARK && kind != STORE_KIND_INDEX)
            kind = STORE_KIND_ENTRY;
        if (kind == STORE_KIND_MARK)
            length = STORE_MARK - STORE_FRAME;
        if (length == 0 || length > n - at - STORE_FRAME)
            break;
        if (kind == STORE_KIND_MARK) {
            store_put64(p + at + STORE_FRAME, identity.salt);
            store_put64(p + at + STORE_FRAME + 8, seq);
        }
        store_frame_seal(p + at, identity.salt, seq, (enum store_frame_kind)kind, length);
        seq += kind == STORE_KIND_ENTRY;
        at += STORE_FRAME + length;
    }
    return seq;
}

static uint64_t make_segment(int where, uint64_t first, unsigned flags, const uint8_t *data, size_t size)
{
    static unsigned char file[SPACE], raw[SPACE];
    struct store_header header = {.identity = identity, .first = first, .made = 1};
    char name[STORE_NAME];
    uint64_t next = first + 1;
    size_t n = 0;

    header.kind = flags & PACKED ? STORE_ZSTD : STORE_PLAIN;
    store_segment_name(name, first, header.kind);
    if (flags & HEADED) {
        store_header_put(file, &header);
        n = STORE_HEADER;
    }
    if (size)
        memcpy(raw, data, size);
    if (flags & SEALED)
        next = seal(raw, size, first);
    if (flags & PACKED) {
        struct store_spot spot = {0, (uint32_t)n};
        struct store_spots spots = {&spot, 1, 1};
        struct store_tail tail = {.last = next - 1, .closed = 1, .end = size};
        n += ZSTD_compress(file + n, SPACE / 2, raw, size, 1);
        store_index_put(file + n, identity.salt, &spots, tail);
        n += store_index_size(1);
    } else if (size) {
        memcpy(file + n, raw, size);
        n += size;
    }
    write_file(where, name, file, n);
    return next;
}

/* Reads all; the numbers must rise without a gap that is not told. Returns the last one. */
static uint64_t read_all(const char *name, uint64_t *good)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t next = 1;
    int result;

    *good = 0;
    if (nw_store_reader_open(name, 1, &reader) != 0)
        return 0;
    for (int i = 0; (result = nw_store_reader_next(reader, &entry)) != NW_STORE_END; i++) {
        CHECK(i < READS && result >= 0);
        CHECK(entry.seq == next && entry.last >= entry.seq);
        CHECK(result != 0 || (entry.payload.n > 0 && entry.payload.n <= NW_STORE_ENTRY_MAX));
        *good += result == 0;
        next = entry.last + 1;
        if (next == 0)
            break;
    }
    nw_store_reader_close(&reader);
    return next - 1;
}

static void write_on(const char *name)
{
    struct nw_store_options options = {.folder = name, .segment_bytes = 64 << 10, .verify = true, .compress = true};
    struct nw_store *store;
    struct nw_str payload;
    uint64_t seq, last, good, again;

    if (nw_store_open(&options, &store) != 0)
        return;
    last = nw_store_last(store);
    if (last < UINT64_MAX - 10) {
        while (nw_store_append(store, NW_S("it goes on"), &seq) == NW_STORE_FULL)
            CHECK(nw_store_sync(store) == 0);
        CHECK(seq == last + 1);
        CHECK(nw_store_sync(store) == 0);
        CHECK(nw_store_read(store, seq, &payload) == 0 && nw_str_eq(payload, NW_S("it goes on")));
        for (int i = 0; i < 10; i++)
            CHECK(nw_store_maintain(store) >= 0);
    }
    last = nw_store_last(store);
    nw_store_close(&store);
    CHECK(read_all(name, &good) == last);
    CHECK(nw_store_open(&options, &store) == 0);
    CHECK(nw_store_last(store) == last);
    nw_store_close(&store);
    CHECK(read_all(name, &again) == last && again == good);
}

static char path[64];
static int folder = -1;

static void clean_up(void)
{
    empty_folder(folder);
    rmdir(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned flags;
    uint64_t next, good;
    size_t half;

    if (folder < 0) {
        snprintf(path, sizeof path, "%s/nwstore.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir);
        CHECK(mkdtemp(path));
        folder = open(path, O_RDONLY | O_DIRECTORY);
        CHECK(folder >= 0 && atexit(clean_up) == 0);
        nw_log_setup("store_fuzz", NW_LOG_ERROR);
    }
    if (size == 0 || size > SPACE / 4)
        return 0;
    flags = data[0];
    data++;
    size--;
    half = flags & TWO ? size / 2 : size;
    empty_folder(folder);
    next = make_segment(folder, 1, flags, data, half);
    if (flags & TWO)
        make_segment(folder, next + (flags >> 5), flags & ~(unsigned)PACKED, data + half, size - half);
    if (flags & VOUCHED) {
        struct store_disk disk = {.folder = folder};
        struct store_head head = {.identity = identity, .durable = 3};
        int fd;
        CHECK(store_head_open(&disk, &fd) == 0 && store_head_write(&disk, fd, &head) == 0);
        close(fd);
    }
    read_all(path, &good);
    write_on(path);
    empty_folder(folder);
    return 0;
}
