/* The configuration for whoever has none: deploy/newswired.yaml, turned into numbers by CMake. */
#include "daemon.h"

static const unsigned char bytes[] = {
#include "nw_preset.inc"
};

struct nw_str nw_daemon_preset(void)
{
    return nw_str((const char *)bytes, sizeof bytes);
}
