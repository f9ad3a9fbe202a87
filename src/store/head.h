/*
 * The file `head`, 64 bytes written in place: which log this is, and how far it is durable. Readers in other processes
 * take from it what they may read. It is written after each sync and never synced itself, so after a power cut it may
 * tell less than the truth, never more: recovery takes it as a promise that entries up to it were durable.
 */
#ifndef STORE_HEAD_H
#define STORE_HEAD_H

#include "store/disk.h"
#include "store/format.h"

struct store_head {
    struct store_identity identity;
    uint64_t durable;
};

/* 1: read; 0: not whole (damaged, or the writer kept writing just then); or a negative error. */
int store_head_read(int fd, struct store_head *head);

/* Opens for store_head_write, and makes it if it is not there. */
int store_head_open(const struct store_disk *disk, int *fd);
int store_head_write(const struct store_disk *disk, int fd, const struct store_head *head);

#endif
