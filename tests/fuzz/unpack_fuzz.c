/*
 * A whole document: layers of packing and archives, recognition, splitters, as a pipe gives them. Whatever the bytes,
 * reading ends, and each document gives an item or a complaint.
 */
#define _GNU_SOURCE /* memfd_create */
#include "fetch/reader.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"-", "x.ndjson", "x.txt.gz"};
    struct reader reader;
    struct item item;
    size_t told = 0;
    int fd = memfd_create("input", MFD_CLOEXEC), step;

    demand(fd > 0);
    demand(write(fd, data, size) == (ssize_t)size);
    demand(lseek(fd, 0, SEEK_SET) == 0);
    reader_init(&reader, 8 << 20);
    demand(reader_open(&reader, fd, size, nw_str_z(names[size % 3]), NW_S("")) == 0);
    while ((step = reader_next(&reader, &item)) != READ_END) {
        demand(step >= 0 && step != READ_WAIT);
        if (step == READ_ITEM)
            demand(item.bytes.n <= ITEM_MAX);
        told += step == READ_ITEM || step == READ_COMPLAINT;
    }
    demand(told > 0);
    reader_free(&reader);
    return 0;
}
