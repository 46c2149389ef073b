/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#include <string.h>

#include "base/text.h"

#define INDEFINITE   31
#define SIMPLE_FALSE 20
#define SIMPLE_TRUE  21
#define SIMPLE_NULL  22
#define BREAK_BYTE   0xff

/* RFC 8949, 3: the first byte and the argument that follows it. */
struct head {
    enum vl_cbor_kind kind;
    uint8_t info;
    uint64_t value;
};

struct vl_cbor vl_cbor_open(vl_bytes wire, enum vl_cbor_profile profile)
{
    struct vl_cbor r = {.profile = profile, .err = VL_OK};

    r.start = wire.ptr;
    r.at = wire.ptr;
    r.end = wire.len ? wire.ptr + wire.len : wire.ptr;
    return r;
}

bool vl_cbor_ok(const struct vl_cbor *r)
{
    return !r->err;
}

static size_t left(const struct vl_cbor *r)
{
    return (size_t)(r->end - r->at);
}

static void refuse_at(struct vl_cbor *r, const uint8_t *at, enum vl_err err, const char *refusal)
{
    if (r->err)
        return;
    r->err = err;
    r->err_at = at ? (size_t)(at - r->start) : 0;
    r->refusal = refusal;
    r->end = r->at; /* nothing more to read */
}

void vl_cbor_refuse(struct vl_cbor *r, enum vl_err err, const char *refusal)
{
    refuse_at(r, r->at, err, refusal);
}

enum vl_cbor_kind vl_cbor_peek(const struct vl_cbor *r)
{
    return r->at == r->end ? VL_CBOR_NOTHING : (enum vl_cbor_kind)(*r->at >> 5);
}

enum vl_err vl_cbor_check(const struct vl_cbor *r, const char *what, struct vl_why *why)
{
    if (!r->err)
        return VL_OK;
    return vl_fail(why, r->err, "%s: byte %zu: %s", what, r->err_at, r->refusal);
}

enum vl_err vl_cbor_close(struct vl_cbor *r, const char *what, struct vl_why *why)
{
    if (!r->err && r->at != r->end)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "bytes left over");
    return vl_cbor_check(r, what, why);
}

static uint64_t big_endian_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The argument of a head whose info is 24 to 27: 1, 2, 4 or 8 bytes, big-endian.  Moves behind it.
 */
static uint64_t long_argument(struct vl_cbor *r, enum vl_cbor_kind kind, unsigned info)
{
    const uint8_t *at = r->at + 1;
    size_t len = (size_t)1 << (info - 24u);
    uint64_t value, least;

    if (left(r) < 1 + len) {
        refuse_at(r, r->at, VL_ERR_FORMAT, "cut short");
        return 0;
    }
    if (len == 1) {
        value = at[0];
        least = 24;
    } else if (len == 2) {
        value = (uint64_t)at[0] << 8 | at[1];
        least = UINT64_C(1) << 8;
    } else if (len == 4) {
        value = big_endian_32(at);
        least = UINT64_C(1) << 16;
    } else {
        value = big_endian_32(at) << 32 | big_endian_32(at + 4);
        least = UINT64_C(1) << 32;
    }
    /* RFC 8949, 4.2.1: the shortest head. */
    if (value < least && r->profile != VL_CBOR_COSE && kind != VL_CBOR_SIMPLE)
        refuse_at(r, r->at, VL_ERR_FORMAT, "not the shortest form");
    /* RFC 8949, 3.3: simple values below 32 have no long form, in any profile. */
    else if (kind == VL_CBOR_SIMPLE && len == 1 && value < 32)
        refuse_at(r, r->at, VL_ERR_FORMAT, "a simple value in the wrong form");
    else
        r->at = at + len;
    return value;
}

/* A head of more than one byte, or none.  An indefinite length is refused here: the few places that
 * take one look at the byte themselves. */
static struct head long_head(struct vl_cbor *r)
{
    struct head head = {VL_CBOR_NOTHING, 0, 0};

