/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_stream.h"

#include "crypto/hash.h"

#include "sealed.h"

static const uint8_t nonce[VL_AGE_NONCE_LEN] = "sixteen of them";

static struct vl_secret file_key(void)
{
    struct vl_secret key = VL_SECRET_INIT;

    assert_int_equal(vl_secret_set(&key, VL_LITERAL("YELLOW SUBMARINE")), VL_OK);
    return key;
}

/* C2SP age, "Payload", written once more from the text: chunk by chunk, in one thread. */
static struct vl_buf as_specified(vl_bytes plain)
{
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    const struct vl_secret key = file_key();
    struct vl_secret payload_key = VL_SECRET_INIT;
    struct vl_aead *aead;
    size_t chunk = 0;
    bool is_last;

    vl_hkdf_sha256(&key, VL_ARRAY(nonce), VL_LITERAL("payload"), &payload_key);
    aead = vl_aead_new(&payload_key, VL_AEAD_SODIUM);
    assert_non_null(aead);
    do {
        vl_bytes piece = vl_bytes_first(plain, CHUNK);
        uint8_t count[VL_AEAD_NONCE_LEN] = {0}, *at;

        plain = vl_bytes_after(plain, CHUNK);
        is_last = plain.len == 0;
        count[8] = (uint8_t)(chunk >> 16);
        count[9] = (uint8_t)(chunk >> 8);
        count[10] = (uint8_t)chunk++;
        count[11] = is_last ? 1 : 0;
        assert_int_equal(vl_buf_add(&out, piece.len + VL_AEAD_TAG_LEN, &at), VL_OK);
        if (piece.len > 0)
            memcpy(at, piece.ptr, piece.len);
        assert_int_equal(vl_aead_seal(aead, count, at, piece.len), VL_OK);
    } while (!is_last);
    vl_aead_free(aead);
    return out;
}

/* Push bytes through a stream, piece by piece as the room allows. */
static enum vl_err push(enum vl_age_direction direction, vl_bytes in, size_t piece,
                        unsigned workers, struct vl_buf *out, struct vl_why *why)
{
    const struct vl_secret key = file_key();
    struct vl_age_stream *stream =
        vl_age_stream_new(direction, &key, nonce, workers, vl_buf_sink(out));
    enum vl_err err;

    if (!stream)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no stream");
    while (in.len > 0) {
        vl_room room = vl_age_stream_room(stream);
        vl_bytes some = vl_bytes_first(vl_bytes_first(in, piece), room.len);

        if (room.len == 0)
            break;
        memcpy(room.ptr, some.ptr, some.len);
        vl_age_stream_fed(stream, 0);
        vl_age_stream_fed(stream, some.len);
        in = vl_bytes_after(in, some.len);
    }
    err = vl_age_stream_finish(stream, why);
    assert_true(err || in.len == 0);
    assert_int_equal(vl_age_stream_failure(stream, why), err);
    vl_age_stream_free(stream);
    return err;
}

static void sealed_chunks_are_those_of_the_specification(void **state)
{
    static const unsigned workers[] = {0, 1, 2, 4};

    (void)state;
    for (size_t i = 0; i <= 9 * 3; i++) {
        size_t len = i / 3 * CHUNK + i % 3 - (i >= 3 || i % 3 ? 1 : 0);
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(len);
        VL_AUTO(vl_buf_release) struct vl_buf wanted = as_specified(vl_buf_bytes(&plain));

        for (size_t w = 0; w < COUNT(workers); w++) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
            VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(FILE_CEIL);
            struct vl_why why = {""};

            assert_err(push(VL_AGE_SEALING, vl_buf_bytes(&plain), SIZE_MAX, workers[w], &out, &why),
                       VL_OK, &why);
            assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wanted));
            assert_err(push(VL_AGE_OPENING, vl_buf_bytes(&out), 9999, workers[w], &back, &why),
                       VL_OK, &why);
            assert_bytes(vl_buf_bytes(&back), vl_buf_bytes(&plain));
        }
    }
}

/* Far enough for the counter to carry and for the cipher to change from one library to the other.
 */
static void long_streams_are_those_of_the_specification(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(258 * CHUNK + 1);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = as_specified(vl_buf_bytes(&plain));

    (void)state;
    for (unsigned workers = 0; workers <= 2; workers += 2) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(FILE_CEIL);
        struct vl_why why = {""};

        assert_err(push(VL_AGE_SEALING, vl_buf_bytes(&plain), SIZE_MAX, workers, &out, &why), VL_OK,
                   &why);
        assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wanted));
        assert_err(push(VL_AGE_OPENING, vl_buf_bytes(&wanted), SIZE_MAX, workers, &back, &why),
                   VL_OK, &why);
        assert_bytes(vl_buf_bytes(&back), vl_buf_bytes(&plain));
    }
}

