/*
 * Checks of what a daemon listens on and connects to. Listening on tcp asks for keys by itself, unless broker.insecure;
 * so only a connection can be without.
 */
#include "endpoints.h"

static bool tcp(struct nw_str endpoint)
{
    struct nw_str rest = nw_str_from(endpoint, 6);
    size_t colon = rest.n;

    if (!nw_str_starts(endpoint, NW_S("tcp://")))
        return false;
    while (colon > 0 && rest.p[colon - 1] != ':')
        colon--;
    return colon > 1 && colon < rest.n;
}

static void check_listen(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    const struct nw_conf *broker = nw_conf_under(daemon->conf, "broker");
    int line = nw_conf_line(broker, "listen");

    for (size_t i = 0; i < nw_conf_count(broker, "listen"); i++) {
        struct nw_str endpoint = nw_conf_str_at(broker, "listen", i);
        if (!tcp(endpoint))
            conf_problem(problems, line, "broker.listen[%zu] is \"%.100s\"; it must be tcp://ADDRESS:PORT", i,
                         endpoint.p);
    }
}

static void check_publish(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    static const char *const keys[] = {"live", "past"};
    const struct nw_conf *publish = nw_conf_under(daemon->conf, "publish");

    for (size_t i = 0; i < 2; i++) {
        struct nw_str endpoint = nw_conf_str(publish, keys[i]);
        int line = nw_conf_line(publish, keys[i]);
        if (endpoint.n == 0)
            continue;
        if (!tcp(endpoint))
            conf_problem(problems, line, "publish.%s is \"%.100s\"; it must be tcp://ADDRESS:PORT", keys[i],
                         endpoint.p);
        if (nw_conf_str(publish, keys[1 - i]).n == 0)
            conf_problem(problems, line, "publish.%s is of no use without publish.%s: a subscriber needs both", keys[i],
                         keys[1 - i]);
        if (daemon->joins)
            conf_problem(problems, line, "publish.%s belongs in the configuration of the daemon that %s names", keys[i],
                         "join");
    }
}

/* Whether what is sent there stays on this machine. */
static bool loopback(struct nw_str endpoint)
{
    return nw_str_starts(endpoint, NW_S("ipc://")) || nw_str_starts(endpoint, NW_S("tcp://127.")) ||
           nw_str_starts(endpoint, NW_S("tcp://localhost:")) || nw_str_starts(endpoint, NW_S("tcp://[::1]:"));
}

static void check_join(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    struct nw_str join = nw_conf_str(daemon->conf, "join");
    bool public = nw_conf_str(daemon->conf, "join_key").n > 0, own = nw_conf_str(daemon->conf, "key").n > 0;
    int line = nw_conf_line(daemon->conf, "join");

    if (join.n == 0) {
        if (public || own)
            conf_problem(problems, nw_conf_line(daemon->conf, public ? "join_key" : "key"),
                         "%s is the key for join, which is not there; the broker's own key is broker.key",
                         public ? "join_key" : "key");
        return;
    }
    if (!tcp(join) && !nw_str_starts(join, NW_S("ipc://")))
        conf_problem(problems, line,
                     "join is \"%.100s\"; it must be tcp://HOST:PORT (or ipc://PATH of a broker on this machine)",
                     join.p);
    else if (public != own)
        conf_problem(problems, nw_conf_line(daemon->conf, public ? "join_key" : "key"),
                     "join_key and key go together: the broker's public key, and one of this machine made by newswire "
                     "keygen");
    else if (!public && !loopback(join) && !nw_conf_bool(nw_conf_under(daemon->conf, "broker"), "insecure"))
        conf_problem(problems, line,
                     "join leads to another machine and no keys are named, so anybody on the way could read and change "
                     "what passes; name join_key and key (newswire keygen makes them), or set broker.insecure: true "
                     "where every machine is trusted");
}

void endpoints_check(struct conf_problems *problems, const struct nw_daemon *daemon)
{
    check_listen(problems, daemon);
    check_publish(problems, daemon);
    check_join(problems, daemon);
}
