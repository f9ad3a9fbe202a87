/* Plain copy, its conventions and dates, through the stage. */
#include "clean_check.h"

static void headline_header_and_dateline_leave_the_text(void **state)
{
    (void)state;
    struct article a =
        clean("Ferries sail again after storm – harbour master\n\n  • 2024-03-05\n  • LETA/BNS Staff\n\nRIGA – The "
              "ferries sail again, the harbour "
              "master said.\n\n“We are glad,” he said.\n\n(Reporting by Ada Example; Editing by Bo Sample)\n-30-\n",
              "");
    text_is(a.headline, "Ferries sail again after storm – harbour master");
    text_is(a.record->by, "LETA/BNS Staff");
    text_is(a.record->located, "Riga");
    assert_int_equal(a.record->info_sources.n, 2);
    assert_true(a.record->content_created == nw_time_from_civil(2024, 3, 5, 0, 0, 0));
    text_is(a.body, "The ferries sail again, the harbour master said.\n\n“We are glad,” he said.");
    text_is(a.record->language, "en");
}

static void datelines_of_many_houses(void **state)
{
    (void)state;
    static const char *const lines[][3] = {
        {"VILNIUS, Jan. 13 (Reuters) - The bridge opens.", "Vilnius", "The bridge opens."},
        {"NEW YORK (AP) _ The bridge opens.", "New York", "The bridge opens."},
        {"RIO DE JANEIRO, 3 March (EFE).- The bridge opens.", "Rio de Janeiro", "The bridge opens."},
        {"(ANSA) - ROMA, 1 LUG - The bridge opens.", "Roma", "The bridge opens."},
        {"MOSCOW, January 21. /TASS/. The bridge opens.", "Moscow", "The bridge opens."},
        {"Paris (ats afp) The bridge opens.", "Paris", "The bridge opens."},
        {"MELBOURNE, March 3 AAP - The bridge opens.", "Melbourne", "The bridge opens."},
        {"New Delhi [India], January 14 (ANI): The bridge opens.", "New Delhi", "The bridge opens."},
        {"(Belga) The bridge opens.", "", "The bridge opens."},
        {"Москва. 14 января. ИНТЕРФАКС - Мост откроют.", "Москва", "Мост откроют."},
        {"МОСКВА, 14 янв - РИА Новости. Мост откроют.", "Москва", "Мост откроют."},
        {"КИЇВ. 14 січня. УНН. Міст відкриють.", "Київ", "Міст відкриють."},
        {"新华社北京1月14日电（记者王明）大桥开通。", "北京", "大桥开通。"},
        {"【東京共同】橋が開通する。", "東京", "橋が開通する。"},
        {"(서울=연합뉴스) 김철수 기자 = 다리가 개통된다.", "서울", "다리가 개통된다."},
        {"(The bridge) The bridge opens.", "", "(The bridge) The bridge opens."},
        {"NATO – The bridge opens.", "", "NATO – The bridge opens."},
        {"UPDATE - The bridge opens.", "", "UPDATE - The bridge opens."},
        {"The well-known bridge - built in 1901 - opens.", "", "The well-known bridge - built in 1901 - opens."},
        {"Berlin - The bridge opens.", "", "Berlin - The bridge opens."},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[400];
        snprintf(text, sizeof text, "%s\n\nIt was built by hand over many years, and is the oldest of the town.\n",
                 lines[i][0]);
        struct article a = clean(text, "text");
        struct nw_str located = NW_HAS(record, a.record, located) ? a.record->located : nw_str("", 0);
        text_is(located, lines[i][1]);
        assert_true(nw_str_starts(a.body, nw_str_z(lines[i][2])));
    }
}

static void an_embargo_holds_until_its_time(void **state)
{
    (void)state;
    struct article a = clean("EMBARGOED until 0001 GMT Thursday, January 13, 2022\n\nTown to build bridge\n\nThe town "
                             "will build a bridge, it said.\n",
                             "text");
    assert_true(a.record->embargoed_until == nw_time_from_civil(2022, 1, 13, 0, 1, 0));
    text_is(a.record->pub_status, "withheld");
    text_is(a.headline, "Town to build bridge");
}

static void lines_of_print_join_and_tables_keep_their_lines(void **state)
{
    (void)state;
    struct article a = clean("    The harbour was calm throughout\nthe week, officials said.\n    Traffic rose by 3 "
                             "pct to 1,200\nships, the most of any week.\n Reuter\n",
                             "text");
    text_is(a.body, "The harbour was calm throughout the week, officials said.\n\nTraffic rose by 3 pct to 1,200 "
                    "ships, the most of any week.");
    a = clean("Fish prices\n\nCod      12.50   13.00\nHerring   4.10    4.20\n", "text");
    assert_true(nw_str_find(a.body, NW_S("Cod      12.50   13.00\nHerring   4.10    4.20")) != SIZE_MAX);
}

