/* SPDX-License-Identifier: Apache-2.0 */
/* letter/letter.h, reading: how a letter stands to the envelope it came in (PROTOCOL 2, 9, 10). */
#include "letters.h"

#include "seal/age_armor.h"

static bool holds(vl_bytes in, vl_bytes bytes)
{
    return memmem(in.ptr, in.len, bytes.ptr, bytes.len) != NULL;
}

/* PROTOCOL 2: outside there are only hashes of the opening values. */
static void attack_02_opening_values_are_each_addressees_own_and_only_inside(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(reading_release)
    struct reading one = {.seen = VL_LETTER_SEEN_INIT, .text = VL_BUF_INIT(1)},
                   other = {.seen = VL_LETTER_SEEN_INIT, .text = VL_BUF_INIT(1)},
                   own = {.seen = VL_LETTER_SEEN_INIT, .text = VL_BUF_INIT(1)};

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    one = read_as(&letter.cast.office[1], vl_buf_bytes(&envelope));
    other = read_as(&letter.cast.office[2], vl_buf_bytes(&envelope));
    own = read_as(&letter.cast.office[0], vl_buf_bytes(&envelope));
    assert_true(one.seen.has_opening && other.seen.has_opening);
    assert_memory_not_equal(one.seen.opening, other.seen.opening, VL_HASH_LEN);
    assert_false(own.seen.has_opening);
    assert_false(holds(vl_buf_bytes(&envelope), VL_ARRAY(one.seen.opening)));
    assert_false(holds(vl_bytes_of(&made, sizeof made), VL_ARRAY(one.seen.opening)));
    assert_false(holds(vl_bytes_of(&made, sizeof made), VL_ARRAY(other.seen.opening)));
    assert_false(holds(vl_object_payload(&one.seen.manifest.core), VL_ARRAY(one.seen.opening)));
    assert_memory_not_equal(made.openings[0], made.openings[1], VL_HASH_LEN);
}

static void attack_02_every_letter_has_other_opening_values(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made, again;
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_letter_writer *writer = NULL;
    struct vl_why why = {""};

    (void)state;
    letter_make(&letter, false);
    first = write_letter(&letter, &made);
    letter.plan.sink = vl_buf_sink(&second); /* the counter goes on */
    letter.plan.part_count = 0;
    assert_err(vl_letter_writer_new(&letter.plan, &writer, &why), VL_OK, &why);
    assert_err(vl_letter_writer_finish(writer, &again, &why), VL_OK, &why);
    vl_letter_writer_free(writer);
    assert_memory_not_equal(made.openings[0], again.openings[0], VL_HASH_LEN);
    assert_memory_not_equal(made.number, again.number, VL_HASH_LEN);
}

/* A recipient shows the inside around: it says itself that it was sealed. */
static void attack_09_a_sealed_letter_without_its_envelope_is_no_open_letter(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&envelope));
    VL_AUTO(reading_release) struct reading reading = read_bare(vl_buf_bytes(&inside));
    assert_err(reading.err, VL_OK, &reading.why);
    assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_DISCLOSED_COPY);
    assert_false(reading.seen.was_sealed || reading.seen.commitment_ok);
    assert_int_equal(reading.seen.manifest.mode, 1);
    assert_memory_equal(reading.seen.manifest.core_id, made.core_id, VL_HASH_LEN);
    assert_memory_not_equal(reading.seen.number, made.number, VL_HASH_LEN);
}

static void attack_09_an_open_letter_in_an_envelope_was_sealed_by_nobody(void **state)
{
    static const unsigned to[] = {1, 2};
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, true);
    archive = write_letter(&letter, &made);
    envelope = sealed_to(&letter.cast, to, 2, vl_buf_bytes(&archive));
    VL_AUTO(reading_release)
    struct reading reading = read_as(&letter.cast.office[1], vl_buf_bytes(&envelope));
    assert_err(reading.err, VL_OK, &reading.why);
    assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_ENCLOSED_OPEN);
    assert_true(reading.seen.was_sealed && reading.seen.own_listed);
    assert_false(reading.seen.commitment_ok || reading.seen.own_key_ok ||
                 reading.seen.unlisted_keys || reading.seen.has_opening);
}

