/*
 * The stage as its owners see it: records with their source, in order, whatever the room that pull is given; complaints
 * that name the file; streams that have nothing for now; bounds.
 */
#include "unit/fetch/harness.h"

#include "conf/conf.h"
#include "fetch.h"
#include "run/context.h"

#include <newswire/clock.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern const struct nw_stage nw_stage_fetch;

static char root[64];

struct life {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out; /* a line for each record and each complaint */
    size_t emitted;
};

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "fetch_test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", root, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int take(struct nw_stage_context *context, struct nw_record *record)
{
    struct life *life = context->owner;
    const struct nw_source *source = record->source;

    assert_true(NW_HAS(record, record, raw));
    assert_true(NW_HAS(source, source, path) && NW_HAS(source, source, received));
    nw_buf_printf(&life->out, "%.*s#%lld", NW_FMT(source->path), (long long)source->index);
    if (NW_HAS(source, source, format))
        nw_buf_printf(&life->out, " format=%.*s", NW_FMT(source->format));
    if (NW_HAS(source, source, declared))
        nw_buf_printf(&life->out, " declared=%.*s", NW_FMT(source->declared));
    if (NW_HAS(source, source, url))
        nw_buf_printf(&life->out, " url=%.*s", NW_FMT(source->url));
    if (NW_HAS(source, source, feed))
        nw_buf_printf(&life->out, " feed=%.*s", NW_FMT(source->feed));
    nw_buf_printf(&life->out, " [%.*s]\n", NW_FMT(nw_str(record->raw.p, record->raw.n < 100 ? record->raw.n : 100)));
    life->emitted++;
    nw_arena_reset(&life->arena);
    return 0;
}

static void note(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    struct life *life = context->owner;

    nw_buf_printf(&life->out, "%.*s: %s\n", NW_FMT(path), sentence);
}

/* `sources` is the list in JSON, in which @ stands for the folder. */
static void life_open(struct life *life, const char *sources)
{
    struct nw_buf json;
    char why[NW_CONF_WHY];

    memset(life, 0, sizeof *life);
    nw_buf_init(&life->out, TRANSCRIPT);
    nw_buf_init(&json, 1 << 16);
    nw_buf_printf(&json, "{\"sources\":");
    for (; *sources; sources++) {
        if (*sources == '@')
            nw_buf_str(&json, nw_str_z(root));
        else
            nw_buf_char(&json, *sources);
    }
    nw_buf_char(&json, '}');
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &life->conf, why), 0);
    nw_buf_free(&json);
    life->context.arena = &life->arena;
    life->context.emit = take;
    life->context.complain = note;
    life->context.owner = life;
    assert_int_equal(nw_context_open(&life->context, &nw_stage_fetch, life->conf), 0);
}

static void life_close(struct life *life)
{
    nw_context_close(&life->context);
    nw_arena_free(&life->arena);
    nw_buf_free(&life->out);
    nw_conf_free(&life->conf);
}

/* Pulls until the source rests or ends; asserts that it keeps to its room. */
static int life_pull(struct life *life, size_t room)
{
    for (;;) {
        size_t before = life->emitted;
        int pulled = nw_stage_fetch.pull(&life->context, life->context.state, room);

        assert_true(pulled >= 0);
        assert_true(life->emitted - before <= room);
        if (pulled != NW_PULLED)
            return pulled;
    }
}

/* The lines of a life; the folder's name is written as @. */
static char *lines(struct life *life)
{
    struct nw_buf out;
    struct nw_str rest = nw_buf_view(&life->out);

    nw_buf_init(&out, TRANSCRIPT);
    while (rest.n) {
        if (nw_str_starts(rest, nw_str_z(root))) {
            nw_buf_char(&out, '@');
            rest = nw_str_from(rest, strlen(root));
        } else {
            nw_buf_char(&out, *rest.p);
            rest = nw_str_from(rest, 1);
        }
    }
    nw_buf_char(&out, '\0');
    return out.p;
}

static void expect(const char *sources, const char *expected)
{
    for (size_t room = 1; room < 6; room++) {
        struct life life;
        char *got;

        life_open(&life, sources);
        assert_int_equal(life_pull(&life, room), NW_ENDED);
        got = lines(&life);
        assert_string_equal(got, expected);
        free(got);
        life_close(&life);
    }
}

