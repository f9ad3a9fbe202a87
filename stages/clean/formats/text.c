/*
 * Plain wire text: a headline, perhaps lines with date, credit and notes, then paragraphs.
 *
 * Quirks: paragraphs are parted by empty lines, by an indented first line, or are a line each; the headline may be
 * missing, or run over three lines; date and byline may stand in bullet lines; a sign-off may close the text. Which of
 * these holds is found by looking at the whole text (lines.c), the conventions are those of wire.h.
 */
#include "format.h"
#include "lines.h"

#include <newswire/error.h>

#include <errno.h>

int text_format(const struct input *input)
{
    struct draft draft;
    struct nw_str text;
    if (!input_begin(input, "text", false, &draft, &text))
        return nw_fault(-ENOMEM);
    if (zczc_is(text))
        return zczc_read(&draft, text);
    lines_headline(&draft, &text);
    lines_read(&draft, text);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}
