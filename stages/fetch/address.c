/* Through libcurl's parser: see address.h. */
#include "address.h"

#include <curl/curl.h>

#include <stdio.h>

static int get(CURLU *handle, CURLUPart part, unsigned flags, char out[ADDRESS_MAX])
{
    char *text = NULL;
    int n = -1;

    if (curl_url_get(handle, part, &text, flags) == CURLUE_OK)
        n = snprintf(out, ADDRESS_MAX, "%s", text);
    else
        out[0] = '\0';
    curl_free(text);
    return n >= 0 && n < ADDRESS_MAX ? 0 : ADDRESS_NONE;
}

static bool is_web(CURLU *handle)
{
    char scheme[ADDRESS_MAX];

    return get(handle, CURLUPART_SCHEME, 0, scheme) == 0 &&
           (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
}

/* The parsed address; NULL where it is none. */
static CURLU *parse(const char *url)
{
    CURLU *handle = curl_url();

    if (handle && curl_url_set(handle, CURLUPART_URL, url, CURLU_URLENCODE) == CURLUE_OK && is_web(handle))
        return handle;
    curl_url_cleanup(handle);
    return NULL;
}

int address_origin(const char *url, char origin[ADDRESS_MAX])
{
    CURLU *handle = parse(url);
    char scheme[ADDRESS_MAX], host[ADDRESS_MAX], port[ADDRESS_MAX];
    int n = ADDRESS_MAX;

    origin[0] = '\0';
    if (handle && get(handle, CURLUPART_SCHEME, 0, scheme) == 0 && get(handle, CURLUPART_HOST, 0, host) == 0) {
        get(handle, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT, port);
        for (char *c = host; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c;
        n = snprintf(origin, ADDRESS_MAX, "%s://%s%s%s", scheme, host, port[0] ? ":" : "", port);
    }
    curl_url_cleanup(handle);
    return n < ADDRESS_MAX ? 0 : ADDRESS_NONE;
}

int address_path(const char *url, char path[ADDRESS_MAX])
{
    CURLU *handle = parse(url);
    char query[ADDRESS_MAX];
    size_t n;
    int r = ADDRESS_NONE;

    path[0] = '\0';
    if (handle)
        r = get(handle, CURLUPART_PATH, 0, path);
    if (r == 0 && get(handle, CURLUPART_QUERY, 0, query) == 0) {
        n = strlen(path);
        if (snprintf(path + n, ADDRESS_MAX - n, "?%s", query) >= (int)(ADDRESS_MAX - n))
            r = ADDRESS_NONE;
    }
    curl_url_cleanup(handle);
    return r;
}

int address_follow(const char *base, struct nw_str link, char url[ADDRESS_MAX])
{
    CURLU *handle = parse(base);
    char text[ADDRESS_MAX], unwanted[ADDRESS_MAX], origin[ADDRESS_MAX];
    int r = ADDRESS_NONE;

    url[0] = '\0';
    if (handle && link.n > 0 && link.n < sizeof text && !memchr(link.p, '\0', link.n)) {
        snprintf(text, sizeof text, "%.*s", NW_FMT(link));
        curl_url_set(handle, CURLUPART_USER, NULL, 0); /* the base's are for the base alone */
        curl_url_set(handle, CURLUPART_PASSWORD, NULL, 0);
        if (curl_url_set(handle, CURLUPART_URL, text, CURLU_URLENCODE) == CURLUE_OK && is_web(handle) &&
            get(handle, CURLUPART_USER, 0, unwanted) != 0 && get(handle, CURLUPART_PASSWORD, 0, unwanted) != 0 &&
            curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK)
            r = get(handle, CURLUPART_URL, 0, url);
    }
    curl_url_cleanup(handle);
    return r == 0 ? address_origin(url, origin) : r; /* what is given can be read again */
}