/* The same content sealed once more by a recipient, in a new envelope. */
static void attack_10_the_inside_put_into_another_envelope(void **state)
{
    static const unsigned to[] = {1, 2, 0};
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&envelope));
    other = sealed_to(&letter.cast, to, 3, vl_buf_bytes(&inside));
    VL_AUTO(reading_release)
    struct reading reading = read_as(&letter.cast.office[2], vl_buf_bytes(&other));
    assert_err(reading.err, VL_OK, &reading.why);
    assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_RESEALED);
    assert_true(reading.seen.was_sealed && reading.seen.own_listed && reading.seen.own_key_ok);
    assert_false(reading.seen.commitment_ok || reading.seen.unlisted_keys);
}

/* Office 1 keeps file key, nonce and content, and writes another header around them: to these
 * offices, and with a stanza that nobody knows where `unknown` says so. */
static struct vl_buf rewrapped(struct a_letter *letter, vl_bytes envelope, const unsigned *to,
                               size_t count, bool unknown)
{
    const struct vl_age_identities identities = {&letter->cast.office[1].key, 1, 1};
    VL_AUTO(vl_buf_release) struct vl_buf plain = VL_BUF_INIT(ARCHIVE_CEIL);
    const struct vl_open_plan plan = {.identities = &identities, .sink = vl_buf_sink(&plain)};
    struct vl_opener *opener = vl_opener_new(&plan);
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 31);
    struct vl_why why = {""};
    size_t head_len;

    assert_err(vl_opener_write(opener, envelope, &why), VL_OK, &why);
    assert_err(vl_opener_finish(opener, &why), VL_OK, &why);
    head_len = vl_opener_head(opener).len;
    assert_int_equal(vl_age_header_begin(&out), VL_OK);
    for (size_t i = 0; i < count; i++)
        assert_err(vl_age_wrap(&letter->cast.office[to[i]].key.recipient,
                               vl_opener_file_key(opener), &rng, &out, &why),
                   VL_OK, &why);
    if (unknown)
        assert_int_equal(vl_age_header_put_stanza(&out, VL_LITERAL("ssh-ed25519 abc def"),
                                                  VL_LITERAL("32 bytes of what nobody knows...")),
                         VL_OK);
    assert_int_equal(vl_age_header_finish(&out, vl_opener_file_key(opener)), VL_OK);
    assert_int_equal(vl_buf_put(&out, vl_bytes_after(envelope, head_len - 16)), VL_OK);
    vl_opener_free(opener);
    return out;
}

static void check_resealed(struct an_office *office, const struct vl_buf *envelope, bool listed,
                           bool unlisted_keys, const struct vl_letter_made *made)
{
    VL_AUTO(reading_release) struct reading reading = read_as(office, vl_buf_bytes(envelope));
    const struct vl_letter_seen *seen = &reading.seen;

    assert_err(reading.err, VL_OK, &reading.why);
    assert_int_equal(vl_letter_form(seen), VL_FORM_RESEALED);
    assert_false(seen->commitment_ok);
    assert_int_equal(seen->own_listed, listed);
    assert_int_equal(seen->own_key_ok, listed);
    assert_int_equal(seen->has_opening, listed);
    assert_int_equal(seen->unlisted_keys, unlisted_keys);
    assert_memory_not_equal(seen->number, made->number, VL_HASH_LEN);
    assert_memory_equal(seen->manifest.core_id, made->core_id, VL_HASH_LEN);
}

static void attack_10_a_recipient_writes_another_header(void **state)
{
    static const struct {
        unsigned to[4];
        size_t count;
        bool unknown;
        unsigned reader;
        bool listed;
        bool unlisted_keys;
    } rows[] = {
        {{1, 3, 0}, 3, false, 3, false, false},   /* drops an addressee, adds another office */
        {{1}, 1, false, 1, true, true},           /* drops an addressee and the copy */
        {{1, 2, 0, 3}, 4, false, 3, false, true}, /* adds another office */
        {{1, 2, 0}, 3, false, 2, true, false},    /* the same offices, other stanzas */
        {{2, 1, 0}, 3, false, 2, true, false},    /* another order */
        {{1, 2, 0}, 3, true, 2, true, true},      /* a key of a kind not known */
    };
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    for (size_t i = 0; i < COUNT(rows); i++) {
        VL_AUTO(vl_buf_release)
        struct vl_buf other =
            rewrapped(&letter, vl_buf_bytes(&envelope), rows[i].to, rows[i].count, rows[i].unknown);

        check_resealed(&letter.cast.office[rows[i].reader], &other, rows[i].listed,
                       rows[i].unlisted_keys, &made);
    }
}

