/* One easy handle a transfer: see web.h. */
#include "web.h"
#include "guard.h"
#include "multi.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEAD_FIELD = 1024, CONNECT_MS = 10000, SLOW_BYTES = 64, SLOW_S = 20 };

struct transfer {
    struct transfer *next;
    struct web *web;
    CURL *curl;
    struct curl_slist *fields;
    void *user;
    bool allow_private, html, cut;                 /* what the request asked for */
    bool not_public, too_large, not_html, was_cut; /* why we ended it */
    struct nw_buf body;
    char url[NW_WHY]; /* for sentences */
    char type[HEAD_FIELD], etag[HEAD_FIELD], modified[HEAD_FIELD];
    int64_t fresh_ms;
    char error[CURL_ERROR_SIZE];
};

struct web {
    struct web_options options;
    struct multi multi;
    size_t busy;
    struct transfer *all;
    struct transfer *given; /* its answer was given: it goes with the next step */
};

bool web_is_html(struct nw_str type)
{
    return nw_str_starts_nocase(type, NW_S("text/html")) || nw_str_starts_nocase(type, NW_S("application/xhtml+xml"));
}

/* ---- libcurl's calls */

/* The guard: called with each address that is about to be connected to, after DNS, whatever name led there. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = user;

    (void)purpose;
    if (!transfer->allow_private && !transfer->web->options.proxy[0] && !guard_is_public(&address->addr)) {
        transfer->not_public = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Less than n ends the transfer. */
static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct transfer *transfer = user;
    struct nw_buf *body = &transfer->body;
    long status = 0;

    (void)size; /* 1 */
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (transfer->html && status == 200 && !web_is_html(nw_str_z(transfer->type))) {
        transfer->not_html = true;
        return 0;
    }
    if (n > body->max - body->n) {
        transfer->was_cut = transfer->cut;
        transfer->too_large = !transfer->cut;
        n = transfer->cut ? body->max - body->n : 0;
    }
    return nw_buf_add(body, p, n) < 0 ? 0 : n;
}

/* The value of a field, trimmed, if the line is one of this name. */
static bool field_is(struct nw_str line, struct nw_str name, struct nw_str *value)
{
    if (line.n <= name.n || line.p[name.n] != ':' || !nw_str_eq_nocase(nw_str(line.p, name.n), name))
        return false;
    *value = nw_str_trim(nw_str_from(line, name.n + 1));
    return true;
}

static void keep_field(char to[HEAD_FIELD], struct nw_str value)
{
    if (value.n < HEAD_FIELD) /* a longer one is no use */
        snprintf(to, HEAD_FIELD, "%.*s", NW_FMT(value));
}

static size_t on_field(char *p, size_t size, size_t n, void *user)
{
    struct transfer *transfer = user;
    struct nw_str line = nw_str(p, n), value;

    (void)size;                               /* 1 */
    if (nw_str_starts(line, NW_S("HTTP/"))) { /* another answer, after a 100 */
        transfer->type[0] = transfer->etag[0] = transfer->modified[0] = '\0';
        transfer->fresh_ms = -1;
    } else if (field_is(line, NW_S("content-type"), &value)) {
        keep_field(transfer->type, value);
    } else if (field_is(line, NW_S("etag"), &value)) {
        keep_field(transfer->etag, value);
    } else if (field_is(line, NW_S("last-modified"), &value)) {
        keep_field(transfer->modified, value);
    } else if (field_is(line, NW_S("cache-control"), &value)) {
        size_t at = nw_str_find(value, NW_S("max-age="));
        if (at != SIZE_MAX)
            transfer->fresh_ms = strtol(value.p + at + 8, NULL, 10) * 1000;
    }
    return n;
}

/* ---- transfers */

static void transfer_free(struct transfer *transfer)
{
    for (struct transfer **at = &transfer->web->all; *at; at = &(*at)->next) {
        if (*at == transfer) {
            *at = transfer->next;
            break;
        }
    }
    if (transfer->curl) {
        curl_multi_remove_handle(transfer->web->multi.handle, transfer->curl);
        curl_easy_cleanup(transfer->curl);
    }
    curl_slist_free_all(transfer->fields);
    nw_buf_free(&transfer->body);
    nw_free(transfer);
}

static int add_field(struct transfer *transfer, const char *name, const char *value)
{
    char line[HEAD_FIELD + 64];
    struct curl_slist *longer;

    if (!value || !value[0])
        return 0;
    snprintf(line, sizeof line, "%s: %s", name, value);
    longer = curl_slist_append(transfer->fields, line);
    if (!longer)
        return nw_fault(-ENOMEM);
    transfer->fields = longer;
    return 0;
}

