/* Files of tables in memory: see image.h. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 64, ENTRY = 24 };

static uint32_t read32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t read64(const unsigned char *p)
{
    return (uint64_t)read32(p) | (uint64_t)read32(p + 4) << 32;
}

static int bad(char why[IMAGE_WHY], const char *sentence)
{
    snprintf(why, IMAGE_WHY, "%s", sentence);
    return IMAGE_BAD;
}

int image_over(struct image *image, struct nw_str bytes, const char kind[4], char why[IMAGE_WHY])
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    *image = (struct image){0};
    if (bytes.n < HEADER || memcmp(p, "NWTABLES", 8) != 0) {
        return bad(why, "it does not begin with NWTABLES, so it is no table file; build it anew with scripts/train");
    }
    if (read32(p + 8) != IMAGE_VERSION) {
        snprintf(why, IMAGE_WHY,
                 "its layout is version %u and this program reads version %d; build it anew with scripts/train",
                 read32(p + 8), IMAGE_VERSION);
        return IMAGE_BAD;
    }
    if (memcmp(p + 12, kind, 4) != 0) {
        return bad(why, "it holds other tables than its place calls for; check which file was copied where");
    }
    if (read64(p + 24) != bytes.n) {
        return bad(why, "its length is not the one that it states, so it was cut or overwritten; copy it again");
    }
    if (nw_hash64(nw_str(bytes.p + HEADER, bytes.n - HEADER), 0) != read64(p + 32)) {
        return bad(why, "its checksum does not match its content, so it is damaged; copy it again");
    }
    uint32_t sections = read32(p + 40);
    if (sections > IMAGE_SECTIONS || bytes.n < HEADER + (size_t)sections * ENTRY) {
        return bad(why, "it states more sections than it can hold; build it anew with scripts/train");
    }
    for (uint32_t i = 0; i < sections; i++) {
        const unsigned char *entry = p + HEADER + (size_t)i * ENTRY;
        uint64_t offset = read64(entry + 8);
        uint64_t size = read64(entry + 16);
        if (offset % IMAGE_ALIGN != 0 || offset > bytes.n || size > bytes.n - offset) {
            return bad(why, "a section lies outside the file; build it anew with scripts/train");
        }
    }
    *image = (struct image){p, bytes.n, read64(p + 16), false};
    return 0;
}

int image_open(struct image *image, const char *path, const char kind[4], char why[IMAGE_WHY])
{
    *image = (struct image){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    int rc = 0;
    void *p = MAP_FAILED;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        rc = nw_fault(-errno);
        goto out;
    }
    if (!S_ISREG(st.st_mode) || st.st_size < HEADER) {
        rc = bad(why, "it is no file of 64 bytes or more; copy it again");
        goto out;
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) {
        rc = nw_fault(-errno);
        goto out;
    }
    rc = image_over(image, nw_str(p, (size_t)st.st_size), kind, why);
    if (rc == 0) {
        image->mapped = true;
    } else {
        munmap(p, (size_t)st.st_size);
    }
out:
    close(fd);
    return rc;
}

void image_close(struct image *image)
{
    if (image->mapped) {
        /* The mapping was made by image_open alone, so casting const away gives back what mmap gave. */
        munmap((void *)(uintptr_t)image->p, image->n);
    }
    *image = (struct image){0};
}

struct nw_str image_section(const struct image *image, const char *name, size_t unit)
{
    if (image->p == NULL) {
        return nw_str(NULL, 0);
    }
    uint32_t sections = read32(image->p + 40);
    for (uint32_t i = 0; i < sections; i++) {
        const unsigned char *entry = image->p + HEADER + (size_t)i * ENTRY;
        if (strncmp((const char *)entry, name, 8) == 0) {
            uint64_t size = read64(entry + 16);
            return size % unit ? nw_str(NULL, 0) : nw_str((const char *)image->p + read64(entry + 8), (size_t)size);
        }
    }
    return nw_str(NULL, 0);
}