static void files(void **state)
{
    char path[96];

    (void)state;
    put("b.ndjson", "{\"b\":0}\n{\"b\":1}\n");
    put("a.txt", "Words.");
    put("empty", "");
    put("cut.sgm", "<REUTERS>one</REUTERS>\n<REUTERS>two");
    put(".hidden", "No.");
    snprintf(path, sizeof path, "%s/in", root);
    assert_int_equal(mkdir(path, 0777), 0);
    put("in/c.txt", "Deep.");
    expect("[{\"kind\":\"files\",\"paths\":[\"@/missing\",\"@\",\"@/a.txt\"]}]",
           "@/missing: can't be opened: No such file or directory\n"
           "@/a.txt#0 [Words.]\n"
           "@/b.ndjson#0 format=ndjson [{\"b\":0}]\n"
           "@/b.ndjson#1 format=ndjson [{\"b\":1}]\n"
           "@/cut.sgm#0 format=reuters-sgml [<REUTERS>one</REUTERS>]\n"
           "@/cut.sgm: item 1 at byte 23: cut off after 12 bytes, the end comes before its </REUTERS>; left out\n"
           "@/empty: is empty: nothing to read\n"
           "@/in/c.txt#0 [Deep.]\n"
           "@/a.txt#0 [Words.]\n");
    /* What the user says that it is goes before what it looks like. */
    expect("[{\"kind\":\"files\",\"paths\":[\"@/b.ndjson\"],\"format\":\"text\",\"name\":\"desk\"}]",
           "@/b.ndjson#0 format=text feed=desk [{\"b\":0}\n{\"b\":1}\n]\n");
    expect("[]", "");
}

static void patterns(void **state)
{
    char path[96];

    (void)state;
    put("2.txt", "Two.");
    put("1.txt", "One.");
    put("1.xml", "<p>Markup.</p>");
    put("*.log", "A name with a sign in it.");
    snprintf(path, sizeof path, "%s/in.txt", root);
    assert_int_equal(mkdir(path, 0777), 0);
    put("in.txt/c.xml", "Deep.");
    put("in.txt/d.bin", "Left out.");
    expect("[{\"kind\":\"files\",\"paths\":[\"@/[0-9].txt\",\"@/*.log\",\"@/*.none\",\"@/1.xml\"]}]",
           "@/1.txt#0 [One.]\n"
           "@/2.txt#0 [Two.]\n"
           "@/*.log#0 [A name with a sign in it.]\n"
           "@/*.none: no file fits this pattern\n"
           "@/1.xml#0 [<p>Markup.</p>]\n");
    /* A folder that fits is walked; `patterns` says which of its files are taken, and nothing of files that are named.
     */
    expect("[{\"kind\":\"files\",\"paths\":[\"@/*.txt\"],\"patterns\":[\"*.xml\"]}]", "@/1.txt#0 [One.]\n"
                                                                                      "@/2.txt#0 [Two.]\n"
                                                                                      "@/in.txt/c.xml#0 [Deep.]\n");
}

static void warc(void **state)
{
    (void)state;
    put("a.warc", "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\xFF\r\nContent-Type: "
                  "application/http\r\n"
                  "Content-Length: 50\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>One\r\n\r\n");
    expect("[{\"kind\":\"files\",\"paths\":[\"@/a.warc\"]}]",
           "@/a.warc#0 declared=text/html url=http://example.org/\xEF\xBF\xBD [<p>One]\n");
    put("none.warc", "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 2\r\n\r\nNo\r\n\r\n");
    expect("[{\"kind\":\"files\",\"paths\":[\"@/none.warc\"]}]",
           "@/none.warc: no article in it: read as WARC, parts passed over: 1\n");
}

/* A pipe: items come out as their lines do; nothing is waited for; the owner is told what to wait for. */
static void stream(void **state)
{
    struct life life;
    int ends[2];
    char sources[128], *got;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    snprintf(sources, sizeof sources, "[{\"kind\":\"files\",\"paths\":[\"/dev/fd/%d\"],\"format\":\"ndjson\"}]",
             ends[0]);
    life_open(&life, sources);
    assert_int_equal(life_pull(&life, 3), NW_IDLE);
    assert_true(life.context.wait_fd >= 0);
    assert_int_equal(life.emitted, 0);
    assert_int_equal(write(ends[1], "{\"a\":1}\n{\"a\"", 12), 12);
    assert_int_equal(life_pull(&life, 3), NW_IDLE);
    assert_int_equal(life.emitted, 1);
    assert_int_equal(write(ends[1], ":2}\n{\"a\":3}", 11), 11);
    assert_int_equal(life_pull(&life, 3), NW_IDLE);
    assert_int_equal(life.emitted, 2);
    close(ends[1]);
    assert_int_equal(life_pull(&life, 3), NW_ENDED);
    assert_int_equal(life.emitted, 3);
    got = lines(&life);
    assert_non_null(strstr(got, "#2 format=ndjson [{\"a\":3}]"));
    free(got);
    life_close(&life);
    close(ends[0]);
}

