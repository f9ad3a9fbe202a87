/* Addresses as pages and feeds write them, made whole. */
#ifndef CLEAN_ADDRESS_H
#define CLEAN_ADDRESS_H

#include "draft.h"

/*
 * The http or https address that `reference` means on the page at `base` (RFC 3986, section 5), with what may not stand
 * in one escaped; {NULL, 0} where it means none: it is relative and base is no address, of another scheme (data:), or
 * longer than ADDRESS_MOST.
 */
enum { ADDRESS_MOST = 2048 };
struct nw_str address_of(struct draft *draft, struct nw_str base, struct nw_str reference);

#endif
