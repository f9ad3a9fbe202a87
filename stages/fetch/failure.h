/* The words for an errno value. */
#ifndef FETCH_FAILURE_H
#define FETCH_FAILURE_H

enum { FAILURE_TEXT = 128 };

/* Writes them to text and returns it. error: positive or negative. */
const char *failure_text(int error, char text[FAILURE_TEXT]);

#endif
