/* WARC files in DATA/spool: see spool.h. */
#include "spool.h"
#include "failure.h"
#include "http.h"

#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int spool_open(struct spool *spool, struct nw_str data_dir, uint64_t *serial, char why[NW_WHY])
{
    char text[FAILURE_TEXT];

    *spool = (struct spool){.serial = serial};
    if (snprintf(spool->folder, sizeof spool->folder, "%.*s/spool", NW_FMT(data_dir)) <
            (int)sizeof spool->folder - SPOOL_NAME &&
        (mkdir(spool->folder, 0700) == 0 || errno == EEXIST))
        return 0;
    snprintf(why, NW_WHY, "%.120s can't be made: %s", spool->folder, failure_text(errno, text));
    return 1;
}

int spool_add(struct nw_buf *out, struct nw_str url, struct nw_str type, struct nw_str body)
{
    /* The splitter leaves out what no article can be; what was asked for as one is one, whatever its server calls it.
     */
    bool named = type.n > 0 && http_readable(type);

    nw_buf_printf(out, "WARC/1.1\r\nWARC-Type: resource\r\n");
    if (url.n > 0)
        nw_buf_printf(out, "WARC-Target-URI: %.*s\r\n", NW_FMT(url));
    if (named)
        nw_buf_printf(out, "Content-Type: %.*s\r\n", NW_FMT(type));
    nw_buf_printf(out, "Content-Length: %zu\r\n\r\n", body.n);
    nw_buf_str(out, body);
    return nw_buf_str(out, NW_S("\r\n\r\n"));
}

int spool_add_page(struct nw_buf *out, const struct spool_page *page)
{
    struct nw_buf pair, head;
    int r;

    nw_buf_init(&pair, out->max);
    nw_buf_init(&head, 16 << 10);
    nw_buf_printf(&head, "HTTP/1.1 200 OK\r\nContent-Type: %.*s\r\n\r\n", NW_FMT(page->type));
    nw_buf_printf(&pair, "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Target-URI: %.*s\r\nContent-Type: %.*s\r\n",
                  NW_FMT(page->url), NW_FMT(page->entry_type.n ? page->entry_type : NW_S("application/xml")));
    nw_buf_printf(&pair, "Content-Length: %zu\r\n\r\n", page->entry.n);
    nw_buf_str(&pair, page->entry);
    nw_buf_printf(&pair, "\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: %.*s\r\n", NW_FMT(page->url));
    nw_buf_printf(&pair, "Content-Type: application/http;msgtype=response\r\nContent-Length: %zu\r\n\r\n",
                  head.n + page->body.n);
    nw_buf_str(&pair, nw_buf_view(&head));
    nw_buf_str(&pair, page->body);
    r = head.error ? head.error : pair.error;
    if (r == 0)
        r = spool_add(out, page->url, NW_S("application/warc"), nw_buf_view(&pair));
    nw_buf_free(&head);
    nw_buf_free(&pair);
    return r;
}

void spool_path(const struct spool *spool, const char *name, char path[SPOOL_PATH])
{
    snprintf(path, SPOOL_PATH, "%.*s/%.*s", SPOOL_PATH - SPOOL_NAME - 2, spool->folder, SPOOL_NAME, name);
}

static int write_all(int fd, struct nw_str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0)
            bytes = nw_str_from(bytes, (size_t)n);
    }
    return fdatasync(fd) < 0 ? -errno : 0;
}

static int sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

    if (fd < 0 || fsync(fd) < 0)
        r = -errno;
    if (fd >= 0)
        close(fd);
    return r;
}

int spool_write(struct spool *spool, struct nw_str bytes, char name[SPOOL_NAME])
{
    char path[SPOOL_PATH], text[FAILURE_TEXT];
    int fd, r;

    snprintf(name, SPOOL_NAME, "%lld-%ld-%llu.warc", (long long)nw_clock_wall(), (long)getpid(),
             (unsigned long long)++*spool->serial);
    spool_path(spool, name, path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    r = fd < 0 ? -errno : write_all(fd, bytes);
    if (fd >= 0 && close(fd) < 0 && r == 0)
        r = -errno;
    if (r == 0)
        r = sync_folder(spool->folder);
    if (r < 0) {
        nw_error("%s can't be written: %s; make room, or mend the disk", path, failure_text(r, text));
        unlink(path);
    }
    return r;
}

void spool_drop(const struct spool *spool, const char *name)
{
    char path[SPOOL_PATH];

    spool_path(spool, name, path);
    unlink(path);
}

void spool_sweep(const struct spool *spool, bool (*keeps)(const void *user, const char *name), const void *user)
{
    DIR *folder = opendir(spool->folder);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        if (nw_str_ends(nw_str_z(entry->d_name), NW_S(".warc")) && !keeps(user, entry->d_name))
            spool_drop(spool, entry->d_name);
    }
    if (folder)
        closedir(folder);
}
