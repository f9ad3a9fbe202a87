/* Names for one life of a process. */
#ifndef NEWSWIRE_UUID_H
#define NEWSWIRE_UUID_H

enum { NW_UUID = 37 };

/* A random UUID (RFC 9562, version 4) as text. 0 or a negative fault. */
int nw_uuid(char out[NW_UUID]);

#endif
