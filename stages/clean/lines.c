/* Plain text into paragraphs: see lines.h. */
#include "lines.h"

#include "chars.h"
#include "wire.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum style {
    STYLE_BLOCKS, /* an empty line parts paragraphs */
    STYLE_INDENT, /* an indented line begins one */
    STYLE_LINES,  /* each line is one */
};

struct shape {
    size_t lines, blank_groups, indented, length, longest;
};

static struct shape shape_of(struct nw_str text)
{
    struct shape shape = {0};
    struct nw_str rest = text, line;
    bool blank = false;
    while (lines_next(&rest, &line)) {
        if (line.n == 0) {
            shape.blank_groups += !blank && shape.lines > 0;
            blank = true;
            continue;
        }
        blank = false;
        shape.lines++;
        shape.length += line.n;
        if (line.n > shape.longest)
            shape.longest = line.n;
        shape.indented += (line.p[0] == ' ' || line.p[0] == '\t') && lines_indent(line) >= 2;
    }
    if (blank && shape.blank_groups > 0)
        shape.blank_groups--; /* at the end */
    return shape;
}

static enum style style_of(const struct shape *shape)
{
    bool wrapped = shape->longest <= 100 && shape->lines > 0;
    if (shape->indented > 0 && wrapped && shape->indented < shape->lines && shape->blank_groups * 4 < shape->lines &&
        shape->blank_groups <= shape->indented)
        return STYLE_INDENT;
    if (shape->blank_groups > 0)
        return STYLE_BLOCKS;
    if (wrapped && shape->length > shape->lines * 45)
        return STYLE_BLOCKS; /* one paragraph of lines of print */
    return STYLE_LINES;
}

bool lines_is_bullet(struct nw_str line)
{
    if (line.n <= 2 || is_alnum((unsigned char)line.p[0]))
        return false;
    return nw_str_starts(line, NW_S("•")) || nw_str_starts(line, NW_S("▪")) || nw_str_starts(line, NW_S("·")) ||
           ((line.p[0] == '*' || line.p[0] == '-' || line.p[0] == '+') && line.p[1] == ' ');
}

/*
 * Offset of the first byte that may begin a gap: of two blanks, two dots, or a tab; line.n where there is none. Most
 * lines have none: they are prose as they stand, neither a row nor to be squeezed. Sixteen bytes a step.
 */
static size_t gap_at(struct nw_str line)
{
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i blank = _mm_set1_epi8(' '), dot = _mm_set1_epi8('.'), tab = _mm_set1_epi8('\t');
    for (size_t last = line.n < 17 ? 0 : line.n - 17; line.n >= 17; i = i + 16 < last ? i + 16 : last) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(line.p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(line.p + i + 1));
        __m128i pair =
            _mm_and_si128(_mm_cmpeq_epi8(a, b), _mm_or_si128(_mm_cmpeq_epi8(a, blank), _mm_cmpeq_epi8(a, dot)));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(pair, _mm_cmpeq_epi8(a, tab)));
        if (mask)
            return i + (size_t)__builtin_ctz(mask);
        if (i == last) /* which overlaps the step before */
            return line.p[line.n - 1] == '\t' ? line.n - 1 : line.n;
    }
#endif
    for (; i < line.n; i++)
        if (line.p[i] == '\t' || ((line.p[i] == ' ' || line.p[i] == '.') && byte_at(line, i + 1) == line.p[i]))
            return i;
    return line.n;
}

/* A row of a table: columns parted by three blanks or more, or leader dots, or tabs; `gap` is the line's first. */
static bool is_row(struct nw_str line, size_t gap)
{
    for (size_t i = gap; i + 2 < line.n; i++) {
        if (line.p[i] == '\t')
            return true;
        if ((line.p[i] == ' ' && line.p[i + 1] == ' ' && line.p[i + 2] == ' ') ||
            (line.p[i] == '.' && line.p[i + 1] == '.' && line.p[i + 2] == '.' && byte_at(line, i + 3) == '.'))
            return true;
    }
    return false;
}

bool lines_is_row(struct nw_str line)
{
    return is_row(line, gap_at(line));
}

/* Whether a line ends its paragraph though the next follows at once: a long line among long lines. */
static bool is_whole(struct nw_str line, const struct shape *shape)
{
    return shape->longest > 160 && line.n > 0 && (line.n > 100 || shape->length > shape->lines * 100);
}

/* Whether nothing but marks and sign-offs follows. */
static bool all_marks(struct nw_str rest)
{
    struct nw_str line;
    bool sign_off;
    while (lines_next(&rest, &line))
        if (line.n > 0 && !wire_end_mark(line, &sign_off))
            return false;
    return true;
}

/* A sign-off in the last lines, which is not part of the sentence before it. */
static bool is_last_mark(struct nw_str line, struct nw_str rest)
{
    bool sign_off;
    return rest.n <= 120 && line.n <= 60 && wire_end_mark(line, &sign_off) && all_marks(rest);
}

/* The line up to `gap` as it is; behind it, runs of blanks become one. */
static size_t copy_line(char *out, struct nw_str line, size_t gap)
{
    memcpy(out, line.p, gap);
    size_t n = gap;
    for (size_t i = gap; i < line.n; i++)
        if (line.p[i] != ' ' || byte_at(line, i + 1) != ' ')
            out[n++] = line.p[i];
    return n;
}

void lines_read(struct draft *draft, struct nw_str text)
{
    struct shape shape = shape_of(text);
    enum style style = style_of(&shape);
    if (shape.lines == 0)
        return;
    size_t room = shape.length + 2 * shape.lines + 2;
    char *out = draft_alloc(draft, room);
    if (!out)
        return;
    size_t n = 0, start = 0;
    bool open = false, rows = false;
    struct nw_str rest = text, line;
    while (lines_next(&rest, &line)) {
        if (line.n == 0) {
            if (open && style != STYLE_INDENT) {
                draft_paragraph(draft, nw_str(out + start, n - start));
                open = false;
            }
            continue;
        }
        bool indented = line.p[0] == ' ' || line.p[0] == '\t';
        struct nw_str bare = line;
        while (is_space((unsigned char)bare.p[0])) /* it ends with something else: lines_next */
            bare = nw_str(bare.p + 1, bare.n - 1);
        size_t gap = gap_at(bare);
        bool row = is_row(bare, gap);
        bool part = style == STYLE_LINES || lines_is_bullet(bare) || is_whole(bare, &shape) ||
                    (style == STYLE_INDENT && indented && lines_indent(line) >= 2) || (open && row != rows) ||
                    is_last_mark(bare, rest);
        if (row && rows && open)
            part = false;
        if (open && part) {
            draft_paragraph(draft, nw_str(out + start, n - start));
            open = false;
        }
        if (!open) {
            if (n > 0) {
                out[n++] = '\n';
                out[n++] = '\n';
            }
            start = n;
        } else {
            out[n++] = rows ? '\n' : ' ';
        }
        rows = row;
        open = true;
        n += copy_line(out + n, bare, row ? bare.n : gap);
    }
    if (open)
        draft_paragraph(draft, nw_str(out + start, n - start));
    nw_arena_trim(draft->arena, out, room, n);
}
