/* libxml2 reads it, without network and without external entities: see opml.h. */
#include "opml.h"

#include <libxml/xmlreader.h>

#include <stdio.h>
#include <sys/stat.h>

int opml_read(const char *path, bool follow, int (*add)(void *user, struct nw_str url, bool follow), void *user,
              char why[NW_WHY])
{
    struct stat stat_of;
    xmlTextReaderPtr reader;
    bool is_opml = false;
    int step, r = 0;

    if (stat(path, &stat_of) != 0 || stat_of.st_size > OPML_BYTES) {
        snprintf(why, NW_WHY, "%.180s: can't be read, or has more than %d MiB", path, OPML_BYTES >> 20);
        return 1;
    }
    reader = xmlReaderForFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    while (reader && r == 0 && (step = xmlTextReaderRead(reader)) == 1) {
        const xmlChar *name = xmlTextReaderConstLocalName(reader);
        xmlChar *url, *says;
        if (xmlTextReaderNodeType(reader) != XML_READER_TYPE_ELEMENT)
            continue;
        is_opml = is_opml || xmlStrEqual(name, BAD_CAST "opml");
        if (!is_opml || !xmlStrEqual(name, BAD_CAST "outline"))
            continue;
        url = xmlTextReaderGetAttribute(reader, BAD_CAST "xmlUrl");
        says = xmlTextReaderGetAttribute(reader, BAD_CAST "follow");
        if (url)
            r = add(user, nw_str_trim(nw_str_z((const char *)url)), says ? xmlStrEqual(says, BAD_CAST "page") : follow);
        xmlFree(url);
        xmlFree(says);
    }
    if (r == 0 && (!reader || step != 0 || !is_opml)) {
        snprintf(why, NW_WHY, "%.150s: no OPML file, or damaged at line %d; export it again", path,
                 reader ? xmlTextReaderGetParserLineNumber(reader) : 0);
        r = 1;
    }
    xmlFreeTextReader(reader);
    return r;
}
