/* SPDX-License-Identifier: Apache-2.0 */
/* letter/letter.h: a letter comes out as it went in, whatever the pieces and the threads. */
#include "letters.h"

#define WITH(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define PARTS                                                                                      \
    "[0 letter.txt 17: The well is dry.\n][1 nothing 0: ][2 Pl\xc3\xa4ne.txt 10: Dig here.\n]"

static void a_sealed_letter_is_read_by_everybody_it_is_to(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    assert_int_equal(made.size, envelope.len);
    assert_int_equal(made.opening_count, 2);
    for (unsigned i = 0; i < 3; i++) {
        VL_AUTO(reading_release)
        struct reading reading = read_as(&letter.cast.office[i], vl_buf_bytes(&envelope));
        const struct vl_letter_seen *seen = &reading.seen;
        uint8_t hash[VL_HASH_LEN];

        assert_err(reading.err, VL_OK, &reading.why);
        assert_bytes(vl_buf_bytes(&reading.text), VL_LITERAL(PARTS));
        vl_sha256(vl_buf_bytes(&envelope), hash);
        assert_memory_equal(seen->number, hash, VL_HASH_LEN);
        assert_memory_equal(made.number, hash, VL_HASH_LEN);
        assert_int_equal(seen->size, envelope.len);
        assert_memory_equal(seen->manifest.core_id, made.core_id, VL_HASH_LEN);
        assert_int_equal(vl_letter_form(seen), VL_FORM_SEALED);
        assert_true(seen->was_sealed && seen->commitment_ok && seen->own_listed &&
                    seen->own_key_ok);
        assert_false(seen->unlisted_keys);
        assert_int_equal(seen->has_opening, i != 0);
        if (seen->has_opening) {
            vl_sha256(VL_ARRAY(seen->opening), hash);
            assert_memory_equal(made.openings[i - 1], hash, VL_HASH_LEN);
        }
        assert_int_equal(seen->file_key.len, 16);
        assert_bytes(seen->manifest.subject, VL_LITERAL("About the well"));
        assert_true(seen->manifest.padded);
    }
}

static void an_open_letter_is_the_archive_itself(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(reading_release)
    struct reading reading = {.seen = VL_LETTER_SEEN_INIT, .text = VL_BUF_INIT(1)};
    const struct vl_letter_seen *seen = &reading.seen;
    uint8_t hash[VL_HASH_LEN];

    (void)state;
    letter_make(&letter, true);
    archive = write_letter(&letter, &made);
    reading = read_bare(vl_buf_bytes(&archive));
    assert_err(reading.err, VL_OK, &reading.why);
    assert_bytes(vl_buf_bytes(&reading.text), VL_LITERAL(PARTS));
    vl_sha256(vl_buf_bytes(&archive), hash);
    assert_memory_equal(seen->number, hash, VL_HASH_LEN);
    assert_memory_equal(made.number, hash, VL_HASH_LEN);
    assert_int_equal(made.size, archive.len);
    assert_int_equal(made.opening_count, 0);
    assert_memory_equal(made.core_id, seen->manifest.core_id, VL_HASH_LEN);
    assert_int_equal(vl_letter_form(seen), VL_FORM_OPEN);
    assert_false(seen->was_sealed || seen->commitment_ok || seen->unlisted_keys ||
                 seen->own_listed || seen->own_key_ok || seen->has_opening ||
                 seen->manifest.padded);
    assert_int_equal(seen->file_key.len, 0);
    assert_int_equal(seen->manifest.to_count, 2); /* nobody needs a copy of it */
}

/* A letter long enough for several chunks and batches, with parts of awkward lengths. */
static void make_long(struct a_letter *letter, struct vl_buf *content)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 8);
    uint8_t *at = NULL;
    vl_bytes all;

    letter_make(letter, false);
    assert_int_equal(vl_buf_add(content, 900001, &at), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, at, 900001), VL_OK);
    all = vl_buf_bytes(content);
    set_part(letter, 0, VL_LITERAL("a"), vl_bytes_first(all, 511));
    set_part(letter, 1, VL_LITERAL("b"), vl_bytes_first(all, 512));
    set_part(letter, 2, VL_LITERAL("c"), all);
    set_part(letter, 3, VL_LITERAL("d"), vl_bytes_first(all, 65536));
    letter->plan.part_count = 4;
}

