/* SPDX-License-Identifier: Apache-2.0 */
/* office/: each use case with every allocation failing once: what it was about is as it was or as
 * it should be, and never half. */
#include "homes.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/wait.h>

static void sql(const struct place *place, const char *home, const char *text)
{
    char path[400];
    sqlite3 *db = NULL;

    (void)snprintf(path, sizeof path, "%s/store.db", in(place, home).text);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* --- init, and homes that are none ------------------------------------------------------------ */

static void a_home_is_made_once(void **state)
{
    struct digest before;
    struct place place;
    struct vl_why why = {""};

    (void)state;
    place_open(&place);
    init(&place, "alma");
    before = digest_of(&place, "alma");
    assert_err(try_init(&place, "alma", &why), VL_ERR_EXISTS, &why);
    assert_unchanged(&place, "alma", before);
    assert_sound(&place, "alma");
    assert_err(try_init(&place, "al\x01ma", &why), VL_ERR_FORMAT, &why);
    assert_false(is_there(&place, "al\x01ma"));
    place_close(&place);
}

static void where_there_is_no_office_none_is_opened(void **state)
{
    struct vl_home home = VL_HOME_INIT;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    assert_err(try_home(&place, "nowhere", &home, &why), VL_ERR_NO_HOME, &why);
    assert_int_equal(mkdir(in(&place, "empty").text, 0700), 0);
    assert_err(try_home(&place, "empty", &home, &why), VL_ERR_NO_HOME, &why);
    assert_false(is_there(&place, "empty/lock")); /* nothing is made in what is not ours */
    assert_null(home.path);
    place_close(&place);
}

static void a_home_of_a_newer_valise_is_refused_and_unchanged(void **state)
{
    struct vl_home home = VL_HOME_INIT;
    struct digest before;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    sql(&place, "alma", "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 1000");
    before = digest_of(&place, "alma");
    for (int write = 0; write < 2; write++) {
        assert_err(vl_home_open(in(&place, "alma").text, write ? VL_HOME_WRITE : VL_HOME_READ,
                                &home, &why),
                   VL_ERR_UNSUPPORTED, &why);
        assert_says(&why, "newer valise");
        assert_null(home.path);
        assert_unchanged(&place, "alma", before);
    }
    place_close(&place);
}

static void two_writers_do_not_wait_for_each_other(void **state)
{
    struct vl_home again = VL_HOME_INIT;
    struct vl_why why = {""};
    struct place place;
    char number[24];

    (void)state;
    place_open(&place);
    init(&place, "alma");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        struct vl_home reading = VL_HOME_INIT;

        (void)home;
        assert_err(try_home(&place, "alma", &again, &why), VL_ERR_LOCKED, &why);
        (void)snprintf(number, sizeof number, "process %ld", (long)getpid());
        assert_says(&why, number);
        assert_null(again.path);
        assert_err(vl_home_open(in(&place, "alma").text, VL_HOME_READ, &reading, &why), VL_OK,
                   &why);
        vl_home_close(&reading);
    }
    assert_err(try_home(&place, "alma", &again, &why), VL_OK, &why);
    vl_home_close(&again);
    place_close(&place);
}

/* --- keys ------------------------------------------------------------------------------------- */

struct phrase {
    const char *text;
    unsigned asked;
};

static enum vl_err say_phrase(void *self, enum vl_ask_for what, const char *name,
                              struct vl_passphrase *out, struct vl_why *why)
{
    struct phrase *phrase = self;

    (void)what;
    (void)name;
    (void)why;
    phrase->asked++;
    *out = (struct vl_passphrase){.len = strlen(phrase->text)};
    memcpy(out->data, phrase->text, out->len);
    return VL_OK;
}

static enum vl_err change(const struct place *place, struct phrase *now, struct phrase *next,
                          bool *sealed, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    const struct vl_asker ask_now = {say_phrase, now}, ask_next = {say_phrase, next};
    const struct vl_rng rng = vl_rng_system();

    return vl_home_passphrase(&home, &ask_now, &ask_next, &rng, sealed, why);
}

static enum vl_err unlock_with(const struct place *place, const char *text, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    struct phrase phrase = {text, 0};
    const struct vl_asker asker = {say_phrase, &phrase};

    return vl_home_unlock(&home, &asker, why);
}

static void the_passphrase_is_changed_for_both_files_of_keys(void **state)
{
    struct phrase none = {"", 0}, lamp = {"lamp", 0};
    struct vl_why why = {""};
    struct place place;
    bool sealed = false;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    assert_err(change(&place, &none, &lamp, &sealed, &why), VL_OK, &why);
    assert_true(sealed);
    assert_true(is_there(&place, "alma/keys.age") && !is_there(&place, "alma/keys.cbor"));
    assert_true(is_there(&place, "alma/recovery/next.age") &&
                !is_there(&place, "alma/recovery/next.cbor"));
    assert_err(unlock_with(&place, "lump", &why), VL_ERR_NO_KEY, &why);
    assert_err(unlock_with(&place, "lamp", &why), VL_OK, &why);
    place_close(&place);
}

