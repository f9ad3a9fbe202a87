/*
 * Packed files and archives: what was packed comes out, whatever the packing; and what is cut off or damaged at any
 * byte gives what came before it and one complaint or more, never a crash.
 */
#define ZLIB_CONST
#include "unit/fetch/harness.h"

#include <zlib.h>
#include <zstd.h>

#include <fcntl.h>

static const char articles[] = "<REUTERS 1>Rain in Oslo.</REUTERS>\n<REUTERS 2>Snow in Turin.</REUTERS>\n"
                               "<REUTERS 3>Wind in Porto, wind in Lagos, wind in Perth.</REUTERS>\n";

/* ---- packing */

static void pack_gzip(struct nw_buf *out, struct nw_str s, int bits)
{
    z_stream z = {.next_in = (const Bytef *)(s.p ? s.p : ""), .avail_in = (uInt)s.n};
    size_t most;

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    most = s.n / 8 + 4096; /* what the tests pack is short or dull */
    assert_int_equal(nw_buf_reserve(out, most), 0);
    z.next_out = (Bytef *)out->p + out->n;
    z.avail_out = (uInt)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->n += most - z.avail_out;
    deflateEnd(&z);
}

static void pack_zstd(struct nw_buf *out, struct nw_str s)
{
    size_t most = ZSTD_compressBound(s.n), n;

    assert_int_equal(nw_buf_reserve(out, most), 0);
    n = ZSTD_compress(out->p + out->n, most, s.p, s.n, 3);
    assert_false(ZSTD_isError(n));
    out->n += n;
}

static void pack_tar_member(struct nw_buf *out, const char *name, char type, struct nw_str s)
{
    char header[512] = "", zeros[512] = "";
    unsigned sum = 0;

    snprintf(header, 100, "%s", name);
    snprintf(header + 100, 8, "0000644");
    snprintf(header + 124, 12, "%011zo", s.n);
    header[156] = type;
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < sizeof header; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    nw_buf_add(out, header, sizeof header);
    nw_buf_str(out, s);
    nw_buf_add(out, zeros, (512 - s.n % 512) % 512);
}

static void put(struct nw_buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        nw_buf_char(out, (char)(value >> 8 * i));
}

/* A member with its sizes in front (flags 0) or behind (flags 8). */
static void pack_zip_member(struct nw_buf *out, const char *name, unsigned method, unsigned flags, struct nw_str s)
{
    uLong crc = crc32(crc32(0, NULL, 0), (const Bytef *)s.p, (uInt)s.n);
    struct nw_buf packed;

    nw_buf_init(&packed, 1 << 24);
    if (method == 8)
        pack_gzip(&packed, s, -15);
    else
        nw_buf_str(&packed, s);
    nw_buf_add(out, "PK\3\4\24\0", 6);
    put(out, flags, 2);
    put(out, method, 2);
    put(out, 0, 4);
    put(out, flags & 8 ? 0 : crc, 4);
    put(out, flags & 8 ? 0 : packed.n, 4);
    put(out, flags & 8 ? 0 : s.n, 4);
    put(out, strlen(name), 2);
    put(out, 0, 2);
    nw_buf_str(out, nw_str_z(name));
    nw_buf_str(out, nw_buf_view(&packed));
    if (flags & 8) {
        nw_buf_add(out, "PK\7\10", 4);
        put(out, crc, 4);
        put(out, packed.n, 4);
        put(out, s.n, 4);
    }
    nw_buf_free(&packed);
}