static void pieces_rooms_and_threads_make_no_difference(void **state)
{
    static const struct feeding how[] = {{0, false},   {0, true},      {1000, false},
                                         {1000, true}, {70000, false}, {262144, true}};
    static const unsigned workers[] = {0, 1, 3};
    struct a_letter letter;
    struct vl_letter_made made, again;
    VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    make_long(&letter, &content);
    for (unsigned open = 0; open < 2; open++) {
        letter.plan.open = open == 1;
        vl_buf_release(&first);
        first = write_letter(&letter, &made);
        for (size_t i = 0; i < COUNT(how); i++)
            for (size_t k = 0; k < COUNT(workers); k++) {
                VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(ARCHIVE_CEIL);
                const struct vl_age_identities identities = {&letter.cast.office[1].key, 1, 1};
                struct vl_letter_read_plan plan = {.workers = workers[k]};
                struct vl_why why = {""};

                if (!open)
                    plan.identities = &identities;
                letter.plan.workers = workers[k];
                assert_err(write_fed(&letter, &how[i], &other, &again, &why), VL_OK, &why);
                assert_bytes(vl_buf_bytes(&other), vl_buf_bytes(&first));
                assert_memory_equal(&again, &made, sizeof made);
                VL_AUTO(reading_release)
                struct reading reading = read_fed(plan, vl_buf_bytes(&first), &how[i], VL_OK);
                assert_err(reading.err, VL_OK, &reading.why);
                assert_memory_equal(reading.seen.number, made.number, VL_HASH_LEN);
                assert_int_equal(reading.text.len, 511 + 512 + 900001 + 65536 + 4 * 8 + 17);
            }
    }
}

static void the_length_of_a_padded_letter_is_one_of_few(void **state)
{
    (void)state;
    for (size_t len = 0; len < 3000; len += 700) {
        static const uint8_t content[3000];
        struct a_letter letter;
        struct vl_letter_made made;
        VL_AUTO(vl_buf_release) struct vl_buf padded = VL_BUF_INIT(ARCHIVE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf exact = VL_BUF_INIT(ARCHIVE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ARCHIVE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf exact_inside = VL_BUF_INIT(ARCHIVE_CEIL);

        letter_make(&letter, false);
        set_part(&letter, 0, VL_LITERAL("a"), vl_bytes_of(content, len));
        padded = write_letter(&letter, &made);
        inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&padded));
        letter.plan.exact = true;
        exact = write_letter(&letter, &made);
        exact_inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&exact));
        assert_int_equal(inside.len, vl_pax_padded(exact_inside.len));
        VL_AUTO(reading_release)
        struct reading reading = read_as(&letter.cast.office[1], vl_buf_bytes(&exact));
        assert_err(reading.err, VL_OK, &reading.why);
        assert_false(reading.seen.manifest.padded);
    }
}

static void a_letter_may_have_no_parts_or_many_empty_ones(void **state)
{
    static char names[VL_MANIFEST_MAX_PARTS][8];
    static struct vl_letter_part parts[VL_MANIFEST_MAX_PARTS + 1];
    struct a_letter letter;
    struct vl_letter_made made;
    struct vl_letter_writer *writer = NULL;
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < VL_MANIFEST_MAX_PARTS; i++) {
        (void)snprintf(names[i], sizeof names[i], "n%zu", i);
        parts[i].name = vl_bytes_str(names[i]);
    }
    letter_make(&letter, true);
    letter.plan.part_count = 0;
    for (unsigned i = 0; i < 2; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
        size_t count = i == 0 ? 0 : VL_MANIFEST_MAX_PARTS;

        letter.plan.sink = vl_buf_sink(&archive);
        letter.plan.parts = parts;
        letter.plan.part_count = count;
        assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_OK, &why);
        assert_int_equal(vl_letter_writer_room(writer).len, 0);
        assert_err(vl_letter_writer_fed(writer, 0, &why), VL_OK, &why);
        assert_err(vl_letter_writer_finish(writer, &made, &why), VL_OK, &why);
        vl_letter_writer_free(writer);
        VL_AUTO(reading_release) struct reading reading = read_bare(vl_buf_bytes(&archive));
        assert_err(reading.err, VL_OK, &reading.why);
        assert_int_equal(reading.seen.manifest.part_count, count);
    }
    letter.plan.part_count = VL_MANIFEST_MAX_PARTS + 1;
    assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "letter: more than 1024 parts");
    assert_null(writer);
}