/* Killed between the two files: the announced key is sealed and the keys are not. */
static void a_change_of_passphrase_that_was_cut_short_is_finished(void **state)
{
    struct phrase none = {"", 0}, lamp = {"lamp", 0};
    struct vl_why why = {""};
    struct place place;
    bool sealed = false;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    {
        VL_AUTO(vl_buf_release) struct vl_buf keys = file(in(&place, "alma/keys.cbor").text);

        assert_err(change(&place, &none, &lamp, &sealed, &why), VL_OK, &why);
        put_bytes(&place, "alma/keys.cbor", vl_buf_bytes(&keys));
        assert_int_equal(unlink(in(&place, "alma/keys.age").text), 0);
    }
    assert_err(unlock_with(&place, "", &why), VL_OK, &why);
    assert_err(change(&place, &none, &lamp, &sealed, &why), VL_OK, &why);
    assert_true(is_there(&place, "alma/keys.age") && !is_there(&place, "alma/keys.cbor"));
    assert_err(unlock_with(&place, "lamp", &why), VL_OK, &why);
    place_close(&place);
}

/* Killed before the unsealed form was gone: it does not stay there. */
static void keys_do_not_lie_unsealed_beside_the_sealed_ones(void **state)
{
    struct phrase none = {"", 0}, lamp = {"lamp", 0};
    struct vl_why why = {""};
    struct place place;
    bool sealed = false;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    {
        VL_AUTO(vl_buf_release) struct vl_buf keys = file(in(&place, "alma/keys.cbor").text);

        assert_err(change(&place, &none, &lamp, &sealed, &why), VL_OK, &why);
        put_bytes(&place, "alma/keys.cbor", vl_buf_bytes(&keys));
    }
    assert_err(unlock_with(&place, "wrong", &why), VL_ERR_NO_KEY, &why);
    assert_true(is_there(&place, "alma/keys.cbor"));
    assert_err(unlock_with(&place, "lamp", &why), VL_OK, &why);
    assert_false(is_there(&place, "alma/keys.cbor"));
    place_close(&place);
}

/* --- rotation --------------------------------------------------------------------------------- */

static enum vl_err rotate(struct vl_home *home, bool not_newer, uint64_t *serial,
                          struct vl_why *why)
{
    const struct vl_card_rotate_request request = {.not_newer = not_newer,
                                                   .now_s = NOW,
                                                   .asker = nobody,
                                                   .rng = vl_rng_system()};
    bool unplanned;

    return vl_cards_rotate(home, &request, serial, &unplanned, why);
}

static void an_office_that_signed_nothing_can_change_its_keys(void **state)
{
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    for (uint64_t i = 1; i <= 3; i++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        uint64_t serial = 0;

        assert_err(rotate(&home, false, &serial, &why), VL_OK, &why);
        assert_int_equal(serial, i);
    }
    assert_sound(&place, "alma");
    place_close(&place);
}

static void without_the_announced_key_the_card_stays(void **state)
{
    struct digest before;
    struct vl_why why = {""};
    struct place place;
    uint64_t serial = 7;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    assert_int_equal(rename(in(&place, "alma/recovery/next.cbor").text,
                            in(&place, "elsewhere.cbor").text),
                     0);
    assert_sound(&place, "alma"); /* and its journal is brought in */
    before = digest_of(&place, "alma");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");

        assert_err(rotate(&home, false, &serial, &why), VL_ERR_NO_KEY, &why);
    }
    assert_int_equal(serial, 0);
    assert_unchanged(&place, "alma", before);
    place_close(&place);
}

/* --- backup: what must not be used twice ------------------------------------------------------ */

static void back_up(const struct place *place, const char *home_name, const char *name,
                    const struct vl_age_identities *key)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, home_name);
    const struct path output = in(place, name);
    struct vl_age_recipient recipient = key->at[0].recipient;
    const struct vl_age_recipients recipients = {&recipient, 1, 1};
    const struct vl_backup_request request = {.output = output.text,
                                              .recipients = &recipients,
                                              .now_s = NOW,
                                              .rng = vl_rng_system()};
    uint64_t letters, bytes;
    struct vl_why why = {""};

    assert_err(vl_backup(&home, &request, &letters, &bytes, &why), VL_OK, &why);
}

static enum vl_err try_restore(const struct place *place, const char *name, const char *home_name,
                               const struct vl_age_identities *key, struct vl_why *why)
{
    const struct path input = in(place, name), home = in(place, home_name);
    const struct vl_restore_request request = {
        .input = input.text, .home = home.text, .asker = &nobody, .identities = key, .now_s = NOW};

    return vl_restore(&request, why);
}

struct backup_key {
    struct vl_age_identity identity;
    struct vl_age_identities list;
};

static void make_key(struct backup_key *key)
{
    const struct vl_rng rng = vl_rng_system();

    assert_int_equal(vl_age_identity_make(&rng, &key->identity), VL_OK);
    key->list = (struct vl_age_identities){&key->identity, 1, 1};
}

