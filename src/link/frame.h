/*
 * The headers of the delivery protocol (stages/PROTOCOL.md), declared once: each message is one X-macro list of its
 * fields, in the order in which they stand behind [version, type, epoch]. The lists yield the structs and both
 * directions of the codec.
 *
 *   F(kind, member)   U64      uint64_t                              STR      text
 *                     MARK     [jseq, sub, oseq, journal, jseq, sub] or nil
 *                     SIZES    list of uint32_t                      ENTRIES  list of [jseq, sub, size, lane]
 *                     RESULTS  list of [outcome, …]                  REJECTS  list of [fseq, sentence]
 *                     PAGE     list of [oseq, size]                  NUMBERS  list of uint64_t
 *                     INDEXES  list of uint64_t; may be missing at the end
 *
 * A reader ignores elements behind those that it knows. Strings of a decoded header alias the bytes it was read from;
 * lists are in the arena.
 */
#ifndef LINK_FRAME_H
#define LINK_FRAME_H

#include <newswire/arena.h>
#include <newswire/buf.h>
#include <newswire/record.h>

#include <stdint.h>

enum {
    NW_PROTOCOL_VERSION = 2,
    NW_HEADER_MAX = 1 << 20,                /* bytes of a header */
    NW_FRAME_MAX = (16 << 20) + (64 << 10), /* bytes of a frame: the largest record, with room */
    NW_BATCH_RECORDS = 4096,                /* most records in one message */
};

#define NW_HELLO_FIELDS(F)                                                                                             \
    F(STR, role)     /* worker, feeder, watcher */                                                                     \
    F(STR, stage)    /* the stage served, or the feeder's name */                                                      \
    F(STR, instance) /* uuid of this life of the process */                                                            \
    F(STR, build)                                                                                                      \
    F(U64, pid)                                                                                                        \
    F(STR, host)                                                                                                       \
    F(U64, schema) /* nw_record_schema() */                                                                            \
    F(MARK, mark)  /* an ordered stage: the last record in its log */
#define NW_WELCOME_FIELDS(F)                                                                                           \
    F(STR, config) /* JSON object: the stage's section */                                                              \
    F(U64, window) /* workers: batches; feeders: records */                                                            \
    F(U64, lease_ms)                                                                                                   \
    F(U64, heartbeat_ms)                                                                                               \
    F(U64, batch_records)                                                                                              \
    F(U64, batch_bytes)                                                                                                \
    F(U64, fseq)       /* feeders: the next one expected */                                                            \
    F(U64, journal)    /* id of the journal that jseq counts in */                                                     \
    F(U64, article_ms) /* workers: CPU time for one record; 0: no bound */
#define NW_CREDIT_FIELDS(F) F(U64, window) F(U64, depth)
#define NW_WORK_FIELDS(F)   F(U64, lease) F(U64, attempt) F(ENTRIES, entries)
#define NW_DONE_FIELDS(F)   F(U64, lease) F(U64, busy_us) F(RESULTS, results)
#define NW_SUBMIT_FIELDS(F)                                                                                            \
    F(STR, feeder)                                                                                                     \
    F(U64, fseq)                                                                                                       \
    F(SIZES, sizes)                                                                                                    \
    F(INDEXES, urgent) /* which of them, from 0, overtake what waits */
#define NW_ACCEPT_FIELDS(F) F(STR, feeder) F(U64, fseq) F(U64, window) F(REJECTS, rejects)
#define NW_PING_FIELDS(F)
#define NW_RESET_FIELDS(F) F(STR, why)
#define NW_DRAIN_FIELDS(F)
#define NW_BYE_FIELDS(F)  F(STR, why)
#define NW_LIVE_FIELDS(F) F(U64, oseq) F(U64, channel_seq) F(U64, log)
#define NW_HEAD_FIELDS(F) F(U64, oseq) F(U64, channel_seq) F(U64, log) F(U64, first)
#define NW_READ_FIELDS(F) F(U64, from) F(STR, query) F(U64, bytes)
#define NW_PAGE_FIELDS(F) F(U64, first) F(U64, next) F(U64, head) F(U64, log) F(PAGE, entries)
#define NW_RESOLVE_FIELDS(F)                                                                                           \
    F(U64, action)      /* enum nw_resolution */                                                                       \
    F(U64, log)         /* id of the dead-letter log that they were read in */                                         \
    F(NUMBERS, letters) /* their numbers in the dead-letter log; those of one jseq stand together */
#define NW_RESOLVED_FIELDS(F)                                                                                          \
    F(NUMBERS, letters) /* those that were open and now are dealt with, durably */                                     \
    F(NUMBERS, jseqs)   /* beside them: of a retried one its new jseq, 0 until there is room; else 0 */
#define NW_COMMIT_FIELDS(F)    F(STR, name) F(U64, log) F(U64, oseq)
#define NW_COMMITTED_FIELDS(F) F(STR, name) F(U64, log) F(U64, oseq)
#define NW_POSITION_FIELDS(F)  F(STR, name)

