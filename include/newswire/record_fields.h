/*
 * The record, declared once. Every list below is an X-macro; together they yield the structs and presence bits
 * (record.h), both codecs, equality, the documentation table (docs of `newswire fields`), the test generator and the
 * schema hash of HELLO.
 *
 *     X(T, kind, member, key, type, need, doc)
 *
 *   T       the struct that the list is of, passed through
 *   kind    STR    UTF-8 text                                msgpack str, JSON string
 *           BIN    bytes, in msgpack only                    msgpack bin, not in JSON
 *           INT    int64_t                                   msgpack int, JSON number
 *           NUM    double, finite                            msgpack float or int, JSON number
 *           BOOL   bool                                      msgpack bool, JSON true or false
 *           TIME   int64_t, ms since 1970-01-01T00:00:00Z    msgpack int, JSON RFC 3339 in UTC
 *           POS    size_t, an offset into bodies[0].value    msgpack int: bytes; JSON number: Unicode code points
 *           POINT  struct nw_point, WGS 84 degrees           msgpack [lon, lat], JSON a GeoJSON Point
 *           SPANS  list of struct nw_span (two POS)          msgpack and JSON [[start, end], …]
 *           OBJ    pointer to a struct of `type`             msgpack map, JSON object
 *           LIST   list of structs of `type`                 msgpack array, JSON array
 *           ANY    one msgpack value, as it stands           msgpack any, JSON the same value
 *   member  name in the struct
 *   key     name in msgpack and JSON: ninjs 3.1's wherever ninjs has one
 *   type    for OBJ and LIST: which of the structs of NW_RECORD_TYPES; else _
 *   need    NEED: a record without it is refused; MAY
 *   doc     one line: meaning, unit, range, source
 *
 * To add a field, add one line (CONTRIBUTING.md, "A record field"). A struct has at most 64 fields. Keys that no list
 * knows are kept in `extra` and passed on.
 */
#ifndef NEWSWIRE_RECORD_FIELDS_H
#define NEWSWIRE_RECORD_FIELDS_H

#define NW_TEXT_FIELDS(X, T)                                                                                           \
    X(T, STR, role, "role", _, MAY, "main, or another role of the source's")                                           \
    X(T, STR, content_type, "contentType", _, MAY, "IANA media type; bodies are text/plain")                           \
    X(T, INT, char_count, "charCount", _, MAY, "Unicode code points in value")                                         \
    X(T, INT, word_count, "wordCount", _, MAY, "words in value")                                                       \
    X(T, STR, value, "value", _, NEED, "the text, NFC; paragraphs are parted by one empty line")

#define NW_SYMBOL_FIELDS(X, T)                                                                                         \
    X(T, STR, symbol, "symbol", _, MAY, "ticker symbol")                                                               \
    X(T, STR, exchange, "exchange", _, MAY, "the market that uses the symbol")

#define NW_PERSON_FIELDS(X, T)                                                                                         \
    X(T, STR, name, "name", _, MAY, "the person's name")                                                               \
    X(T, STR, rel, "rel", _, MAY, "how the article relates to the person")                                             \
    X(T, STR, uri, "uri", _, MAY, "the same for the same person in every article")                                     \
    X(T, STR, literal, "literal", _, MAY, "an identifier that is no URI")

#define NW_ORGANISATION_FIELDS(X, T)                                                                                   \
    X(T, STR, name, "name", _, MAY, "the organisation's name")                                                         \
    X(T, STR, rel, "rel", _, MAY, "how the article relates to the organisation")                                       \
    X(T, STR, uri, "uri", _, MAY, "the same for the same organisation in every article")                               \
    X(T, STR, literal, "literal", _, MAY, "an identifier that is no URI")                                              \
    X(T, LIST, symbols, "symbols", symbol, MAY, "tickers")

#define NW_PLACE_FIELDS(X, T)                                                                                          \
    X(T, STR, name, "name", _, MAY, "the place's name")                                                                \
    X(T, STR, rel, "rel", _, MAY, "how the article relates to the place")                                              \
    X(T, STR, uri, "uri", _, MAY, "GeoNames or Wikidata address, the same in every article")                           \
    X(T, STR, literal, "literal", _, MAY, "an identifier that is no URI, such as an ISO 3166 code")                    \
    X(T, POINT, geo_json, "geoJSON", _, MAY, "a point of the place")

