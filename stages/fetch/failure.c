/* strerror_r as POSIX has it: a file with _GNU_SOURCE would get another function of that name. */
#include "failure.h"

#include <stdio.h>
#include <string.h>

const char *failure_text(int error, char text[FAILURE_TEXT])
{
    if (strerror_r(error < 0 ? -error : error, text, FAILURE_TEXT))
        snprintf(text, FAILURE_TEXT, "error %d", error);
    return text;
}
