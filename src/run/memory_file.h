/*
 * One file of what an ordered stage remembers (memory.h): what all records before it left, then what each record since
 * left, one behind the other. Written without a sync, in the machine's own byte order: whoever reads it believes
 * nothing that a checksum does not confirm, and has the output log for the rest.
 */
#ifndef RUN_MEMORY_FILE_H
#define RUN_MEMORY_FILE_H

#include <newswire/buf.h>

#include <stdint.h>

enum {
    MEMORY_REST_MAX = 256 << 20,  /* bytes of what all records left */
    MEMORY_ENTRY_MAX = 128 << 20, /* of what one left */
    MEMORY_FILE_BYTES = 64 << 20, /* a file that holds as much is full */
};

/* Whose memory it is. A file of another output log, build or configuration is of no use. */
struct memory_owner {
    uint64_t log, maker;
};

struct memory_entry {
    uint64_t oseq;
    uint64_t record; /* hash of the record in the output log */
    struct nw_str saved;
};

/* What reading returns beside 0 and a negative fault. */
enum memory_outcome {
    MEMORY_END = 1, /* no more */
    MEMORY_BAD,     /* what stands there is torn, damaged, or another's */
};

/* ---- writing: into a buffer, which is written as it is */

/* How a file begins whose first entry is `first`. */
int memory_put_begin(struct nw_buf *out, const struct memory_owner *owner, uint64_t first, struct nw_str rest);
int memory_put_entry(struct nw_buf *out, const struct memory_owner *owner, const struct memory_entry *entry);

/* ---- reading */

struct memory_reader {
    int fd;
    struct memory_owner owner;
    uint64_t next; /* the next entry's oseq is this or above: what the log has lost is left out */
    uint64_t good; /* offset through which all was read and is good */
    struct nw_buf bytes;
    size_t at; /* in bytes: of the next entry */
};

/* Reads how the file begins, whose first entry is to be `first`; *rest lives until the next call. The descriptor is the
 * reader's; -1 is as a damaged file. Closing is due whatever it returns. */
int memory_reader_open(struct memory_reader *reader, int fd, const struct memory_owner *owner, uint64_t first,
                       struct nw_str *rest);
void memory_reader_close(struct memory_reader *reader);

/* The next entry; what it points to lives until the next call. */
int memory_reader_next(struct memory_reader *reader, struct memory_entry *entry);

#endif
