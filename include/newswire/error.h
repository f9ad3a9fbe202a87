/*
 * Two classes of error, and never one in the other's clothes (the idea is dbus-broker's):
 *
 *   negative  a fault of the program or the machine, as a negative errno value: trace it with nw_fault() where it
 *             arises, pass it up unchanged, never handle it halfway;
 *   positive  an outcome that the function documents and the caller must handle (an enum of its own);
 *   0         done.
 */
#ifndef NEWSWIRE_ERROR_H
#define NEWSWIRE_ERROR_H

/* Logs where a fault arose and returns it: `return nw_fault(-errno);`. error < 0. */
#define nw_fault(error) nw_fault_at(__FILE__, __LINE__, __func__, (error))

int nw_fault_at(const char *file, int line, const char *function, int error);

#endif
