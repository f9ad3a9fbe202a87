/* Pictures as ninjs has them: see picture.h. */
#include "picture.h"

#include "address.h"
#include "chars.h"
#include "unicode.h"

enum { FILE_NAME_MOST = 255 }; /* bytes */

static void describe(struct draft *draft, struct nw_association *association, struct nw_str value, const char *role)
{
    struct nw_str text = text_lines(draft->arena, value, 2);
    if (text.n == 0)
        return;
    draft_describe(draft, NW_APPEND(draft->arena, association, association, descriptions, text), text, role);
}

void draft_picture_file(struct draft *draft, struct nw_association *association, const struct picture_file *file)
{
    struct nw_str href = address_of(draft, nw_str(NULL, 0), nw_str_trim(file->href)),
                  name = draft_line(draft, file->name), media = draft_line(draft, file->media);
    if (href.n == 0)
        return;
    if (NW_HAS(association, association, renditions) && association->renditions.n >= FILES_MOST) {
        bound_reach(draft->clean, BOUND_FILES);
        return;
    }
    struct nw_rendition *rendition = NW_APPEND(draft->arena, association, association, renditions, rendition);
    if (!rendition) {
        draft->failed = true;
        return;
    }
    NW_SET(rendition, rendition, name, name.n ? name : NW_S("main"));
    NW_SET(rendition, rendition, href, href);
    if (media.n)
        NW_SET(rendition, rendition, content_type, media);
    if (file->width > 0)
        NW_SET(rendition, rendition, width, file->width);
    if (file->height > 0)
        NW_SET(rendition, rendition, height, file->height);
    if (file->bytes > 0)
        NW_SET(rendition, rendition, size_in_bytes, file->bytes);
}

struct nw_str picture_uri(struct draft *draft, const char *format, struct nw_str reference)
{
    reference = nw_str_trim(reference);
    struct nw_str address = address_of(draft, nw_str(NULL, 0), reference);
    if (address.n > 0 || (draft_is_uri(reference) && !nw_str_starts_nocase(reference, NW_S("file:"))))
        return address.n > 0 ? address : reference;
    for (size_t i = reference.n; i-- > 0;) /* "./pictures/tide.jpg", "file:///tide.jpg" */
        if (reference.p[i] == '/') {
            reference = nw_str_trim(nw_str_from(reference, i + 1));
            break;
        }
    return reference.n > 0 && reference.n <= FILE_NAME_MOST ? draft_urn(draft, format, reference) : nw_str(NULL, 0);
}

static void rights(struct draft *draft, struct nw_association *association, const struct picture *picture)
{
    struct nw_str credit = draft_line(draft, picture->credit), holder = draft_line(draft, picture->holder),
                  notice = draft_line(draft, picture->notice), terms = draft_line(draft, picture->terms);
    if (credit.n)
        NW_SET(association, association, by, credit);
    if (holder.n)
        NW_SET(association, association, copyright_holder, holder);
    if (notice.n)
        NW_SET(association, association, copyright_notice, notice);
    if (terms.n)
        NW_SET(association, association, usage_terms, terms);
}

static void entitle(struct draft *draft, struct nw_association *association, struct nw_str title)
{
    title = draft_line(draft, title);
    if (title.n == 0)
        return;
    struct nw_text *text = NW_APPEND(draft->arena, association, association, headlines, text);
    if (!text) {
        draft->failed = true;
        return;
    }
    NW_SET(text, text, role, NW_S("main"));
    NW_SET(text, text, value, title);
}

struct nw_association *draft_picture(struct draft *draft, const struct picture *picture)
{
    struct nw_record *r = draft->record;
    struct nw_str uri = picture->uri.n ? picture->uri : picture->href, name = draft_line(draft, picture->name),
                  type = draft_line(draft, picture->type), caption = draft_line(draft, picture->caption),
                  alt = draft_line(draft, picture->alt);
    if (!r || uri.n == 0)
        return NULL;
    size_t n = NW_HAS(record, r, associations) ? r->associations.n : 0;
    for (size_t i = 0; i < n; i++)
        if (nw_str_eq(r->associations.v[i].uri, uri))
            return NULL;
    if (n >= PICTURES_MOST) {
        bound_reach(draft->clean, BOUND_PICTURES);
        return NULL;
    }
    struct nw_association *association = NW_APPEND(draft->arena, record, r, associations, association);
    if (!association) {
        draft->failed = true;
        return NULL;
    }
    NW_SET(association, association, name, name.n ? name : NW_S("picture"));
    NW_SET(association, association, uri, uri);
    NW_SET(association, association, type, type.n ? type : NW_S("picture"));
    entitle(draft, association, picture->title);
    describe(draft, association, caption, "caption");
    if (!nw_str_eq(alt, caption))
        describe(draft, association, alt, "alternative");
    rights(draft, association, picture);
    draft_picture_file(
        draft, association,
        &(struct picture_file){.href = picture->href, .width = picture->width, .height = picture->height});
    return association;
}
