/* The length of one msgpack value whose bytes nobody vouches for: nw_record_walk. */
#include "record/unpack.h"

size_t nw_record_walk(struct nw_str s)
{
    struct nw_unpack in = nw_unpack(nw_str(s.p, s.n < NW_RECORD_MAX ? s.n : NW_RECORD_MAX));
    struct nw_str value;

    return nw_unpack_skip(&in, &value) ? value.n : 0;
}
