/*
 * libcurl fetches messages by BODY[], which would set \Seen. So the folder is opened by EXAMINE, as a command of ours,
 * behind the SELECT that libcurl sends: from then on the connection can change nothing, and libcurl, which keeps using
 * it, does not know.
 */
#include "imap.h"
#include "guard.h"

#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

enum { CONNECT_MS = 10000, SLOW_BYTES = 16, SLOW_S = 20 };

/* The guard: called with each address that is about to be connected to, after DNS, whatever name led there. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct imap *imap = user;

    (void)purpose;
    if (!imap->options.allow_private && !guard_is_public(&address->addr)) {
        imap->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct imap *imap = user;

    (void)size; /* 1 */
    if (nw_buf_add(&imap->body, p, n) < 0)
        imap->large = true;
    return imap->large ? 0 : n; /* 0 ends the transfer */
}

/* Whether the server is this machine, by its name. */
static bool is_here(const char *server)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = strstr(server, "://");

    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(host + 3, names[i], n) == 0 && (host[3 + n] == '\0' || host[3 + n] == ':'))
            return true;
    }
    return false;
}

static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
            return false;
    }
    return true;
}

static int refuse(char why[NW_WHY], const char *sentence)
{
    snprintf(why, NW_WHY, "%s", sentence);
    return 1;
}

static int set_up(struct imap *imap)
{
    const struct imap_options *options = &imap->options;
    CURL *curl = imap->curl;

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(is_here(options->server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (options->ca[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca);
    curl_easy_setopt(curl, CURLOPT_USERNAME, options->user);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, imap);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, imap);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, imap->error);
    /* libcurl copies it. */
    return curl_easy_setopt(curl, CURLOPT_PASSWORD, options->password) == CURLE_OK ? 0 : nw_fault(-ENOMEM);
}

int imap_open(struct imap *imap, const struct imap_options *options, char why[NW_WHY])
{
    char *folder;
    int r, n;

    *imap = (struct imap){.options = *options};
    nw_buf_init(&imap->body, options->most);
    if (strncmp(options->server, "imap://", 7) != 0 && strncmp(options->server, "imaps://", 8) != 0)
        return refuse(why, "`server`: expected imaps://HOST, or imap://HOST where STARTTLS is to encrypt");
    if (strpbrk(strstr(options->server, "://") + 3, "/@?#; ") || !is_plain(options->server))
        return refuse(why, "`server`: expected a scheme and a host, with or without a port, and nothing else");
    if (!options->folder[0] || !is_plain(options->folder))
        return refuse(why, "`mailbox`: expected the folder's name as IMAP has it: printable ASCII");
    r = multi_open(&imap->multi);
    imap->curl = r == 0 ? curl_easy_init() : NULL;
    folder = imap->curl ? curl_easy_escape(imap->curl, options->folder, 0) : NULL;
    if (!folder)
        return r < 0 ? r : nw_fault(-ENOMEM);
    n = snprintf(imap->url, sizeof imap->url, "%s/%s", options->server, folder);
    curl_free(folder);
    if (n >= IMAP_URL - 64)
        return refuse(why, "`server` and `mailbox` are too long");
    return set_up(imap);
}

void imap_close(struct imap *imap)
{
    if (imap->busy)
        curl_multi_remove_handle(imap->multi.handle, imap->curl);
    if (imap->curl)
        curl_easy_cleanup(imap->curl);
    multi_close(&imap->multi);
    nw_buf_free(&imap->body);
    *imap = (struct imap){.busy = false};
}

static int start(struct imap *imap, const char *url, const char *command)
{
    nw_buf_clear(&imap->body);
    imap->refused = imap->large = false;
    imap->error[0] = '\0';
    curl_easy_setopt(imap->curl, CURLOPT_URL, url);
    curl_easy_setopt(imap->curl, CURLOPT_CUSTOMREQUEST, command);
    if (curl_multi_add_handle(imap->multi.handle, imap->curl) != CURLM_OK)
        return nw_fault(-ENOMEM);
    imap->busy = true;
    return 0;
}

int imap_command(struct imap *imap, const char *command)
{
    return start(imap, imap->url, command);
}

int imap_message(struct imap *imap, uint32_t validity, uint32_t uid)
{
    char url[IMAP_URL + 64];

    snprintf(url, sizeof url, "%s;UIDVALIDITY=%lu/;UID=%lu", imap->url, (unsigned long)validity, (unsigned long)uid);
    return start(imap, url, NULL);
}

enum imap_step imap_step(struct imap *imap, char why[NW_WHY])
{
    CURLcode result;

    if (!multi_step(&imap->multi, &result))
        return IMAP_WAIT;
    curl_multi_remove_handle(imap->multi.handle, imap->curl);
    imap->busy = false;
    if (result == CURLE_OK)
        return IMAP_ANSWER;
    if (imap->large)
        return IMAP_LARGE;
    if (imap->refused)
        snprintf(why, NW_WHY,
                 "its address is not a public one; set allow_private: true for this source if that is meant");
    else if (result == CURLE_LOGIN_DENIED)
        snprintf(why, NW_WHY, "the server refuses user and password; check `user` and the password");
    else if (result == CURLE_USE_SSL_FAILED)
        snprintf(why, NW_WHY, "the server offers no encryption, and a password is not sent without; use imaps://");
    else
        snprintf(why, NW_WHY, "%.200s", imap->error[0] ? imap->error : curl_easy_strerror(result));
    return result == CURLE_REMOTE_FILE_NOT_FOUND || result == CURLE_WEIRD_SERVER_REPLY ? IMAP_GONE : IMAP_FAILED;
}

int imap_quote(const char *folder, struct nw_buf *out)
{
    nw_buf_char(out, '"');
    for (; *folder; folder++) {
        if (*folder == '"' || *folder == '\\')
            nw_buf_char(out, '\\');
        nw_buf_char(out, *folder);
    }
    return nw_buf_char(out, '"');
}
