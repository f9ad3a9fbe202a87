/* See metrics_gather.h. */
#include "metrics_gather.h"
#include "data_folder.h"
#include "sources_book.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 512 /* bytes; of st_blocks */ };

/* A time, or nothing where there is none: a metric of 0 would be 1970. */
static json_t *time_of(int64_t ms)
{
    return ms > 0 ? json_integer((json_int_t)ms) : json_null();
}

static json_t *source_of_feed(const struct sources_feed *feed)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:I, s:b, s:b}", "source", feed->source, "kind", "feed", "url",
                     feed->url, "items", (json_int_t)feed->items, "last_item", time_of(feed->last_item), "due",
                     time_of(feed->due), "errors", (json_int_t)feed->errors, "quiet", feed->quiet, "paused",
                     feed->paused);
}

static json_t *source_of_other(const struct sources_other *other)
{
    return json_pack("{s:s, s:s, s:I, s:o, s:o, s:I, s:b, s:b}", "source", other->source, "kind", other->kind, "items",
                     (json_int_t)other->items, "last_item", time_of(other->last_item), "due", time_of(other->due),
                     "errors", (json_int_t)other->errors, "quiet", other->quiet, "paused", other->paused);
}

json_t *metrics_sources(const char *data)
{
    struct sources_book *book = NULL;
    struct sources_feed feed;
    struct sources_other other;
    char path[DATA_FOLDER], why[SOURCES_WHY];
    json_t *list = json_array();

    if (snprintf(path, sizeof path, "%s/fetch.db", data) < (int)sizeof path &&
        sources_book_open(path, &book, why) == SOURCES_OK) {
        while (sources_book_feed(book, &feed, why) == SOURCES_OK)
            json_array_append_new(list, source_of_feed(&feed));
        while (sources_book_other(book, &other, why) == SOURCES_OK)
            json_array_append_new(list, source_of_other(&other));
    }
    sources_book_close(&book);
    return list;
}

/* What the files of a folder take of the disk, with those in its folders down to `depth`: an ordered stage that is not
 * the last has its logs in a folder of its own. */
static json_int_t folder_bytes(int above, const char *name, int depth)
{
    int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    json_int_t bytes = 0;

    if (fd >= 0 && !folder)
        close(fd);
    while (folder && (entry = readdir(folder)) != NULL) {
        struct stat stat;
        if (entry->d_name[0] == '.' || fstatat(fd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (S_ISREG(stat.st_mode))
            bytes += (json_int_t)stat.st_blocks * BLOCK;
        else if (S_ISDIR(stat.st_mode) && depth > 0)
            bytes += folder_bytes(fd, entry->d_name, depth - 1);
    }
    if (folder)
        closedir(folder);
    return bytes;
}

json_t *metrics_folders(const char *data)
{
    DIR *folder = opendir(data);
    const struct dirent *entry;
    json_t *list = json_array();

    while (folder && (entry = readdir(folder)) != NULL) {
        struct stat stat;
        if (entry->d_name[0] != '.' && fstatat(dirfd(folder), entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(stat.st_mode))
            json_array_append_new(list, json_pack("{s:s, s:I}", "name", entry->d_name, "bytes",
                                                  folder_bytes(dirfd(folder), entry->d_name, 1)));
    }
    if (folder)
        closedir(folder);
    return list;
}
