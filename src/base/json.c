/* JSON text (RFC 8259, section 7): what must be escaped is, all else stands as it is. */
#include <newswire/json.h>

int nw_json_text(struct nw_buf *out, struct nw_str text)
{
    static const char digits[] = "0123456789abcdef";
    size_t from = 0;

    nw_buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        nw_buf_add(out, text.p + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') {
            char escaped[2] = {'\\', (char)c};
            nw_buf_add(out, escaped, 2);
        } else {
            char escaped[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            nw_buf_add(out, escaped, 6);
        }
    }
    nw_buf_add(out, text.n ? text.p + from : "", text.n - from);
    return nw_buf_char(out, '"');
}
