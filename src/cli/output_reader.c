/* A store's reader that seeks where it must; see output_reader.h. */
#include "output_reader.h"

#include "message.h"
#include "run/kills.h"
#include "store/reader.h"

#include <errno.h>

enum { LOOKS = 64 };

static int read_entry(void *user, uint64_t oseq, struct nw_str *record)
{
    struct output_reader *reader = user;
    struct nw_store_entry entry;
    int rc;

    if (nw_store_reader_position(reader->reader) != oseq) {
        nw_store_reader_seek(reader->reader, oseq);
    }
    rc = nw_store_reader_next(reader->reader, &entry);
    *record = rc == 0 ? entry.payload : nw_str(NULL, 0);
    return rc;
}

static void range(void *user, uint64_t *first, uint64_t *head)
{
    const struct output_reader *reader = user;

    *first = reader->first;
    *head = reader->head;
}

int output_reader_open(const struct arguments *arguments, const char *data, struct output_reader *reader)
{
    char folder[DATA_FOLDER], *path = reader->folder;
    int rc = 0;

    *reader = (struct output_reader){.first = 1, .log = {reader, read_entry, range}};
    if (!data) {
        rc = data_folder(arguments, folder);
        data = folder;
    }
    rc = rc ? rc : data_log(data, "output", path);
    if (rc) {
        return rc;
    }
    rc = nw_store_reader_open(path, 0, &reader->reader);
    if (rc == 0) {
        rc = nw_store_reader_range(reader->reader, &reader->first, &reader->head);
    }
    if (rc < 0 && rc != -ENOENT) {
        message_error(rc, path);
        return EXIT_UNREACHABLE;
    }
    return 0;
}

void output_reader_close(struct output_reader *reader)
{
    nw_store_reader_close(&reader->reader);
    nw_kills_free(&reader->kills);
}

int output_reader_kills(struct output_reader *reader)
{
    int rc = nw_kills_new(&reader->kills);

    rc = rc ? rc : nw_kills_read(reader->kills, reader->folder);
    return rc == -ENOENT ? 0 : rc;
}

int output_reader_visible(struct output_reader *reader, struct nw_arena *arena, uint64_t oseq,
                          struct nw_record **record, bool *killed)
{
    struct nw_str bytes;
    char why[NW_WHY];
    int rc = reader->log.read(reader->log.user, oseq, &bytes);

    *record = NULL;
    *killed = rc == 0 && nw_kills_hides(reader->kills, oseq, bytes);
    nw_arena_reset(arena);
    rc = rc ? rc : nw_record_decode(arena, bytes, record, why);
    return rc < 0 ? rc : 0;
}

int output_reader_since(struct output_reader *reader, int64_t since, uint64_t *from)
{
    struct nw_when_search search = {.since = since, .most = UINT64_MAX};
    struct nw_arena arena = {0};
    int rc;

    do {
        rc = nw_when_step(&search, &reader->log, &arena, LOOKS);
    } while (rc == NW_WHEN_ON);
    nw_arena_free(&arena);
    *from = search.at;
    return rc;
}
