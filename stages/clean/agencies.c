/* News agencies by the names that stand in bylines, datelines and credits. */
#include "chars.h"
#include "wire.h"

static const char *const AGENCIES[] = {
    "AA", "AAP", "ABNA", "ACN", "AFP", "AFX", "AGI", "AGERPRES", "AKI", "ANA", "ANA-MPE", "ANI", "ANP", "ANSA", "ANTARA", "AP", "APA", "APTN",
    "ATS", "AZERTAC", "Adnkronos", "Agence France-Presse", "Agencia EFE", "Agencies", "Anadolu", "Anadolu Agency", "Associated Press", "Asianet",
    "BELGA", "BNS", "BSS", "BTA", "Belga", "Bernama", "Bloomberg", "Business Wire", "CANA", "CNA", "CNS", "CP", "CTK", "Canadian Press", "Caixin",
    "DHA", "DJ", "DPA", "Dow Jones", "EFE", "ELTA", "ERR", "Europa Press", "FENA", "GNA", "GlobeNewswire", "HINA", "IANS", "IHA", "INA", "IPS", "IRNA", "ISNA",
    "ITAR-TASS", "Interfax", "JIJI", "JTA", "Jiji Press", "KCNA", "KUNA", "KYODO", "Keystone-SDA", "Kyodo", "Kyodo News", "LETA", "LUSA", "Lusa", "MENA",
    "MIA", "MNA", "MTI", "NAN", "NHK", "NTB", "NZPA", "NZME", "Notimex", "PA", "PA Media", "PANA", "PAP", "PNA", "PTI", "PRNewswire", "PR Newswire", "Press Association",
    "QNA", "RAPSI", "RIA", "RIA Novosti", "RTR", "RTTNews", "Reuter", "Reuters", "REUTERS", "REUTER", "Ritzau", "SANA", "SAPA", "SDA", "SID", "SIR", "SPA", "STA", "STT", "Sputnik", "TANJUG",
    "TASR", "TASS", "TBT", "TNS", "TT", "Tanjug", "Tasnim", "UNB", "UNIAN", "UNI", "UPI", "Ukrinform", "VNA", "WAM", "Xinhua", "XINHUA", "YONHAP", "Yonhap", "afp", "ap",
    "apa", "dpa", "dpa-AFX", "dapd", "epd", "kna", "ots", "sda", "sid", "ČTK", "АПА", "Интерфакс", "РИА Новости", "ТАСС", "УНИАН", "共同", "新华社", "時事", "연합뉴스",
};

bool wire_is_agency(struct nw_str name)
{
    if (nw_str_starts_nocase(name, NW_S("the ")))
        name = nw_str_from(name, 4);
    for (size_t i = 0; i < sizeof AGENCIES / sizeof *AGENCIES; i++) {
        struct nw_str agency = nw_str_z(AGENCIES[i]);
        if (agency.n == name.n && (name.n > 4 ? nw_str_eq_nocase(name, agency) : nw_str_eq(name, agency)))
            return true;
    }
    return false;
}
