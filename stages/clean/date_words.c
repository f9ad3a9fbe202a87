/* What dates are written in and with: see date_words.h. */
#include "date_words.h"

#include "chars.h"

/* Whole words, small letters; packed by hand. */
/* clang-format off */
static const char COMPANY[] =
    " mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday on at of the "
    "am pm a p m updated update published publish posted first last modified date created time st nd rd th "
    /* German, French, Spanish, Italian, Portuguese, Dutch */
    "montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so den der vom stand um uhr "
    "veröffentlicht aktualisiert zuletzt erstellt erschienen "
    "lundi mardi mercredi jeudi vendredi samedi dimanche le la à er h publié mis jour modifié dernière mise et "
    "lunes martes miércoles jueves viernes sábado domingo el del las los publicado actualizado actualizada última hora hrs "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica alle ore il pubblicato aggiornato ultimo aggiornamento "
    "segunda terça quarta quinta sexta feira às em atualizado publicada atualizada de "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo om uur gepubliceerd laatst bijgewerkt op "
    /* Nordic, Slavic, Romanian, Hungarian, Greek, Turkish */
    "publicerad uppdaterad publisert oppdatert sist udgivet opdateret kl klo klokken mandag tirsdag onsdag torsdag fredag "
    "lørdag søndag måndag tisdag lördag söndag dne "
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai ti ke to pe su julkaistu päivitetty "
    "poniedziałek wtorek środa czwartek piątek sobota niedziela opublikowano aktualizacja godz dodano "
    "pondělí úterý středa čtvrtek pátek neděle publikováno aktualizováno v "
    "понедельник вторник среда четверг пятница суббота воскресенье г года в опубликовано обновлено дата публикации "
    "понеділок вівторок середа четвер субота неділя року р опубліковано оновлено о об "
    "luni marți miercuri joi vineri sâmbătă duminică publicat actualizat ora "
    "hétfő kedd szerda csütörtök péntek szombat vasárnap frissítve "
    "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δημοσίευση ενημέρωση στις "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar güncelleme yayınlanma giriş tarihi saat son "
    /* Arabic, Persian, Hebrew, Hindi, Thai, Indonesian, Vietnamese */
    "الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد الاحد نشر في تاريخ النشر آخر تحديث الساعة م ص "
    "دوشنبه سه شنبه سه‌شنبه چهارشنبه پنجشنبه پنج‌شنبه جمعه یکشنبه انتشار تاریخ ساعت "
    "ב בשעה פורסם עודכן יום शुक्रवार शनिवार रविवार सोमवार मंगलवार बुधवार गुरुवार प्रकाशित अपडेट को बजे "
    "เวลา น วันที่ จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์ "
    "senin selasa rabu kamis jumat sabtu minggu pukul diperbarui dipublikasikan diterbitkan "
    "ngày năm lúc thứ hai ba tư sáu bảy chủ nhật cập "
    /* Chinese, Japanese, Korean */
    "发布时间 发布 更新时间 更新 时间 日期 發布 發佈 時間 星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日 "
    "公開日時 更新日時 公開日 更新日 公開 配信 掲載 投稿 日時 月 火 水 木 金 土 日 分 秒 "
    "입력 수정 등록 승인 기사입력 최종수정 업데이트 월요일 화요일 수요일 목요일 금요일 토요일 일요일 분 초 월 화 수 목 금 토 일 ";
/* clang-format on */

uint32_t date_zero(uint32_t c)
{
    static const uint32_t zeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10};
    for (size_t i = 0; c >= zeros[0] && i < sizeof zeros / sizeof *zeros; i++)
        if (c >= zeros[i] && c < zeros[i] + 10)
            return zeros[i];
    return 0;
}

struct nw_str date_plain_digits(struct nw_str s, char *out, bool *persian)
{
    size_t n = 0, others = 0;
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        uint32_t c = nw_utf8_next(s, &i), zero = date_zero(c);
        if (zero) {
            *persian = *persian || zero == 0x6F0;
            out[n++] = (char)('0' + (c - zero));
            others++;
        } else {
            memcpy(out + n, s.p + start, i - start);
            n += i - start;
        }
    }
    return others ? nw_str(out, n) : s;
}

char date_half(struct nw_str word)
{
    static const char *const mornings[] = {"am", "a", "上午", "凌晨", "早上", "午前", "오전", "ص", "صباحا", "صباحًا"},
                             *const afternoons[] = {"pm", "p", "下午", "晚上", "午後", "오후", "م", "مساء", "مساءً"};
    for (size_t i = 0; i < sizeof mornings / sizeof *mornings; i++)
        if (nw_str_eq_nocase(word, nw_str_z(mornings[i])))
            return 'a';
    for (size_t i = 0; i < sizeof afternoons / sizeof *afternoons; i++)
        if (nw_str_eq_nocase(word, nw_str_z(afternoons[i])))
            return 'p';
    return '\0';
}

bool date_company(struct nw_str word)
{
    char lower[48];
    size_t n = 0;
    for (size_t i = 0; i < word.n;) {
        if (n + 4 > sizeof lower)
            return false;
        n += nw_utf8_put(lower + n, lower_letter(nw_utf8_next(word, &i)));
    }
    return in_words(nw_str(COMPANY, sizeof COMPANY - 1), nw_str(lower, n));
}