static void room_never_goes_over_the_end_of_a_part(void **state)
{
    (void)state;
    for (unsigned open = 0; open < 2; open++) {
        struct a_letter letter;
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
        struct vl_letter_writer *writer = NULL;
        struct vl_letter_made made;
        struct vl_why why = {""};
        vl_room room;

        letter_make(&letter, open == 1);
        letter.plan.sink = vl_buf_sink(&out);
        assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_OK, &why);
        room = vl_letter_writer_room(writer);
        assert_int_equal(room.len, 17);
        memcpy(room.ptr, "The well", 8);
        assert_err(vl_letter_writer_fed(writer, 8, &why), VL_OK, &why);
        room = vl_letter_writer_room(writer);
        assert_int_equal(room.len, 9);
        memcpy(room.ptr, " is dry.\n", 9);
        assert_err(vl_letter_writer_fed(writer, 9, &why), VL_OK, &why);
        assert_int_equal(vl_letter_writer_room(writer).len, 10);
        assert_err(vl_letter_writer_write(writer, VL_LITERAL("Dig here.\n"), &why), VL_OK, &why);
        assert_int_equal(vl_letter_writer_room(writer).len, 0);
        assert_err(vl_letter_writer_finish(writer, &made, &why), VL_OK, &why);
        assert_int_equal(vl_letter_writer_room(writer).len, 0);
        assert_err(vl_letter_writer_finish(writer, &made, &why), VL_ERR_INTERNAL, &why);
        assert_string_equal(why.text, "letter: written to its end already");
        assert_int_equal(made.size, 0);
        vl_letter_writer_free(writer);
    }
}

static void content_that_is_missing_or_too_much_is_told(void **state)
{
    static const struct {
        vl_bytes content;
        const char *words;
    } rows[] = {
        {WITH("The well is dry.\nDig here."), "letter: part 3 lacks 1 bytes"},
        {WITH("The well"), "letter: part 1 lacks 9 bytes"},
        {WITH(""), "letter: part 1 lacks 17 bytes"},
        {WITH("The well is dry.\nDig here.\n!"), "letter: more content than its parts have"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct a_letter letter;
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
        struct vl_letter_writer *writer = NULL;
        struct vl_letter_made made;
        struct vl_why why = {""}, again = {""};
        enum vl_err err;

        letter_make(&letter, false);
        letter.plan.sink = vl_buf_sink(&out);
        assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_OK, &why);
        err = vl_letter_writer_write(writer, rows[i].content, &why);
        if (!err)
            err = vl_letter_writer_finish(writer, &made, &why);
        assert_err(err, VL_ERR_USAGE, &why);
        assert_string_equal(why.text, rows[i].words);
        assert_int_equal(vl_letter_writer_room(writer).len, 0);
        assert_err(vl_letter_writer_fed(writer, 0, &again), VL_ERR_USAGE, &again);
        assert_err(vl_letter_writer_write(writer, VL_LITERAL("x"), &again), VL_ERR_USAGE, &again);
        assert_err(vl_letter_writer_finish(writer, &made, &again), VL_ERR_USAGE, &again);
        assert_string_equal(again.text, rows[i].words);
        vl_letter_writer_free(writer);
    }
}

