/* Which addresses a fetch may reach: those of the public internet, unless its source allows private ones. */
#ifndef FETCH_GUARD_H
#define FETCH_GUARD_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, link-local, private, shared, multicast, documentation and other special addresses (IANA's special
 * purpose registries, RFC 6890), also where they stand in an IPv6 address (mapped, NAT64, 6to4); and for any family but
 * IPv4 and IPv6. */
bool guard_is_public(const struct sockaddr *address);

#endif
