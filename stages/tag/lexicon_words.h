/*
 * The rows of the lexicon (lexicon.h): classes, number, time, words parted by blanks. Included by lexicon.c alone.
 */
#ifndef TAG_LEXICON_WORDS_H
#define TAG_LEXICON_WORDS_H

#include "lexicon.h"

struct lexicon_row {
    uint64_t classes;
    double number;
    int32_t time;
    const char *words;
};

static const char *const lexicon_currencies[] = {
    "USD", "EUR", "GBP", "JPY", "DEM", "FRF", "CHF", "CAD", "AUD", "NZD", "HKD", "SGD", "RUB", "CNY", "INR", "KRW",
    "ITL", "ESP", "SEK", "NOK", "DKK", "NLG", "BEF", "ATS", "FIM", "BRL", "MXN", "ARS", "ZAR", "TRY", "PLN", "CZK",
    "HUF", "ILS", "SAR", "AED", "KWD", "THB", "MYR", "IDR", "PHP", "VND", "EGP", "NGN", "KES", "PKR", "BDT", "LKR",
    "UAH", "XDR", "XEU", "IRR", "IQD", "GRD", "PTE", "IEP", "TWD", "CLP", "COP", "PEN", "VEF", "LTL", "EEK", "LVL",

};

static const struct lexicon_row lexicon_rows[] = {
    {WORD(MONTH), 0, 1, "january jan jan."},
    {WORD(MONTH), 0, 2, "february feb feb."},
    {WORD(MONTH), 0, 3, "march mar mar."},
    {WORD(MONTH), 0, 4, "april apr apr."},
    {WORD(MONTH), 0, 5, "may"},
    {WORD(MONTH), 0, 6, "june jun jun."},
    {WORD(MONTH), 0, 7, "july jul jul."},
    {WORD(MONTH), 0, 8, "august aug aug."},
    {WORD(MONTH), 0, 9, "september sept sept. sep sep."},
    {WORD(MONTH), 0, 10, "october oct oct."},
    {WORD(MONTH), 0, 11, "november nov nov."},
    {WORD(MONTH), 0, 12, "december dec dec."},
    {WORD(WEEKDAY), 0, 0, "monday mon."},
    {WORD(WEEKDAY), 0, 1, "tuesday tues. tue."},
    {WORD(WEEKDAY), 0, 2, "wednesday wed."},
    {WORD(WEEKDAY), 0, 3, "thursday thurs. thu. thur."},
    {WORD(WEEKDAY), 0, 4, "friday fri."},
    {WORD(WEEKDAY), 0, 5, "saturday sat."},
    {WORD(WEEKDAY), 0, 6, "sunday sun."},
    {WORD(WEEKDAY), 0, 0, "mondays"},
    {WORD(WEEKDAY), 0, 1, "tuesdays"},
    {WORD(WEEKDAY), 0, 2, "wednesdays"},
    {WORD(WEEKDAY), 0, 3, "thursdays"},
    {WORD(WEEKDAY), 0, 4, "fridays"},
    {WORD(WEEKDAY), 0, 5, "saturdays"},
    {WORD(WEEKDAY), 0, 6, "sundays"},
    {WORD(SPAN), 0, SPAN_SECOND, "second seconds"},
    {WORD(SPAN), 0, SPAN_MINUTE, "minute minutes mins"},
    {WORD(SPAN), 0, SPAN_HOUR, "hour hours hr hrs"},
    {WORD(SPAN), 0, SPAN_DAY, "day days"},
    {WORD(SPAN), 0, SPAN_WEEK, "week weeks"},
    {WORD(SPAN), 0, SPAN_FORTNIGHT, "fortnight fortnights"},
    {WORD(SPAN), 0, SPAN_MONTH, "month months"},
    {WORD(SPAN), 0, SPAN_QUARTER, "quarter quarters"},
    {WORD(SPAN), 0, SPAN_YEAR, "year years yr yrs"},
    {WORD(SPAN), 0, SPAN_DECADE, "decade decades"},
    {WORD(SPAN), 0, SPAN_CENTURY, "century centuries"},
    {WORD(SPAN), 0, SPAN_WEEKEND, "weekend weekends"},
    {WORD(DAYPART), 0, PART_MORNING, "morning mornings"},
    {WORD(DAYPART), 0, PART_MIDDAY, "noon midday"},
    {WORD(DAYPART), 0, PART_AFTERNOON, "afternoon afternoons"},
    {WORD(DAYPART), 0, PART_EVENING, "evening evenings"},
    {WORD(DAYPART), 0, PART_NIGHT, "night nights overnight"},
    {WORD(DAYPART), 0, PART_MIDNIGHT, "midnight"},
    {WORD(SEASON), 0, 0, "spring"},
    {WORD(SEASON), 0, 1, "summer"},
    {WORD(SEASON), 0, 2, "autumn fall"},
    {WORD(SEASON), 0, 3, "winter"},
    {WORD(NUMBER), 0, 0, "zero"},
    {WORD(NUMBER), 1, 0, "one"},
    {WORD(NUMBER), 2, 0, "two"},
    {WORD(NUMBER), 3, 0, "three"},
    {WORD(NUMBER), 4, 0, "four"},
    {WORD(NUMBER), 5, 0, "five"},
    {WORD(NUMBER), 6, 0, "six"},
    {WORD(NUMBER), 7, 0, "seven"},
    {WORD(NUMBER), 8, 0, "eight"},
    {WORD(NUMBER), 9, 0, "nine"},
    {WORD(NUMBER), 10, 0, "ten"},
    {WORD(NUMBER), 11, 0, "eleven"},
    {WORD(NUMBER), 12, 0, "twelve"},
    {WORD(NUMBER), 13, 0, "thirteen"},
    {WORD(NUMBER), 14, 0, "fourteen"},
    {WORD(NUMBER), 15, 0, "fifteen"},
    {WORD(NUMBER), 16, 0, "sixteen"},
    {WORD(NUMBER), 17, 0, "seventeen"},
    {WORD(NUMBER), 18, 0, "eighteen"},
    {WORD(NUMBER), 19, 0, "nineteen"},
    {WORD(NUMBER), 20, 0, "twenty"},
    {WORD(NUMBER), 30, 0, "thirty"},
    {WORD(NUMBER), 40, 0, "forty"},
    {WORD(NUMBER), 50, 0, "fifty"},
    {WORD(NUMBER), 60, 0, "sixty"},
    {WORD(NUMBER), 70, 0, "seventy"},
    {WORD(NUMBER), 80, 0, "eighty"},
    {WORD(NUMBER), 90, 0, "ninety"},
    {WORD(NUMBER), 21, 0, "twenty-one"},
    {WORD(NUMBER), 22, 0, "twenty-two"},
    {WORD(NUMBER), 23, 0, "twenty-three"},
    {WORD(NUMBER), 24, 0, "twenty-four"},
    {WORD(NUMBER), 25, 0, "twenty-five"},
    {WORD(NUMBER), 26, 0, "twenty-six"},
    {WORD(NUMBER), 27, 0, "twenty-seven"},
    {WORD(NUMBER), 28, 0, "twenty-eight"},
    {WORD(NUMBER), 29, 0, "twenty-nine"},
    {WORD(NUMBER), 31, 0, "thirty-one"},
    {WORD(NUMBER), 32, 0, "thirty-two"},
    {WORD(NUMBER), 33, 0, "thirty-three"},
    {WORD(NUMBER), 34, 0, "thirty-four"},
    {WORD(NUMBER), 35, 0, "thirty-five"},
    {WORD(NUMBER), 36, 0, "thirty-six"},
    {WORD(NUMBER), 37, 0, "thirty-seven"},
    {WORD(NUMBER), 38, 0, "thirty-eight"},
    {WORD(NUMBER), 39, 0, "thirty-nine"},
    {WORD(NUMBER), 41, 0, "forty-one"},
    {WORD(NUMBER), 42, 0, "forty-two"},
    {WORD(NUMBER), 43, 0, "forty-three"},
    {WORD(NUMBER), 44, 0, "forty-four"},
    {WORD(NUMBER), 45, 0, "forty-five"},
    {WORD(NUMBER), 46, 0, "forty-six"},
    {WORD(NUMBER), 47, 0, "forty-seven"},
    {WORD(NUMBER), 48, 0, "forty-eight"},
    {WORD(NUMBER), 49, 0, "forty-nine"},
    {WORD(NUMBER), 51, 0, "fifty-one"},
    {WORD(NUMBER), 52, 0, "fifty-two"},
    {WORD(NUMBER), 53, 0, "fifty-three"},
    {WORD(NUMBER), 54, 0, "fifty-four"},
    {WORD(NUMBER), 55, 0, "fifty-five"},
    {WORD(NUMBER), 56, 0, "fifty-six"},
    {WORD(NUMBER), 57, 0, "fifty-seven"},
    {WORD(NUMBER), 58, 0, "fifty-eight"},
    {WORD(NUMBER), 59, 0, "fifty-nine"},
    {WORD(NUMBER), 61, 0, "sixty-one"},
    {WORD(NUMBER), 62, 0, "sixty-two"},
    {WORD(NUMBER), 63, 0, "sixty-three"},
    {WORD(NUMBER), 64, 0, "sixty-four"},
    {WORD(NUMBER), 65, 0, "sixty-five"},
    {WORD(NUMBER), 66, 0, "sixty-six"},
    {WORD(NUMBER), 67, 0, "sixty-seven"},
    {WORD(NUMBER), 68, 0, "sixty-eight"},
    {WORD(NUMBER), 69, 0, "sixty-nine"},
    {WORD(NUMBER), 71, 0, "seventy-one"},
    {WORD(NUMBER), 72, 0, "seventy-two"},
    {WORD(NUMBER), 73, 0, "seventy-three"},
    {WORD(NUMBER), 74, 0, "seventy-four"},
    {WORD(NUMBER), 75, 0, "seventy-five"},
    {WORD(NUMBER), 76, 0, "seventy-six"},
    {WORD(NUMBER), 77, 0, "seventy-seven"},
    {WORD(NUMBER), 78, 0, "seventy-eight"},
    {WORD(NUMBER), 79, 0, "seventy-nine"},
    {WORD(NUMBER), 81, 0, "eighty-one"},
    {WORD(NUMBER), 82, 0, "eighty-two"},
    {WORD(NUMBER), 83, 0, "eighty-three"},
    {WORD(NUMBER), 84, 0, "eighty-four"},
    {WORD(NUMBER), 85, 0, "eighty-five"},
    {WORD(NUMBER), 86, 0, "eighty-six"},
    {WORD(NUMBER), 87, 0, "eighty-seven"},
    {WORD(NUMBER), 88, 0, "eighty-eight"},
    {WORD(NUMBER), 89, 0, "eighty-nine"},
    {WORD(NUMBER), 91, 0, "ninety-one"},
    {WORD(NUMBER), 92, 0, "ninety-two"},
    {WORD(NUMBER), 93, 0, "ninety-three"},
    {WORD(NUMBER), 94, 0, "ninety-four"},
    {WORD(NUMBER), 95, 0, "ninety-five"},
    {WORD(NUMBER), 96, 0, "ninety-six"},
    {WORD(NUMBER), 97, 0, "ninety-seven"},
    {WORD(NUMBER), 98, 0, "ninety-eight"},
    {WORD(NUMBER), 99, 0, "ninety-nine"},
    {WORD(MAGNITUDE), 12, 0, "dozen dozens"},
    {WORD(MAGNITUDE), 100, 0, "hundred hundreds"},
    {WORD(MAGNITUDE), 1000, 0, "thousand thousands"},
    {WORD(MAGNITUDE), 1e+06, 0, "million millions mln m"},
    {WORD(MAGNITUDE), 1e+09, 0, "billion billions bln bn"},
    {WORD(MAGNITUDE), 1e+12, 0, "trillion trillions trln tn"},
    {WORD(ORDINAL), 1, 0, "first 1st"},
    {WORD(ORDINAL), 2, 0, "second 2nd"},
    {WORD(ORDINAL), 3, 0, "third 3rd"},
    {WORD(ORDINAL), 4, 0, "fourth 4th"},
    {WORD(ORDINAL), 5, 0, "fifth 5th"},
    {WORD(ORDINAL), 6, 0, "sixth 6th"},
    {WORD(ORDINAL), 7, 0, "seventh 7th"},
    {WORD(ORDINAL), 8, 0, "eighth 8th"},
    {WORD(ORDINAL), 9, 0, "ninth 9th"},
    {WORD(ORDINAL), 10, 0, "tenth 10th"},
    {WORD(ORDINAL), 11, 0, "eleventh 11th"},
    {WORD(ORDINAL), 12, 0, "twelfth 12th"},
    {WORD(ORDINAL), 13, 0, "thirteenth 13th"},
    {WORD(ORDINAL), 14, 0, "fourteenth 14th"},
    {WORD(ORDINAL), 15, 0, "fifteenth 15th"},
    {WORD(ORDINAL), 16, 0, "sixteenth 16th"},
    {WORD(ORDINAL), 17, 0, "seventeenth 17th"},
    {WORD(ORDINAL), 18, 0, "eighteenth 18th"},
    {WORD(ORDINAL), 19, 0, "nineteenth 19th"},
    {WORD(ORDINAL), 20, 0, "twentieth 20th"},
    {WORD(ORDINAL), 21, 0, "twenty-first 21st"},
    {WORD(ORDINAL), 22, 0, "22nd"},
    {WORD(ORDINAL), 23, 0, "23rd"},
    {WORD(ORDINAL), 24, 0, "24th"},
    {WORD(ORDINAL), 25, 0, "25th"},
    {WORD(ORDINAL), 26, 0, "26th"},
    {WORD(ORDINAL), 27, 0, "27th"},
    {WORD(ORDINAL), 28, 0, "28th"},
    {WORD(ORDINAL), 29, 0, "29th"},
    {WORD(ORDINAL), 30, 0, "30th"},
    {WORD(ORDINAL), 31, 0, "31st"},
    {WORD(PRONOUN) | WORD(HE) | WORD(STOP), 0, 0, "he him himself"},
    {WORD(HE) | WORD(STOP), 0, 0, "his"},
    {WORD(PRONOUN) | WORD(SHE) | WORD(STOP), 0, 0, "she herself"},
    {WORD(SHE) | WORD(STOP), 0, 0, "her hers"},
    {WORD(PRONOUN) | WORD(THEY) | WORD(STOP), 0, 0, "they them themselves"},
    {WORD(THEY) | WORD(STOP), 0, 0, "their theirs"},
    {WORD(CUE) | WORD(PAST), 0, 0,
     "said told stated added insisted warned argued noted explained declared wrote claimed"
     " announced acknowledged admitted asserted commented complained concluded confirmed conceded"
     " continued countered cautioned denied described emphasised emphasized exclaimed joked quipped"
     " observed predicted promised quoted recalled remarked replied responded revealed stressed"
     " suggested testified tweeted urged vowed asked agreed accused alleged answered reiterated"
     " recounted pledged proclaimed charged contended maintained reported mused pointed underscored"
     " underlined lamented boasted retorted posted shouted yelled screamed chanted read opined"
     " echoed demanded criticised criticized praised called deemed dismissed labelled labeled"
     " branded dubbed blasted hailed ridiculed slammed condemned denounced characterized"
     " characterised summed thanked counseled advised assured hinted implied believed thought"
     " considered worried feared hoped expressed spoke talked voiced defended touted challenged"
     " begged pleaded cried sighed snapped joshed related offered began interjected intoned"
     " elaborated clarified disclosed estimated expects"},
    {WORD(CUE), 0, 0,
     "says say saying tells tell telling states stating adds adding insists insisting warns warning"
     " argues argue arguing notes note noting explains explaining declares declaring writes write"
     " writing claims claim claiming announces announcing acknowledges acknowledging admits asserts"
     " asserting comments complains concludes confirms concedes continues counters cautions denies"
     " describes emphasises emphasizes exclaims jokes quips observes predicts promises recalls"
     " remarks replies responds reveals stresses stressing suggests suggesting testifies tweets"
     " urges urging vows asks ask asking agrees accuses accusing alleges alleging answers"
     " reiterates according calls calling believes thinks reads quoting quotes"},
    {WORD(TITLE) | WORD(HONORIFIC) | WORD(MAN), 0, 0, "mr. mr sir lord"},
    {WORD(TITLE) | WORD(HONORIFIC) | WORD(WOMAN), 0, 0, "mrs. mrs ms. ms miss lady dame madame mme."},
    {WORD(TITLE) | WORD(HONORIFIC), 0, 0,
     "dr. dr prof. prof rev. rev sen. sen rep. rep gov. gov gen. gen col. col lt. lt capt. capt"
     " maj. maj sgt. sgt adm. adm cmdr. cpl. pvt. hon. sens. reps. govs. messrs. msgr. fr. pfc."
     " spc. brig. det. insp. supt. amb. dep. atty."},
    {WORD(TITLE), 0, 0,
     "president vice-president premier chancellor king queen prince princess pope emperor sheikh"
     " sheik senator congressman congresswoman representative governor mayor minister secretary"
     " general colonel captain major lieutenant sergeant admiral commander judge justice professor"
     " doctor ambassador chairman chairwoman chairperson chairman chief director coach manager"
     " spokesman spokeswoman spokesperson archbishop bishop cardinal reverend rabbi imam ayatollah"
     " sultan emir crown deputy attorney-general attorney prosecutor inspector detective officer"
     " constable superintendent marshal brigadier economist analyst lawyer trader dealer midfielder"
     " striker defender goalkeeper captain forward pitcher quarterback guard center actor actress"
     " singer author director writer guitarist candidate leader rebel envoy"},
    {WORD(ROLE), 0, 0,
     "president presidents vice-president premier chancellor king queen prince princess pope"
     " emperor sheikh senator senators congressman congresswoman lawmaker lawmakers representative"
     " governor mayor minister ministers secretary general colonel captain major lieutenant"
     " sergeant admiral commander judge justice professor doctor ambassador chairman chairwoman"
     " chairperson chief director coach manager spokesman spokeswoman spokesperson archbishop"
     " bishop cardinal reverend rabbi imam ayatollah sultan emir deputy prosecutor prosecutors"
     " inspector detective officer superintendent economist economists analyst analysts lawyer"
     " lawyers attorney attorneys trader traders dealer dealers candidate nominee leader leaders"
     " official officials executive executives founder co-founder adviser advisor aide aides expert"
     " experts historian scientist researcher researchers author writer journalist reporter editor"
     " businessman businesswoman billionaire tycoon mogul activist activists protester protesters"
     " resident residents witness witnesses student students teacher teachers farmer farmers worker"
     " workers farmer police soldiers soldier army campaign government ministry committee court"
     " report statement company firm agency authorities critics supporters opponents voters voter"
     " veteran diplomat diplomats envoy speaker whip strategist pollster democrat republican"
     " politician politicians head boss owner shareholder investor investors source sources man"
     " woman boy girl mother father son daughter wife husband brother sister driver pilot player"
     " midfielder striker defender goalkeeper"},
    {WORD(WOMAN), 0, 0,
     "chairwoman spokeswoman congresswoman queen princess actress woman girl mother daughter wife"
     " sister businesswoman duchess"},
    {WORD(MAN), 0, 0,
     "chairman spokesman congressman king prince pope man boy father son husband brother"
     " businessman duke"},
    {WORD(ORGEND) | WORD(LEGAL), 0, 0,
     "inc. inc corp. corp ltd. ltd co. co plc llc llp ag gmbh sa s.a. n.v. nv spa s.p.a. ab oyj asa"
     " a/s kk bhd. bhd pte. pte pty. pty company corporation limited"},
    {WORD(ORGEND), 0, 0,
     "cos. cos bancorp bros. & group holdings holding bank trust"
     " fund university college institute school academy hospital museum library orchestra"
     " philharmonic church ministry department office bureau agency commission committee council"
     " board authority association federation union league club party front movement army navy"
     " corps police court senate parliament assembly congress house cabinet airlines airways"
     " industries motors motor partners capital securities insurance"
     " foundation society organization organisation alliance coalition network times post journal"
     " herald tribune gazette news press television radio exchange force services service"
     " administration centre center united city rovers wanderers athletic fc"},
    {WORD(ORGWORD), 0, 0,
     "ministry department university bank institute house office bureau board college school"
     " council court chamber association federation union league church museum society academy"
     " library organisation organization confederation movement party"},
    {WORD(CURRENCY), 0, 0, "dollar dollars dlr dlrs usd us$ u.s.$ bucks cents cent"},
    {WORD(CURRENCY), 1, 0, "euro euros eur €"},
    {WORD(CURRENCY), 2, 0, "pound pounds sterling stg pence gbp £"},
    {WORD(CURRENCY), 3, 0, "yen jpy ¥"},
    {WORD(CURRENCY), 4, 0, "mark marks deutschmark deutschmarks dem"},
    {WORD(CURRENCY), 5, 0, "francs franc frf"},
    {WORD(CURRENCY), 6, 0, "chf"},
    {WORD(CURRENCY), 7, 0, "c$ cad can$"},
    {WORD(CURRENCY), 8, 0, "a$ aud"},
    {WORD(CURRENCY), 9, 0, "nz$ nzd"},
    {WORD(CURRENCY), 10, 0, "hk$ hkd"},
    {WORD(CURRENCY), 11, 0, "s$ sgd"},
    {WORD(CURRENCY), 12, 0, "rouble roubles ruble rubles rub"},
    {WORD(CURRENCY), 13, 0, "yuan renminbi cny rmb"},
    {WORD(CURRENCY), 14, 0, "rupee rupees inr crores"},
    {WORD(CURRENCY), 15, 0, "krw"},
    {WORD(CURRENCY), 16, 0, "lira lire itl"},
    {WORD(CURRENCY), 17, 0, "peseta pesetas"},
    {WORD(CURRENCY), 18, 0, "kronor sek crowns"},
    {WORD(CURRENCY), 19, 0, "nok kroner"},
    {WORD(CURRENCY), 20, 0, "dkk"},
    {WORD(CURRENCY), 21, 0, "guilder guilders"},
    {WORD(CURRENCY), 22, 0, "bef"},
    {WORD(CURRENCY), 23, 0, "schilling schillings"},
    {WORD(CURRENCY), 24, 0, "markka markkaa"},
    {WORD(CURRENCY), 25, 0, "real reais brl cruzados cruzeiros"},
    {WORD(CURRENCY), 26, 0, "peso pesos mxn"},
    {WORD(CURRENCY), 27, 0, "australs"},
    {WORD(CURRENCY), 28, 0, "rand zar"},
    {WORD(CURRENCY), 29, 0, "try"},
    {WORD(CURRENCY), 30, 0, "zloty zlotys pln"},
    {WORD(CURRENCY), 31, 0, "koruna korunas czk"},
    {WORD(CURRENCY), 32, 0, "forint forints huf"},
    {WORD(CURRENCY), 33, 0, "shekel shekels ils"},
    {WORD(CURRENCY), 34, 0, "riyal riyals sar"},
    {WORD(CURRENCY), 35, 0, "dirham dirhams aed"},
    {WORD(CURRENCY), 36, 0, "dinar dinars kwd"},
    {WORD(CURRENCY), 37, 0, "baht thb"},
    {WORD(CURRENCY), 38, 0, "ringgit myr"},
    {WORD(CURRENCY), 39, 0, "rupiah idr"},
    {WORD(CURRENCY), 41, 0, "dong vnd"},
    {WORD(CURRENCY), 43, 0, "naira ngn"},
    {WORD(CURRENCY), 44, 0, "kes shillings shilling"},
    {WORD(CURRENCY), 46, 0, "taka bdt"},
    {WORD(CURRENCY), 48, 0, "hryvnia hryvnias uah"},
    {WORD(CURRENCY), 49, 0, "sdr sdrs"},
    {WORD(CURRENCY), 50, 0, "ecus ecu"},
    {WORD(CURRENCY), 51, 0, "rial rials"},
    {WORD(CURRENCY), 53, 0, "drachma drachmas"},
    {WORD(CURRENCY), 54, 0, "escudo escudos"},
    {WORD(CURRENCY), 56, 0, "nt$ twd"},
    {WORD(CURRENCY), 59, 0, "soles"},
    {WORD(CURRENCY), 60, 0, "bolivar bolivars"},
    {WORD(CURRENCY), 61, 0, "litas"},
    {WORD(CURRENCY), 62, 0, "kroon kroons"},
    {WORD(CURRENCY), 63, 0, "lats"},
    {WORD(CURRENCY), 0, 0, "$"},
    {WORD(UNIT), 0, 0,
     "km kilometre kilometres kilometer kilometers kms m metre metres meter meters cm centimetre"
     " centimetres centimeter centimeters mm mile miles mph kph yard yards foot feet inch inches"
     " ton tons tonne tonnes kg kilo kilos kilogram kilograms kilogramme kilogrammes gram grams"
     " pound ounce ounces barrel barrels bpd gallon gallons litre litres liter liters bushel"
     " bushels acre acres hectare hectares degrees degree megawatt megawatts kilowatt kilowatts"
     " gigawatt gigawatts mw gw watts volts tonnage knots lbs lb"},
    {WORD(STOP) | WORD(DETERMINER), 0, 0,
     "the a an this that these those each every no any some all both its our your my his her their"
     " another"},
    {WORD(STOP) | WORD(PREPOSITION), 0, 0,
     "of in on at to for from by with without into onto over under between among against during"
     " through towards toward upon within across via per off out up down about around near behind"
     " beside along after before since until till despite like than as amid"},
    {WORD(STOP) | WORD(CLAUSE), 0, 0,
     "that who whom whose which because if when while where although though whether so as but and"
     " or nor yet"},
    {WORD(STOP), 0, 0,
     "i you we us it not n't 's 're 've 'll 'd 'm there here then now only also too very just more"
     " most less least much many few other others such same own what how why well even still again"
     " once ever never always often already back one own am me mine ours yours itself ourselves"
     " yourself"},
    {WORD(STOP) | WORD(BE), 0, 0, "is are was were be been being has have had having do does did doing done"},
    {WORD(STOP) | WORD(MODAL), 0, 0, "will would shall should can could may might must 'll wo ca"},
    {WORD(PAST), 0, 0,
     "came went was were had did made took began fell rose met won lost held gave got saw left sent"
     " found led died killed brought bought sold built fought struck hit cut put set shot ran fled"
     " grew kept paid spent stood"},
    {WORD(NEXT), 0, 0, "next coming following upcoming forthcoming"},
    {WORD(LAST), 0, 0, "last past previous preceding latest"},
    {WORD(THIS), 0, 0, "this current"},
    {WORD(APPROX), 0, 0,
     "about nearly almost around some approximately roughly over under more less at up least than"
     " only just exactly early late mid end beginning as fewer most"},
    {WORD(AGO), 0, 0, "ago earlier before previously"},
    {WORD(LATER), 0, 0, "later hence after from"},
    {WORD(PLACEWORD), 0, 0,
     "river lake mountain mount mountains valley province state county district region city town"
     " village island islands sea ocean bay gulf peninsula desert coast border street avenue road"
     " square park airport bridge harbor harbour port beach canal strait north northern south"
     " southern east eastern west western central"},
    {WORD(FAMILY), 0, 0, "wife husband son daughter brother sister mother father uncle aunt nephew niece widow"},
    {WORD(NOTNOUN), 0, 0,
     "said says were was had has have been is are would will could did and or but that who which"
     " after before when while in on at by for from to of with without during between against"
     " against among as than because if since until into per"},
    {WORD(TIMEWORD), 0, 0,
     "today yesterday tomorrow tonight now currently recently recent previously soon nowadays future formerly daily "
     "weekly"
     " monthly quarterly yearly annually hourly nightly every each per a an several few early late mid"
     " year-ago year-earlier year-end '20s '30s '40s '50s '60s '70s '80s '90s twenties thirties forties fifties sixties"
     " seventies eighties nineties"},
    {WORD(WOMANNAME), 0, 0,
     "hillary nancy elizabeth mary sarah ann anne anna maria susan linda barbara patricia jennifer"
     " margaret lisa karen betty helen sandra donna carol ruth sharon michelle laura kimberly"
     " deborah jessica shirley cynthia angela melissa brenda amy rebecca virginia kathleen pamela"
     " martha debra amanda stephanie carolyn christine marie janet catherine frances joyce diane"
     " alice julie heather teresa doris gloria evelyn jean cheryl mildred katherine joan ashley"
     " judith rose janice kelly nicole judy christina kathy theresa beverly denise tammy irene jane"
     " lori rachel marilyn andrea kathryn louise sara jacqueline wanda bonnie julia ruby lois tina"
     " phyllis norma paula diana annie lillian emily robin peggy crystal gladys rita dawn connie"
     " florence tracy edna tiffany carmen rosa cindy grace wendy victoria edith kim sherry sylvia"
     " josephine thelma shannon sheila ethel ellen elaine marjorie carrie charlotte monica esther"
     " pauline emma juanita anita rhonda hazel amber eva debbie april leslie clara lucille jamie"
     " joanne eleanor valerie danielle megan alicia suzanne michele gail bertha darlene veronica"
     " jill erin geraldine lauren cathy joann lorraine lynn sally regina erica beatrice dolores"
     " bernice audrey yvonne annette marion dana stacy ana renee ida vivian roberta holly brittany"
     " melanie loretta yolanda jeanette laurie katie kristen vanessa alma sue elsie beth jeanne"
     " vicki carla tara rosemary eileen gertrude lucy tonya ella stacey wilma gina kristin jessie"
     " natalie agnes vera charlene bessie melinda kellyanne ivanka melania chelsea huma nikki carly"
     " sonia indira benazir angela theresa tsai olga svetlana tatiana natalia ekaterina fatima"
     " aisha leila noor priya"},
    {WORD(MANNAME), 0, 0,
     "james john robert michael william david richard charles joseph thomas christopher daniel paul"
     " mark donald george kenneth steven edward brian ronald anthony kevin jason matthew gary"
     " timothy jose larry jeffrey frank scott eric stephen andrew raymond gregory joshua jerry"
     " dennis walter patrick peter harold douglas henry carl arthur ryan roger joe juan jack albert"
     " jonathan justin terry gerald keith samuel willie ralph lawrence nicholas roy benjamin bruce"
     " brandon adam harry fred wayne billy steve louis jeremy aaron randy howard eugene carlos"
     " russell bobby victor martin ernest phillip todd jesse craig alan shawn clarence sean philip"
     " chris johnny earl jimmy antonio bryan tony luis mike stanley leonard nathan dale manuel"
     " rodney curtis norman allen marvin vincent glenn jeffery travis jeff chad jacob lee melvin"
     " alfred kyle francis bradley jesus herbert frederick ray joel edwin don eddie ricky troy"
     " randall barry alexander bernard mario leroy francisco marcus micheal theodore clifford"
     " miguel oscar jay jim tom calvin alex jon ronnie bill lloyd tommy leon derek warren darrell"
     " jerome floyd leo alvin tim wesley gordon dean greg jorge dustin pedro derrick dan lewis"
     " zachary corey herman maurice vernon roberto clyde glen hector shane ricardo sam rick lester"
     " brent ramon charlie tyler gilbert gene marc reginald ruben brett angel nathaniel rafael"
     " leslie edgar milton raul ben chester cecil duane franklin andre elmer brad gabriel ron"
     " mitchell roland arnold harvey jared adrian karl cory claude erik darryl jamie neil jessie"
     " christian javier fernando clinton ted mathew tyrone darren lonnie lance cody julio kelly"
     " kurt allan nelson guy clayton hugh max dwayne dwight armando felix jimmie everett jordan ian"
     " wallace ken bob jaime casey alfredo alberto dave ivan johnnie sidney byron julian isaac"
     " morris clifton willard daryl ross virgil andy marshall salvador perry kirk sergio marion"
     " tracy seth kent terrance rene eduardo terrence enrique freddie wade vladimir boris mikhail"
     " sergei dmitry yuri nikolai viktor mohammed muhammad ahmed ali hassan hussein abdullah"
     " ibrahim omar khalid yasser saddam hosni bashar ariel shimon yitzhak benjamin ehud narendra"
     " rajiv atal pervez nawaz imran jens gitanas emmanuel jacques nicolas francois gerhard helmut"
     " olaf silvio romano jean-claude rex jeb marco reince paul barack"},
};

#endif
