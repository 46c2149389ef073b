/* SPDX-License-Identifier: Apache-2.0 */
/* office/: each use case while every allocation fails once: NO_MEMORY is told, nothing leaks, and
 * what it was about is as it was or as it should be, and never half. */
#include "homes.h"

struct use {
    struct place place;
    struct number letter;
    struct vl_buf card;
    struct vl_age_identity identity;
    uint64_t letters; /* that alma has */
};

static void use_open(struct use *use)
{
    const struct vl_rng rng = vl_rng_system();

    memset(use, 0, sizeof *use);
    place_open(&use->place);
    two_offices(&use->place);
    init(&use->place, "cora");
    use->card = card_of(&use->place, "alma");
    use->letter = write_letter(&use->place, "alma", "bela", "l");
    use->letters = 1;
    assert_int_equal(vl_age_identity_make(&rng, &use->identity), VL_OK);
}

static void use_close(struct use *use)
{
    vl_buf_release(&use->card);
    place_close(&use->place);
}

/* From here on memory is there again: to look at what was left. */
static void look(void)
{
    vl_alloc_fail_after(-1);
}

static enum vl_err init_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    enum vl_err err = try_init(&use->place, "dora", why);

    look();
    assert_int_equal(is_there(&use->place, "dora"), !err);
    if (!err)
        assert_sound(&use->place, "dora");
    return err;
}

static void a_home_is_there_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(init_one, &use) > 20);
    use_close(&use);
}

static enum vl_err add_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_card_added added;
    uint64_t offices;
    enum vl_err err = try_home(&use->place, "cora", &home, why);

    if (!err)
        err = try_add(&home, vl_buf_bytes(&use->card), "alma", &added, why);
    vl_home_close(&home);
    look();
    offices = size_of(&use->place, "cora").offices;
    assert_int_equal(offices, err ? 1 : 2);
    return err;
}

static void a_card_is_there_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(add_one, &use) > 20);
    use_close(&use);
}

static enum vl_err write_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct letter_plan plan = {.to = "bela", .output = "w.age", .evidence = "w.evidence"};
    struct vl_written written = {.size = 0};
    struct vl_home home = VL_HOME_INIT;
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = try_write(&use->place, &home, &plan, &written, why);
    vl_home_close(&home);
    look();
    assert_int_equal(written.kept, !err);
    assert_int_equal(size_of(&use->place, "alma").letters, err ? 1 : 2);
    assert_int_equal(size_of(&use->place, "alma").objects, err ? 1 : 2);
    assert_int_equal(is_there(&use->place, "w.age"), !err);
    assert_int_equal(is_there(&use->place, "w.evidence"), !err);
    return err;
}

static void a_letter_is_written_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(write_one, &use) > 50);
    assert_sound(&use.place, "alma");
    use_close(&use);
}

static enum vl_err write_mail(void *self, struct vl_why *why)
{
    const vl_bytes wire = VL_LITERAL("From: a\n\nHello");
    const vl_bytes answer = VL_LITERAL("\x84\x01\x86\x40\x41"
                                       "a\x40\x40\x40\x40\xf6\x83"
                                       "\x85\x01\x6aletter.txt\xf4\x6atext/plain\x45Hello"
                                       "\x85\x00\x65"
                                       "a.png\xf5\x69image/png\x41x"
                                       "\x85\x00\x68mail.eml\xf4\x6emessage/rfc822\x41y");
    struct use *use = self;
    const char *offices[] = {"bela"};
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_write_request request = {.offices = offices,
                                       .office_count = 1,
                                       .mail = &mail,
                                       .mail_wire = wire,
                                       .dry_run = true,
                                       .now_s = NOW,
                                       .asker = nobody,
                                       .rng = vl_rng_system()};
    struct vl_written written = {.size = 0};
    struct vl_home home = VL_HOME_INIT;
    enum vl_err err = vl_mail_read(answer, &mail, why);

    if (!err)
        err = try_home(&use->place, "alma", &home, why);
    if (!err) {
        request.text = vl_buf_bytes(&vl_mail_text(&mail)->content);
        err = vl_write(&home, &request, &written, why);
    }
    vl_home_close(&home);
    vl_mail_release(&mail);
    look();
    if (!err) { /* the second file has the name of the mail, and the first one had a folder */
        assert_int_equal(written.part_count, 4);
        assert_int_equal(written.renamed, 2);
        assert_int_equal(written.content_bytes, 5 + wire.len + 1 + 1);
    }
    return err;
}

