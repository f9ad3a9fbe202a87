/* The main picture of a page: which it is, its caption, and who made it. */
#include "page_check.h"

static struct nw_str caption_of(const struct nw_association *picture)
{
    for (size_t i = 0; NW_HAS(association, picture, descriptions) && i < picture->descriptions.n; i++)
        if (nw_str_eq(picture->descriptions.v[i].role, NW_S("caption")))
            return picture->descriptions.v[i].value;
    return nw_str(NULL, 0);
}

static const struct nw_association *picture_of(struct article a)
{
    if (!NW_HAS(record, a.record, associations))
        return NULL;
    assert_int_equal(a.record->associations.n, 1);
    text_is(a.record->associations.v[0].type, "picture");
    return &a.record->associations.v[0];
}

/* Captions say who made the picture at their end, in an element of its own, or not at all. */
static void credits_are_told_from_captions(void **state)
{
    (void)state;
    static const struct {
        const char *figcaption, *caption, *by;
    } figures[] = {
        {"The old bridge in winter.", "The old bridge in winter.", ""},
        {"The old bridge in winter. Photo: Ada Example/Norrfoto", "The old bridge in winter.", "Ada Example/Norrfoto"},
        {"Die alte Brücke (Foto: Ada Example)", "Die alte Brücke", "Ada Example"},
        {"The old bridge in winter. © Ada Example", "The old bridge in winter.", "Ada Example"},
        {"The old bridge. <small class=copyright>Ada Example | Norrfoto</small>", "The old bridge.",
         "Ada Example | Norrfoto"},
        {"<span class=image-credit>Image credit: Ada Example</span>", "", "Ada Example"},
        {"Photo courtesy of the town", "", "the town"},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char top[512];
        snprintf(top, sizeof top,
                 "<h1>Bridge to be built</h1><figure><img src=/b.jpg><figcaption>%s</figcaption></figure>",
                 figures[i].figcaption);
        const struct nw_association *picture =
            picture_of(story("<link rel=canonical href=https://quay.example/bridge>", top));
        assert_non_null(picture);
        text_is(picture->uri, "https://quay.example/b.jpg");
        text_is(caption_of(picture), figures[i].caption);
        text_is(NW_HAS(association, picture, by) ? picture->by : nw_str(NULL, 0), figures[i].by);
    }
}

/* The figure that shows the offered picture in another size is the one that counts; others say nothing of it. */
static void the_figure_is_the_pictures_own(void **state)
{
    (void)state;
    static const char head[] = "<meta property=og:image content='https://cdn.example/i/old-bridge-1200x800.jpg'>";
    static const char figures[] =
        "<figure><img src=/i/advert.jpg><figcaption>Cheap boots.</figcaption></figure><figure><img "
        "src='/i/old-bridge-300x200.jpg?q=80'><figcaption>The old bridge.</figcaption></figure>";
    const struct nw_association *picture = picture_of(story(head, figures));
    assert_non_null(picture);
    text_is(picture->uri, "https://cdn.example/i/old-bridge-1200x800.jpg");
    text_is(caption_of(picture), "The old bridge.");
    picture = picture_of(story("<meta property=og:image content='https://cdn.example/i/new-bridge.jpg'>", figures));
    assert_non_null(picture);
    text_is(caption_of(picture), "");
}

static void no_address_is_no_picture(void **state)
{
    (void)state;
    assert_null(picture_of(story("", "<figure><img src=b.jpg><figcaption>The old bridge.</figcaption></figure>")));
    assert_null(picture_of(story("<meta property=og:image content='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "")));
    assert_null(picture_of(story("", "")));
}

/* JSON-LD names a picture by its address, by an object, or by a list of either. */
static void json_ld_has_pictures_in_three_ways(void **state)
{
    (void)state;
    static const char *const values[] = {
        "\"https://cdn.example/b.jpg\"", "[\"https://cdn.example/b.jpg\", \"https://cdn.example/c.jpg\"]",
        "{\"@type\": \"ImageObject\", \"name\": \"b\", \"url\": \"https://cdn.example/b.jpg\", \"width\": \"800 px\"}",
        "[{\"@type\": \"ImageObject\", \"contentUrl\": \"https://cdn.example/b.jpg\", \"width\": 800}]"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char head[512];
        snprintf(
            head, sizeof head,
            "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"headline\": \"Bridge to be built\", "
            "\"image\": %s}</script>",
            values[i]);
        const struct nw_association *picture = picture_of(story(head, "<h1>Bridge to be built</h1>"));
        assert_non_null(picture);
        text_is(picture->uri, "https://cdn.example/b.jpg");
        assert_int_equal(picture->renditions.n, 1);
        assert_int_equal(NW_HAS(rendition, &picture->renditions.v[0], width) ? picture->renditions.v[0].width : 0,
                         i >= 2 ? 800 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credits_are_told_from_captions), cmocka_unit_test(the_figure_is_the_pictures_own),
        cmocka_unit_test(no_address_is_no_picture), cmocka_unit_test(json_ld_has_pictures_in_three_ways)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