#define NW_SUBJECT_FIELDS(X, T)                                                                                        \
    X(T, STR, name, "name", _, MAY, "the topic's name in English")                                                     \
    X(T, STR, rel, "rel", _, MAY, "how the article relates to the topic")                                              \
    X(T, STR, uri, "uri", _, MAY, "IPTC Media Topic: http://cv.iptc.org/newscodes/mediatopic/…")                       \
    X(T, STR, literal, "literal", _, MAY, "a code that is no URI")                                                     \
    X(T, STR, creator, "creator", _, MAY, "who assigned it: source, or the model's name")                              \
    X(T, INT, relevance, "relevance", _, MAY, "0 to 100")                                                              \
    X(T, INT, confidence, "confidence", _, MAY, "0 to 100")

#define NW_INFO_SOURCE_FIELDS(X, T)                                                                                    \
    X(T, STR, name, "name", _, MAY, "the agency's name")                                                               \
    X(T, STR, role, "role", _, MAY, "its part in the item's making")                                                   \
    X(T, STR, uri, "uri", _, MAY, "the agency's address")                                                              \
    X(T, STR, literal, "literal", _, MAY, "a code that is no URI")

#define NW_GENRE_FIELDS(X, T)                                                                                          \
    X(T, STR, name, "name", _, MAY, "the genre's name")                                                                \
    X(T, STR, uri, "uri", _, MAY, "the genre's address in a vocabulary")                                               \
    X(T, STR, literal, "literal", _, MAY, "a code that is no URI")

#define NW_ALT_ID_FIELDS(X, T)                                                                                         \
    X(T, STR, role, "role", _, MAY, "what kind of id it is")                                                           \
    X(T, STR, value, "value", _, MAY, "the id as the source wrote it")

#define NW_RENDITION_FIELDS(X, T)                                                                                      \
    X(T, STR, name, "name", _, NEED, "which rendition it is: main, thumbnail, …")                                      \
    X(T, STR, href, "href", _, MAY, "where it can be fetched")                                                         \
    X(T, STR, content_type, "contentType", _, MAY, "IANA media type")                                                  \
    X(T, STR, title, "title", _, MAY, "a title for the link")                                                          \
    X(T, INT, width, "width", _, MAY, "pixels")                                                                        \
    X(T, INT, height, "height", _, MAY, "pixels")                                                                      \
    X(T, INT, size_in_bytes, "sizeInBytes", _, MAY, "bytes")

#define NW_ASSOCIATION_FIELDS(X, T)                                                                                    \
    X(T, STR, name, "name", _, NEED, "what the source calls it: picture, or its own name")                             \
    X(T, STR, uri, "uri", _, NEED, "its id, or where it can be fetched")                                               \
    X(T, STR, rel, "rel", _, MAY, "how the article relates to it")                                                     \
    X(T, STR, type, "type", _, MAY, "picture, video, graphic, text, …")                                                \
    X(T, LIST, headlines, "headlines", text, MAY, "its own headlines")                                                 \
    X(T, LIST, descriptions, "descriptions", text, MAY, "captions, alternative texts")                                 \
    X(T, STR, by, "by", _, MAY, "who made it: the credit line")                                                        \
    X(T, STR, copyright_holder, "copyrightHolder", _, MAY, "who holds the rights")                                     \
    X(T, STR, copyright_notice, "copyrightNotice", _, MAY, "the notice to show")                                       \
    X(T, STR, usage_terms, "usageTerms", _, MAY, "what may be done with it")                                           \
    X(T, LIST, renditions, "renditions", rendition, MAY, "the files it comes in")

#define NW_STANDARD_FIELDS(X, T)                                                                                       \
    X(T, STR, name, "name", _, MAY, "ninjs")                                                                           \
    X(T, STR, version, "version", _, MAY, "3.1")                                                                       \
    X(T, STR, schema, "schema", _, MAY, "address of the schema")

