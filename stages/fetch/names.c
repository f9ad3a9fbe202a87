/* A page that is full is cut to its smaller half, and names behind that half are then not wanted any more. */
#include "names.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

void names_init(struct names *names, size_t bytes)
{
    *names = (struct names){.bytes = bytes};
    nw_buf_init(&names->text, UINT32_MAX);
}

void names_free(struct names *names)
{
    nw_buf_free(&names->text);
    nw_free(names->v);
    names->v = NULL;
    names->n = names->cap = names->next = 0;
}

/* For qsort, which passes no context: an entry with its name's address. */
struct named {
    struct nw_str name;
    struct names_entry entry;
};

static int compare(const void *a, const void *b)
{
    return nw_str_cmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Sorts, and keeps the first `keep` names, which are written anew one behind the other. */
static int sort(struct names *names, size_t keep)
{
    struct named *v = nw_malloc(names->n * sizeof *v + 1);
    struct nw_buf text;
    int error = 0;

    nw_buf_init(&text, names->text.max);
    if (!v)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < names->n; i++)
        v[i] = (struct named){nw_str(names->text.p + names->v[i].at, names->v[i].n), names->v[i]};
    qsort(v, names->n, sizeof *v, compare);
    for (size_t i = 0; i < keep && !error; i++) {
        names->v[i] = v[i].entry;
        names->v[i].at = (uint32_t)text.n;
        error = nw_buf_add(&text, v[i].name.p, v[i].name.n + 1);
    }
    nw_free(v);
    nw_buf_free(&names->text);
    names->text = text;
    names->n = keep;
    return error ? nw_fault(error) : 0;
}

static int add(struct names *names, struct nw_str name, enum names_kind kind)
{
    if (names->n == names->cap) {
        size_t cap = names->cap ? names->cap * 2 : 64;
        struct names_entry *v = nw_realloc(names->v, cap * sizeof *v);
        if (!v)
            return nw_fault(-ENOMEM);
        names->v = v;
        names->cap = cap;
    }
    names->v[names->n] =
        (struct names_entry){.at = (uint32_t)names->text.n, .n = (uint16_t)name.n, .kind = (uint8_t)kind};
    if (nw_buf_add(&names->text, name.p, name.n) || nw_buf_char(&names->text, '\0'))
        return nw_fault(-ENOMEM);
    names->n++;
    return 0;
}

static enum names_kind kind_of(unsigned char type)
{
    return type == DT_REG ? NAMES_FILE : type == DT_DIR ? NAMES_FOLDER : NAMES_OTHER;
}

int names_scan(struct names *names, const char *folder, struct nw_str after)
{
    DIR *dir = opendir(folder);
    char bound[256]; /* the largest name kept, once the page was cut */
    size_t bound_n = 0;
    struct dirent *entry;
    int error = dir ? 0 : -errno;

    nw_buf_clear(&names->text);
    names->n = names->next = 0;
    names->more = false;
    while (dir && !error) {
        struct nw_str name;

        errno = 0;
        entry = readdir(dir);
        if (!entry) {
            error = -errno;
            break;
        }
        name = nw_str_z(entry->d_name);
        if (name.p[0] == '.' || nw_str_cmp(name, after) <= 0 ||
            (bound_n && nw_str_cmp(name, nw_str(bound, bound_n)) > 0))
            continue;
        error = add(names, name, kind_of(entry->d_type));
        /* A name costs its bytes, its entry, and one more while it is sorted. */
        if (!error && names->n > 1 &&
            names->text.n + names->n * (sizeof(struct named) + sizeof *names->v) > names->bytes) {
            size_t keep = names->n / 2;
            error = sort(names, keep);
            if (error)
                break;
            bound_n = names->v[keep - 1].n;
            memcpy(bound, names->text.p + names->v[keep - 1].at, bound_n); /* NAME_MAX is 255 */
            names->more = true;
        }
    }
    if (dir)
        closedir(dir);
    return error ? error : sort(names, names->n);
}

bool names_next(struct names *names, struct nw_str *name, enum names_kind *kind)
{
    const struct names_entry *entry;

    if (names->next == names->n)
        return false;
    entry = &names->v[names->next++];
    *name = nw_str(names->text.p + entry->at, entry->n);
    *kind = (enum names_kind)entry->kind;
    return true;
}
