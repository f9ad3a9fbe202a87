/* The folder, and what is not yet written: see memory.h. */
#define _GNU_SOURCE /* sync_file_range */
#include "run/memory.h"

#include "store/disk.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_BYTES = 4096,
    NAME_BYTES = 32,
    FILES_MAX = 4096,        /* of 64 MiB */
    PENDING_MAX = 512 << 20, /* bytes that wait for the log; what that lets wait itself is 32 MiB of records */
    PIECES_MAX = 64 << 20,   /* bytes of struct piece */
    PUSH_BYTES = 4 << 20,    /* that the kernel may hold back */
};

/* What is pending up to `end`: an entry, or how a file begins. */
struct piece {
    uint64_t oseq; /* of the entry; of a beginning, the file's first */
    size_t end;
    bool begins;
};

struct memory {
    struct store_disk disk; /* the folder */
    char folder[PATH_BYTES];
    struct memory_owner owner;
    uint64_t files[FILES_MAX]; /* their first entries, in order */
    size_t file_count;
    int fd;        /* of the newest, or -1 */
    uint64_t at;   /* where it is written on */
    uint64_t sent; /* through there the kernel was told to bring it to the disk */
    uint64_t size; /* of the newest that was begun, with what is pending of it; 0: none was */
    struct nw_buf pending, pieces;
};

static void name_of(uint64_t first, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%020llu.mem", (unsigned long long)first);
}

/* ---- the folder */

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int list_files(struct memory *memory)
{
    int fd = openat(memory->disk.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (!folder) {
        if (fd >= 0)
            close(fd);
        return nw_fault(-errno);
    }
    while ((entry = readdir(folder)) && memory->file_count < FILES_MAX) {
        char name[NAME_BYTES];
        uint64_t first = strtoull(entry->d_name, NULL, 10);
        name_of(first, name);
        if (strcmp(name, entry->d_name) == 0)
            memory->files[memory->file_count++] = first;
    }
    closedir(folder);
    qsort(memory->files, memory->file_count, sizeof *memory->files, by_number);
    return 0;
}

int memory_open(const char *log, const struct memory_owner *owner, struct memory **result)
{
    struct memory *memory = nw_calloc(1, sizeof *memory);
    int r = 0;

    *result = memory;
    if (!memory)
        return nw_fault(-ENOMEM);
    memory->owner = *owner;
    memory->fd = -1;
    nw_buf_init(&memory->pending, PENDING_MAX);
    nw_buf_init(&memory->pieces, PIECES_MAX);
    snprintf(memory->folder, sizeof memory->folder, "%s.memory", log);
    if (mkdir(memory->folder, 0700) < 0 && errno != EEXIST)
        r = -errno;
    memory->disk.folder = open(memory->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r == 0 && memory->disk.folder < 0)
        r = -errno;
    if (r < 0)
        nw_error("cannot open %s: %s", memory->folder, strerror(-r));
    r = r < 0 ? nw_fault(r) : list_files(memory);
    if (r < 0)
        memory_close(result);
    return r;
}

void memory_close(struct memory **pointer)
{
    struct memory *memory = *pointer;

    if (!memory)
        return;
    if (memory->fd >= 0)
        close(memory->fd);
    if (memory->disk.folder >= 0)
        close(memory->disk.folder);
    nw_buf_free(&memory->pending);
    nw_buf_free(&memory->pieces);
    nw_free(memory);
    *pointer = NULL;
}

/* Deletes the files from the one at `from` on, `n` of them. One that cannot be deleted is in nobody's way. */
static void delete_files(struct memory *memory, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++) {
        char name[NAME_BYTES];
        int r;
        name_of(memory->files[i], name);
        r = store_disk_remove(&memory->disk, name);
        if (r < 0)
            nw_warn("cannot delete %s/%s: %s", memory->folder, name, strerror(-r));
    }
    memory->file_count -= n;
    memmove(memory->files + from, memory->files + from + n, (memory->file_count - from) * sizeof *memory->files);
}