static void pack_zip_end(struct nw_buf *out)
{
    nw_buf_add(out, "PK\1\2", 4);
    nw_buf_add(out, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
}

/* ---- reading */

static void expect(const struct nw_buf *bytes, const char *name, const char *expected)
{
    char *got = read_bytes(nw_buf_view(bytes), name, "");

    assert_int_equal(bytes->error, 0);
    assert_string_equal(got, expected);
    free(got);
}

/* Cut off at every byte: the items are the first ones of the whole, and something is told. Damaged at every byte: no
 * fault, and at least one item or complaint. */
static void expect_robust(const struct nw_buf *bytes, const char *name)
{
    struct nw_str s = nw_buf_view(bytes);
    char *whole = read_bytes(s, name, "");
    uint32_t seed = 7;

    for (size_t n = 0; n < s.n; n++) {
        char *got = read_bytes(nw_str(s.p, n), name, ""), *bad = strstr(got, "bad: ");
        char *damaged = malloc(s.n), *other;

        assert_true(*got);
        if (bad) /* items before the first complaint */
            assert_memory_equal(got, whole, (size_t)(bad - got) < strlen(whole) ? (size_t)(bad - got) : strlen(whole));
        free(got);
        assert_non_null(damaged);
        memcpy(damaged, s.p, s.n);
        damaged[n] = (char)(damaged[n] ^ (1 << dice(&seed) % 8));
        other = read_bytes(nw_str(damaged, s.n), name, "");
        assert_true(*other);
        free(other);
        free(damaged);
    }
    free(whole);
}

static void same_as_plain(struct nw_str packed, const char *name, const char *plain)
{
    char *got = read_bytes(packed, name, "");

    assert_string_equal(got, plain);
    free(got);
}

static void each_packing(void **state)
{
    char *plain = read_bytes(nw_str_z(articles), "a.sgm", "");
    struct nw_buf out, inner;

    (void)state;
    nw_buf_init(&out, 1 << 24);
    nw_buf_init(&inner, 1 << 24);
    pack_gzip(&out, nw_str_z(articles), 31);
    same_as_plain(nw_buf_view(&out), "a.sgm.gz", plain);
    expect_robust(&out, "a.sgm.gz");

    nw_buf_clear(&out); /* two members, padding */
    pack_gzip(&out, nw_str(articles, 20), 31);
    pack_gzip(&out, nw_str_z(articles + 20), 31);
    nw_buf_add(&out, "\0\0\0\0", 4);
    same_as_plain(nw_buf_view(&out), "a", plain);

    nw_buf_clear(&out);
    pack_zstd(&out, nw_str_z(articles));
    same_as_plain(nw_buf_view(&out), "a.zst", plain);
    expect_robust(&out, "a.zst");

    for (unsigned i = 0; i < 3; i++) {
        nw_buf_clear(&out);
        pack_zip_member(&out, "in/", 0, 0, nw_str("", 0));
        pack_zip_member(&out, "in/a.sgm", i ? 8 : 0, i == 2 ? 8 : 0, nw_str_z(articles));
        pack_zip_end(&out);
        same_as_plain(nw_buf_view(&out), "a.zip", plain);
    }
    expect_robust(&out, "a.zip");

    nw_buf_clear(&out);
    pack_tar_member(&out, "in/", '5', nw_str("", 0));
    pack_tar_member(&out, "in/a.sgm", '0', nw_str_z(articles));
    same_as_plain(nw_buf_view(&out), "a.tar", plain);
    pack_gzip(&inner, nw_buf_view(&out), 31);
    same_as_plain(nw_buf_view(&inner), "a.tar.gz", plain);
    expect_robust(&inner, "a.tar.gz");
    nw_buf_free(&out);
    nw_buf_free(&inner);
    free(plain);
}

/* Members of an archive, one after the other; what can't be read is told with its name. */
static void members(void **state)
{
    struct nw_buf out, packed;

    (void)state;
    nw_buf_init(&out, 1 << 24);
    nw_buf_init(&packed, 1 << 24);
    pack_gzip(&packed, NW_S("{\"a\":1}\n"), 31);
    pack_tar_member(&out, "../one.txt", '0', NW_S("One."));
    pack_tar_member(&out, "./.hidden", '0', NW_S("Two."));
    pack_tar_member(&out, "link", '2', nw_str("", 0));
    pack_tar_member(&out, "empty", '0', nw_str("", 0));
    pack_tar_member(&out, "x", 'x', NW_S("23 path=a/long/name.nd\n22 mtime=1600000000.5\n"));
    pack_tar_member(&out, "a", '0', NW_S("[]"));
    pack_tar_member(&out, "lines.ndjson.gz", '0', nw_buf_view(&packed));
    pack_tar_member(&out, "cut.sgm", '0', NW_S("<REUTERS>cut"));
    pack_tar_member(&out, "in.zip", '0', NW_S("PK\3\4"));
    expect(&out, "a.tar",
           "item at 0 format '' declared '' url '' [One.]\n"
           "item at 0 format '' declared '' url '' [[]]\n"
           "item at 0 format 'ndjson' declared '' url '' [{\"a\":1}]\n"
           "bad: cut.sgm: item 0 at byte 0: cut off after 12 bytes, the end comes before its </REUTERS>; left out\n"
           "bad: in.zip: is an archive inside an archive; unpack it first\n");
    nw_buf_free(&out);
    nw_buf_free(&packed);
}

static void zip_refusals(void **state)
{
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 24);
    pack_zip_member(&out, "secret.txt", 8, 1, NW_S("Secret."));
    pack_zip_member(&out, "odd.txt", 14, 0, NW_S("Odd."));
    pack_zip_member(&out, "plain.txt", 0, 0, NW_S("Plain."));
    pack_zip_end(&out);
    expect(&out, "a.zip",
           "bad: secret.txt: is encrypted; left out\n"
           "bad: odd.txt: is packed by a method other than deflate; left out\n"
           "item at 0 format '' declared '' url '' [Plain.]\n");
    nw_buf_clear(&out);
    pack_zip_member(&out, "[Content_Types].xml", 8, 0, NW_S("<Types/>"));
    expect(
        &out, "letter.docx",
        "bad: [Content_Types].xml: is the document of an office program or a book; save it as text or HTML; at byte 0 "
        "of the zip archive; the rest is left out\n");
    nw_buf_free(&out);
}

