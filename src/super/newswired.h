/* The program newswired, whole: main only calls it, and so do tests. */
#ifndef SUPER_NEWSWIRED_H
#define SUPER_NEWSWIRED_H

/* Returns the exit status: 0 stopped or all well, 1 usage or configuration, 2 could not start. */
int newswired(int argc, char **argv);

#endif