static void more_than_there_was_room_for_is_told(void **state)
{
    struct a_letter letter;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_letter_writer *writer = NULL;
    const struct vl_letter_read_plan plan = {.workers = 0};
    struct vl_letter_reader *reader = vl_letter_reader_new(&plan, 0);
    struct vl_why why = {""};

    (void)state;
    letter_make(&letter, true);
    letter.plan.sink = vl_buf_sink(&out);
    assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_OK, &why);
    assert_int_equal(vl_letter_writer_room(writer).len, 17);
    assert_err(vl_letter_writer_fed(writer, 18, &why), VL_ERR_USAGE, &why);
    vl_letter_writer_free(writer);
    assert_err(vl_letter_reader_fed(reader, 1, &why), VL_ERR_USAGE, &why);
    vl_letter_reader_free(reader);
    vl_letter_writer_free(NULL);
    vl_letter_reader_free(NULL);
}

/* Plans that end before anything has left. */
static void spoil_recipients(struct a_letter *letter)
{
    letter->plan.recipient_count = 0;
}
static void spoil_copy_first(struct a_letter *letter)
{
    letter->recipients[0] = letter->recipients[2];
}
static void spoil_key(struct a_letter *letter)
{
    letter->recipients[1].key = letter->recipients[0].key;
}
static void spoil_name(struct a_letter *letter)
{
    letter->parts[1].name = VL_LITERAL("../nothing");
}
static void spoil_names(struct a_letter *letter)
{
    letter->parts[1].name = VL_LITERAL("LETTER.TXT");
}
static void spoil_total(struct a_letter *letter)
{
    letter->parts[0].size = letter->parts[1].size = VL_PAX_SIZE_MAX / 2 + 1;
}
static void spoil_sealing(struct a_letter *letter)
{
    letter->plan.sealing = 2;
}
static void spoil_act(struct a_letter *letter)
{
    letter->plan.act.has_plus_minus = true;
}
static void spoil_many(struct a_letter *letter)
{
    letter->plan.recipient_count = VL_MANIFEST_MAX_READERS + 1;
}

/* clang-format off */
static const struct {
    void (*spoil)(struct a_letter *letter);
    enum vl_err err;
    const char *words;
} spoiled[] = {
    {spoil_recipients, VL_ERR_FORMAT, "letter: manifest: a sealed letter to nobody"},
    {spoil_copy_first, VL_ERR_FORMAT, "letter: manifest: reader 2: an addressee behind an own copy"},
    {spoil_key, VL_ERR_FORMAT, "letter: manifest: reader 2: the same key as reader 1"},
    {spoil_name, VL_ERR_FORMAT, "letter: manifest: part 2: a name with / in it"},
    {spoil_names, VL_ERR_FORMAT, "letter: manifest: part 2: the same name as part 1"},
    {spoil_total, VL_ERR_LIMIT, "letter: parts of more than 2^62 bytes in all"},
    {spoil_sealing, VL_ERR_FORMAT, "letter: manifest: signed core: payload: byte 70: a sealing that is not one of its number"},
    {spoil_act, VL_ERR_FORMAT, "letter: manifest: signed core: payload: byte 47: an uncertainty without a time"},
    {spoil_many, VL_ERR_LIMIT, "letter: more than 72 recipients"},
};
/* clang-format on */

static void what_nobody_would_read_is_refused_before_anything_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(spoiled); i++) {
        struct a_letter letter;
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
        struct vl_letter_writer *writer = NULL;
        struct vl_why why = {""};

        letter_make(&letter, false);
        letter.plan.sink = vl_buf_sink(&out);
        spoiled[i].spoil(&letter);
        assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), spoiled[i].err, &why);
        assert_string_equal(why.text, spoiled[i].words);
        assert_null(writer);
        assert_int_equal(out.len, 0);
    }
}

/* A sink that takes so many bytes and no more. */
struct full_sink {
    size_t left;
};

static enum vl_err put_until_full(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct full_sink *sink = self;

    if (bytes.len > sink->left)
        return vl_fail(why, VL_ERR_NO_SPACE, "the disk is full");
    sink->left -= bytes.len;
    return VL_OK;
}

static void what_the_sink_says_is_told(void **state)
{
    (void)state;
    for (unsigned open = 0; open < 2; open++)
        for (size_t room = 0; room < 9000; room += 300) {
            struct a_letter letter;
            struct full_sink sink = {room};
            struct vl_letter_made made;
            struct vl_why why = {""};
            enum vl_err err;

            letter_make(&letter, open == 1);
            letter.plan.sink = (struct vl_sink){put_until_full, &sink};
            err = write_fed(&letter, &(struct feeding){0, true}, NULL, &made, &why);
            if (err || room < 4000) {
                assert_err(err, VL_ERR_NO_SPACE, &why);
                assert_non_null(strstr(why.text, "the disk is full"));
            }
        }
}