static int set_up(struct transfer *transfer, const struct web_request *request)
{
    const struct web_options *options = &transfer->web->options;
    CURL *curl = transfer->curl;
    int r = add_field(transfer, "If-None-Match", request->etag);

    if (r == 0)
        r = add_field(transfer, "If-Modified-Since", request->modified);
    if (r == 0)
        r = add_field(transfer, "Accept", request->accept);
    if (r < 0)
        return r;
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, options->proxy);
    if (options->ca && options->ca[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options->agent);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can undo */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->fields);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_field);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
    return curl_multi_add_handle(transfer->web->multi.handle, curl) == CURLM_OK ? 0 : nw_fault(-ENOMEM);
}

int web_start(struct web *web, const struct web_request *request)
{
    struct transfer *transfer = nw_calloc(1, sizeof *transfer);
    int r;

    if (!transfer)
        return nw_fault(-ENOMEM);
    transfer->web = web;
    transfer->user = request->user;
    transfer->allow_private = request->allow_private;
    transfer->html = request->html;
    transfer->cut = request->cut;
    transfer->fresh_ms = -1;
    nw_buf_init(&transfer->body, request->most ? request->most : web->options.most);
    snprintf(transfer->url, sizeof transfer->url, "%s", request->url);
    transfer->next = web->all;
    web->all = transfer;
    transfer->curl = curl_easy_init();
    r = transfer->curl ? set_up(transfer, request) : nw_fault(-ENOMEM);
    if (r < 0)
        transfer_free(transfer);
    else
        web->busy++;
    return r;
}

bool web_has_room(const struct web *web)
{
    return web->busy < web->options.transfers;
}

/* ---- answers */

static void say_failure(const struct transfer *transfer, CURLcode code, struct web_answer *answer)
{
    answer->refused = true;
    if (transfer->not_public) {
        snprintf(answer->why, sizeof answer->why,
                 "its address is not a public one; set allow_private: true for this source if that is meant");
    } else if (transfer->too_large) {
        snprintf(answer->why, sizeof answer->why,
                 "the answer is longer than %zu bytes unpacked; raise max_bytes if it should be", transfer->body.max);
    } else if (transfer->not_html) {
        snprintf(answer->why, sizeof answer->why, "is no page: expected text/html, found %.100s",
                 transfer->type[0] ? transfer->type : "no media type");
    } else {
        snprintf(answer->why, sizeof answer->why, "%.200s",
                 transfer->error[0] ? transfer->error : curl_easy_strerror(code));
        answer->refused = false;
    }
}

static void tell(const struct transfer *transfer, CURLcode code, struct web_answer *answer)
{
    char *redirect = NULL;
    curl_off_t retry = 0;

    *answer = (struct web_answer){.user = transfer->user, .retry_after_ms = -1, .fresh_ms = transfer->fresh_ms};
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    curl_easy_getinfo(transfer->curl, CURLINFO_REDIRECT_URL, &redirect);
    curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &retry);
    if (retry > 0)
        answer->retry_after_ms = (int64_t)retry * 1000;
    answer->redirect = redirect;
    answer->type = nw_str_z(transfer->type);
    answer->etag = nw_str_z(transfer->etag);
    answer->modified = nw_str_z(transfer->modified);
    answer->body = nw_buf_view(&transfer->body);
    if (code != CURLE_OK && !transfer->was_cut) {
        answer->status = 0;
        say_failure(transfer, code, answer);
    }
}

int web_step(struct web *web, struct web_answer *answer)
{
    CURLcode result;
    char *user = NULL;
    CURL *ended;

    if (web->given)
        transfer_free(web->given);
    web->given = NULL;
    ended = multi_step(&web->multi, &result);
    if (!ended)
        return WEB_NONE;
    curl_easy_getinfo(ended, CURLINFO_PRIVATE, &user);
    web->given = (struct transfer *)(void *)user;
    tell(web->given, result, answer);
    web->busy--;
    return WEB_ANSWER;
}

int64_t web_timeout(const struct web *web)
{
    return multi_timeout(&web->multi);
}

int web_fd(const struct web *web)
{
    return web->multi.epoll;
}

int web_open(const struct web_options *options, struct web **result)
{
    struct web *web = nw_calloc(1, sizeof *web);
    int r;

    *result = web;
    if (!web)
        return nw_fault(-ENOMEM);
    web->options = *options;
    r = multi_open(&web->multi);
    if (r < 0)
        return r;
    curl_multi_setopt(web->multi.handle, CURLMOPT_MAX_HOST_CONNECTIONS, (long)options->host_connections);
    curl_multi_setopt(web->multi.handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)options->transfers);
    return 0;
}

void web_close(struct web **pointer)
{
    struct web *web = *pointer;

    if (!web)
        return;
    while (web->all)
        transfer_free(web->all);
    multi_close(&web->multi);
    nw_free(web);
    *pointer = NULL;
}
