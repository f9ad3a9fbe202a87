/* Reads a configuration file as bytes; every way in which that fails is told with the path. */
#include "conf.h"
#include "problem.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int nw_conf_read(const char *path, struct nw_buf *text, struct nw_buf *problems)
{
    struct conf_problems told = {.out = problems, .file = path};
    struct stat st;
    char bytes[1 << 14];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        conf_problem(&told, 0, "the configuration can't be opened: %s", strerror(errno));
        return NW_CONF_BAD;
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        conf_problem(&told, 0, "this is a folder; name the configuration file in it");
        close(fd);
        return NW_CONF_BAD;
    }
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        if (nw_buf_add(text, bytes, (size_t)n) < 0)
            break;
    }
    if (n < 0)
        conf_problem(&told, 0, "the configuration can't be read: %s", strerror(errno));
    else if (text->error == -EMSGSIZE)
        conf_problem(&told, 0, "the file has more than %d bytes; a configuration may not", NW_CONF_FILE_MAX);
    close(fd);
    if (text->error == -ENOMEM)
        return -ENOMEM;
    return told.count ? NW_CONF_BAD : 0;
}
