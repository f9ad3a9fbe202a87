/* The table of kinds, and what they share. */
#include "source.h"
#include "failure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct source_kind *const kinds[] = {&source_files, &source_stdin,  &source_folder,
                                                  &source_feeds, &source_listen, &source_imap};
const char *const source_kind_names[] = {"files", "stdin", "folder", "feeds", "listen", "imap", NULL};

const struct source_kind *source_kind(struct nw_str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (nw_str_eq(name, nw_str_z(kinds[i]->name)))
            return kinds[i];
    }
    return NULL;
}

int source_open_path(const char *path, struct document *document, bool *folder, char why[NW_WHY])
{
    struct stat stat;
    /* A pipe without a writer would keep open() waiting; reading asks first (bytes.c). */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *folder = false;
    if (fd < 0 || fstat(fd, &stat) < 0) {
        char text[FAILURE_TEXT];
        int error = errno;
        if (fd >= 0)
            close(fd);
        snprintf(why, NW_WHY, "can't be opened: %s", failure_text(error, text));
        return SOURCE_COMPLAINT;
    }
    if (S_ISDIR(stat.st_mode)) {
        *folder = true;
        close(fd);
        return SOURCE_DOCUMENT;
    }
    *document =
        (struct document){.path = nw_str_z(path), .fd = fd, .size = S_ISREG(stat.st_mode) ? (uint64_t)stat.st_size : 0};
    return SOURCE_DOCUMENT;
}