/* A stream that has nothing keeps no other source from its work. */
static void turns(void **state)
{
    struct life life;
    int ends[2];
    char sources[256];

    (void)state;
    put("a.txt", "Words.");
    assert_int_equal(pipe(ends), 0);
    snprintf(sources, sizeof sources,
             "[{\"kind\":\"files\",\"paths\":[\"/dev/fd/%d\"]},{\"kind\":\"files\",\"paths\":[\"@/a.txt\"]}]", ends[0]);
    life_open(&life, sources);
    assert_int_equal(life_pull(&life, 3), NW_IDLE);
    assert_int_equal(life.emitted, 1);
    assert_int_equal(write(ends[1], "Late.", 5), 5);
    close(ends[1]);
    assert_int_equal(life_pull(&life, 3), NW_ENDED);
    assert_int_equal(life.emitted, 2);
    life_close(&life);
    close(ends[0]);
}

/* Writes `count` times `piece` into a file. */
static void put_much(const char *name, const char *before, const char *piece, size_t count, const char *behind)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", root, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(before, file);
    for (size_t i = 0; i < count; i++)
        fputs(piece, file);
    fputs(behind, file);
    fclose(file);
}

/* 100 MB in one line, as text, as an element, as an object: a sentence each, and the rest comes; with little memory. */
static void bounds(void **state)
{
    pid_t pid;
    int status;

    (void)state;
    put_much("line.txt", "Head\n\n", "words and words ", 6250000, "");
    put_much("line.ndjson", "{\"a\":1}\n{\"b\":\"", "words and words ", 6250000, "\"}\n{\"c\":3}\n");
    put_much("line.sgm", "<REUTERS>a</REUTERS><REUTERS>", "words and words ", 6250000,
             "</REUTERS><REUTERS>c</REUTERS>");
    expect("[{\"kind\":\"files\",\"paths\":[\"@/line.txt\",\"@/line.ndjson\",\"@/line.sgm\"]}]",
           "@/line.txt: 100000006 bytes, more than the 16 MiB that a record may have; split it\n"
           "@/line.ndjson#0 format=ndjson [{\"a\":1}]\n"
           "@/line.ndjson: line 2 at byte 8: 100000008 bytes, more than the 16 MiB that a record may have; split it\n"
           "@/line.ndjson#1 format=ndjson [{\"c\":3}]\n"
           "@/line.sgm#0 format=reuters-sgml [<REUTERS>a</REUTERS>]\n"
           "@/line.sgm: item 1 at byte 20: 100000019 bytes, more than the 16 MiB that a record may have; split it\n"
           "@/line.sgm#1 format=reuters-sgml [<REUTERS>c</REUTERS>]\n");
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rusage before, after;
        struct life life;

        getrusage(RUSAGE_SELF, &before);
        life_open(&life, "[{\"kind\":\"files\",\"paths\":[\"@\"]}]");
        life_pull(&life, 1);
        getrusage(RUSAGE_SELF, &after);
        _exit(after.ru_maxrss - before.ru_maxrss < 100 << 10 ? 0 : 1); /* KiB */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* The largest item that passes, and one byte more. */
static void largest(void **state)
{
    struct life life;
    char *got, sentence[128];

    (void)state;
    put_much("fits", "", "0123456789abcdef", ITEM_MAX / 16, "");
    put_much("larger", "", "0123456789abcdef", ITEM_MAX / 16, "x");
    life_open(&life, "[{\"kind\":\"files\",\"paths\":[\"@/fits\",\"@/larger\"]}]");
    assert_int_equal(life_pull(&life, 1), NW_ENDED);
    got = lines(&life);
    snprintf(sentence, sizeof sentence, "@/larger: %d bytes, more than the 16 MiB", ITEM_MAX + 1);
    assert_non_null(strstr(got, "@/fits#0"));
    assert_non_null(strstr(got, sentence));
    free(got);
    life_close(&life);
}

static void zeroed(void **state)
{
    struct nw_stage_context context = {.stage = &nw_stage_fetch};

    (void)state;
    context.state = calloc(1, nw_stage_fetch.state_size);
    assert_non_null(context.state);
    nw_stage_fetch.free(context.state);
    free(context.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files, make_root, drop_root),
        cmocka_unit_test_setup_teardown(patterns, make_root, drop_root),
        cmocka_unit_test_setup_teardown(warc, make_root, drop_root),
        cmocka_unit_test_setup_teardown(stream, make_root, drop_root),
        cmocka_unit_test_setup_teardown(turns, make_root, drop_root),
        cmocka_unit_test_setup_teardown(bounds, make_root, drop_root),
        cmocka_unit_test_setup_teardown(largest, make_root, drop_root),
        cmocka_unit_test(zeroed),
    };

    return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