/* The sender's own envelope around a letter that lists fewer keys than it is sealed to: what the
 * writer here never makes, put together by hand. */
static struct vl_buf sealed_to_more(struct a_draft *draft, size_t key_count)
{
    struct vl_age_recipient keys[4];
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct counter_rng counter;
    const struct vl_age_recipients recipients = {keys, key_count, key_count};
    const struct vl_seal_plan plan = {.recipients = &recipients,
                                      .rng = counter_rng(&counter, 5),
                                      .sink = vl_buf_sink(&out)};
    struct vl_sealer *sealer = NULL;
    struct vl_why why = {""};

    keys[0] = draft->to[0].key.recipient;
    keys[1] = draft->to[1].key.recipient;
    keys[2] = draft->from.key.recipient;
    keys[3] = draft->to[2].key.recipient;
    assert_err(vl_sealer_new(&plan, &sealer, &why), VL_OK, &why);
    vl_sha256(vl_sealer_head(sealer), draft->manifest.sealing_commitment);
    wire = written(draft);
    put_file(&archive, draft->parts[0].name, VL_LITERAL("Good day"));
    put_file(&archive, draft->parts[1].name, VL_BYTES_NONE);
    put_file(&archive, VL_LITERAL(VL_MANIFEST_NAME), vl_buf_bytes(&wire));
    put_end(&archive);
    put_bytes(&archive, 0, (size_t)vl_pax_padded(archive.len) - archive.len);
    assert_err(vl_sealer_write(sealer, vl_buf_bytes(&archive), &why), VL_OK, &why);
    assert_err(vl_sealer_finish(sealer, &why), VL_OK, &why);
    vl_sealer_free(sealer);
    return out;
}

static void attack_10_sealed_also_to_keys_that_are_not_listed(void **state)
{
    (void)state;
    for (size_t keys = 2; keys <= 4; keys++) {
        struct a_draft draft;
        VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

        draft_sealed(&draft);
        envelope = sealed_to_more(&draft, keys);
        VL_AUTO(reading_release)
        struct reading reading = read_as(&draft.to[1], vl_buf_bytes(&envelope));
        assert_err(reading.err, VL_OK, &reading.why);
        assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_SEALED);
        assert_true(reading.seen.commitment_ok && reading.seen.own_listed &&
                    reading.seen.own_key_ok);
        assert_int_equal(reading.seen.unlisted_keys, keys != 3);
    }
}

/* The unlisted one can open it, and is told that nobody named it. */
static void attack_10_opened_by_whom_the_letter_does_not_list(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    draft_sealed(&draft);
    envelope = sealed_to_more(&draft, 4);
    VL_AUTO(reading_release)
    struct reading reading = read_as(&draft.to[2], vl_buf_bytes(&envelope));
    assert_err(reading.err, VL_OK, &reading.why);
    assert_false(reading.seen.own_listed || reading.seen.own_key_ok || reading.seen.has_opening);
    assert_true(reading.seen.unlisted_keys && reading.seen.commitment_ok);
}

/* An addressee who got the key of another one is not served by it. */
static void attack_10_opened_with_the_key_of_another_addressee(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    const struct vl_age_identities identities = {&letter.cast.office[1].key, 1, 1};
    const struct vl_letter_read_plan plan = {.identities = &identities,
                                             .office = &letter.cast.office[2].id};

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    VL_AUTO(reading_release)
    struct reading reading =
        read_fed(plan, vl_buf_bytes(&envelope), &(struct feeding){0, false}, VL_OK);
    assert_err(reading.err, VL_OK, &reading.why);
    assert_true(reading.seen.own_listed);
    assert_false(reading.seen.own_key_ok);
}

/* PROTOCOL 3: whoever has number N and its file key sees what N holds. */
static void a_disclosed_file_key_opens_it(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_secret key = VL_SECRET_INIT;
    struct vl_letter_read_plan plan = {.file_key = &key};

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    VL_AUTO(reading_release)
    struct reading first = read_as(&letter.cast.office[1], vl_buf_bytes(&envelope));
    key = first.seen.file_key;
    VL_AUTO(reading_release)
    struct reading reading =
        read_fed(plan, vl_buf_bytes(&envelope), &(struct feeding){0, true}, VL_OK);
    assert_err(reading.err, VL_OK, &reading.why);
    assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_SEALED);
    assert_bytes(vl_buf_bytes(&reading.text), vl_buf_bytes(&first.text));
    assert_false(reading.seen.own_listed || reading.seen.own_key_ok || reading.seen.unlisted_keys);
    key.data[0] ^= 1;
    VL_AUTO(reading_release)
    struct reading wrong =
        read_fed(plan, vl_buf_bytes(&envelope), &(struct feeding){0, true}, VL_OK);
    assert_err(wrong.err, VL_ERR_UNVERIFIED, &wrong.why);
}