#define NW_SOURCE_FIELDS(X, T)                                                                                         \
    X(T, STR, path, "path", _, MAY, "the file as it was named, - for standard input")                                  \
    X(T, STR, url, "url", _, MAY, "where it was fetched")                                                              \
    X(T, STR, link, "link", _, MAY, "the entry's own link")                                                            \
    X(T, INT, index, "index", _, NEED, "0, 1, … within the file or the fetch")                                         \
    X(T, STR, format, "format", _, MAY, "what it was read as: text, html, reuters-sgml, …")                            \
    X(T, STR, feed, "feed", _, MAY, "title or name of the feed or source")                                             \
    X(T, TIME, received, "received", _, MAY, "when it was received")                                                   \
    X(T, STR, declared, "declared", _, MAY, "media type and charset that the transport declared")                      \
    X(T, STR, charset, "charset", _, MAY, "what the bytes were decoded from, a WHATWG name")                           \
    X(T, ANY, precision, "precision", _, MAY, "a map: date key to day, minute, …, where less than the second is known")

#define NW_ENTITY_FIELDS(X, T)                                                                                         \
    X(T, STR, type, "type", _, NEED, "PER, ORG, LOC or MISC")                                                          \
    X(T, POS, start, "start", _, NEED, "first position of the mention")                                                \
    X(T, POS, end, "end", _, NEED, "position behind it")                                                               \
    X(T, STR, text, "text", _, MAY, "the mention as it stands in the body")                                            \
    X(T, STR, name, "name", _, MAY, "canonical name, one for all mentions")                                            \
    X(T, STR, uri, "uri", _, MAY, "GeoNames or Wikidata address, or urn:newswire:name:…")                              \
    X(T, NUM, confidence, "confidence", _, MAY, "0 to 1")                                                              \
    X(T, STR, by, "by", _, MAY, "the rule, list or model that made it")

#define NW_QUOTE_FIELDS(X, T)                                                                                          \
    X(T, POS, start, "start", _, NEED, "first position inside the quotation marks")                                    \
    X(T, POS, end, "end", _, NEED, "position behind the last inside them")                                             \
    X(T, INT, speaker, "speaker", _, MAY, "index into entities")                                                       \
    X(T, STR, speaker_text, "speaker_text", _, MAY, "the speaker as the article names them")                           \
    X(T, STR, cue, "cue", _, MAY, "the word that attributes: said, according to, …")                                   \
    X(T, BOOL, direct, "direct", _, MAY, "true for words in quotation marks")                                          \
    X(T, NUM, confidence, "confidence", _, MAY, "0 to 1, of the speaker")                                              \
    X(T, STR, by, "by", _, MAY, "the rule that found the speaker")

#define NW_TIMEX_FIELDS(X, T)                                                                                          \
    X(T, POS, start, "start", _, NEED, "first position of the expression")                                             \
    X(T, POS, end, "end", _, NEED, "position behind it")                                                               \
    X(T, STR, text, "text", _, MAY, "the expression as it stands in the body")                                         \
    X(T, STR, value, "value", _, MAY, "TIMEX3 value (ISO 8601 with TIMEX3's extensions)")                              \
    X(T, STR, type, "type", _, MAY, "DATE, TIME, DURATION or SET")                                                     \
    X(T, STR, by, "by", _, MAY, "the rule that made it")

#define NW_QUANTITY_FIELDS(X, T)                                                                                       \
    X(T, POS, start, "start", _, NEED, "first position of the expression")                                             \
    X(T, POS, end, "end", _, NEED, "position behind it")                                                               \
    X(T, NUM, value, "value", _, MAY, "the number")                                                                    \
    X(T, STR, unit, "unit", _, MAY, "what is counted, percent, or an ISO 4217 code")                                   \
    X(T, STR, by, "by", _, MAY, "the rule that made it")

#define NW_KEYWORD_FIELDS(X, T)                                                                                        \
    X(T, STR, text, "text", _, NEED, "the keyword or phrase")                                                          \
    X(T, NUM, score, "score", _, MAY, "weight within the article, above 0")

#define NW_ANNOTATIONS_FIELDS(X, T)                                                                                    \
    X(T, SPANS, sentences, "sentences", _, MAY, "sentences of the body, in order")                                     \
    X(T, LIST, entities, "entities", entity, MAY, "names, in order of start")                                          \
    X(T, LIST, quotes, "quotes", quote, MAY, "quotations, in order of start")                                          \
    X(T, LIST, times, "times", timex, MAY, "time expressions, in order of start")                                      \
    X(T, LIST, quantities, "quantities", quantity, MAY, "amounts, in order of start")                                  \
    X(T, LIST, keywords, "keywords", keyword, MAY, "best first")