static void small_pieces_make_the_same_stream(void **state)
{
    static const size_t pieces[] = {1, 2, 1000, CHUNK - 1, CHUNK + 1};
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(5 * CHUNK + 3);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = as_specified(vl_buf_bytes(&plain));

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(pieces); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(FILE_CEIL);
        unsigned workers = i % 2 ? 2 : 0;
        struct vl_why why = {""};

        assert_err(push(VL_AGE_SEALING, vl_buf_bytes(&plain), pieces[i / 2], workers, &out, &why),
                   VL_OK, &why);
        assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wanted));
        assert_err(push(VL_AGE_OPENING, vl_buf_bytes(&out), pieces[i / 2], workers, &back, &why),
                   VL_OK, &why);
        assert_bytes(vl_buf_bytes(&back), vl_buf_bytes(&plain));
    }
}

/* clang-format off */
static const struct {
    const char *name;
    const char *parts; /* of a payload of two full chunks and a short one: see build() */
    size_t released;   /* chunks */
    const char *words;
} games[] = {
    { "nothing at all",                     "",     0, "cut short after 0 bytes of content" },
    { "only a tag",                         "t",    0, "altered or cut short after 0 bytes of content" },
    { "the first chunk only",               "a",    1, "cut short after 65536 bytes of content" },
    { "without the last one",               "ab",   2, "cut short after 131072 bytes of content" },
    { "without the first one",              "bc",   0, "altered after 0 bytes of content" },
    { "without the second one",             "ac",   1, "altered or cut short after 65536 bytes of content" },
    { "the last one only",                  "c",    0, "altered or cut short after 0 bytes of content" },
    { "the first one twice",                "aabc", 1, "altered after 65536 bytes of content" },
    { "the second one twice",               "abbc", 2, "altered after 131072 bytes of content" },
    { "the last one twice",                 "abcc", 2, "altered or cut short after 131072 bytes of content" },
    { "swapped",                            "bac",  0, "altered after 0 bytes of content" },
    { "a byte more",                        "abc.", 2, "altered or cut short after 131072 bytes of content" },
    { "a tag more",                         "abct", 2, "altered or cut short after 131072 bytes of content" },
    { "ended early by an empty last chunk", "abe",  2, "cut short after 131072 bytes of content" },
    { "ended by a full last chunk, then more", "aBc", 2, "something was added behind 131072 bytes of content" },
    { "ended by a full last chunk, then a byte", "aB.", 2, "something was added behind 131072 bytes of content" },
    { "ended by a full last chunk twice",   "aBB",  2, "something was added behind 131072 bytes of content" },
    { "the first one is a last one",        "Abc",  1, "something was added behind 65536 bytes of content" },
    { "half a tag",                         "ab:",  2, "cut short after 131072 bytes of content" },
};
/* clang-format on */

/* What the letters stand for: the chunks of a payload that somebody with the key has cut and
 * pasted, in capitals with the mark of the last one; e is an empty last chunk in third place. */
static struct vl_buf build(const char *parts)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(2 * CHUNK + 100);
    VL_AUTO(vl_buf_release) struct vl_buf all = as_specified(vl_buf_bytes(&plain));
    VL_AUTO(vl_buf_release)
    struct vl_buf one = as_specified(vl_bytes_first(vl_buf_bytes(&plain), CHUNK));
    VL_AUTO(vl_buf_release)
    struct vl_buf two = as_specified(vl_bytes_first(vl_buf_bytes(&plain), 2 * CHUNK));
    const struct vl_secret key = file_key();
    struct vl_secret payload_key = VL_SECRET_INIT;
    uint8_t empty[VL_AEAD_TAG_LEN], third[VL_AEAD_NONCE_LEN] = {[10] = 2, [11] = 1};
    struct vl_aead *aead;
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);

    vl_hkdf_sha256(&key, VL_ARRAY(nonce), VL_LITERAL("payload"), &payload_key);
    aead = vl_aead_new(&payload_key, VL_AEAD_SODIUM);
    assert_int_equal(vl_aead_seal(aead, third, empty, 0), VL_OK);
    vl_aead_free(aead);
    for (; *parts; parts++) {
        vl_bytes part = *parts == 'a'   ? vl_bytes_of(all.data, SEALED)
                        : *parts == 'b' ? vl_bytes_of(all.data + SEALED, SEALED)
                        : *parts == 'c' ? vl_bytes_of(all.data + 2 * SEALED, 116)
                        : *parts == 'A' ? vl_bytes_of(one.data, SEALED)
                        : *parts == 'B' ? vl_bytes_of(two.data + SEALED, SEALED)
                        : *parts == 'e' ? VL_ARRAY(empty)
                        : *parts == 't' ? VL_LITERAL("sixteen letters.")
                        : *parts == ':' ? VL_LITERAL("eight of")
                                        : VL_LITERAL(".");

        assert_int_equal(vl_buf_put(&out, part), VL_OK);
    }
    return out;
}

