/* The urgency that formats name is seen, and nothing else is taken for it. */
#include "urgency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void urgency_is_seen(void **state)
{
    static const struct {
        int urgency;
        const char *bytes;
    } rows[] = {
        {1, "{\"uri\":\"urn:x\",\"urgency\":1,\"headline\":\"Bridge closed\"}"},
        {2, "{\"headline\":\"Bridge closed\", \"urgency\" : \"2\"}"},
        {0, "{\"urgency\":12}"},
        {0, "{\"urgency\":null,\"body\":\"The urgency: 1 of many\"}"},
        {3, "<itemMeta><urgency>3</urgency></itemMeta>"},
        {4, "<docdata><urgency ed-urg=\"4\"/></docdata>"},
        {2, "<NewsManagement><Urgency FormalName=\"2\"/></NewsManagement>"},
        {0, "<urgency/><p>1 more</p>"},
        {1, "\x01"
            "eca062 1 i 211 abc\r\nText"},
        {2, "\x16\x16\x01"
            "a0123\r\nb i\x13"
            "bridge-closed\r\n"},
        {3, "\x16\x16\x01"
            "a0123\r\nu w\x13"
            "bridge-closed\r\n"},
        {0, "\x16\x16\x01"
            "a0123\r\nr w\x13"
            "bridge-closed\r\n"},
        {0, "The urgency of 1 bridge, \"urgency\" and all."},
        {0, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(urgency_glance(nw_str_z(rows[i].bytes)), rows[i].urgency);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(urgency_is_seen)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
