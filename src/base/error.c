/* Where a fault arose, in the log: see newswire/error.h. */
#include <newswire/error.h>
#include <newswire/log.h>

#include <string.h>

int nw_fault_at(const char *file, int line, const char *function, int error)
{
    const char *base = strrchr(file, '/');
    char text[128];

    if (strerror_r(-error, text, sizeof text) != 0)
        text[0] = '\0';
    nw_error("fault in %s (%s:%d): %s (error %d)", function, base ? base + 1 : file, line, text, -error);
    return error;
}