void memory_clear(struct memory *memory)
{
    if (memory->fd >= 0)
        close(memory->fd);
    memory->fd = -1;
    memory->size = 0;
    nw_buf_clear(&memory->pending);
    nw_buf_clear(&memory->pieces);
    delete_files(memory, 0, memory->file_count);
}

/* ---- reading */

/* One file, from its first entry through `last`. 0: all of it is good; MEMORY_END: through reader->good; MEMORY_BAD:
 * nothing that was read of any is to be believed. */
static int read_file(struct memory_reader *reader, uint64_t last, const struct memory_visitor *visitor)
{
    struct memory_entry entry = {.oseq = 0}, newest = entry;
    uint64_t good = reader->good;
    int r, checked;

    while ((r = memory_reader_next(reader, &entry)) == 0 && entry.oseq <= last) {
        r = visitor->entry(visitor->user, &entry);
        if (r != 0)
            return r;
        newest = entry;
        good = reader->good;
    }
    if (r < 0)
        return r;
    checked = newest.oseq > 0 ? visitor->check(visitor->user, &newest) : 0;
    reader->good = good;
    reader->next = newest.oseq > 0 ? newest.oseq + 1 : reader->next;
    return checked != 0 ? checked : r == MEMORY_END ? 0 : MEMORY_END;
}

/* Reads file i; of the first one also what stands before its entries. As read_file; reader->good is 0 where not even
 * the beginning is. */
static int visit_file(struct memory *memory, size_t i, uint64_t last, const struct memory_visitor *visitor,
                      struct memory_reader *reader)
{
    char name[NAME_BYTES];
    struct nw_str rest;
    int fd, r;