#define NW_KILLED_FIELDS(X, T)                                                                                         \
    X(T, STR, uri, "uri", _, NEED, "of an item that is taken back, in all its versions so far")

#define NW_STORY_FIELDS(X, T)                                                                                          \
    X(T, STR, id, "id", _, MAY, "one turn of events; never changed once put out")                                      \
    X(T, STR, thread, "thread", _, MAY, "the affair that the story belongs to")                                        \
    X(T, INT, seq, "seq", _, MAY, "place of the article in its story: 0, 1, …")                                        \
    X(T, STR, duplicate_of, "duplicateOf", _, MAY, "uri of the first article with this very text")                     \
    X(T, STR, near_duplicate_of, "nearDuplicateOf", _, MAY, "uri of the article that this nearly repeats")             \
    X(T, NUM, similarity, "similarity", _, MAY, "0 to 1, to the closest earlier article")                              \
    X(T, STR, revision_of, "revisionOf", _, MAY, "uri of the version that this one replaces")                          \
    X(T, LIST, kills, "kills", killed, MAY, "of a kill: the items that it takes back")                                 \
    X(T, INT, size, "size", _, MAY, "articles in the story so far, without those that were killed")                    \
    X(T, TIME, first, "first", _, MAY, "time of the story's first article")                                            \
    X(T, STR, headline, "headline", _, MAY, "the story's representative headline")

#define NW_STAGE_RUN_FIELDS(X, T)                                                                                      \
    X(T, STR, name, "name", _, NEED, "the stage")                                                                      \
    X(T, STR, version, "version", _, MAY, "its version")                                                               \
    X(T, NUM, ms, "ms", _, MAY, "milliseconds it spent on the record")

#define NW_LOG_PLACE_FIELDS(X, T) X(T, INT, oseq, "oseq", _, NEED, "place in the output log, from 1")

#define NW_PIPELINE_FIELDS(X, T)                                                                                       \
    X(T, INT, jseq, "jseq", _, MAY, "place in the journal: the order of acceptance")                                   \
    X(T, INT, sub, "sub", _, MAY, "0, 1, … among the articles that came of one journal entry")                         \
    X(T, INT, lane, "lane", _, MAY, "1: urgent, it overtook what waited; order is kept within a lane")                 \
    X(T, INT, beside_jseq, "besideJseq", _, MAY, "jseq of the newest article of the other lane that came out before")  \
    X(T, INT, beside_sub, "besideSub", _, MAY, "and its sub")                                                          \
    X(T, INT, oseq, "oseq", _, MAY, "place in the output log, from 1; readers miss those that were killed")            \
    X(T, LIST, kills, "kills", log_place, MAY, "of a kill: where the newest versions stand that it takes back")        \
    X(T, LIST, stages, "stages", stage_run, MAY, "the stages it went through")                                         \
    X(T, STR, schema, "schema", _, MAY, "schema hash of the record, hexadecimal")

