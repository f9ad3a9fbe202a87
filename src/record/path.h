/* Where in a record a reader is, for sentences such as "annotations.entities[3].start: expected …". The steps of a path
 * are on the stack of the reader, linked upwards. */
#ifndef NW_RECORD_PATH_H
#define NW_RECORD_PATH_H

#include <newswire/record.h>

struct nw_path {
    const struct nw_path *up; /* NULL at the record */
    struct nw_str key;        /* of a member; {NULL, 0} for an element of a list */
    size_t index;             /* of an element */
};

/* Writes "PATH: sentence", cut to fit, and returns NW_BAD_RECORD. A NULL path is the record itself. The sentence is
 * UTF-8 in one line whatever the input was: long keys are cut, control characters and stray bytes become "?". */
int nw_path_refuse(char why[NW_WHY], const struct nw_path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