    name_of(memory->files[i], name);
    fd = openat(memory->disk.folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    r = memory_reader_open(reader, fd, &memory->owner, memory->files[i], &rest);
    if (r == MEMORY_BAD && i > 0)
        return MEMORY_END; /* what stands before it is good */
    if (r == 0 && i == 0)
        r = visitor->rest(visitor->user, rest);
    return r == 0 ? read_file(reader, last, visitor) : r;
}

/* Of the first `files` files the last is the one that entries are added to, behind what is good of it. */
static int keep_files(struct memory *memory, size_t files, uint64_t good)
{
    char name[NAME_BYTES];

    delete_files(memory, files, memory->file_count - files);
    name_of(memory->files[files - 1], name);
    memory->at = memory->sent = memory->size = good;
    memory->fd = openat(memory->disk.folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    return memory->fd < 0 ? nw_fault(-errno) : store_disk_cut(&memory->disk, memory->fd, name, good);
}

int memory_read(struct memory *memory, uint64_t from, uint64_t last, const struct memory_visitor *visitor,
                uint64_t *through)
{
    size_t old = 0, files = 0;
    uint64_t next = 0, good = 0;
    int r = 0;

    *through = 0;
    while (old + 1 < memory->file_count && memory->files[old + 1] <= from)
        old++;
    delete_files(memory, 0, old);
    if (memory->file_count > 0 && memory->files[0] > from)
        memory_clear(memory); /* it begins too late */
    for (size_t i = 0; r == 0 && i < memory->file_count && (i == 0 || memory->files[i] == next); i++) {
        struct memory_reader reader;
        r = visit_file(memory, i, last, visitor, &reader);
        if (r != MEMORY_BAD && reader.good > 0) {
            files = i + 1;
            good = reader.good;
            next = reader.next;
        }
        memory_reader_close(&reader);
    }
    if (r == MEMORY_BAD)
        memory_clear(memory);
    if (r < 0 || memory->file_count == 0)
        return r;
    *through = next - 1;
    return keep_files(memory, files, good);
}

/* ---- writing */

bool memory_is_full(const struct memory *memory)
{
    return memory->size == 0 || memory->size >= MEMORY_FILE_BYTES;
}

/* Notes what was put at the end of what is pending. */
static int note(struct memory *memory, size_t before, struct piece piece)
{
    piece.end = memory->pending.n;
    memory->size = (piece.begins ? 0 : memory->size) + piece.end - before;
    if (memory->pending.error == 0)
        nw_buf_add(&memory->pieces, &piece, sizeof piece);
    return memory->pending.error  ? nw_fault(memory->pending.error)
           : memory->pieces.error ? nw_fault(memory->pieces.error)
                                  : 0;
}

int memory_begin(struct memory *memory, uint64_t first, struct nw_str rest)
{
    size_t before = memory->pending.n;

    memory_put_begin(&memory->pending, &memory->owner, first, rest);
    return note(memory, before, (struct piece){.oseq = first, .begins = true});
}

int memory_add(struct memory *memory, const struct memory_entry *entry)
{
    size_t before = memory->pending.n;

    memory_put_entry(&memory->pending, &memory->owner, entry);
    return note(memory, before, (struct piece){.oseq = entry->oseq});
}

/* Lets the kernel bring to the disk what was written, without waiting for it: what it holds back for long, a sync of
 * the log might have to wait for (ext4 writes the data of other files with its journal). */
static void push(struct memory *memory, uint64_t least)
{
    if (memory->fd < 0 || memory->at - memory->sent < least)
        return;
    (void)sync_file_range(memory->fd, (off_t)memory->sent, (off_t)(memory->at - memory->sent), SYNC_FILE_RANGE_WRITE);
    memory->sent = memory->at;
}

static int make_file(struct memory *memory, uint64_t first)
{
    char name[NAME_BYTES];

    if (memory->file_count == FILES_MAX)
        return -E2BIG;
    push(memory, 1);
    if (memory->fd >= 0)
        close(memory->fd);
    memory->fd = -1;
    memory->at = memory->sent = 0;
    memory->files[memory->file_count++] = first;
    name_of(first, name);
    return store_disk_make(&memory->disk, name, &memory->fd);
}

/* Writes what is pending from `from` to `to`. */
static int write_span(struct memory *memory, size_t from, size_t to)
{
    char name[NAME_BYTES];
    int r;

    if (from == to)
        return 0;
    name_of(memory->files[memory->file_count - 1], name);
    r = store_disk_write(&memory->disk, memory->fd, name, memory->pending.p + from, to - from, memory->at);
    memory->at += to - from;
    if (r == 0)
        push(memory, PUSH_BYTES);
    return r;
}

static struct piece piece_at(const struct memory *memory, size_t i)
{
    struct piece piece;

    memcpy(&piece, memory->pieces.p + i * sizeof piece, sizeof piece);
    return piece;
}

/* Takes the first n pieces out, which end at `end`. */
static void take_pieces(struct memory *memory, size_t n, size_t end)
{
    nw_buf_take(&memory->pieces, n * sizeof(struct piece));
    nw_buf_take(&memory->pending, end);
    for (size_t i = 0; i < memory->pieces.n / sizeof(struct piece); i++) {
        struct piece piece = piece_at(memory, i);
        piece.end -= end;
        memcpy(memory->pieces.p + i * sizeof piece, &piece, sizeof piece);
    }
}

int memory_write(struct memory *memory, uint64_t durable, uint64_t needed)
{
    size_t from = 0, to = 0, n = 0, old = 0;
    int r = 0;

    for (; r == 0 && n < memory->pieces.n / sizeof(struct piece); n++) {
        struct piece piece = piece_at(memory, n);
        /* What all records before a file left is written when these are durable. */
        if ((piece.begins ? piece.oseq - 1 : piece.oseq) > durable)
            break;
        if (piece.begins) {
            r = write_span(memory, from, to);
            r = r < 0 ? r : make_file(memory, piece.oseq);
            from = to;
        }
        to = piece.end;
    }
    r = r < 0 ? r : write_span(memory, from, to);
    if (r < 0)
        return r;
    take_pieces(memory, n, to);
    while (old + 1 < memory->file_count && memory->files[old + 1] <= needed)
        old++;
    delete_files(memory, 0, old);
    return 0;
}
