/* Pictures as ninjs has them: see picture.h. */
#include "picture.h"

#include "unicode.h"

enum { PICTURES_MOST = 64 };

static void describe(struct draft *draft, struct nw_association *association, struct nw_str value, const char *role)
{
    struct nw_str text = text_lines(draft->arena, value, 2);
    if (text.n == 0)
        return;
    struct nw_text *entry = NW_APPEND(draft->arena, association, association, descriptions, text);
    if (!entry) {
        draft->failed = true;
        return;
    }
    NW_SET(text, entry, role, nw_str_z(role));
    NW_SET(text, entry, content_type, NW_S("text/plain"));
    NW_SET(text, entry, value, text);
}

static void render(struct draft *draft, struct nw_association *association, const struct picture *picture)
{
    struct nw_rendition *rendition = NW_APPEND(draft->arena, association, association, renditions, rendition);
    if (!rendition) {
        draft->failed = true;
        return;
    }
    NW_SET(rendition, rendition, name, NW_S("main"));
    NW_SET(rendition, rendition, href, picture->href);
    if (picture->width > 0)
        NW_SET(rendition, rendition, width, picture->width);
    if (picture->height > 0)
        NW_SET(rendition, rendition, height, picture->height);
}

void draft_picture(struct draft *draft, const struct picture *picture)
{
    struct nw_record *r = draft->record;
    struct nw_str uri = picture->uri.n ? picture->uri : picture->href, name = draft_line(draft, picture->name),
                  credit = draft_line(draft, picture->credit), notice = draft_line(draft, picture->notice),
                  caption = draft_line(draft, picture->caption), alt = draft_line(draft, picture->alt);
    if (!r || uri.n == 0)
        return;
    size_t n = NW_HAS(record, r, associations) ? r->associations.n : 0;
    if (n >= PICTURES_MOST)
        return;
    for (size_t i = 0; i < n; i++)
        if (nw_str_eq(r->associations.v[i].uri, uri))
            return;
    struct nw_association *association = NW_APPEND(draft->arena, record, r, associations, association);
    if (!association) {
        draft->failed = true;
        return;
    }
    NW_SET(association, association, name, name.n ? name : NW_S("picture"));
    NW_SET(association, association, uri, uri);
    NW_SET(association, association, type, NW_S("picture"));
    describe(draft, association, caption, "caption");
    if (!nw_str_eq(alt, caption))
        describe(draft, association, alt, "alternative");
    if (credit.n)
        NW_SET(association, association, by, credit);
    if (notice.n)
        NW_SET(association, association, copyright_notice, notice);
    if (picture->href.n)
        render(draft, association, picture);
}
