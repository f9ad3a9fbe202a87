/* Random UUIDs from the kernel's generator. */
#include <newswire/error.h>
#include <newswire/uuid.h>

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

int nw_uuid(char out[NW_UUID])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[16];
    char *p = out;

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return nw_fault(-errno);
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40); /* version 4 */
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80); /* variant of the RFC */
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[bytes[i] >> 4];
        *p++ = digits[bytes[i] & 15];
    }
    *p = '\0';
    return 0;
}
