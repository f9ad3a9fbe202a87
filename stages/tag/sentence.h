/* Sentences: marks the tokens that begin one. A paragraph's first token always does. */
#ifndef TAG_SENTENCE_H
#define TAG_SENTENCE_H

#include "document.h"

void sentences_mark(struct document *document);

#endif
