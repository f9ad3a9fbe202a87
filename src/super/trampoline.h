/*
 * newswired starts each child through itself: `newswired child PPID MEMORY_MB -- PROGRAM ARGUMENT…`. libuv has no hook
 * between fork and exec, and these must be done by the child itself:
 *
 * - prctl(PR_SET_PDEATHSIG, SIGKILL), so that no child outlives the supervisor, however that ends. SIGKILL and not
 *   SIGTERM: stages are made to be killed (what they held is leased to others), a stopped or hung child would not act
 * on SIGTERM, and nobody is left who would follow up.
 * - then comparing getppid() with the PPID that it was told: if the supervisor died before the prctl, no signal comes.
 * - closing every descriptor above the lifeline, 3: none of them is the child's.
 * - standard output joined to standard error, which the supervisor reads; the limit on memory.
 */
#ifndef SUPER_TRAMPOLINE_H
#define SUPER_TRAMPOLINE_H

enum {
    TRAMPOLINE_ORPHAN = 125,  /* exit status: the supervisor was gone already */
    TRAMPOLINE_NO_EXEC = 127, /* the program could not be executed; a line says why */
};

#define TRAMPOLINE_WORD "child"

/* argv as above. Returns an exit status where it did not become the program. */
int trampoline(int argc, char **argv);

#endif