static void a_reuters_document_gives_its_fields(void **state)
{
    (void)state;
    struct article a = clean("<REUTERS TOPICS=\"YES\" NEWID=\"7\"><DATE> 5-MAR-1987 "
                             "10:00:01.10&#5;&#5;RM</DATE><TOPICS><D>ship</D></TOPICS><UNKNOWN>"
                             "&#22;&#22;&#1;f0001&#31;reute\nu f BC-FERRY-REPORT   03-05 "
                             "0100</UNKNOWN><TEXT>&#2;<TITLE>FERRIES &lt;FRY> SAIL</TITLE><AUTHOR>    By Ada "
                             "Example, Reuters</AUTHOR><DATELINE>    RIGA, March 5 - </DATELINE><BODY>The ferries "
                             "sail\nagain.\n    They do.\n Reuter\n&#3;</BODY></TEXT></REUTERS>",
                             "");
    text_is(a.record->source->format, "reuters-sgml");
    text_is(a.record->uri, "urn:newswire:reuters-sgml:7");
    text_is(a.headline, "FERRIES <FRY> SAIL");
    text_is(a.record->slugline, "BC-FERRY-REPORT");
    text_is(a.record->by, "Ada Example");
    text_is(a.record->located, "Riga");
    assert_int_equal(a.record->urgency, 3);
    assert_true(a.record->content_created == nw_time_from_civil(1987, 3, 5, 0, 0, 0));
    text_is(a.body, "The ferries sail again.\n\nThey do.");
}

static void what_says_nothing_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct nw_str inputs[] = {NW_STR(""),
                                           NW_STR(" \n\n "),
                                           NW_STR("\x7F"
                                                  "ELF\1\1\1\0\0\0\0"),
                                           NW_STR("\x89PNG\r\n\x1a\n"),
                                           NW_STR("{\"a\": 1}"),
                                           NW_STR("{\"title\": "),
                                           NW_STR("<rss></rss>")};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct article a = clean_bytes(inputs[i], "");
        assert_int_equal(a.verdict, NW_REJECTED);
        assert_true(strlen(a.why) > 20);
    }
}

/* The same article in any charset gives the same text. */
static void charsets_agree(void **state)
{
    (void)state;
    static const struct nw_str texts[] = {
        NW_STR("M\xC3\xBCller f\xC3\xA4hrt \xC3\xBC"
               "ber die Br\xC3\xBC"
               "cke nach S\xC3\xBC"
               "den, sagte er. Die F\xC3\xA4hre war f\xC3\xBCr heute gestrichen."),
        NW_STR("M\xFCller f\xE4hrt \xFC"
               "ber die Br\xFC"
               "cke nach S\xFC"
               "den, sagte er. Die F\xE4hre war f\xFCr heute gestrichen."),
        NW_STR("\xEF\xBB\xBFM\xC3\xBCller f\xC3\xA4hrt \xC3\xBC"
               "ber die Br\xC3\xBC"
               "cke nach S\xC3\xBC"
               "den, sagte er. Die F\xC3\xA4hre war f\xC3\xBCr heute gestrichen."),
        NW_STR("Mu\xCC\x88ller fa\xCC\x88hrt u\xCC\x88"
               "ber die Bru\xCC\x88"
               "cke nach Su\xCC\x88"
               "den, sagte er. Die Fa\xCC\x88hre war fu\xCC\x88r heute gestrichen."),
        NW_STR("M\xC3\x83\xC2\xBCller f\xC3\x83\xC2\xA4hrt \xC3\x83\xC2\xBC"
               "ber die Br\xC3\x83\xC2\xBC"
               "cke nach S\xC3\x83\xC2\xBC"
               "den, sagte er. Die F\xC3\x83\xC2\xA4hre war f\xC3\x83\xC2\xBCr heute gestrichen."),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct article a = clean_bytes(texts[i], "text");
        text_is(a.body, "Müller fährt über die Brücke nach Süden, sagte er. Die Fähre war für heute gestrichen.");
        text_is(a.record->language, "de");
    }
}