/* The serial of a card: a second card of one number is what a thief's looks like. */
static void a_restored_office_makes_no_second_card_of_one_serial(void **state)
{
    struct backup_key key;
    struct vl_why why = {""};
    struct place place;
    uint64_t serial = 0;

    (void)state;
    make_key(&key);
    place_open(&place);
    init(&place, "alma");
    back_up(&place, "alma", "alma.backup", &key.list);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");

        assert_err(rotate(&home, false, &serial, &why), VL_OK, &why); /* after the backup */
    }
    assert_err(try_restore(&place, "alma.backup", "again", &key.list, &why), VL_OK, &why);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "again");

        assert_err(rotate(&home, false, &serial, &why), VL_ERR_REFUSED, &why);
        assert_says(&why, "fork");
        assert_int_equal(serial, 0);
    }
    /* It has its newest card from somebody who has it. */
    {
        VL_AUTO(vl_buf_release) struct vl_buf newest = card_of(&place, "alma");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "again");

        assert_int_equal(add(&home, vl_buf_bytes(&newest), NULL).news, VL_CARD_CHANGED);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "again");

        assert_int_equal(vl_chain_newest(&home.chain)->serial, 1);
        /* Its key came after the backup: that is told, and no card of serial 1 is made. */
        assert_err(rotate(&home, false, &serial, &why), VL_ERR_NO_KEY, &why);
        assert_int_equal(serial, 0);
    }
    place_close(&place);
}

static void a_restored_office_goes_on_when_its_owner_says_so(void **state)
{
    struct backup_key key;
    struct vl_store_size before, after;
    struct number number;
    struct vl_opening opening;
    struct vl_why why = {""};
    struct place place;
    uint64_t serial = 0;

    (void)state;
    make_key(&key);
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    (void)take(&place, "bela", "l.age");
    (void)take(&place, "bela", "l.evidence");
    before = size_of(&place, "bela");
    back_up(&place, "bela", "bela.backup", &key.list);
    assert_err(try_restore(&place, "bela.backup", "alma", &key.list, &why), VL_ERR_EXISTS, &why);
    assert_err(try_restore(&place, "bela.backup", "again", &key.list, &why), VL_OK, &why);
    after = size_of(&place, "again");
    assert_int_equal(after.letters, before.letters);
    assert_int_equal(after.objects, before.objects);
    assert_int_equal(after.offices, before.offices);
    assert_int_equal(after.envelope_bytes, before.envelope_bytes);
    assert_sound(&place, "again");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "again");

        assert_err(try_open(&place, &home, number.text, "parts", &opening, &why), VL_OK, &why);
        vl_opening_release(&opening);
        assert_err(rotate(&home, true, &serial, &why), VL_OK, &why);
        assert_int_equal(serial, 1);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "again");

        assert_err(rotate(&home, false, &serial, &why), VL_OK, &why); /* asked once */
    }
    place_close(&place);
}

static void a_backup_that_was_altered_or_cut_makes_no_office(void **state)
{
    struct backup_key key, other;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    make_key(&key);
    make_key(&other);
    place_open(&place);
    two_offices(&place);
    (void)write_letter(&place, "alma", "bela", "l");
    back_up(&place, "alma", "alma.backup", &key.list);
    assert_err(try_restore(&place, "alma.backup", "again", &other.list, &why), VL_ERR_NO_KEY, &why);
    VL_AUTO(vl_buf_release) struct vl_buf whole = file(in(&place, "alma.backup").text);
    for (size_t at = 300; at < whole.len; at += whole.len / 7) {
        whole.data[at] ^= 1;
        put_bytes(&place, "bent", vl_buf_bytes(&whole));
        whole.data[at] ^= 1;
        put_bytes(&place, "cut", vl_bytes_first(vl_buf_bytes(&whole), at));
        assert_true(try_restore(&place, "bent", "again", &key.list, &why) != VL_OK);
        assert_true(try_restore(&place, "cut", "again", &key.list, &why) != VL_OK);
        assert_false(is_there(&place, "again"));
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_home_is_made_once),
        cmocka_unit_test(where_there_is_no_office_none_is_opened),
        cmocka_unit_test(a_home_of_a_newer_valise_is_refused_and_unchanged),
        cmocka_unit_test(two_writers_do_not_wait_for_each_other),
        cmocka_unit_test(the_passphrase_is_changed_for_both_files_of_keys),
        cmocka_unit_test(a_change_of_passphrase_that_was_cut_short_is_finished),
        cmocka_unit_test(keys_do_not_lie_unsealed_beside_the_sealed_ones),
        cmocka_unit_test(an_office_that_signed_nothing_can_change_its_keys),
        cmocka_unit_test(without_the_announced_key_the_card_stays),
        cmocka_unit_test(a_restored_office_makes_no_second_card_of_one_serial),
        cmocka_unit_test(a_restored_office_goes_on_when_its_owner_says_so),
        cmocka_unit_test(a_backup_that_was_altered_or_cut_makes_no_office),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
