/*
 * What a press release says behind its text: see wire.h. "About Example Corp." stays, it is the sender's own text; whom
 * to ask, where the original stands and whose it is leave.
 *
 * Only releases are treated so: those that a release wire sent, or that say so themselves.
 */
#include "chars.h"
#include "wire.h"

enum {
    RELEASE_BACK = 24,  /* paragraphs looked at from the back */
    DETAIL_MOST = 300,  /* bytes of a paragraph among contacts */
    SOURCE_MOST = 200,  /* of "SOURCE Example Corp." */
    BEHIND_MOST = 4096, /* of what is kept as a note */
};

static bool is_release(const struct draft *draft)
{
    static const char *const wires[] = {
        "PRNewswire",    "PR Newswire", "Business Wire",  "BUSINESS WIRE", "GLOBE NEWSWIRE",
        "GlobeNewswire", "ACCESSWIRE",  "Newsfile Corp.", "CNW",           "ots",
        "EQS Newswire",  "Medianet",    "AsiaNet",        "Marketwired",   "NewMediaWire",
        "EZ Newswire",   "EQS"};
    const struct nw_record *r = draft->record;
    for (size_t i = 0; NW_HAS(record, r, info_sources) && i < r->info_sources.n; i++)
        for (size_t k = 0; k < sizeof wires / sizeof *wires; k++)
            if (nw_str_eq_nocase(r->info_sources.v[i].name, nw_str_z(wires[k])))
                return true;
    return NW_HAS(record, r, ed_note) && (find_nocase(r->ed_note, NW_S("for immediate release")) != SIZE_MAX ||
                                          find_nocase(r->ed_note, NW_S("press release")) != SIZE_MAX ||
                                          find_nocase(r->ed_note, NW_S("media release")) != SIZE_MAX);
}

/* "SOURCE Example Corp.", "SOURCE: Example Corp." */
static bool source_line(struct draft *draft, struct nw_str s)
{
    if (s.n > SOURCE_MOST || !nw_str_starts(s, NW_S("SOURCE")) || s.n < 9 || (s.p[6] != ' ' && s.p[6] != ':'))
        return false;
    draft_source(draft, trim_set(nw_str_from(s, 7), " :"), NULL);
    return true;
}

/* Where the original stands, pictures and films. */
static bool link_line(struct nw_str s)
{
    static const char *const leads[] = {"view original content",
                                        "view source version",
                                        "view the original",
                                        "cision view original",
                                        "photo - http",
                                        "photo: http",
                                        "logo - http",
                                        "logo: http",
                                        "video - http",
                                        "photos accompanying",
                                        "photos/multimedia",
                                        "a photo accompanying",
                                        "multimedia available",
                                        "infographic - http",
                                        "original-content von",
                                        "to view the source version",
                                        NULL};
    return s.n <= DETAIL_MOST &&
           (starts_any(s, "vcplamiot", leads) || (nw_str_starts(s, NW_S("http")) && !memchr(s.p, ' ', s.n)));
}

/* The heading above whom to ask. */
static bool contact_line(struct nw_str s)
{
    static const char *const leads[] = {"contact:",
                                        "contacts:",
                                        "media contact",
                                        "press contact",
                                        "for media inquiries",
                                        "investor contact",
                                        "investor relations contact",
                                        "media inquiries",
                                        "for more information, contact",
                                        "for further information",
                                        "for more information, press",
                                        "for more information, please contact",
                                        "for media enquiries",
                                        "media enquiries",
                                        "media relations",
                                        "company contact",
                                        "corporate contact",
                                        "press inquiries",
                                        "pressekontakt",
                                        "kontakt:",
                                        "rückfragen",
                                        "contact presse",
                                        "contacts presse",
                                        "contacto:",
                                        "contatto",
                                        "contatti",
                                        "contato",
                                        "perscontact",
                                        NULL};
    return s.n <= DETAIL_MOST && (starts_any(s, "cmpfikr", leads) || nw_str_eq_nocase(s, NW_S("contact")) ||
                                  nw_str_eq_nocase(s, NW_S("contacts")) || nw_str_eq_nocase(s, NW_S("kontakt")));
}

/* "###", "ENDS", "-30-": the end of a release, behind which only notes follow. */
static bool hard_end(struct nw_str s)
{
    static const char *const marks[] = {"###",    "# # #",  "-30-",     "- 30 -",   "ENDS",
                                        "-ENDS-", "-Ends-", "-ends-",   "- ENDS -", "- Ends -",
                                        "Ends",   "(ENDS)", "--ENDS--", "#ENDS#",   "-END-"};
    for (size_t i = 0; s.n <= 8 && i < sizeof marks / sizeof *marks; i++)
        if (marks[i][0] == s.p[0] && nw_str_eq(s, nw_str_z(marks[i])))
            return true;
    return false;
}

/* What follows an end mark is for editors: it becomes a note. */
static void behind_end(struct draft *draft, size_t first)
{
    for (size_t i = first; i < draft->count; i++) {
        if (!hard_end(draft->paragraphs[i]))
            continue;
        size_t total = 0;
        for (size_t k = i + 1; k < draft->count && total <= BEHIND_MOST; k++) {
            total += draft->paragraphs[k].n;
            if (total <= BEHIND_MOST)
                draft_note(draft, draft->paragraphs[k]);
        }
        draft->count = i;
        return;
    }
}

void wire_release(struct draft *draft)
{
    size_t first = draft->count > RELEASE_BACK ? draft->count - RELEASE_BACK : 1;
    behind_end(draft, first);
    size_t cut = draft->count;
    if (!is_release(draft))
        return;
    for (size_t i = draft->count; i-- > first;) { /* details are short: the contacts begin where a heading says so */
        struct nw_str s = draft->paragraphs[i];
        if (source_line(draft, s) || link_line(s)) {
            if (i + 1 == cut)
                cut = i;
        } else if (contact_line(s)) {
            cut = i;
        } else if (s.n > DETAIL_MOST) {
            break;
        }
    }
    draft->count = cut;
}