/* What agencies put behind the last sentence leaves the text; a sentence that only looks alike stays. */
static void tails_of_many_houses(void **state)
{
    (void)state;
    static const char *const tails[][2] = {
        {"Traffic begins at dawn. (ANI)", "Traffic begins at dawn."},
        {"Traffic begins at dawn. (ANSA).", "Traffic begins at dawn."},
        {"Traffic begins at dawn. Enditem", "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\nThis report by The Canadian Press was first published Jan. 14, 2026.",
         "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\n___\n\nBo Sample in Leeds contributed to this report.", "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\n# dpa-Notizblock\n\n## Orte\n\n- Rathaus", "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\n(Schluss) abc/def\n\nAPA0123 2026-01-14/10:00", "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\nABC // DEF\n\nLusa/Fim", "Traffic begins at dawn."},
        {"Traffic begins at dawn.\n\ndesk@agency.example", "Traffic begins at dawn."},
        {"He works for the AP.", "He works for the AP."},
        {"Write to desk@agency.example for more.", "Write to desk@agency.example for more."},
        {"They contributed to it. Reuters said so.", "They contributed to it. Reuters said so."},
    };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "The bridge over the river opens on Friday, the mayor said in the town hall.\n\n%s\n", tails[i][0]);
        struct article a = clean(text, "text");
        char expected[400];
        snprintf(expected, sizeof expected,
                 "The bridge over the river opens on Friday, the mayor said in the town hall.\n\n%s", tails[i][1]);
        text_is(a.body, expected);
    }
}

/* What only looks like a convention stays as it is: headline, text and status. */
static void what_looks_alike_stays(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"Kill switch sought for phones", "Lawmakers want a kill switch in every phone.\n\nMakers are against it."},
        {"Update on the talks is due on Friday", "The talks go on.\n\nThey began a week ago, the minister said."},
        {"Withdrawal from the islands begins", "Troops have begun to leave.\n\nThe last ones go in May."},
        {"Null and void: how a will was undone",
         "The story of a will that a court called null and void.\n\nIt is old."},
        {"Embassy staff leave", "The embassy told staff to leave.\n\nIt is a member of NATO. EU"},
        {"Bank opens",
         "PREAMBLE\n\nThe bank opened its doors on Friday to many people who had waited in the rain for it."},
        {"Town hall opens",
         "About the town\n\nIt has a hall.\n\nContact\n\nThe contact with others was good, he said."},
        {"Choir sings", "The choir sang.\n\nSource: own research"},
        {"Two ways: by road/by sea", "There are two ways.\n\nThe first leads by road, the second by sea."},
        {"1 in 3 homes is cold", "One home in three is cold.\n\nMany have no stove at all, the office said."},
        {"Ferry is late", "The ferry was late by 3/4 of an hour.\n\nThe score was 6-4 6-2"},
        {"Bridge opens", "Ada Example, 40, of the A/B group said so.\n\nThe road is open, too."},
        {"More rain", "It rained again.\n\nMore rain is to come, and the ends of the roads are wet."},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[400];
        snprintf(text, sizeof text, "%s\n\n%s\n", texts[i][0], texts[i][1]);
        struct article a = clean(text, "text");
        text_is(a.headline, texts[i][0]);
        text_is(a.body, texts[i][1]);
        text_is(a.record->pub_status, "usable");
        assert_false(NW_HAS(record, a.record, ed_note));
    }
}

static void embargoes_in_several_shapes(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "EMBARGOED until 1000 GMT Thursday, January 15, 2026",
        "*** EMBARGOED UNTIL 10.00 THURSDAY JANUARY 15 2026 ***",
        "Sperrfrist: 15. Januar 2026, 10.00 Uhr",
        "SOUS EMBARGO jusqu'au 15 janvier 2026 à 10h00",
        "EMBARGADO hasta el 15 de enero de 2026 a las 10:00",
        "EMBARGO: Not for release before 15 January 2026 at 11:00 CET",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "%s\n\nBridge opens on Friday\n\nThe bridge over the river opens on Friday, the mayor said.\n",
                 lines[i]);
        struct article a = clean(text, "text");
        text_is(a.record->pub_status, "withheld");
        text_is(a.headline, "Bridge opens on Friday");
        if (a.record->embargoed_until != nw_time_from_civil(2026, 1, 15, 10, 0, 0))
            fail_msg("%s was read as another time", lines[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headline_header_and_dateline_leave_the_text),
        cmocka_unit_test(datelines_of_many_houses),
        cmocka_unit_test(tails_of_many_houses),
        cmocka_unit_test(what_looks_alike_stays),
        cmocka_unit_test(embargoes_in_several_shapes),
        cmocka_unit_test(an_embargo_holds_until_its_time),
        cmocka_unit_test(lines_of_print_join_and_tables_keep_their_lines),
        cmocka_unit_test(a_reuters_document_gives_its_fields),
        cmocka_unit_test(what_says_nothing_is_refused_with_a_sentence),
        cmocka_unit_test(charsets_agree),
    };
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