static void a_letter_is_made_of_a_mail_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(write_mail, &use) > 50);
    use_close(&use);
}

static enum vl_err write_many(void *self, struct vl_why *why)
{
    struct use *use = self;
    const char *offices[] = {"bela"};
    const struct path text = in(&use->place, "text"), output = in(&use->place, "out");
    const struct vl_batch_item items[] = {{.path = text.text}, {.path = text.text}};
    const struct vl_write_request request = {.offices = offices,
                                             .office_count = 1,
                                             .output = output.text,
                                             .now_s = NOW,
                                             .asker = nobody,
                                             .rng = vl_rng_system()};
    struct vl_home home = VL_HOME_INIT;
    bool kept = false;
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = vl_write_batch(&home, &request, items, 2, NULL, NULL, &kept, why);
    vl_home_close(&home);
    look();
    /* All of them or none; and the folder of files may be what could not be had at the end. */
    use->letters += kept ? 2 : 0;
    assert_int_equal(size_of(&use->place, "alma").letters, use->letters);
    assert_true(kept || err);
    return err;
}

static void many_letters_are_written_or_none(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    put_bytes(&use.place, "text", VL_LITERAL("The bridge is closed.\n"));
    assert_int_equal(mkdir(in(&use.place, "out").text, 0700), 0);
    assert_true(each_allocation_fails(write_many, &use) > 50);
    assert_sound(&use.place, "alma");
    use_close(&use);
}

static enum vl_err take_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_taken taken = {.kind = VL_TAKEN_NOTHING};
    enum vl_err err = try_home(&use->place, "bela", &home, why);

    if (!err)
        err = try_take(&use->place, &home, "l.age", &taken, why);
    vl_home_close(&home);
    look();
    assert_true(size_of(&use->place, "bela").letters == 1 || err);
    return err;
}

static enum vl_err take_outside(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_taken taken = {.kind = VL_TAKEN_NOTHING};
    enum vl_err err = try_home(&use->place, "bela", &home, why);

    if (!err)
        err = try_take(&use->place, &home, "l.evidence", &taken, why);
    vl_home_close(&home);
    look();
    assert_int_equal(size_of(&use->place, "bela").objects, err ? 0 : 1);
    return err;
}

static enum vl_err open_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_opening opening = {.row = VL_LETTER_ROW_INIT, .seen = VL_LETTER_SEEN_INIT};
    enum vl_err err = try_home(&use->place, "bela", &home, why);

    if (!err) {
        err = try_open(&use->place, &home, use->letter.text, "parts", &opening, why);
        vl_opening_release(&opening);
    }
    vl_home_close(&home);
    look();
    /* It may be signed for and not unpacked; never unpacked and not signed for. */
    assert_int_equal(is_there(&use->place, "parts"), !err);
    assert_true(err || size_of(&use->place, "bela").objects == 2);
    return err;
}

static void letters_and_outsides_are_taken_and_opened_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(take_one, &use) > 10);
    assert_true(each_allocation_fails(take_outside, &use) > 20);
    assert_true(each_allocation_fails(open_one, &use) > 30);
    assert_sound(&use.place, "bela");
    use_close(&use);
}

static enum vl_err rotate_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct vl_card_rotate_request request = {.now_s = NOW,
                                                   .asker = nobody,
                                                   .rng = vl_rng_system()};
    struct vl_home home = VL_HOME_INIT;
    uint64_t before, serial = 0;
    bool unplanned;
    enum vl_err err = try_home(&use->place, "cora", &home, why);

    if (!err) {
        before = vl_chain_newest(&home.chain)->serial;
        err = vl_cards_rotate(&home, &request, &serial, &unplanned, why);
        vl_home_close(&home);
        look();
        home = home_of(&use->place, "cora");
        assert_int_equal(vl_chain_newest(&home.chain)->serial, serial > 0 ? serial : before);
        assert_true(serial > 0 || err);
        assert_int_equal(vl_home_unlock(&home, &nobody, NULL), VL_OK);
        {
            struct vl_signer signer;

            assert_int_equal(vl_home_signer(&home, NOW, &signer, NULL), VL_OK);
        }
    }
    vl_home_close(&home);
    if (err && serial > 0) { /* a chain has 64 cards at most */
        remove_tree(in(&use->place, "cora").text);
        copy_home(&use->place, "template", "cora");
    }
    return err;
}