/* M(number on the wire, NAME, member) */
#define NW_MESSAGES(M)                                                                                                 \
    M(1, HELLO, hello)                                                                                                 \
    M(2, WELCOME, welcome)                                                                                             \
    M(3, CREDIT, credit)                                                                                               \
    M(4, WORK, work)                                                                                                   \
    M(5, DONE, done)                                                                                                   \
    M(6, SUBMIT, submit)                                                                                               \
    M(7, ACCEPT, accept)                                                                                               \
    M(8, PING, ping)                                                                                                   \
    M(9, RESET, reset)                                                                                                 \
    M(10, DRAIN, drain)                                                                                                \
    M(11, BYE, bye)                                                                                                    \
    M(12, LIVE, live)                                                                                                  \
    M(13, HEAD, head)                                                                                                  \
    M(14, READ, read)                                                                                                  \
    M(15, PAGE, page)                                                                                                  \
    M(16, RESOLVE, resolve)                                                                                            \
    M(17, RESOLVED, resolved)                                                                                          \
    M(18, COMMIT, commit)                                                                                              \
    M(19, COMMITTED, committed)                                                                                        \
    M(20, POSITION, position)

enum nw_message {
#define NW_MESSAGE_NUMBER(number, NAME, member) NW_##NAME = number,
    NW_MESSAGES(NW_MESSAGE_NUMBER)
#undef NW_MESSAGE_NUMBER
};

/* Order is kept within a lane; what is in the urgent one overtakes what waits in the other. */
enum nw_lane { NW_LANE_NORMAL, NW_LANE_URGENT, NW_LANES };

/* How far an ordered stage's log is. */
struct nw_mark {
    bool set;
    struct nw_lane_mark {
        uint64_t jseq, sub;
    } lanes[NW_LANES]; /* the newest record of each; jseq 0: none */
    uint64_t oseq;     /* of the newest of all */
    uint64_t journal;  /* id of the journal that jseq counts in */
};

struct nw_sizes {
    uint32_t *v;
    size_t n;
};

struct nw_entries {
    struct nw_entry {
        uint64_t jseq, sub;
        uint32_t size; /* bytes in the body */
        enum nw_lane lane;
    } * v;
    size_t n;
};

enum nw_outcome {
    NW_OUTPUTS = 0,  /* sizes of 1… outputs */
    NW_LEFT_OUT = 1, /* dropped, with the reason */
    NW_FAILED = 2,   /* to the dead letters, with the reason */
    NW_AGAIN = 3,    /* the lease goes back */
};

struct nw_results {
    struct nw_result {
        enum nw_outcome outcome;
        struct nw_str reason;
        struct nw_sizes outputs;
    } * v;
    size_t n;
};

struct nw_rejects {
    struct nw_reject {
        uint64_t fseq;
        struct nw_str why;
    } * v;
    size_t n;
};

struct nw_numbers {
    uint64_t *v;
    size_t n;
};

/* What is to become of dead letters. */
enum nw_resolution {
    NW_RESOLVE_RETRY = 1, /* what was accepted goes through all stages again, under a new jseq */
    NW_RESOLVE_DROP = 2,
};

struct nw_page_entries {
    struct nw_page_entry {
        uint64_t oseq;
        uint32_t size;
    } * v;
    size_t n;
};

#define NW_FRAME_TYPE_U64             uint64_t
#define NW_FRAME_TYPE_STR             struct nw_str
#define NW_FRAME_TYPE_MARK            struct nw_mark
#define NW_FRAME_TYPE_SIZES           struct nw_sizes
#define NW_FRAME_TYPE_ENTRIES         struct nw_entries
#define NW_FRAME_TYPE_RESULTS         struct nw_results
#define NW_FRAME_TYPE_REJECTS         struct nw_rejects
#define NW_FRAME_TYPE_PAGE            struct nw_page_entries
#define NW_FRAME_TYPE_NUMBERS         struct nw_numbers
#define NW_FRAME_TYPE_INDEXES         struct nw_numbers
#define NW_FRAME_MEMBER(kind, member) NW_FRAME_TYPE_##kind member;

struct nw_header {
    enum nw_message type;
    uint64_t epoch; /* one life of the broker (or publisher); 0 before it is known */
    union {
#define NW_FRAME_STRUCT(number, NAME, name)                                                                            \
    struct nw_##name##_header {                                                                                        \
        char unused;                                                                                                   \
        NW_##NAME##_FIELDS(NW_FRAME_MEMBER)                                                                            \
    } name;
        NW_MESSAGES(NW_FRAME_STRUCT)
#undef NW_FRAME_STRUCT
    };
};

/* How the sentence begins with which an ordered stage refuses what is not to be published yet: a time as nw_time_print
 * writes it follows. The broker lets such a record begin anew by itself when it is due. */
#define NW_EMBARGOED NW_S("embargoed until ")

enum { NW_BAD_HEADER = 1 };

/* The message's name in capitals. */
const char *nw_message_name(enum nw_message type);

/* Appends the header. 0 or out->error. */
int nw_header_encode(const struct nw_header *header, struct nw_buf *out);

/* Reads a header that fills `bytes`. 0, NW_BAD_HEADER (why says what was expected) or -ENOMEM. */
int nw_header_decode(struct nw_arena *arena, struct nw_str bytes, struct nw_header *header, char why[NW_WHY]);

/* Whether the sizes that the header names (WORK, SUBMIT, DONE, PAGE) make up exactly `body` bytes. */
bool nw_header_fits(const struct nw_header *header, size_t body);

#endif