    if (r->at == r->end) {
        refuse_at(r, r->at, VL_ERR_FORMAT, "cut short");
        return head;
    }
    head.kind = (enum vl_cbor_kind)(*r->at >> 5);
    head.info = *r->at & 31;
    if (head.info < 28)
        head.value = long_argument(r, head.kind, head.info);
    else
        refuse_at(r, r->at, VL_ERR_FORMAT,
                  head.info < INDEFINITE ? "a reserved head"
                  : *r->at == BREAK_BYTE ? "a break where nothing is open"
                                         : "an indefinite length");
    return head;
}

/* Read a head and move behind it.  Most are one byte, most others two: only those are worth reading
 * in place. */
static inline bool read_head(struct vl_cbor *r, struct head *head)
{
    const uint8_t *at = r->at;

    if (left(r) >= 1 && (*at & 31) < 24) {
        head->kind = (enum vl_cbor_kind)(*at >> 5);
        head->info = *at & 31;
        head->value = head->info;
        r->at = at + 1;
        return true;
    }
    if (left(r) >= 2 && (*at & 31) == 24 && at[1] >= 32) { /* shortest, and right if simple */
        head->kind = (enum vl_cbor_kind)(*at >> 5);
        head->info = 24;
        head->value = at[1];
        r->at = at + 2;
        return true;
    }
    *head = long_head(r);
    return !r->err;
}

/* A head of this kind; the cursor does not move when it is another one. */
static inline bool want_head(struct vl_cbor *r, enum vl_cbor_kind kind, const char *refusal,
                             struct head *head)
{
    if (r->at != r->end && (enum vl_cbor_kind)(*r->at >> 5) != kind) {
        refuse_at(r, r->at, VL_ERR_FORMAT, refusal);
        return false;
    }
    return read_head(r, head);
}

uint64_t vl_cbor_uint(struct vl_cbor *r, uint64_t max)
{
    const uint8_t *at = r->at;
    struct head head;

    if (!want_head(r, VL_CBOR_UINT, "wanted an unsigned integer", &head))
        return 0;
    if (head.value > max) {
        refuse_at(r, at, VL_ERR_LIMIT, "an unsigned integer over its limit");
        return 0;
    }
    return head.value;
}

int64_t vl_cbor_int(struct vl_cbor *r, int64_t min, int64_t max)
{
    const uint8_t *at = r->at;
    struct head head;
    int64_t value;

    if (r->at != r->end && vl_cbor_peek(r) > VL_CBOR_NEGATIVE)
        refuse_at(r, r->at, VL_ERR_FORMAT, "wanted an integer");
    if (r->err || !read_head(r, &head))
        return 0;
    if (head.value > INT64_MAX) {
        refuse_at(r, at, VL_ERR_LIMIT, "an integer outside its limits");
        return 0;
    }
    value = head.kind == VL_CBOR_UINT ? (int64_t)head.value : -1 - (int64_t)head.value;
    if (value < min || value > max) {
        refuse_at(r, at, VL_ERR_LIMIT, "an integer outside its limits");
        return 0;
    }
    return value;
}

/* The bytes of a string whose head says len; at is where the string starts. */
static inline vl_bytes string_body(struct vl_cbor *r, const uint8_t *at, uint64_t len)
{
    vl_bytes body;

    if (len > left(r)) {
        refuse_at(r, at, VL_ERR_FORMAT, "a string that is cut short");
        return VL_BYTES_NONE;
    }
    body = (vl_bytes){r->at, (size_t)len};
    r->at += (size_t)len;
    return body;
}

static vl_bytes sized_string(struct vl_cbor *r, enum vl_cbor_kind kind, size_t min, size_t max,
                             const char *wanted)
{
    const uint8_t *at = r->at;
    struct head head;

    if (!want_head(r, kind, wanted, &head))
        return VL_BYTES_NONE;
    if (head.value < min || head.value > max) {
        refuse_at(r, at, VL_ERR_LIMIT, "a string whose length is outside its limits");
        return VL_BYTES_NONE;
    }
    return string_body(r, at, head.value);
}

