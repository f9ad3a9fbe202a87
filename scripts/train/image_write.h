/* Writing the files of tables that stages/tag/image.h reads: add sections, then write. */
#ifndef TRAIN_IMAGE_WRITE_H
#define TRAIN_IMAGE_WRITE_H

#include <stddef.h>
#include <stdint.h>

enum { IMAGE_WRITE_SECTIONS = 32 };

struct image_write {
    struct {
        char name[8];
        const void *p;
        size_t n;
    } sections[IMAGE_WRITE_SECTIONS];
    size_t n;
};

/* Adds a section of n bytes at p, which lives until image_write_to. `name` has at most 8 letters. Ends the program when
 * there are too many. */
void image_write_add(struct image_write *image, const char *name, const void *p, size_t n);

/* Writes the file under a passing name, then renames it. 0 or a negative errno. */
int image_write_to(const struct image_write *image, const char *path, const char kind[4], uint64_t content);

#endif
