/* Addresses of the web (RFC 3986), as libcurl reads them: so what is judged here is what it will connect to. */
#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include <newswire/str.h>

enum { ADDRESS_MAX = 2048, ADDRESS_NONE = 1 };

/* "https://news.example:8443" of an address: scheme, host, and the port where it is not the scheme's own. 0, or
 * ADDRESS_NONE where it is none of http or https, or is too long. */
int address_origin(const char *url, char origin[ADDRESS_MAX]);

/* Path and query, as they stand in the request. 0 or ADDRESS_NONE. */
int address_path(const char *url, char path[ADDRESS_MAX]);

/* What a link in a document at `base` leads to, without its fragment. 0, or ADDRESS_NONE where that is no page of the
 * web: another scheme, a name with a password, too long. */
int address_follow(const char *base, struct nw_str link, char url[ADDRESS_MAX]);

#endif