static void chunks_can_neither_be_left_out_nor_added_nor_moved(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(2 * CHUNK + 100);

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(games); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf sealed = build(games[i / 2].parts);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        struct vl_why why = {""};
        enum vl_err err =
            push(VL_AGE_OPENING, vl_buf_bytes(&sealed), SIZE_MAX, i % 2 ? 2 : 0, &out, &why);

        if (err != VL_ERR_UNVERIFIED || strcmp(why.text, games[i / 2].words) != 0)
            fail_msg("%s: %s: %s", games[i / 2].name, vl_err_name(err), why.text);
        assert_bytes(vl_buf_bytes(&out),
                     vl_bytes_first(vl_buf_bytes(&plain), games[i / 2].released * CHUNK));
    }
}

static void the_end_of_a_batch_is_no_end_of_the_file(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(9 * CHUNK);
    VL_AUTO(vl_buf_release) struct vl_buf sealed = as_specified(vl_buf_bytes(&plain));

    (void)state;
    for (size_t chunks = 0; chunks < 9; chunks++)
        for (unsigned workers = 0; workers <= 2; workers += 2) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
            vl_bytes cut = vl_bytes_first(vl_buf_bytes(&sealed), chunks * SEALED);

            assert_int_equal(push(VL_AGE_OPENING, cut, SIZE_MAX, workers, &out, NULL),
                             VL_ERR_UNVERIFIED);
            assert_bytes(vl_buf_bytes(&out), vl_bytes_first(vl_buf_bytes(&plain), chunks * CHUNK));
        }
}

/* Late enough for the other library to be at work. */
static void damage_far_behind_the_beginning_is_seen_too(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(64 * CHUNK + 7);
    VL_AUTO(vl_buf_release) struct vl_buf sealed = as_specified(vl_buf_bytes(&plain));

    (void)state;
    for (size_t chunk = 44; chunk < 65; chunk += 4) {
        size_t at = chunk * SEALED + (chunk < 64 ? chunk * 999 : 10);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);

        sealed.data[at] ^= 4;
        assert_int_equal(push(VL_AGE_OPENING, vl_buf_bytes(&sealed), SIZE_MAX, chunk % 8 / 2, &out,
                              NULL),
                         VL_ERR_UNVERIFIED);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_first(vl_buf_bytes(&plain), chunk * CHUNK));
        sealed.data[at] ^= 4;
    }
}

struct round {
    struct vl_buf plain;
    unsigned workers;
};

static enum vl_err go_round(void *self, struct vl_why *why)
{
    const struct round *round = self;
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(FILE_CEIL);
    enum vl_err err =
        push(VL_AGE_SEALING, vl_buf_bytes(&round->plain), SIZE_MAX, round->workers, &sealed, why);

    if (!err)
        err = push(VL_AGE_OPENING, vl_buf_bytes(&sealed), SIZE_MAX, round->workers, &back, why);
    if (!err && !vl_bytes_eq(vl_buf_bytes(&back), vl_buf_bytes(&round->plain)))
        fail_msg("something else came back");
    if (err && why->text[0] == '\0')
        fail_msg("failed without a reason");
    return err;
}

static void without_memory_it_is_told_on_whatever_thread_it_happens(void **state)
{
    (void)state;
    for (unsigned workers = 0; workers <= 2; workers++) {
        struct round round = {content(9 * CHUNK + 5), workers};

        assert_true(each_allocation_fails(go_round, &round) > 10);
        vl_buf_release(&round.plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_chunks_are_those_of_the_specification),
        cmocka_unit_test(long_streams_are_those_of_the_specification),
        cmocka_unit_test(small_pieces_make_the_same_stream),
        cmocka_unit_test(chunks_can_neither_be_left_out_nor_added_nor_moved),
        cmocka_unit_test(the_end_of_a_batch_is_no_end_of_the_file),
        cmocka_unit_test(damage_far_behind_the_beginning_is_seen_too),
        cmocka_unit_test(without_memory_it_is_told_on_whatever_thread_it_happens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
