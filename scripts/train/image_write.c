/* Writing files of tables: see image_write.h. */
#include "image_write.h"

#include "image.h"

#include <errno.h>
#include <newswire/hash.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER = 64, ENTRY = 24 };

void image_write_add(struct image_write *image, const char *name, const void *p, size_t n)
{
    if (image->n == IMAGE_WRITE_SECTIONS || strlen(name) > 8) {
        fprintf(stderr, "image: too many sections, or a name of more than 8 letters: %s\n", name);
        abort();
    }
    memcpy(image->sections[image->n].name, name, strlen(name));
    image->sections[image->n].p = p;
    image->sections[image->n].n = n;
    image->n++;
}

static void put32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (unsigned char)(v >> 8 * i);
    }
}

static void put64(unsigned char *p, uint64_t v)
{
    put32(p, (uint32_t)v);
    put32(p + 4, (uint32_t)(v >> 32));
}

static size_t aligned(size_t n)
{
    return (n + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

int image_write_to(const struct image_write *image, const char *path, const char kind[4], uint64_t content)
{
    size_t total = aligned(HEADER + image->n * ENTRY);
    for (size_t i = 0; i < image->n; i++) {
        total += aligned(image->sections[i].n);
    }
    unsigned char *p = calloc(1, total);
    if (p == NULL) {
        return -ENOMEM;
    }
    size_t at = aligned(HEADER + image->n * ENTRY);
    for (size_t i = 0; i < image->n; i++) {
        unsigned char *entry = p + HEADER + i * ENTRY;
        memcpy(entry, image->sections[i].name, 8);
        put64(entry + 8, at);
        put64(entry + 16, image->sections[i].n);
        if (image->sections[i].n) {
            memcpy(p + at, image->sections[i].p, image->sections[i].n);
        }
        at += aligned(image->sections[i].n);
    }
    memcpy(p, "NWTABLES", 8);
    put32(p + 8, IMAGE_VERSION);
    memcpy(p + 12, kind, 4);
    put64(p + 16, content);
    put64(p + 24, total);
    put64(p + 32, nw_hash64(nw_str((const char *)p + HEADER, total - HEADER), 0));
    put32(p + 40, (uint32_t)image->n);

    char passing[4096];
    int rc = 0;
    snprintf(passing, sizeof passing, "%s.new", path);
    FILE *f = fopen(passing, "wb");
    if (f == NULL) {
        rc = -errno;
        goto out;
    }
    if (fwrite(p, 1, total, f) != total) {
        rc = -EIO;
    }
    if (fclose(f) != 0 && rc == 0) {
        rc = -errno;
    }
    if (rc == 0 && rename(passing, path) != 0) {
        rc = -errno;
    }
out:
    free(p);
    return rc;
}
