/*
 * Runs a fuzz target over the files of the folders and files named, where libFuzzer is not linked in: so each corpus is
 * a test in every build. Exit status 1 when there was no file, for a corpus that is gone is no test.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPLAY_FILE_MAX = 1 << 24, REPLAY_PATH_MAX = 4096 };

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    size_t size;

    if (!file)
        return 0;
    data = malloc(REPLAY_FILE_MAX);
    if (!data)
        abort();
    size = fread(data, 1, REPLAY_FILE_MAX, file);
    fclose(file);
    /* An exact allocation lets AddressSanitizer see the byte behind the end. */
    uint8_t *exact = realloc(data, size ? size : 1);
    LLVMFuzzerTestOneInput(exact ? exact : data, size);
    free(exact ? exact : data);
    return 1;
}

int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            count += replay(argv[i]);
            continue;
        }
        for (struct dirent *entry; (entry = readdir(folder));) {
            char path[REPLAY_PATH_MAX];
            if (entry->d_name[0] == '.')
                continue;
            if (snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name) < (int)sizeof path)
                count += replay(path);
        }
        closedir(folder);
    }
    printf("%d inputs\n", count);
    return count ? 0 : 1;
}
