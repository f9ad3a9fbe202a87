/*
 * A seccomp filter by libseccomp: all is allowed but what is listed, since libraries (ICU, libzmq's threads) use more
 * calls than a list of ours would keep up with. The listed calls fail with EPERM rather than kill, so that a library
 * which tries one falls back or reports.
 */
#include "run/sandbox.h"

#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

static int refuse(scmp_filter_ctx filter, int call)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
}

static int refuse_always(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(execve),
        SCMP_SYS(execveat),
        SCMP_SYS(fork),
        SCMP_SYS(vfork),
        SCMP_SYS(ptrace),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(delete_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(reboot),
        SCMP_SYS(swapon),
        SCMP_SYS(swapoff),
        SCMP_SYS(acct),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(io_uring_setup),
    };
    int r = 0;

    for (size_t i = 0; i < sizeof calls / sizeof *calls && r == 0; i++)
        r = refuse(filter, calls[i]);
    return r;
}

/* Of families of sockets: those of the internet, of this machine, and netlink, by which libc learns its addresses. */
static int refuse_families(scmp_filter_ctx filter)
{
    int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GE, AF_MAX, 0));

    for (unsigned family = 0; family < AF_MAX && r == 0; family++) {
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6 && family != AF_NETLINK)
            r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, family, 0));
    }
    return r;
}

static int refuse_network(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
}

static int refuse_writes(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(unlink),   SCMP_SYS(unlinkat),  SCMP_SYS(rename),   SCMP_SYS(renameat), SCMP_SYS(renameat2),
        SCMP_SYS(mkdir),    SCMP_SYS(mkdirat),   SCMP_SYS(rmdir),    SCMP_SYS(link),     SCMP_SYS(linkat),
        SCMP_SYS(symlink),  SCMP_SYS(symlinkat), SCMP_SYS(truncate), SCMP_SYS(creat),    SCMP_SYS(chmod),
        SCMP_SYS(fchmodat), SCMP_SYS(chown),     SCMP_SYS(fchownat),
    };
    static const unsigned modes[] = {O_WRONLY, O_RDWR};
    int r = 0;

    for (size_t i = 0; i < sizeof calls / sizeof *calls && r == 0; i++)
        r = refuse(filter, calls[i]);
    for (size_t i = 0; i < sizeof modes / sizeof *modes && r == 0; i++) {
        r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1,
                             SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, modes[i]));
        if (r == 0)
            r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
                                 SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, modes[i]));
    }
    return r;
}

int nw_sandbox_enter(const struct nw_sandbox *sandbox)
{
    scmp_filter_ctx filter;
    int r;

    if (sandbox->memory_bytes) {
        struct rlimit limit = {.rlim_cur = sandbox->memory_bytes, .rlim_max = sandbox->memory_bytes};
        if (setrlimit(RLIMIT_AS, &limit) < 0)
            return nw_fault(-errno);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return nw_fault(-errno);
    filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return nw_fault(-ENOMEM);
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    r = refuse_always(filter);
    if (r == 0)
        r = sandbox->network ? refuse_families(filter) : refuse_network(filter);
    if (r == 0 && !sandbox->listens)
        r = refuse(filter, SCMP_SYS(listen));
    if (r == 0 && !sandbox->writes)
        r = refuse_writes(filter);
    if (r == 0)
        r = seccomp_load(filter);
    seccomp_release(filter);
    return r < 0 ? nw_fault(r) : 0;
}