static void what_the_sink_of_parts_says_is_told(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    for (unsigned workers = 0; workers < 2; workers++) {
        const struct vl_age_identities identities = {&letter.cast.office[1].key, 1, 1};
        const struct vl_letter_read_plan plan = {.identities = &identities, .workers = workers};

        VL_AUTO(reading_release)
        struct reading reading =
            read_fed(plan, vl_buf_bytes(&envelope), &(struct feeding){0, false}, VL_ERR_NO_SPACE);
        assert_err(reading.err, VL_ERR_NO_SPACE, &reading.why);
        assert_string_equal(reading.why.text, "the sink is full");
        assert_bytes(vl_buf_bytes(&reading.text), VL_LITERAL("[0 letter.txt 17: "));
    }
}

static void parts_may_go_nowhere(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    const struct vl_letter_read_plan plan = {.workers = 0};
    struct vl_letter_reader *reader = vl_letter_reader_new(&plan, 0);
    struct vl_why why = {""};

    (void)state;
    letter_make(&letter, true);
    archive = write_letter(&letter, &made);
    assert_err(vl_letter_reader_write(reader, vl_buf_bytes(&archive), &why), VL_OK, &why);
    assert_err(vl_letter_reader_finish(reader, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.manifest.part_count, 3);
    vl_letter_reader_free(reader);
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    struct a_letter *letter = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_letter_made made = {.size = 0};
    enum vl_err err;

    letter->plan.sink.put = NULL;
    err = write_fed(letter, &(struct feeding){0, true}, &out, &made, why);
    assert_true(!err || made.size == 0);
    return err;
}

struct to_read {
    struct a_letter letter;
    struct vl_buf file;
};

static enum vl_err read_once(void *self, struct vl_why *why)
{
    struct to_read *to_read = self;
    const struct vl_age_identities identities = {&to_read->letter.cast.office[1].key, 1, 1};
    const struct vl_letter_read_plan plan = {.identities =
                                                 to_read->letter.plan.open ? NULL : &identities};
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    struct vl_letter_reader *reader = vl_letter_reader_new(&plan, 0);
    enum vl_err err;

    if (!reader)
        return VL_ERR_NO_MEMORY;
    err = feed_reader(reader, vl_buf_bytes(&to_read->file), &(struct feeding){0, true}, why);
    if (!err)
        err = vl_letter_reader_finish(reader, &seen, why);
    assert_true(!err || seen.manifest.part_count == 0);
    vl_letter_reader_free(reader);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    (void)state;
    for (unsigned open = 0; open < 2; open++) {
        struct to_read to_read;
        struct vl_letter_made made;

        letter_make(&to_read.letter, open == 1);
        to_read.file = write_letter(&to_read.letter, &made);
        assert_true(each_allocation_fails(write_once, &to_read.letter) > 20);
        assert_true(each_allocation_fails(read_once, &to_read) > 15);
        vl_buf_release(&to_read.file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_letter_is_read_by_everybody_it_is_to),
        cmocka_unit_test(an_open_letter_is_the_archive_itself),
        cmocka_unit_test(pieces_rooms_and_threads_make_no_difference),
        cmocka_unit_test(the_length_of_a_padded_letter_is_one_of_few),
        cmocka_unit_test(a_letter_may_have_no_parts_or_many_empty_ones),
        cmocka_unit_test(room_never_goes_over_the_end_of_a_part),
        cmocka_unit_test(content_that_is_missing_or_too_much_is_told),
        cmocka_unit_test(more_than_there_was_room_for_is_told),
        cmocka_unit_test(what_nobody_would_read_is_refused_before_anything_leaves),
        cmocka_unit_test(what_the_sink_says_is_told),
        cmocka_unit_test(what_the_sink_of_parts_says_is_told),
        cmocka_unit_test(parts_may_go_nowhere),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
