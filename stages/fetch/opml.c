/* libxml2 reads it, without network and without external entities: see opml.h. */
#include "opml.h"

#include <libxml/xmlreader.h>

#include <stdio.h>
#include <sys/stat.h>

static const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;

/* 1 where it is no OPML or damaged; *line: how far it was read. The reader goes with it. */
static int outlines(xmlTextReaderPtr reader, bool follow, opml_add *add, void *user, int *line)
{
    bool is_opml = false;
    int step = -1, r = 0;

    *line = 0;
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
    if (reader)
        *line = xmlTextReaderGetParserLineNumber(reader);
    xmlFreeTextReader(reader);
    return r == 0 && (step != 0 || !is_opml) ? 1 : r;
}

int opml_scan(struct nw_str bytes, bool follow, opml_add *add, void *user, int *line)
{
    return outlines(xmlReaderForMemory(bytes.p, (int)bytes.n, NULL, NULL, options), follow, add, user, line);
}

int opml_read(const char *path, bool follow, opml_add *add, void *user, char why[NW_WHY])
{
    struct stat stat_of;
    int line, r;

    if (stat(path, &stat_of) != 0 || stat_of.st_size > OPML_BYTES) {
        snprintf(why, NW_WHY, "%.180s: can't be read, or has more than %d MiB", path, OPML_BYTES >> 20);
        return 1;
    }
    r = outlines(xmlReaderForFile(path, NULL, options), follow, add, user, &line);
    if (r == 1)
        snprintf(why, NW_WHY, "%.150s: no OPML file, or damaged at line %d; export it again", path, line);
    return r;
}