/* The number is of the binary file: the same letter in armor is the same letter. */
static void in_armor_it_has_the_same_number(void **state)
{
    static const struct feeding how[] = {{0, false}, {1, false}, {100, true}, {0, true}};
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf armored = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_age_armor_writer armor = VL_AGE_ARMOR_WRITER_INIT;
    const struct vl_age_identities identities = {&letter.cast.office[1].key, 1, 1};
    const struct vl_letter_read_plan plan = {.identities = &identities};

    (void)state;
    letter_make(&letter, false);
    put_bytes(&content, 'x', 100000);
    set_part(&letter, 0, VL_LITERAL("a"), vl_buf_bytes(&content));
    envelope = write_letter(&letter, &made);
    assert_int_equal(vl_age_armor_write(&armor, vl_buf_bytes(&envelope), &armored), VL_OK);
    assert_int_equal(vl_age_armor_write_end(&armor, &armored), VL_OK);
    for (size_t i = 0; i < COUNT(how); i++) {
        VL_AUTO(reading_release)
        struct reading reading = read_fed(plan, vl_buf_bytes(&armored), &how[i], VL_OK);
        assert_err(reading.err, VL_OK, &reading.why);
        assert_memory_equal(reading.seen.number, made.number, VL_HASH_LEN);
        assert_int_equal(reading.seen.size, made.size);
        assert_int_equal(vl_letter_form(&reading.seen), VL_FORM_SEALED);
    }
    for (size_t cut = 1; cut < armored.len; cut += 7777) {
        VL_AUTO(reading_release)
        struct reading reading =
            read_fed(plan, vl_bytes_of(armored.data, armored.len - cut), &how[0], VL_OK);
        assert_true(cut == 1 ? !reading.err : reading.err == VL_ERR_FORMAT);
    }
    armored.data[armored.len / 2] = '!';
    VL_AUTO(reading_release)
    struct reading reading = read_fed(plan, vl_buf_bytes(&armored), &how[0], VL_OK);
    assert_err(reading.err, VL_ERR_FORMAT, &reading.why);
}

static void an_envelope_for_others_is_not_opened(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    VL_AUTO(reading_release)
    struct reading reading = read_as(&letter.cast.office[3], vl_buf_bytes(&envelope));
    assert_err(reading.err, VL_ERR_NO_KEY, &reading.why);
    assert_int_equal(reading.text.len, 0);
    VL_AUTO(reading_release) struct reading bare = read_bare(vl_buf_bytes(&envelope));
    assert_err(bare.err, VL_ERR_FORMAT, &bare.why);
}

/* No byte of an envelope may be another one. */
static void any_changed_byte_of_an_envelope_is_told(void **state)
{
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    envelope = write_letter(&letter, &made);
    for (size_t i = 0; i < envelope.len; i += 53) {
        envelope.data[i] ^= 1;
        VL_AUTO(reading_release)
        struct reading reading = read_as(&letter.cast.office[1], vl_buf_bytes(&envelope));
        envelope.data[i] ^= 1;
        assert_true(reading.err != VL_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attack_02_opening_values_are_each_addressees_own_and_only_inside),
        cmocka_unit_test(attack_02_every_letter_has_other_opening_values),
        cmocka_unit_test(attack_09_a_sealed_letter_without_its_envelope_is_no_open_letter),
        cmocka_unit_test(attack_09_an_open_letter_in_an_envelope_was_sealed_by_nobody),
        cmocka_unit_test(attack_10_the_inside_put_into_another_envelope),
        cmocka_unit_test(attack_10_a_recipient_writes_another_header),
        cmocka_unit_test(attack_10_sealed_also_to_keys_that_are_not_listed),
        cmocka_unit_test(attack_10_opened_by_whom_the_letter_does_not_list),
        cmocka_unit_test(attack_10_opened_with_the_key_of_another_addressee),
        cmocka_unit_test(a_disclosed_file_key_opens_it),
        cmocka_unit_test(in_armor_it_has_the_same_number),
        cmocka_unit_test(an_envelope_for_others_is_not_opened),
        cmocka_unit_test(any_changed_byte_of_an_envelope_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