#define NW_RECORD_FIELDS(X, T)                                                                                         \
    X(T, STR, uri, "uri", _, MAY, "the source's own id, or urn:newswire:…")                                            \
    X(T, STR, type, "type", _, MAY, "text")                                                                            \
    X(T, STR, version, "version", _, MAY, "the source's version of the item")                                          \
    X(T, TIME, first_created, "firstCreated", _, MAY, "publication, where the source knows it")                        \
    X(T, TIME, version_created, "versionCreated", _, MAY, "this version's own time")                                   \
    X(T, TIME, content_created, "contentCreated", _, MAY, "when the content was made")                                 \
    X(T, TIME, embargoed_until, "embargoedUntil", _, MAY, "not to be published before")                                \
    X(T, STR, pub_status, "pubStatus", _, MAY, "usable, withheld or canceled")                                         \
    X(T, INT, urgency, "urgency", _, MAY, "1 (flash) to 9")                                                            \
    X(T, STR, copyright_holder, "copyrightHolder", _, MAY, "who holds the rights")                                     \
    X(T, STR, copyright_notice, "copyrightNotice", _, MAY, "the notice to show")                                       \
    X(T, STR, usage_terms, "usageTerms", _, MAY, "what may be done with it")                                           \
    X(T, STR, ed_note, "edNote", _, MAY, "notes to editors, not for publication")                                      \
    X(T, STR, language, "language", _, MAY, "BCP 47; und when unknown")                                                \
    X(T, STR, title, "title", _, MAY, "a short name of the item, not its headline")                                    \
    X(T, LIST, headlines, "headlines", text, MAY, "role main first")                                                   \
    X(T, STR, by, "by", _, MAY, "byline, without By")                                                                  \
    X(T, STR, slugline, "slugline", _, MAY, "slug or keyword line of the wire")                                        \
    X(T, STR, located, "located", _, MAY, "where it was written: the dateline's place")                                \
    X(T, LIST, descriptions, "descriptions", text, MAY, "summaries")                                                   \
    X(T, LIST, bodies, "bodies", text, MAY, "one, role main, text/plain")                                              \
    X(T, LIST, people, "people", person, MAY, "people the article is about")                                           \
    X(T, LIST, organisations, "organisations", organisation, MAY, "organisations the article is about")                \
    X(T, LIST, places, "places", place, MAY, "places the article is about")                                            \
    X(T, LIST, subjects, "subjects", subject, MAY, "topics")                                                           \
    X(T, LIST, info_sources, "infoSources", info_source, MAY, "agencies")                                              \
    X(T, LIST, genres, "genres", genre, MAY, "genres")                                                                 \
    X(T, LIST, alt_ids, "altIds", alt_id, MAY, "other ids of the item")                                                \
    X(T, LIST, associations, "associations", association, MAY, "pictures and related items, as the source gave them")  \
    X(T, OBJ, standard, "standard", standard, MAY, "the standard the record follows")                                  \
    X(T, OBJ, source, "source", source, NEED, "where it came from")                                                    \
    X(T, OBJ, annotations, "annotations", annotations, MAY, "what the tagger found")                                   \
    X(T, OBJ, story, "story", story, MAY, "duplicates, revisions and stories")                                         \
    X(T, OBJ, pipeline, "pipeline", pipeline, MAY, "the record's way through newswired")                               \
    X(T, BIN, raw, "raw", _, MAY, "bytes as acquired; clean takes them off")

/* Every struct, each after those it holds: T(type, FIELDS). */
#define NW_RECORD_TYPES(T)                                                                                             \
    T(text, NW_TEXT_FIELDS)                                                                                            \
    T(symbol, NW_SYMBOL_FIELDS)                                                                                        \
    T(person, NW_PERSON_FIELDS)                                                                                        \
    T(organisation, NW_ORGANISATION_FIELDS)                                                                            \
    T(place, NW_PLACE_FIELDS)                                                                                          \
    T(subject, NW_SUBJECT_FIELDS)                                                                                      \
    T(info_source, NW_INFO_SOURCE_FIELDS)                                                                              \
    T(genre, NW_GENRE_FIELDS)                                                                                          \
    T(alt_id, NW_ALT_ID_FIELDS)                                                                                        \
    T(rendition, NW_RENDITION_FIELDS)                                                                                  \
    T(association, NW_ASSOCIATION_FIELDS)                                                                              \
    T(standard, NW_STANDARD_FIELDS)                                                                                    \
    T(source, NW_SOURCE_FIELDS)                                                                                        \
    T(entity, NW_ENTITY_FIELDS)                                                                                        \
    T(quote, NW_QUOTE_FIELDS)                                                                                          \
    T(timex, NW_TIMEX_FIELDS)                                                                                          \
    T(quantity, NW_QUANTITY_FIELDS)                                                                                    \
    T(keyword, NW_KEYWORD_FIELDS)                                                                                      \
    T(annotations, NW_ANNOTATIONS_FIELDS)                                                                              \
    T(killed, NW_KILLED_FIELDS)                                                                                        \
    T(story, NW_STORY_FIELDS)                                                                                          \
    T(stage_run, NW_STAGE_RUN_FIELDS)                                                                                  \
    T(log_place, NW_LOG_PLACE_FIELDS)                                                                                  \
    T(pipeline, NW_PIPELINE_FIELDS)                                                                                    \
    T(record, NW_RECORD_FIELDS)

#endif
