/*
 * Names of months in the languages that agencies write in, by prefix: a word is a month when it begins with an entry
 * and goes on with letters only up to the entry's longest form. Lower case, UTF-8.
 */
#include "chars.h"
#include "dates.h"

#define M(prefix, month, most)                                                                                         \
    {                                                                                                                  \
        prefix, sizeof prefix - 1, month, most                                                                         \
    }
/* Prefix, month, most bytes that the whole word may have (guards against "marathon", "maison", "decide"). */
static const struct month_name {
    const char *prefix;
    unsigned char length, month, most;
} MONTHS[] = {
    /* By first byte; packed by hand. */
    /* clang-format off */
    M("abr", 4, 5), M("apr", 4, 8), M("avr", 4, 5), M("ago", 8, 6), M("aout", 8, 4), M("aoû", 8, 5), M("aug", 8, 8),
    M("ağu", 8, 8), M("ara", 12, 7), M("aralık", 12, 8), M("agustus", 8, 7), M("agt", 8, 3), M("agu", 8, 3),
    M("avgust", 8, 6), M("avgusta", 8, 7),
    M("březen", 3, 7), M("březn", 3, 7), M("baland", 4, 9), M("birž", 6, 9),
    M("czerw", 6, 8),
    M("duben", 4, 5), M("dubn", 4, 5), M("dec", 12, 9), M("des", 12, 4), M("desember", 12, 8), M("dez", 12, 8),
    M("dic", 12, 9), M("déc", 12, 9), M("desemba", 12, 7), M("disember", 12, 8), M("detsember", 12, 9),
    M("desembre", 12, 8),
    M("ene", 1, 5), M("enero", 1, 5), M("elokuu", 8, 8), M("eylül", 9, 6), M("ekim", 10, 4),
    M("feb", 2, 10), M("fev", 2, 9), M("fevr", 2, 7), M("fév", 2, 8),
    M("gen", 1, 3), M("genn", 1, 7), M("gennaio", 1, 7), M("geguž", 5, 9), M("giu", 6, 6), M("grud", 12, 7),
    M("gruod", 12, 8), M("gener", 1, 5),
    M("helmikuu", 2, 10), M("huhtikuu", 4, 10), M("haziran", 6, 7), M("heinäkuu", 7, 11),
    M("ianuarie", 1, 8), M("iunie", 6, 5), M("iulie", 7, 5),
    M("jan", 1, 9), M("janeiro", 1, 7), M("januar", 1, 8), M("january", 1, 7), M("janvier", 1, 7), M("jän", 1, 7),
    M("juin", 6, 4), M("jun", 6, 7), M("jún", 6, 7), M("juil", 7, 7), M("jul", 7, 7), M("júl", 7, 7),
    M("joulukuu", 12, 10), M("jaanuar", 1, 7), M("juuni", 6, 5), M("jūnijs", 6, 7), M("jūnijā", 6, 8),
    M("juuli", 7, 5), M("jūlijs", 7, 7), M("jūlijā", 7, 8),
    M("kovo", 3, 4), M("kwie", 4, 9), M("květ", 5, 8), M("kesäkuu", 6, 10), M("kas", 11, 6), M("kasım", 11, 6),
    M("kolovoza", 8, 8), M("kolovoz", 8, 7),
    M("leden", 1, 5), M("ledna", 1, 5), M("lut", 2, 7), M("liep", 7, 6), M("lip", 7, 6), M("lug", 7, 6),
    M("lokakuu", 10, 9), M("lapkr", 11, 9), M("listopad", 11, 9), M("lipnja", 6, 6), M("lipanj", 6, 6),
    M("maaliskuu", 3, 11), M("maart", 3, 5), M("mar", 3, 5), M("marca", 3, 5), M("march", 3, 5), M("mars", 3, 4),
    M("mart", 3, 4), M("marts", 3, 5), M("marzec", 3, 6), M("marzo", 3, 5), M("março", 3, 6), M("mrt", 3, 3), M("mrz", 3, 3),
    M("márc", 3, 8), M("mär", 3, 5), M("märz", 3, 5), M("mag", 5, 6), M("maggio", 5, 6), M("mai", 5, 4),
    M("maio", 5, 4), M("maj", 5, 4), M("maja", 5, 4), M("may", 5, 4), M("mayo", 5, 4), M("mayıs", 5, 6),
    M("mei", 5, 3), M("máj", 5, 7), M("marraskuu", 11, 11), M("machi", 3, 5), M("martie", 3, 6), M("märts", 3, 6),
    M("maijs", 5, 5), M("maijā", 5, 6),
    M("nisan", 4, 5), M("nov", 11, 9), M("noiembrie", 11, 9),
    M("ocak", 1, 4), M("oct", 10, 7), M("okt", 10, 8), M("ott", 10, 7), M("out", 10, 7), M("ožujka", 3, 7),
    M("ožujak", 3, 7), M("ogos", 8, 4), M("octombrie", 10, 9),
    M("paźdz", 10, 13), M("prosin", 12, 8), M("pebruari", 2, 8),
    M("rugp", 8, 11), M("rugs", 9, 9), M("rujna", 9, 5), M("rujan", 9, 5),
    M("saus", 1, 7), M("styczni", 1, 8), M("sierp", 8, 8), M("srp", 8, 5), M("sep", 9, 10), M("sept", 9, 10),
    M("set", 9, 9), M("syyskuu", 9, 9), M("szept", 9, 11), M("spal", 10, 6), M("siječnja", 1, 9),
    M("siječanj", 1, 9), M("svibnja", 5, 7), M("svibanj", 5, 7), M("srpnja", 7, 6), M("srpanj", 7, 6),
    M("studenoga", 11, 9), M("studeni", 11, 7),
    M("tammikuu", 1, 10), M("toukokuu", 5, 10), M("temmuz", 7, 6), M("travnja", 4, 7), M("travanj", 4, 7),
    M("vas", 2, 7), M("veebruar", 2, 8), M("veljače", 2, 8), M("veljača", 2, 8),
    M("wrze", 9, 9),
    M("zář", 9, 7),
    M("únor", 2, 6), M("ápr", 4, 9),
    M("červen", 6, 7), M("červn", 6, 7), M("červenc", 7, 9), M("červenec", 7, 10),
    M("şubat", 2, 6), M("říj", 10, 7),
    M("ιαν", 1, 22), M("μαρ", 3, 16), M("απρ", 4, 18), M("μα", 5, 10), M("ιουν", 6, 16), M("ιουλ", 7, 16),
    M("αυγ", 8, 20), M("οκτ", 10, 20), M("νοε", 11, 20), M("δεκ", 12, 22),
    M("φεβ", 2, 24), M("σεπ", 9, 22),
    M("лют", 2, 12), M("берез", 3, 14), M("мар", 3, 6), M("март", 3, 10), M("апр", 4, 12), M("апрел", 4, 12),
    M("квіт", 4, 12), M("май", 5, 6), M("мая", 5, 6), M("июн", 6, 8), M("июл", 7, 8), M("лип", 7, 10),
    M("авг", 8, 14), M("верес", 9, 14), M("жовт", 10, 12), M("окт", 10, 14), M("октяб", 10, 14),
    M("листоп", 11, 18), M("нояб", 11, 12), M("груд", 12, 12), M("дек", 12, 14), M("декаб", 12, 14),
    M("октомври", 10, 16), M("ноември", 11, 14), M("новембар", 11, 16), M("новембра", 11, 16),
    M("декември", 12, 16), M("децембар", 12, 16), M("децембра", 12, 16), M("красавіка", 4, 18), M("ліпеня", 7, 12),
    M("жніўня", 8, 12), M("верасня", 9, 14), M("кастрычніка", 10, 22), M("лістапада", 11, 18),
    M("січ", 1, 10), M("янв", 1, 12), M("январ", 1, 12), M("фев", 2, 14), M("феврал", 2, 14), M("трав", 5, 12),
    M("черв", 6, 12), M("серп", 8, 12), M("сен", 9, 16), M("сент", 9, 16), M("януари", 1, 12), M("јануар", 1, 12),
    M("јануара", 1, 14), M("февруари", 2, 16), M("фебруар", 2, 14), M("фебруара", 2, 16), M("юни", 6, 6),
    M("јун", 6, 6), M("јуна", 6, 8), M("юли", 7, 6), M("јул", 7, 6), M("јула", 7, 8), M("септември", 9, 18),
    M("септембар", 9, 18), M("септембра", 9, 18), M("студзеня", 1, 16), M("сакавіка", 3, 16), M("чэрвеня", 6, 14),
    M("снежня", 12, 12),
    M("ינואר", 1, 10), M("בינואר", 1, 12), M("פברואר", 2, 12), M("בפברואר", 2, 14), M("מרץ", 3, 6), M("מרס", 3, 6),
    M("במרץ", 3, 8), M("אפריל", 4, 10), M("באפריל", 4, 12), M("מאי", 5, 6), M("במאי", 5, 8), M("יוני", 6, 8),
    M("ביוני", 6, 10), M("יולי", 7, 8), M("ביולי", 7, 10), M("אוגוסט", 8, 12), M("באוגוסט", 8, 14),
    M("ספטמבר", 9, 12), M("בספטמבר", 9, 14), M("אוקטובר", 10, 14), M("באוקטובר", 10, 16), M("נובמבר", 11, 12),
    M("בנובמבר", 11, 14), M("דצמבר", 12, 10), M("בדצמבר", 12, 12),
    M("جانفي", 1, 10), M("شباط", 2, 8), M("آذار", 3, 8), M("أبريل", 4, 10), M("ابريل", 4, 10), M("إبريل", 4, 10),
    M("أفريل", 4, 10), M("أيار", 5, 8), M("جوان", 6, 8), M("حزيران", 6, 12), M("جويلية", 7, 12), M("تموز", 7, 8),
    M("أغسطس", 8, 10), M("اغسطس", 8, 10), M("أوت", 8, 6), M("آب", 8, 4), M("سبتمبر", 9, 12), M("أيلول", 9, 10),
    M("أكتوبر", 10, 12), M("اكتوبر", 10, 12), M("ديسمبر", 12, 12),
    M("يناير", 1, 10), M("فبراير", 2, 12), M("فيفري", 2, 10), M("مارس", 3, 8), M("نيسان", 4, 10), M("مايو", 5, 8),
    M("ماي", 5, 6), M("يونيو", 6, 10), M("يونيه", 6, 10), M("يوليو", 7, 10), M("يوليه", 7, 10), M("نوفمبر", 11, 12),
    M("जनवरी", 1, 15), M("জানুয়ারি", 1, 27), M("फरवरी", 2, 15), M("फ़रवरी", 2, 18), M("ফেব্রুয়ারি", 2, 33),
    M("मार्च", 3, 15), M("মার্চ", 3, 15), M("अप्रैल", 4, 18), M("এপ্রিল", 4, 18), M("मई", 5, 6), M("মে", 5, 6),
    M("जून", 6, 9), M("জুন", 6, 9), M("जुलाई", 7, 15), M("জুলাই", 7, 15), M("अगस्त", 8, 15), M("আগস্ট", 8, 15),
    M("सितंबर", 9, 18), M("सितम्बर", 9, 21), M("সেপ্টেম্বর", 9, 30), M("अक्टूबर", 10, 21), M("अक्तूबर", 10, 21),
    M("অক্টোবর", 10, 21), M("नवंबर", 11, 15), M("नवम्बर", 11, 18), M("নভেম্বর", 11, 21), M("दिसंबर", 12, 18),
    M("दिसम्बर", 12, 21), M("ডিসেম্বর", 12, 24),
    M("มกราคม", 1, 18), M("กุมภาพันธ์", 2, 30), M("มีนาคม", 3, 18), M("เมษายน", 4, 18), M("พฤษภาคม", 5, 21),
    M("มิถุนายน", 6, 24), M("กรกฎาคม", 7, 21), M("สิงหาคม", 8, 21), M("กันยายน", 9, 21), M("ตุลาคม", 10, 18),
    M("พฤศจิกายน", 11, 27), M("ธันวาคม", 12, 21),
    /* clang-format on */
};

enum { COUNT = sizeof MONTHS / sizeof *MONTHS };

/* Where the entries begin whose first byte is `byte` or above: the table is in this order. */
static size_t first_of(unsigned char byte)
{
    size_t low = 0, high = COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((unsigned char)MONTHS[middle].prefix[0] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int month_of(struct nw_str word)
{
    char lower[36];
    size_t n = 0;
    if (word.n < 2)
        return 0;
    for (size_t i = 0; i < word.n;) {
        if (n + 4 > sizeof lower)
            return 0;
        n += nw_utf8_put(lower + n, lower_letter(nw_utf8_next(word, &i)));
    }
    int found = 0;
    size_t longest = 0;
    for (size_t i = first_of((unsigned char)lower[0]); i < COUNT && MONTHS[i].prefix[0] == lower[0]; i++) {
        size_t length = MONTHS[i].length;
        if (length > longest && n >= length && n <= MONTHS[i].most && memcmp(lower, MONTHS[i].prefix, length) == 0) {
            found = MONTHS[i].month;
            longest = length;
        }
    }
    return found;
}
