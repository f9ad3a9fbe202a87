/*
 * A file of tables, built off line and mapped into memory: the names model, the gazetteer, the topics. All workers of a
 * machine share its pages. Layout, little-endian:
 *
 *     0   8 bytes "NWTABLES"          24  u64 size of the file
 *     8   u32 version of the layout   32  u64 XXH3 of all bytes from 64 on
 *     12  char[4] what it is          40  u32 number of sections
 *     16  u64 version of the content  44  zeros up to 64
 *     64  per section: char[8] name, u64 offset from the start (a multiple of 64), u64 size in bytes
 *
 * A file that is not exactly so is refused with a sentence; nothing behind the checks is read before them.
 */
#ifndef TAG_IMAGE_H
#define TAG_IMAGE_H

#include <stdint.h>

#include <newswire/str.h>

enum { IMAGE_VERSION = 1, IMAGE_SECTIONS = 64, IMAGE_WHY = 256, IMAGE_ALIGN = 64 };

struct image {
    const unsigned char *p; /* NULL: none open */
    size_t n;
    uint64_t content; /* version of the content */
    bool mapped;
};

/* Outcome beside 0 and a negative errno: the file is no good; why says what was expected and what to do. */
enum { IMAGE_BAD = 1 };

/* Maps the file. `kind` is four letters. */
int image_open(struct image *image, const char *path, const char kind[4], char why[IMAGE_WHY]);

/* The same over bytes in memory that outlive the image. They are aligned to 8. */
int image_over(struct image *image, struct nw_str bytes, const char kind[4], char why[IMAGE_WHY]);

/* Unmaps; accepts a zeroed image. */
void image_close(struct image *image);

/* The section of that name; {NULL, 0} if there is none, or its size is no multiple of `unit`. */
struct nw_str image_section(const struct image *image, const char *name, size_t unit);

#endif
