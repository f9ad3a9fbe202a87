/* IPTC codes: see topics.h. */
#include "topics.h"

#include "chars.h"

static const struct topic {
    uint32_t code, topic;
} TOPICS[] = {
#define T(code, topic) {code, topic},
#include "topics.inc"
};

static uint32_t topic_of(uint32_t code)
{
    size_t low = 0, high = sizeof TOPICS / sizeof *TOPICS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (TOPICS[middle].code == code)
            return TOPICS[middle].topic;
        if (TOPICS[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

void topic_add(struct draft *draft, struct nw_str name, struct nw_str code)
{
    code = draft_line(draft, code);
    struct nw_str digits = code;
    for (size_t i = code.n; i-- > 0;)
        if (!is_digit((unsigned char)code.p[i])) {
            digits = nw_str_from(code, i + 1);
            break;
        }
    long number = digits.n == 8 ? number_of(digits) : -1;
    uint32_t topic = 0;
    if (number > 0) {
        bool media = find_nocase(code, NW_S("medtop")) != SIZE_MAX || find_nocase(code, NW_S("mediatopic")) != SIZE_MAX;
        bool subject = digits.n == code.n || find_nocase(code, NW_S("subj")) != SIZE_MAX ||
                       find_nocase(code, NW_S("iptc")) != SIZE_MAX;
        topic = media || (digits.n == code.n && number >= 20000000) ? (uint32_t)number
                : subject                                           ? topic_of((uint32_t)number)
                                                                    : 0;
        if (!topic && subject) /* a code that has no successor: its group has */
            topic = topic_of((uint32_t)(number / 1000 * 1000));
    }
    struct nw_str uri = topic ? draft_printf(draft, "http://cv.iptc.org/newscodes/mediatopic/%08u", (unsigned)topic)
                        : nw_str_starts(code, NW_S("http")) ? code
                                                            : nw_str(NULL, 0);
    draft_subject(draft, name, topic ? nw_str(NULL, 0) : code, uri);
}
