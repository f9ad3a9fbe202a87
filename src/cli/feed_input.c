/* See feed_input.h. Hidden files and links to folders are left out below a folder, as fetch leaves them out. */
#include "feed_input.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE_BYTES = 8192 /* a path and four numbers */ };

static int file_add(struct feed_input *input, const char *path, const struct stat *stat)
{
    struct nw_buf line;
    int rc;

    if (!S_ISREG(stat->st_mode)) {
        input->replayable = false;
        return 0;
    }
    nw_buf_init(&line, LINE_BYTES);
    nw_buf_printf(&line, "%s %lld %lld %lld %lld", path, (long long)stat->st_size, (long long)stat->st_mtim.tv_sec,
                  (long long)stat->st_mtim.tv_nsec, (long long)stat->st_ino);
    rc = line.error;
    input->digest += nw_hash64(nw_buf_view(&line), 0); /* a sum: folders are listed in no order */
    input->files++;
    input->bytes += (uint64_t)stat->st_size;
    nw_buf_free(&line);
    return rc;
}

/* A file is known by its path below the operand: the operand itself may be written in many ways. */
static int entry_add(FTS *walk, FTSENT *entry, struct feed_input *input, size_t *operand)
{
    const char *below;
    struct stat target;

    if (entry->fts_level == 0) {
        *operand = entry->fts_pathlen;
    }
    below = entry->fts_path + *operand;
    if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
        fts_set(walk, entry, FTS_SKIP);
        return 0;
    }
    if (entry->fts_info == FTS_F || (entry->fts_info == FTS_DEFAULT && entry->fts_level == 0)) {
        return file_add(input, below, entry->fts_statp);
    }
    if (entry->fts_info == FTS_SL && stat(entry->fts_accpath, &target) == 0 && S_ISREG(target.st_mode)) {
        return file_add(input, below, &target);
    }
    return 0;
}

int feed_input_survey(const struct arguments *arguments, struct feed_input *input)
{
    const char **paths = nw_calloc(arguments->operand_count + 1, sizeof *paths);
    FTS *walk;
    size_t n = 0, operand = 0;
    int rc = 0;

    *input = (struct feed_input){.replayable = arguments->operand_count > 0};
    if (!paths) {
        return nw_fault(-ENOMEM);
    }
    for (size_t i = 0; i < arguments->operand_count; i++) {
        if (strcmp(arguments->operands[i], "-") == 0) {
            input->replayable = false;
        } else if (arguments->operands[i][0]) {
            paths[n++] = arguments->operands[i];
        }
    }
    if (n > 0) {
        union {
            const char **in;
            char *const *out; /* fts_open changes none, and says so too late */
        } list = {.in = paths};
        walk = fts_open(list.out, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
        for (FTSENT *entry; rc == 0 && walk && (entry = fts_read(walk));) {
            rc = entry_add(walk, entry, input, &operand);
        }
        if (!walk || fts_close(walk) < 0) {
            rc = rc ? rc : -errno;
        }
    }
    nw_free(paths);
    return rc;
}