static void the_keys_of_the_newest_card_are_always_here(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    copy_home(&use.place, "cora", "template");
    assert_true(each_allocation_fails(rotate_one, &use) > 30);
    assert_sound(&use.place, "cora");
    use_close(&use);
}

static enum vl_err forget_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = vl_forget(&home, use->letter.at, why);
    vl_home_close(&home);
    look();
    {
        VL_AUTO(vl_home_close) struct vl_home again = home_of(&use->place, "alma");
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&again, &use->letter);

        assert_int_equal(row.forgotten, !err);
    }
    return err;
}

static void a_letter_is_forgotten_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(forget_one, &use) > 5);
    use_close(&use);
}

static enum vl_err back_up(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct path output = in(&use->place, "backup");
    const struct vl_age_recipients recipients = {&use->identity.recipient, 1, 1};
    const struct vl_backup_request request = {.output = output.text,
                                              .recipients = &recipients,
                                              .now_s = NOW,
                                              .rng = vl_rng_system()};
    struct vl_home home = VL_HOME_INIT;
    uint64_t letters, bytes;
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = vl_backup(&home, &request, &letters, &bytes, why);
    vl_home_close(&home);
    look();
    assert_int_equal(is_there(&use->place, "backup"), !err);
    assert_false(is_there(&use->place, "alma/tmp/backup.db"));
    return err;
}

static enum vl_err restore(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct path input = in(&use->place, "backup"), home = in(&use->place, "again");
    const struct vl_age_identities identities = {&use->identity, 1, 1};
    const struct vl_restore_request request = {.input = input.text,
                                               .home = home.text,
                                               .asker = &nobody,
                                               .identities = &identities,
                                               .now_s = NOW};
    enum vl_err err = vl_restore(&request, why);

    look();
    assert_int_equal(is_there(&use->place, "again"), !err);
    if (!err)
        assert_sound(&use->place, "again");
    return err;
}

static void a_backup_and_its_office_are_there_or_not(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(back_up, &use) > 10);
    assert_true(each_allocation_fails(restore, &use) > 20);
    use_close(&use);
}

static enum vl_err disclose(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct path output = in(&use->place, "shown.tar");
    const struct vl_disclose_request request = {.letter = use->letter.text,
                                                .whole = true,
                                                .output = output.text,
                                                .asker = nobody};
    struct vl_opening opening = {.row = VL_LETTER_ROW_INIT, .seen = VL_LETTER_SEEN_INIT};
    struct vl_home home = VL_HOME_INIT;
    uint64_t bytes;
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = vl_disclose(&home, &request, &opening, &bytes, why);
    vl_opening_release(&opening);
    vl_home_close(&home);
    look();
    assert_int_equal(is_there(&use->place, "shown.tar"), !err);
    return err;
}

static enum vl_err verify(void *self, struct vl_why *why)
{
    struct use *use = self;
    const struct path path = in(&use->place, "shown.tar");
    struct vl_report report = VL_REPORT_INIT;
    struct vl_home home = VL_HOME_INIT;
    const struct vl_verify_request request = {.path = path.text, .home = &home};
    enum vl_err err = try_home(&use->place, "bela", &home, why);

    if (!err)
        err = vl_verify_file(&request, &report, why);
    vl_report_release(&report);
    vl_home_close(&home);
    return err;
}

static void what_is_disclosed_is_there_or_not_and_verifies(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(disclose, &use) > 20);
    assert_true(each_allocation_fails(verify, &use) > 20);
    use_close(&use);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_home_is_there_or_not),
        cmocka_unit_test(a_card_is_there_or_not),
        cmocka_unit_test(a_letter_is_written_or_not),
        cmocka_unit_test(a_letter_is_made_of_a_mail_or_not),
        cmocka_unit_test(many_letters_are_written_or_none),
        cmocka_unit_test(letters_and_outsides_are_taken_and_opened_or_not),
        cmocka_unit_test(the_keys_of_the_newest_card_are_always_here),
        cmocka_unit_test(a_letter_is_forgotten_or_not),
        cmocka_unit_test(a_backup_and_its_office_are_there_or_not),
        cmocka_unit_test(what_is_disclosed_is_there_or_not_and_verifies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
