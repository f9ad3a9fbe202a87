/* Reading a query before anybody is asked with it. */
#ifndef CLI_CHECK_QUERY_H
#define CLI_CHECK_QUERY_H

/* Whether it is one; else it is told what is wrong, with a mark below the place. 0 or EXIT_USAGE. */
int query_check(const char *command, const char *text);

#endif
