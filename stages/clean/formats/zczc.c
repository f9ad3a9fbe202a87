/*
 * ZCZC-style wires (AAP and Medianet): ZCZC and the agency, header lines led by one character, the text, NNNN.
 *
 * Quirks: two dialects, `#slug $headline :takekey *subject &author` and `$category :slug =takekey ^headline +subject`;
 * CR alone may end the header lines; a release has neither headline nor slug but two ":" lines; the takekey may be the
 * place in brackets. Read as format text: there is no name for it in the list.
 */
#include "chars.h"
#include "format.h"
#include "lines.h"
#include "topics.h"
#include "unicode.h"
#include "wire.h"

bool zczc_is(struct nw_str s)
{
    return nw_str_starts(nw_str_trim(nw_str(s.p, s.n < 64 ? s.n : 64)), NW_S("ZCZC"));
}

int zczc_read(struct draft *draft, struct nw_str text)
{
    struct nw_str line = nw_str(NULL, 0);
    text = nw_str_trim(text);
    nw_str_line(&text, &line);
    struct nw_str agency = nw_str_trim(nw_str_from(line, 4));
    for (size_t i = 0; i < agency.n; i++)
        if (agency.p[i] == ' ')
            agency.n = i;
    draft_source(draft, agency, NULL);
    bool first_dialect = nw_str_find(nw_str(text.p, text.n < 300 ? text.n : 300), NW_S("\n#")) != SIZE_MAX ||
                         (text.n > 0 && text.p[0] == '#');
    for (struct nw_str rest = text; nw_str_line(&rest, &line); text = rest) {
        line = nw_str_trim(line);
        if (line.n == 0 || !strchr("#$:=^+%*&@~", line.p[0]) || (line.n > 1 && line.p[1] == ' '))
            break;
        struct nw_str value = nw_str_trim(nw_str_from(line, 1));
        switch (line.p[0]) {
        case '#':
            draft_slugline(draft, value);
            break;
        case '$':
            if (first_dialect)
                draft_headline(draft, value);
            break;
        case '^':
            draft_headline(draft, value);
            break;
        case ':':
            if (value.n > 2 && value.p[0] == '(')
                draft_located(draft, wire_place_case(draft, trim_set(value, "()")));
            else if (!first_dialect)
                draft_slugline(draft, value);
            break;
        case '*':
        case '+':
            if (value.n == 8)
                topic_add(draft, nw_str(NULL, 0), value);
            break;
        case '&':
            if (value.n > 0 && !memchr(value.p, '\\', value.n))
                wire_by(draft, value);
            break;
        default:
            break;
        }
    }
    size_t end = nw_str_find(text, NW_S("\nNNNN"));
    if (end != SIZE_MAX)
        text.n = end;
    if (nw_record_headline(draft->record).n == 0)
        lines_headline(draft, &text);
    lines_read(draft, text);
    return draft_emit(draft, CONVENTIONS_STRIP);
}
