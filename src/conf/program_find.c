/* Where the programs of newswired stand: installed, built, or where the environment says. */
#include "daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Writes FOLDER/newswired-NAME; true where it can be run. */
static bool there(const char *folder, const char *between, const char *name, char path[NW_PROGRAM_PATH])
{
    int n = snprintf(path, NW_PROGRAM_PATH, "%s%s/newswired-%s", folder, between, name);

    return n > 0 && n < NW_PROGRAM_PATH && access(path, X_OK) == 0;
}

bool nw_program_find(const char *name, char path[NW_PROGRAM_PATH])
{
    const char *told = getenv("NEWSWIRE_LIBEXEC");
    char here[NW_PROGRAM_PATH / 2];
    ssize_t n;
    char *slash;

    if (told && *told)
        return there(told, "", name, path);
    n = readlink("/proc/self/exe", here, sizeof here - 1);
    here[n > 0 ? n : 0] = '\0';
    slash = strrchr(here, '/');
    if (slash) {
        *slash = '\0';
        if (there(here, "/../libexec/newswired", name, path) || there(here, "", name, path))
            return true;
    }
    return there(NW_BUILD_LIBEXEC, "", name, path);
}