/* Behind a damaged member of gzip, the next ones are read: WARC files have a member a record. */
static void resumes(void **state)
{
    struct nw_buf out;
    size_t second, third;

    (void)state;
    nw_buf_init(&out, 1 << 24);
    pack_gzip(&out, NW_S("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 3\r\n\r\nOne\r\n\r\n"), 31);
    second = out.n;
    pack_gzip(&out, NW_S("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 3\r\n\r\nTwo\r\n\r\n"), 31);
    third = out.n;
    pack_gzip(&out, NW_S("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 5\r\n\r\nThree\r\n\r\n"), 31);
    memset(out.p + second + 14, 0, third - second - 22);
    {
        char *got = read_bytes(nw_buf_view(&out), "a.warc.gz", "");
        assert_non_null(strstr(got, "[One]"));
        assert_non_null(strstr(got, "bad: damaged"));
        assert_null(strstr(got, "[Two]"));
        assert_non_null(strstr(got, "[Three]"));
        free(got);
    }
    nw_buf_free(&out);
}

/* A bomb ends in one sentence, and little was unpacked. */
static void bombs(void **state)
{
    struct nw_buf out, text;
    size_t complaints, n = 100 << 20;

    (void)state;
    nw_buf_init(&text, n);
    nw_buf_init(&out, n);
    assert_int_equal(nw_buf_reserve(&text, n), 0);
    memset(text.p, 'x', n);
    text.n = n;
    for (size_t i = 0; i < n; i += 1000)
        text.p[i] = '\n'; /* lines of NDJSON that are none: the splitter goes on and on */
    pack_gzip(&out, nw_buf_view(&text), 31);
    assert_int_equal(transcript_read(NULL, file_of(nw_buf_view(&out)), out.n, "a.ndjson.gz", "", &complaints), 0);
    assert_int_equal(complaints, READER_COMPLAINTS + 2); /* of lines, of the bomb, and how many more */

    nw_buf_clear(&out); /* one item: it is refused when it is past 16 MiB */
    nw_buf_clear(&text);
    assert_int_equal(nw_buf_reserve(&text, n), 0);
    memset(text.p, 'x', n);
    text.n = n;
    pack_gzip(&out, nw_buf_view(&text), 31);
    expect(&out, "a.txt.gz", "bad: more than the 16 MiB that a record may have; split it\n");
    nw_buf_free(&text);
    nw_buf_free(&out);
}

static void plain(void **state)
{
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 24);
    expect(&out, "a.txt", "bad: is empty: nothing to read\n");
    pack_gzip(&out, nw_str("", 0), 31);
    expect(&out, "a.txt.gz", "bad: is empty: nothing to read\n");
    nw_buf_clear(&out);
    nw_buf_str(&out, NW_S("\1\2\3\xFF noise"));
    expect(&out, "noise", "item at 0 format '' declared '' url '' [\1\2\3\xFF noise]\n");
    nw_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_packing), cmocka_unit_test(members), cmocka_unit_test(zip_refusals),
        cmocka_unit_test(resumes),      cmocka_unit_test(bombs),   cmocka_unit_test(plain),
    };

    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
