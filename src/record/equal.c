/* Whether two records say the same: see nw_record_equal. Recurses over types only (see fields.h). */
#include "record/any.h"
#include "record/fields.h"

static bool equal_objects(const struct nw_type *type, const void *a, const void *b);

static bool equal_lists(const struct nw_field *field, const void *a, const void *b)
{
    struct nw_list left = nw_member_list(field, a), right = nw_member_list(field, b);

    if (left.n != right.n)
        return false;
    for (size_t i = 0; i < left.n; i++) {
        if (!equal_objects(&nw_types[field->type], nw_element(field, left, i), nw_element(field, right, i)))
            return false;
    }
    return true;
}

static bool equal_spans(const struct nw_spans *a, const struct nw_spans *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (a->v[i].start != b->v[i].start || a->v[i].end != b->v[i].end)
            return false;
    }
    return true;
}

static bool equal_members(const struct nw_field *field, const void *a, const void *b)
{
    const void *left = nw_member(field, a), *right = nw_member(field, b);
    const struct nw_point *p = left, *q = right;

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
    case NW_KIND_BIN:
    case NW_KIND_ANY:
        return nw_str_eq(*(const struct nw_str *)left, *(const struct nw_str *)right);
    case NW_KIND_INT:
    case NW_KIND_TIME:
        return *(const int64_t *)left == *(const int64_t *)right;
    case NW_KIND_NUM:
        return *(const double *)left == *(const double *)right;
    case NW_KIND_BOOL:
        return *(const bool *)left == *(const bool *)right;
    case NW_KIND_POS:
        return *(const size_t *)left == *(const size_t *)right;
    case NW_KIND_POINT:
        return p->lon == q->lon && p->lat == q->lat;
    case NW_KIND_SPANS:
        return equal_spans(left, right);
    case NW_KIND_OBJ:
        return equal_objects(&nw_types[field->type], nw_member_object(field, a), nw_member_object(field, b));
    case NW_KIND_LIST:
        return equal_lists(field, a, b);
    case NW_KIND_COUNT:
        break;
    }
    return false;
}

/* How many extra pairs of `of` stand, each of which must stand in `in` too; SIZE_MAX where one does not. Quadratic: a
 * record that was read has at most NW_RECORD_EXTRAS of them. */
static size_t extras_within(const struct nw_extra *of, const struct nw_extra *in)
{
    size_t count = 0;

    for (; of; of = of->next) {
        const struct nw_extra *twin = in;
        if (!nw_any_stands(of->value))
            continue;
        while (twin && !(nw_str_eq(twin->key, of->key) && nw_str_eq(twin->value, of->value)))
            twin = twin->next;
        if (!twin)
            return SIZE_MAX;
        count++;
    }
    return count;
}

static bool equal_objects(const struct nw_type *type, const void *a, const void *b)
{
    const struct nw_extra *left = ((const struct nw_head *)a)->extra, *right = ((const struct nw_head *)b)->extra;
    size_t extras;

    for (size_t i = 0; i < type->count; i++) {
        const struct nw_field *field = &type->fields[i];
        bool stands = nw_present(field, a);
        if (stands != nw_present(field, b) || (stands && !equal_members(field, a, b)))
            return false;
    }
    extras = extras_within(left, right);
    return extras != SIZE_MAX && extras_within(right, left) == extras;
}

bool nw_record_equal(const struct nw_record *a, const struct nw_record *b)
{
    return equal_objects(&nw_types[NW_TYPE_record], a, b);
}
