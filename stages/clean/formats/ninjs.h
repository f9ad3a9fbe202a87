/* One ninjs object, alone or as a line of NDJSON. */
#ifndef CLEAN_FORMATS_NINJS_H
#define CLEAN_FORMATS_NINJS_H

#include "format.h"
#include "json.h"

/* Whether an object has the marks of ninjs. */
bool ninjs_is(const struct json *object);

/* Reads it and emits the article: a verdict. */
int ninjs_read(const struct input *input, const struct json *object, const char *format, const char *charset);

#endif