vl_bytes vl_cbor_bytes(struct vl_cbor *r, size_t min, size_t max)
{
    return sized_string(r, VL_CBOR_BYTES, min, max, "wanted a byte string");
}

uint64_t vl_cbor_bytes_head(struct vl_cbor *r, uint64_t min, uint64_t max)
{
    const uint8_t *at = r->at;
    struct head head;

    if (!want_head(r, VL_CBOR_BYTES, "wanted a byte string", &head))
        return 0;
    if (head.value < min || head.value > max) {
        refuse_at(r, at, VL_ERR_LIMIT, "a string whose length is outside its limits");
        return 0;
    }
    return head.value;
}

/* How much of the start of a text is words of ASCII, which need no closer look. */
static size_t ascii_len(vl_bytes text)
{
    size_t len = 0;
    uint64_t word;

    for (; text.len - len >= sizeof word; len += sizeof word) {
        memcpy(&word, text.ptr + len, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    return len;
}

vl_bytes vl_cbor_text(struct vl_cbor *r, size_t min, size_t max)
{
    const uint8_t *at = r->at;
    vl_bytes text = sized_string(r, VL_CBOR_TEXT, min, max, "wanted a text");

    if (!vl_text_is_utf8(vl_bytes_after(text, ascii_len(text)))) {
        refuse_at(r, at, VL_ERR_FORMAT, "a text that is not UTF-8");
        return VL_BYTES_NONE;
    }
    return text;
}

/* RFC 8949, 3.3: simple values sit in the head itself; a long form of them is never right. */
static bool simple_is(const struct vl_cbor *r, uint8_t value)
{
    return r->at != r->end && *r->at == (uint8_t)(VL_CBOR_SIMPLE << 5 | value);
}

bool vl_cbor_bool(struct vl_cbor *r)
{
    bool value = simple_is(r, SIMPLE_TRUE);

    if (!value && !simple_is(r, SIMPLE_FALSE)) {
        refuse_at(r, r->at, VL_ERR_FORMAT, r->at == r->end ? "cut short" : "wanted true or false");
        return false;
    }
    r->at++;
    return value;
}

bool vl_cbor_null(struct vl_cbor *r)
{
    if (!simple_is(r, SIMPLE_NULL))
        return false;
    r->at++;
    return true;
}

void vl_cbor_tag(struct vl_cbor *r, uint64_t number)
{
    const uint8_t *at = r->at;
    struct head head;

    if (want_head(r, VL_CBOR_TAG, "wanted a tag", &head) && head.value != number)
        refuse_at(r, at, VL_ERR_FORMAT, "another tag than wanted");
}

/* How many items a head may promise is bounded by the caller and by the bytes there are: an item is
 * at least one byte. */
static size_t counted(struct vl_cbor *r, enum vl_cbor_kind kind, size_t min, size_t max,
                      size_t item_min, const char *wanted)
{
    const uint8_t *at = r->at;
    struct head head;

    if (!want_head(r, kind, wanted, &head))
        return 0;
    if (head.value < min || head.value > max) {
        refuse_at(r, at, VL_ERR_LIMIT, "a number of items outside its limits");
        return 0;
    }
    if (head.value > left(r) / item_min) {
        refuse_at(r, at, VL_ERR_FORMAT, "more items promised than bytes are left");
        return 0;
    }
    return (size_t)head.value;
}

size_t vl_cbor_array(struct vl_cbor *r, size_t min, size_t max)
{
    return counted(r, VL_CBOR_ARRAY, min, max, 1, "wanted an array");
}

static size_t pair_count(struct vl_cbor *r, size_t min, size_t max)
{
    const uint8_t *at = r->at;
    size_t count = counted(r, VL_CBOR_MAP, min, max, 2, "wanted a map");

    if (r->profile != VL_CBOR_COSE || count <= VL_CBOR_MAX_UNSORTED)
        return count;
    refuse_at(r, at, VL_ERR_LIMIT, "a map of more than 64 pairs");
    return 0;
}

/* A map knows its keys only as far as it has read them: the rest of the array is never looked at,
 * and setting it to zero would cost more than reading the map. */
struct vl_cbor_map vl_cbor_map(struct vl_cbor *r, size_t min, size_t max)
{
    struct vl_cbor_map map;

    map.key_count = 0;
    map.left = pair_count(r, min, max);
    return map;
}

bool vl_cbor_next(struct vl_cbor *r, struct vl_cbor_map *map)
{
    if (r->err || map->left == 0)
        return false;
    map->left--;
    return true;
}

/* The same key, however its head is written. */
static bool same_key(vl_bytes a, vl_bytes b)
{
    struct vl_cbor ra = vl_cbor_open(a, VL_CBOR_COSE), rb = vl_cbor_open(b, VL_CBOR_COSE);
    struct head ha = {VL_CBOR_NOTHING, 0, 0}, hb = ha;

    if (vl_bytes_eq(a, b))
        return true;
    if (!read_head(&ra, &ha) || !read_head(&rb, &hb) || ha.kind != hb.kind ||
        ha.kind > VL_CBOR_TEXT)
        return false;
    return ha.value == hb.value &&
           vl_bytes_eq(vl_bytes_of(ra.at, left(&ra)), vl_bytes_of(rb.at, left(&rb)));
}

/* COSE: keys in any order, each once. */
static void note_unsorted_key(struct vl_cbor *r, struct vl_cbor_map *map, vl_bytes key)
{
    for (size_t i = 0; i < map->key_count; i++)
        if (same_key(map->keys[i], key)) {
            refuse_at(r, key.ptr, VL_ERR_FORMAT, "a key twice in one map");
            return;
        }
    map->keys[map->key_count++] = key; /* at most VL_CBOR_MAX_UNSORTED pairs: vl_cbor_map */
}

/* Check a key that was just read against those before it, and remember it. */
static inline void note_key(struct vl_cbor *r, struct vl_cbor_map *map, const uint8_t *at)
{
    vl_bytes key = {at, (size_t)(r->at - at)};

    if (r->err)
        return;
    if (r->profile == VL_CBOR_COSE) {
        note_unsorted_key(r, map, key);
        return;
    }
    if (map->key_count > 0) {
        /* RFC 8949, 4.2.1: by their encoded bytes, of which mostly the first one tells. */
        int order = map->keys[0].ptr[0] - at[0];

        if (order == 0)
            order = vl_bytes_cmp(map->keys[0], key);
        if (order >= 0) {
            refuse_at(r, at, VL_ERR_FORMAT,
                      order == 0 ? "a key twice in one map" : "keys out of order");
            return;
        }
    }
    map->keys[0] = key;
    map->key_count = 1;
}

/* Most keys of ours are one byte, in order: worth a look before anything else. */
static inline bool small_key(struct vl_cbor *r, struct vl_cbor_map *map, int64_t min, int64_t max)
{
    const uint8_t *at = r->at;

    if (r->profile == VL_CBOR_COSE || at == r->end || *at >= 24 || *at < min || *at > max)
        return false;
    if (map->key_count > 0 && map->keys[0].ptr[0] >= *at)
        return false;
    map->keys[0] = (vl_bytes){at, 1};
    map->key_count = 1;
    r->at = at + 1;
    return true;
}

int64_t vl_cbor_key(struct vl_cbor *r, struct vl_cbor_map *map, int64_t min, int64_t max)
{
    const uint8_t *at = r->at;
    int64_t key;

    if (small_key(r, map, min, max))
        return *at;
    key = vl_cbor_int(r, min, max);
    note_key(r, map, at);
    return r->err ? 0 : key;
}

struct vl_cbor_label vl_cbor_label(struct vl_cbor *r, struct vl_cbor_map *map)
{
    const uint8_t *at = r->at;
    struct vl_cbor_label label = {false, 0, VL_BYTES_NONE};

    if (vl_cbor_peek(r) == VL_CBOR_TEXT) {
        label.is_text = true;
        label.text = vl_cbor_text(r, 0, SIZE_MAX);
    } else {
        label.number = vl_cbor_int(r, INT64_MIN, INT64_MAX);
    }
    note_key(r, map, at);
    return r->err ? (struct vl_cbor_label){false, 0, VL_BYTES_NONE} : label;
}

void vl_cbor_open_array(struct vl_cbor *r)
{
    if (r->profile == VL_CBOR_BPV7 && r->at != r->end &&
        *r->at == (VL_CBOR_ARRAY << 5 | INDEFINITE))
        r->at++;
    else
        refuse_at(r, r->at, VL_ERR_FORMAT, "wanted an array of indefinite length");
}

bool vl_cbor_break(struct vl_cbor *r)
{
    if (r->profile != VL_CBOR_BPV7 || r->at == r->end || *r->at != BREAK_BYTE)
        return false;
    r->at++;
    return true;
}

/* One open array, map or tag while an item is walked. */
struct level {
    struct vl_cbor_map map;
    uint64_t items_left; /* keys and values of a map count one each */
    bool is_map;
    const uint8_t *key_at;
};

/* A float, simple value, false, true or null is next. */
static void simple_item(struct vl_cbor *r)
{
    const uint8_t *at = r->at;
    struct head head;

    if (!read_head(r, &head))
        return;
    if (r->profile != VL_CBOR_COSE && !(head.info >= SIMPLE_FALSE && head.info <= SIMPLE_NULL))
        refuse_at(r, at, VL_ERR_FORMAT, "a float or simple value, which has no place here");
}

/* Read one head and, of a string, its body.  Gives how many items it opens: its members, 1 for what
 * a tag stands before, 0 for a whole item. */
static uint64_t item_start(struct vl_cbor *r, bool *is_map)
{
    struct head head;

    *is_map = false;
    switch (vl_cbor_peek(r)) {
    case VL_CBOR_TEXT:
        (void)vl_cbor_text(r, 0, SIZE_MAX);
        return 0;
    case VL_CBOR_BYTES:
        (void)vl_cbor_bytes(r, 0, SIZE_MAX);
        return 0;
    case VL_CBOR_ARRAY:
        return vl_cbor_array(r, 0, SIZE_MAX);
    case VL_CBOR_MAP:
        *is_map = true;
        return 2 * (uint64_t)pair_count(r, 0, SIZE_MAX);
    case VL_CBOR_SIMPLE:
        simple_item(r);
        return 0;
    case VL_CBOR_TAG:
        (void)read_head(r, &head);
        return 1;
    case VL_CBOR_UINT:
    case VL_CBOR_NEGATIVE:
    case VL_CBOR_NOTHING:
        break;
    }
    (void)read_head(r, &head);
    return 0;
}

/* An item ended.  Was it the key of a map?  Then check it; give up levels that are full. */
static size_t item_end(struct vl_cbor *r, struct level *levels, size_t depth)
{
    while (depth > 0) {
        struct level *level = &levels[depth - 1];

        if (level->is_map && level->items_left % 2 == 0)
            note_key(r, &level->map, level->key_at);
        if (--level->items_left > 0)
            break;
        depth--;
    }
    return depth;
}

vl_bytes vl_cbor_item(struct vl_cbor *r)
{
    struct level levels[VL_CBOR_MAX_DEPTH];
    const uint8_t *at = r->at;
    size_t depth = 0;

    do {
        const uint8_t *item_at = r->at;
        bool is_map;
        uint64_t opened;

        if (depth > 0 && levels[depth - 1].is_map && levels[depth - 1].items_left % 2 == 0)
            levels[depth - 1].key_at = item_at;
        opened = item_start(r, &is_map);
        if (r->err)
            break;
        if (opened == 0) {
            depth = item_end(r, levels, depth);
        } else if (depth == VL_CBOR_MAX_DEPTH) {
            refuse_at(r, item_at, VL_ERR_LIMIT, "nested too deeply");
        } else {
            levels[depth].items_left = opened;
            levels[depth].is_map = is_map;
            levels[depth].map.key_count = 0;
            depth++;
        }
    } while (depth > 0 && !r->err);
    return r->err ? VL_BYTES_NONE : vl_bytes_of(at, (size_t)(r->at - at));
}
