/* The folders that a daemon needs, and the lock that keeps a second one out of them. */
#ifndef SUPER_FOLDERS_H
#define SUPER_FOLDERS_H

/* Makes what a stage that stands apart has below them. 0, or -1 after a line. */
int folders_apart(const char *run_dir, const char *data_dir, const char *stage);

/* Makes run_dir (mode 0700; one that is there must be private) and data_dir, and locks run_dir for the life of this
 * process. Returns the lock's descriptor, or -1 after a line that says what to do. */
int folders_take(const char *run_dir, const char *data_dir);

#endif
