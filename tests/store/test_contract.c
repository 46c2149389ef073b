/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.h: what every keeper promises. */
#include "stores.h"

enum keeper { MEMORY, HOME };

struct keeping {
    enum keeper keeper;
    struct vl_store *store;
    char folder[64];
};

static int enter(void **state, enum keeper keeper)
{
    struct keeping *keeping = calloc(1, sizeof *keeping);

    keeping->keeper = keeper;
    if (keeper == HOME)
        keeping->store = open_home(make_folder(keeping->folder), VL_STORE_CREATE);
    else
        assert_int_equal(vl_store_memory_new(&keeping->store), VL_OK);
    *state = keeping;
    return 0;
}
static int enter_memory(void **state)
{
    return enter(state, MEMORY);
}
static int enter_home(void **state)
{
    return enter(state, HOME);
}
static int leave(void **state)
{
    struct keeping *keeping = *state;

    vl_store_close(keeping->store);
    if (keeping->keeper == HOME)
        remove_folder(keeping->folder);
    free(keeping);
    return 0;
}

static struct vl_store *store_of(void **state)
{
    return ((struct keeping *)*state)->store;
}

static void begin(struct vl_store *store)
{
    struct vl_why why = {""};

    assert_err(vl_store_begin(store, &why), VL_OK, &why);
}
static void commit(struct vl_store *store)
{
    struct vl_why why = {""};

    assert_err(vl_store_commit(store, &why), VL_OK, &why);
}

static void fill(uint8_t *out, size_t len, unsigned char with)
{
    memset(out, with, len);
}

/* A row with everything in it. */
static const uint8_t some_waybill[] = "a waybill", some_path[2 * VL_HASH_LEN] = {7, 8, 9};
static struct vl_letter_row full_row(vl_bytes envelope)
{
    struct vl_letter_row row = row_of(envelope);

    row.mode = 2;
    row.roles = VL_ROLE_WRITTEN | VL_ROLE_TAKEN | VL_ROLE_CARRIED;
    row.way = VL_WAY_HANDED;
    row.quarantined = row.has_via = true;
    fill(row.via, sizeof row.via, 8);
    row.has_from = row.from_proven = row.has_core = row.has_letter_id = true;
    row.has_date = row.has_expires = row.has_expect_by = row.has_sealed = true;
    fill(row.from, sizeof row.from, 1);
    row.to_count = 2;
    fill(row.to[0], sizeof row.to[0], 2);
    fill(row.to[1], sizeof row.to[1], 3);
    fill(row.core, sizeof row.core, 4);
    fill(row.letter_id, sizeof row.letter_id, 5);
    row.date_s = -5;
    row.expires_s = 0;
    row.expect_by_s = INT64_MAX;
    row.verdict = 3;
    row.opened_at_s = 99;
    row.waybill = VL_ARRAY(some_waybill);
    fill(row.sealed, sizeof row.sealed, 6);
    row.leaf_index = 77;
    row.path = VL_ARRAY(some_path);
    return row;
}

static void assert_same_row(const struct vl_letter_row *got, const struct vl_letter_row *wanted)
{
    assert_memory_equal(got->number, wanted->number, VL_HASH_LEN);
    assert_int_equal(got->size, wanted->size);
    assert_int_equal(got->mode, wanted->mode);
    assert_int_equal(got->roles, wanted->roles);
    assert_int_equal(got->has_from, wanted->has_from);
    assert_int_equal(got->from_proven, wanted->from_proven);
    if (wanted->has_from)
        assert_memory_equal(got->from, wanted->from, VL_HASH_LEN);
    assert_int_equal(got->to_count, wanted->to_count);
    if (wanted->to_count)
        assert_memory_equal(got->to, wanted->to, wanted->to_count * VL_HASH_LEN);
    assert_int_equal(got->has_core, wanted->has_core);
    if (wanted->has_core)
        assert_memory_equal(got->core, wanted->core, VL_HASH_LEN);
    assert_int_equal(got->has_letter_id, wanted->has_letter_id);
    if (wanted->has_letter_id)
        assert_memory_equal(got->letter_id, wanted->letter_id, 16);
    assert_int_equal(got->has_date, wanted->has_date);
    assert_int_equal(got->date_s, wanted->date_s);
    assert_int_equal(got->has_expires, wanted->has_expires);
    assert_int_equal(got->expires_s, wanted->expires_s);
    assert_int_equal(got->has_expect_by, wanted->has_expect_by);
    assert_int_equal(got->expect_by_s, wanted->expect_by_s);
    assert_int_equal(got->kept_at_s, wanted->kept_at_s);
    assert_int_equal(got->verdict, wanted->verdict);
    assert_int_equal(got->opened_at_s, wanted->opened_at_s);
    assert_int_equal(got->forgotten, wanted->forgotten);
    assert_int_equal(got->way, wanted->way);
    assert_int_equal(got->quarantined, wanted->quarantined);
    assert_int_equal(got->has_via, wanted->has_via);
    if (wanted->has_via)
        assert_memory_equal(got->via, wanted->via, VL_HASH_LEN);
    assert_int_equal(got->has_sealed, wanted->has_sealed);
    if (wanted->has_sealed)
        assert_memory_equal(got->sealed, wanted->sealed, VL_HASH_LEN);
    assert_int_equal(got->leaf_index, wanted->leaf_index);
    assert_bytes(got->waybill, wanted->waybill);
    assert_bytes(got->path, wanted->path);
}

static void assert_row(struct vl_store *store, const struct vl_letter_row *wanted)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_letter(store, wanted->number, &got, &why), VL_OK, &why);
    assert_same_row(&got, wanted);
}

static void every_field_of_a_row_comes_back(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(1, 300);
    VL_AUTO(vl_buf_release) struct vl_buf other = envelope_of(2, 0);
    struct vl_store *store = store_of(state);
    struct vl_letter_row full = full_row(vl_buf_bytes(&envelope));
    struct vl_letter_row bare = row_of(vl_buf_bytes(&other));
    struct vl_why why = {""};
    bool is_new = false;

    begin(store);
    assert_err(try_put(store, &full, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_true(is_new);
    assert_row(store, &full); /* in the transaction too */
    assert_err(vl_store_put_letter_bytes(store, &bare, vl_buf_bytes(&other), &is_new, &why), VL_OK,
               &why);
    assert_true(is_new);
    commit(store);
    assert_row(store, &full);
    assert_row(store, &bare);
    assert_envelope(store, 1, 300);
    assert_envelope(store, 2, 0);
    assert_sound(store);
}

static void envelopes_of_every_length_come_back(void **state)
{
    static const size_t lens[] = {0,     1,       23,      24,      255,     256,     65535,
                                  65536, 1048575, 1048576, 1048577, 3000000, 1000000, 5};
    struct vl_store *store = store_of(state);
    struct vl_store_size size;
    struct vl_why why = {""};
    uint64_t sum = 0;

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        (void)put_new(store, 100 + i, lens[i]);
        sum += lens[i];
    }
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++)
        assert_envelope(store, 100 + i, lens[i]);
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.letters, sizeof lens / sizeof *lens);
    assert_int_equal(size.envelope_bytes, sum);
    assert_sound(store);
}

static void an_envelope_is_read_in_any_pieces(void **state)
{
    static const size_t pieces[] = {1, 7, 4999, 5000, 5001, 100000};
    VL_AUTO(vl_buf_release) struct vl_buf wanted = envelope_of(3, 5000);
    VL_AUTO(vl_buf_release) struct vl_buf large = envelope_of(4, 1100000);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = put_new(store, 3, 5000), large_row = put_new(store, 4, 1100000);
    struct vl_why why = {""};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(SIZE_MAX);

        assert_err(read_envelope(store, row.number, pieces[i], &got, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
        if (pieces[i] < 4999)
            continue;
        got.len = 0;
        assert_err(read_envelope(store, large_row.number, pieces[i], &got, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&large));
    }
}

static void several_envelopes_are_read_at_once(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_row rows[3] = {put_new(store, 5, 1000), put_new(store, 6, 2000000),
                                    put_new(store, 7, 3000)};
    static const size_t lens[3] = {1000, 2000000, 3000};
    struct vl_envelope *open[3] = {NULL, NULL, NULL};
    struct vl_why why = {""};

    for (size_t i = 0; i < 3; i++)
        assert_err(vl_store_envelope(store, rows[i].number, &open[i], &why), VL_OK, &why);
    for (size_t i = 0; i < 3; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = envelope_of(5 + i, lens[i]);
        uint8_t start[500];
        size_t got = 0;

        assert_int_equal(vl_envelope_size(open[i]), lens[i]);
        assert_err(vl_envelope_read(open[i], (vl_room){start, sizeof start}, &got, &why), VL_OK,
                   &why);
        assert_bytes(vl_bytes_of(start, got), vl_bytes_first(vl_buf_bytes(&wanted), got));
        assert_true(got > 0);
    }
    for (size_t i = 0; i < 3; i++)
        vl_envelope_free(open[i]);
    vl_envelope_free(NULL);
}

static void the_same_letter_twice_is_fine(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf small = envelope_of(8, 100);
    VL_AUTO(vl_buf_release) struct vl_buf large = envelope_of(9, 1500000);
    struct vl_store *store = store_of(state);
    struct vl_letter_row rows[2] = {put_new(store, 8, 100), put_new(store, 9, 1500000)};
    struct vl_why why = {""};
    bool is_new = true;

    rows[0].kept_at_s = rows[1].kept_at_s = 1; /* not what is kept */
    begin(store);
    assert_err(try_put(store, &rows[0], vl_buf_bytes(&small), &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    assert_err(try_put(store, &rows[1], vl_buf_bytes(&large), &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    commit(store);
    rows[0].kept_at_s = rows[1].kept_at_s = 1700000000;
    assert_row(store, &rows[0]);
    assert_row(store, &rows[1]);
    assert_envelope(store, 8, 100);
    assert_envelope(store, 9, 1500000);
    assert_sound(store);
}

static void twice_in_one_transaction_is_fine_too(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(10, 1200000);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
    struct vl_why why = {""};
    bool is_new = false;

    begin(store);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_true(is_new);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    assert_envelope(store, 10, 1200000);
    commit(store);
    assert_envelope(store, 10, 1200000);
    assert_sound(store);
}

static void another_size_under_one_number_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf other = envelope_of(12, 101);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = put_new(store, 11, 100);
    struct vl_why why = {""};
    bool is_new = true;

    begin(store);
    row.size = 101;
    assert_err(vl_store_put_letter_bytes(store, &row, vl_buf_bytes(&other), &is_new, &why),
               VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "two sizes of one letter");
    assert_false(is_new);
    vl_store_rollback(store);
    assert_envelope(store, 11, 100);
}

/* What a second coming adds, and what it leaves alone. */
static void what_was_missing_is_filled_in(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(13, 50);
    struct vl_store *store = store_of(state);
    struct vl_letter_row full = full_row(vl_buf_bytes(&envelope));
    struct vl_letter_row other = full, wanted;
    struct vl_why why = {""};
    bool is_new = false;

    (void)put_new(store, 13, 50);
    full.kept_at_s = 5;
    begin(store);
    assert_err(try_put(store, &full, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    commit(store);
    wanted = full;
    wanted.kept_at_s = 1700000000;
    wanted.mode = 1;
    wanted.quarantined = false; /* whom one knew already is not a stranger now */
    assert_row(store, &wanted);

    /* Everything different: nothing changes. */
    fill(other.from, sizeof other.from, 11);
    fill(other.to[0], sizeof other.to[0], 12);
    fill(other.core, sizeof other.core, 13);
    fill(other.letter_id, sizeof other.letter_id, 14);
    fill(other.sealed, sizeof other.sealed, 15);
    other.date_s = other.expires_s = other.expect_by_s = other.opened_at_s = 16;
    other.verdict = 1;
    other.waybill = VL_LITERAL("another");
    other.path = VL_BYTES_NONE;
    begin(store);
    assert_err(try_put(store, &other, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    commit(store);
    assert_row(store, &wanted);
    assert_sound(store);
}

/* A waybill and the event that vouches for it come and stay together. */
static void a_waybill_stays_with_its_sealed_event(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(14, 60);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = row_of(vl_buf_bytes(&envelope)), wanted = row;
    struct vl_why why = {""};
    bool is_new = false;

    row.waybill = wanted.waybill = VL_LITERAL("nobody vouches for this");
    begin(store);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &wanted);
    /* An event for no waybill of ours does not come to vouch for ours. */
    row.waybill = VL_BYTES_NONE;
    row.has_sealed = true;
    fill(row.sealed, sizeof row.sealed, 1);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &wanted);
    /* One with its own waybill takes the place of what nobody vouched for. */
    row.waybill = VL_LITERAL("the true one");
    row.leaf_index = 3;
    row.path = VL_BYTES_NONE;
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &row);
    /* The path may come later, to the same leaf only. */
    wanted = row;
    row.path = VL_ARRAY(some_path);
    row.leaf_index = 4;
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &wanted);
    row.leaf_index = 3;
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &row);
    commit(store);
    assert_row(store, &row);
    assert_sound(store);
}

static void a_sender_becomes_proven_only_as_himself(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(15, 60);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = row_of(vl_buf_bytes(&envelope)), other, wanted;
    struct vl_why why = {""};
    bool is_new = false;

    row.has_from = true;
    fill(row.from, sizeof row.from, 1);
    wanted = other = row;
    begin(store);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    other.from_proven = true;
    fill(other.from, sizeof other.from, 2);
    assert_err(try_put(store, &other, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &wanted);
    row.from_proven = wanted.from_proven = true;
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_row(store, &wanted);
    commit(store);
}

static void a_row_is_replaced_and_its_envelope_stays(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(16, 70);
    struct vl_store *store = store_of(state);
    struct vl_letter_row row, full = full_row(vl_buf_bytes(&envelope));
    struct vl_why why = {""};

    row = put_new(store, 16, 70);
    full.kept_at_s = 1234;
    full.forgotten = true; /* not by this */
    begin(store);
    assert_err(vl_store_update_letter(store, &full, &why), VL_OK, &why);
    commit(store);
    full.forgotten = false;
    assert_row(store, &full);
    full.waybill = VL_LITERAL("changed");
    begin(store);
    assert_err(vl_store_update_letter(store, &full, &why), VL_OK, &why);
    commit(store);
    assert_row(store, &full);
    begin(store);
    assert_err(vl_store_update_letter(store, &row, &why), VL_OK, &why);
    commit(store);
    assert_row(store, &row);
    assert_envelope(store, 16, 70);
    begin(store);
    fill(row.number, sizeof row.number, 9);
    assert_err(vl_store_update_letter(store, &row, &why), VL_ERR_NOT_FOUND, &why);
    full.size++;
    assert_err(vl_store_update_letter(store, &full, &why), VL_ERR_INTERNAL, &why);
    vl_store_rollback(store);
    assert_sound(store);
}

static void what_is_not_there_is_not_found(void **state)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_office_row_release) struct vl_office_row office = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(1000);
    struct vl_store *store = store_of(state);
    struct vl_envelope *envelope = NULL;
    const uint8_t nobody[VL_HASH_LEN] = {1};
    struct vl_why why = {""};

    assert_err(vl_store_letter(store, nobody, &row, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "no letter with this number");
    assert_err(vl_store_envelope(store, nobody, &envelope, &why), VL_ERR_NOT_FOUND, &why);
    assert_null(envelope);
    assert_err(vl_store_object(store, nobody, &bytes, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "no object with this id");
    assert_err(vl_store_office(store, nobody, &office, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_office_named(store, "anna", &office, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_office_named(store, "", &office, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "no such office");
    assert_err(vl_store_fact(store, "home", &bytes, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "no fact named home");
    begin(store);
    assert_err(vl_store_forget(store, nobody, &why), VL_ERR_NOT_FOUND, &why);
    commit(store); /* nothing was spoilt by that */
    assert_int_equal(bytes.len, 0);
}

static void a_forgotten_letter_stays_as_a_row(void **state)
{
    static const size_t lens[] = {0, 1000, 2000000};
    struct vl_store *store = store_of(state);
    struct vl_store_size size;
    struct vl_why why = {""};
    bool is_new = true;

    (void)put_new(store, 19, 333);
    for (size_t i = 0; i < 3; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(20 + i, lens[i]);
        struct vl_letter_row row = put_new(store, 20 + i, lens[i]);
        struct vl_envelope *reading = NULL;

        begin(store);
        assert_err(vl_store_forget(store, row.number, &why), VL_OK, &why);
        assert_err(vl_store_envelope(store, row.number, &reading, &why), VL_ERR_NOT_FOUND, &why);
        assert_string_equal(why.text, "this letter was forgotten");
        assert_err(vl_store_forget(store, row.number, &why), VL_OK, &why); /* again */
        commit(store);
        assert_err(vl_store_envelope(store, row.number, &reading, &why), VL_ERR_NOT_FOUND, &why);
        row.forgotten = true;
        assert_row(store, &row);
        /* It does not come back. */
        begin(store);
        assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
        assert_false(is_new);
        commit(store);
        assert_row(store, &row);
        assert_err(vl_store_envelope(store, row.number, &reading, &why), VL_ERR_NOT_FOUND, &why);
    }
    assert_envelope(store, 19, 333);
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.letters, 4);
    assert_int_equal(size.envelope_bytes, 333);
    assert_sound(store);
}

static void forgotten_in_the_transaction_that_brought_it(void **state)
{
    static const size_t lens[] = {1000, 2000000};
    struct vl_store *store = store_of(state);
    struct vl_why why = {""};

    for (size_t i = 0; i < 2; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(25 + i, lens[i]);
        struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
        bool is_new = false;

        begin(store);
        assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
        assert_err(vl_store_forget(store, row.number, &why), VL_OK, &why);
        commit(store);
        row.forgotten = true;
        assert_row(store, &row);
    }
    assert_sound(store);
}

static void a_letter_whose_envelope_lies_elsewhere_is_a_row(void **state)
{
    static const size_t lens[] = {1000, 2000000};
    struct vl_store *store = store_of(state);
    struct vl_envelope *envelope = NULL;
    struct vl_why why = {""};

    for (size_t i = 0; i < 2; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf bytes = envelope_of(35 + i, lens[i]);
        struct vl_letter_row row = row_of(vl_buf_bytes(&bytes));
        bool is_new = false;

        begin(store);
        assert_err(vl_store_put_letter_elsewhere(store, &row, &is_new, &why), VL_OK, &why);
        assert_true(is_new);
        assert_err(vl_store_put_letter_elsewhere(store, &row, &is_new, &why), VL_OK, &why);
        assert_false(is_new);
        commit(store);
        row.forgotten = true;
        assert_row(store, &row);
        assert_err(vl_store_envelope(store, row.number, &envelope, &why), VL_ERR_NOT_FOUND, &why);
    }
    assert_sound(store);
}

static void one_that_is_here_stays_when_it_is_elsewhere_too(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = envelope_of(37, 1000);
    struct vl_letter_row row = row_of(vl_buf_bytes(&bytes));
    struct vl_store *store = store_of(state);
    struct vl_envelope *envelope = NULL;
    struct vl_why why = {""};
    bool is_new = false;

    begin(store);
    assert_err(try_put(store, &row, vl_buf_bytes(&bytes), &is_new, &why), VL_OK, &why);
    assert_err(vl_store_put_letter_elsewhere(store, &row, &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    commit(store);
    assert_row(store, &row);
    assert_err(vl_store_envelope(store, row.number, &envelope, &why), VL_OK, &why);
    vl_envelope_free(envelope);
    assert_sound(store);
}

/* --- lists ------------------------------------------------------------------------------------ */

struct seen {
    size_t count;
    struct vl_letter_row rows[64];
    size_t waybills;
    size_t stop_at;
};

static enum vl_err see(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct seen *seen = self;

    assert_true(seen->count < 64);
    seen->rows[seen->count] = *row;
    seen->waybills += row->waybill.len > 0;
    if (++seen->count == seen->stop_at)
        return vl_fail(why, VL_ERR_INTERRUPTED, "enough");
    return VL_OK;
}

static struct seen letters_of(struct vl_store *store, const struct vl_letter_query *query)
{
    struct seen seen = {.count = 0};
    struct vl_why why = {""};

    assert_err(vl_store_letters(store, query, see, &seen, &why), VL_OK, &why);
    return seen;
}

/* Thirty letters with waybills under two sealed events, of three offices, kept at ten times. */
static void put_thirty(struct vl_store *store)
{
    struct vl_why why = {""};
    bool is_new = false;

    begin(store);
    for (uint64_t i = 0; i < 30; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(1000 + i, 40);
        struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));

        row.kept_at_s = (int64_t)(i * 7 % 10) - 3;
        row.roles = i % 2 ? VL_ROLE_WRITTEN : VL_ROLE_TAKEN;
        if (i % 5 == 0)
            row.roles = VL_ROLE_WRITTEN | VL_ROLE_TAKEN;
        row.has_from = i % 3 != 0;
        fill(row.from, sizeof row.from, (unsigned char)(i % 3));
        row.to_count = i % 4;
        for (size_t k = 0; k < row.to_count; k++)
            fill(row.to[k], sizeof row.to[k], (unsigned char)(10 + k));
        row.has_sealed = i % 6 != 0;
        fill(row.sealed, sizeof row.sealed, (unsigned char)(20 + i % 2));
        row.leaf_index = row.has_sealed ? i : 0;
        row.waybill = VL_LITERAL("w");
        assert_err(vl_store_put_letter_bytes(store, &row, vl_buf_bytes(&envelope), &is_new, &why),
                   VL_OK, &why);
    }
    commit(store);
}

static void assert_as_they_came(struct vl_store *store)
{
    struct seen seen = letters_of(store, &every_letter);

    assert_int_equal(seen.count, 30);
    assert_int_equal(seen.waybills, 30);
    for (uint64_t i = 0; i < 30; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(1029 - i, 40);
        struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));

        assert_memory_equal(seen.rows[i].number, row.number, VL_HASH_LEN);
    }
}

/* Many in one second, and some by a clock that went back. */
static void lists_have_the_letter_that_came_last_first(void **state)
{
    struct vl_store *store = store_of(state);

    put_thirty(store);
    assert_as_they_came(store);
}

static void a_letter_that_comes_again_stays_where_it_was_in_the_list(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_why why = {""};
    bool is_new = true;

    put_thirty(store);
    begin(store);
    for (uint64_t i = 0; i < 30; i += 7) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(1000 + i, 40);
        VL_AUTO(vl_letter_row_release) struct vl_letter_row kept = VL_LETTER_ROW_INIT;
        struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));

        row.has_core = true;
        assert_err(vl_store_put_letter_bytes(store, &row, vl_buf_bytes(&envelope), &is_new, &why),
                   VL_OK, &why);
        assert_false(is_new);
        assert_err(vl_store_letter(store, row.number, &kept, &why), VL_OK, &why);
        assert_true(kept.has_core);
        kept.verdict = 1;
        kept.kept_at_s = 5;
        assert_err(vl_store_update_letter(store, &kept, &why), VL_OK, &why);
    }
    commit(store);
    assert_as_they_came(store);
}

static void assert_by_number(const struct seen *seen)
{
    for (size_t i = 1; i < seen->count; i++)
        assert_true(memcmp(seen->rows[i - 1].number, seen->rows[i].number, VL_HASH_LEN) < 0);
}

static void lists_by_role_office_and_sealed_event(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_query query = {.roles = VL_ROLE_WRITTEN};
    struct seen seen;

    put_thirty(store);
    assert_int_equal(letters_of(store, &query).count, 18);
    query.roles = VL_ROLE_TAKEN;
    assert_int_equal(letters_of(store, &query).count, 18);
    query = (struct vl_letter_query){.has_office = true};
    fill(query.office, sizeof query.office, 1);
    assert_int_equal(letters_of(store, &query).count, 10); /* from */
    fill(query.office, sizeof query.office, 10);
    assert_int_equal(letters_of(store, &query).count, 22); /* to, as the first */
    fill(query.office, sizeof query.office, 12);
    assert_int_equal(letters_of(store, &query).count, 7); /* to, as the last */
    fill(query.office, sizeof query.office, 0);
    assert_int_equal(letters_of(store, &query).count, 0); /* said to be from nobody */
    query.roles = VL_ROLE_WRITTEN;
    fill(query.office, sizeof query.office, 1);
    assert_int_equal(letters_of(store, &query).count, 6);

    query = (struct vl_letter_query){.has_sealed = true};
    fill(query.sealed, sizeof query.sealed, 21);
    seen = letters_of(store, &query);
    assert_int_equal(seen.count, 15);
    assert_by_number(&seen);
    fill(query.sealed, sizeof query.sealed, 20);
    seen = letters_of(store, &query);
    assert_int_equal(seen.count, 10);
    assert_by_number(&seen);
    query.has_office = true;
    fill(query.office, sizeof query.office, 2);
    for (size_t i = 0; i < seen.count; i++)
        assert_int_equal(seen.rows[i].sealed[0], 20);
    assert_true(letters_of(store, &query).count < 10);
    query.has_office = false;
    query.has_prefix = true;
    memcpy(query.prefix, seen.rows[3].number, VL_HASH_LEN);
    query.prefix_bits = 256;
    assert_int_equal(letters_of(store, &query).count, 1);
}

static void lists_by_the_first_bits_of_a_number(void **state)
{
    struct vl_store *store = store_of(state);
    struct seen all;

    put_thirty(store);
    all = letters_of(store, &every_letter);
    for (unsigned bits = 0; bits <= 260; bits += bits < 20 ? 1 : 24) {
        struct vl_letter_query query = {.has_prefix = true, .prefix_bits = bits};
        size_t wanted = 0;
        struct seen seen;

        memcpy(query.prefix, all.rows[5].number, VL_HASH_LEN);
        for (size_t i = 0; i < all.count; i++) {
            unsigned same = 0;

            while (same < bits && same < 256 &&
                   ((all.rows[i].number[same / 8] ^ query.prefix[same / 8]) >> (7 - same % 8) &
                    1) == 0)
                same++;
            wanted += same == bits || same == 256;
        }
        seen = letters_of(store, &query);
        assert_int_equal(seen.count, wanted);
        assert_by_number(&seen);
    }
}

static void a_list_ends_at_its_limit_or_when_told(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_query query = {.limit = 4};
    struct seen seen = {.stop_at = 3}, all;
    struct vl_why why = {""};

    put_thirty(store);
    all = letters_of(store, &every_letter);
    assert_int_equal(letters_of(store, &query).count, 4);
    assert_memory_equal(letters_of(store, &query).rows[3].number, all.rows[3].number, 32);
    assert_err(vl_store_letters(store, &query, see, &seen, &why), VL_ERR_INTERRUPTED, &why);
    assert_string_equal(why.text, "enough");
    assert_int_equal(seen.count, 3);
    query.limit = 30;
    assert_int_equal(letters_of(store, &query).count, 30);
    query = (struct vl_letter_query){.lean = true, .limit = 2, .roles = VL_ROLE_WRITTEN};
    assert_int_equal(letters_of(store, &query).count, 2);
}

/* Reading inside a walk, also the same walk again. */
static enum vl_err walk_again(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    struct vl_store *store = self;
    enum vl_err err = vl_store_letter(store, row->number, &got, why);

    assert_int_equal(letters_of(store, &every_letter).count, 30);
    return err;
}

static void a_walk_inside_a_walk_is_fine(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_why why = {""};

    put_thirty(store);
    assert_err(vl_store_letters(store, &every_letter, walk_again, store, &why), VL_OK, &why);
}

/* --- objects, offices, facts ------------------------------------------------------------------ */

static struct vl_object_row object_of(uint64_t seed, const char *kind, const char *text)
{
    struct vl_object_row row = {.kind = kind,
                                .kept_at_s = (int64_t)seed,
                                .bytes = vl_bytes_str(text)};

    hash_of(seed, row.id);
    hash_of(seed + 1, row.issuer);
    return row;
}

struct objects {
    size_t count;
    uint8_t ids[16][VL_HASH_LEN];
};
static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct objects *objects = self;
    uint8_t issuer[VL_HASH_LEN];

    hash_of((uint64_t)(row->kept_at_s == 3 ? 50 : row->kept_at_s) + 1, issuer);
    assert_memory_equal(row->issuer, issuer, VL_HASH_LEN);
    assert_bytes(row->bytes, VL_LITERAL("some bytes"));
    assert_string_equal(row->kind, "sealed");
    memcpy(objects->ids[objects->count++], row->id, VL_HASH_LEN);
    return VL_OK;
}

static void objects_are_found_by_what_they_are_about(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_object_row a = object_of(30, "sealed", "some bytes");
    struct vl_object_row b = object_of(40, "sealed", "some bytes");
    struct vl_object_row c = object_of(50, "sealed", "some bytes");
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(1000);
    uint8_t about[3][VL_HASH_LEN];
    struct objects seen = {0};
    struct vl_store_size size;
    struct vl_why why = {""};

    for (size_t i = 0; i < 3; i++)
        hash_of(60 + i, about[i]);
    a.about = (const uint8_t(*)[VL_HASH_LEN])about;
    a.about_count = 2;
    c.kept_at_s = 3; /* the oldest */
    c.about = (const uint8_t(*)[VL_HASH_LEN])about;
    c.about_count = 1;
    begin(store);
    assert_err(vl_store_put_object(store, &a, &why), VL_OK, &why);
    assert_err(vl_store_put_object(store, &b, &why), VL_OK, &why);
    assert_err(vl_store_put_object(store, &c, &why), VL_OK, &why);
    commit(store);

    assert_err(vl_store_object(store, b.id, &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got), VL_LITERAL("some bytes"));
    assert_err(vl_store_objects(store, NULL, see_object, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 3);
    assert_memory_equal(seen.ids[0], c.id, VL_HASH_LEN);
    assert_memory_equal(seen.ids[1], a.id, VL_HASH_LEN);
    assert_memory_equal(seen.ids[2], b.id, VL_HASH_LEN);
    seen.count = 0;
    assert_err(vl_store_objects(store, about[0], see_object, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 2);
    assert_memory_equal(seen.ids[0], c.id, VL_HASH_LEN);
    seen.count = 0;
    assert_err(vl_store_objects(store, about[2], see_object, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 0);

    /* The same again, about more; and since when it is kept does not change. */
    begin(store);
    a.about = (const uint8_t(*)[VL_HASH_LEN])about;
    a.about_count = 3;
    a.kept_at_s = 99999;
    assert_err(vl_store_put_object(store, &a, &why), VL_OK, &why);
    commit(store);
    assert_err(vl_store_objects(store, about[2], see_object, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 1);
    seen.count = 0;
    assert_err(vl_store_objects(store, about[1], see_object, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 1);
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.objects, 3);

    begin(store);
    a.bytes = VL_LITERAL("other bytes");
    assert_err(vl_store_put_object(store, &a, &why), VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "two objects with one id");
    vl_store_rollback(store);
    assert_sound(store);
}

static enum vl_err stop_at_once(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    return vl_fail(why, VL_ERR_REFUSED, "stop");
}

static void a_walk_over_objects_ends_when_told(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_object_row a = object_of(30, "sealed", "some bytes");
    struct vl_why why = {""};

    begin(store);
    assert_err(vl_store_put_object(store, &a, &why), VL_OK, &why);
    assert_err(vl_store_objects(store, NULL, stop_at_once, NULL, &why), VL_ERR_REFUSED, &why);
    commit(store);
}

static struct vl_office_row office_of(uint64_t seed, const char *petname)
{
    struct vl_office_row row = VL_OFFICE_ROW_INIT;

    hash_of(seed, row.office);
    (void)snprintf(row.petname, sizeof row.petname, "%s", petname);
    row.added_at_s = (int64_t)seed;
    row.cards = VL_LITERAL("cards");
    return row;
}

static void assert_office(struct vl_store *store, const struct vl_office_row *wanted)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row got = VL_OFFICE_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_office(store, wanted->office, &got, &why), VL_OK, &why);
    assert_memory_equal(got.office, wanted->office, VL_HASH_LEN);
    assert_string_equal(got.petname, wanted->petname);
    assert_int_equal(got.is_own, wanted->is_own);
    assert_int_equal(got.checked, wanted->checked);
    assert_memory_equal(got.checked_card, wanted->checked_card, VL_HASH_LEN);
    assert_int_equal(got.checked_at_s, wanted->checked_at_s);
    assert_int_equal(got.failed_checks, wanted->failed_checks);
    assert_int_equal(got.forked, wanted->forked);
    assert_int_equal(got.added_at_s, wanted->added_at_s);
    assert_bytes(got.cards, wanted->cards);
}

struct offices {
    size_t count;
    char petnames[8][VL_STORE_MAX_PETNAME + 1];
};
static enum vl_err see_office(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct offices *offices = self;

    memcpy(offices->petnames[offices->count++], row->petname, sizeof row->petname);
    return VL_OK;
}

static void offices_are_kept_and_replaced(void **state)
{
    static const char long_name[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; /* 64 */
    struct vl_store *store = store_of(state);
    struct vl_office_row anna = office_of(1, "anna"), other = office_of(2, "anna");
    struct vl_office_row nameless = office_of(3, ""), nameless_too = office_of(4, "");
    struct vl_office_row longest = office_of(5, long_name), zoe = office_of(6, "zoe");
    VL_AUTO(vl_office_row_release) struct vl_office_row got = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf cards = envelope_of(77, 300000);
    struct offices seen = {0};
    struct vl_store_size size;
    struct vl_why why = {""};

    begin(store);
    assert_err(vl_store_put_office(store, &zoe, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &nameless, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &anna, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &other, &why), VL_ERR_EXISTS, &why);
    assert_string_equal(why.text, "another office has the petname anna");
    assert_err(vl_store_put_office(store, &nameless_too, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &longest, &why), VL_OK, &why);
    commit(store); /* the refused one spoilt nothing */
    assert_office(store, &anna);
    assert_office(store, &longest);
    assert_err(vl_store_office(store, other.office, &got, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_offices(store, see_office, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 5);
    assert_string_equal(seen.petnames[0], long_name);
    assert_string_equal(seen.petnames[1], "anna");
    assert_string_equal(seen.petnames[2], "zoe");
    assert_string_equal(seen.petnames[3], "");

    (void)snprintf(anna.petname, sizeof anna.petname, "anna-k");
    anna.is_own = anna.checked = anna.forked = true;
    fill(anna.checked_card, sizeof anna.checked_card, 9);
    anna.checked_at_s = 8;
    anna.failed_checks = 2;
    anna.cards = vl_buf_bytes(&cards);
    begin(store);
    assert_err(vl_store_put_office(store, &anna, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &other, &why), VL_OK, &why); /* free now */
    commit(store);
    assert_office(store, &anna);
    assert_err(vl_store_office_named(store, "anna", &got, &why), VL_OK, &why);
    assert_memory_equal(got.office, other.office, VL_HASH_LEN);
    assert_err(vl_store_office_named(store, "anna-k", &got, &why), VL_OK, &why);
    assert_bytes(got.cards, vl_buf_bytes(&cards));
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.offices, 6);
}

static void assert_fact(struct vl_store *store, const char *name, vl_bytes wanted)
{
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(100000);
    struct vl_why why = {""};

    assert_err(vl_store_fact(store, name, &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got), wanted);
    assert_err(vl_store_fact(store, name, &got, &why), VL_OK, &why);
    assert_int_equal(got.len, 2 * wanted.len); /* it appends */
}

static void facts_are_kept_and_replaced(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf longest = envelope_of(78, 65537);
    struct vl_store *store = store_of(state);
    struct vl_buf small = VL_BUF_INIT(3);
    struct vl_why why = {""};

    begin(store);
    assert_err(vl_store_put_fact(store, "a", VL_LITERAL("one"), &why), VL_OK, &why);
    assert_err(vl_store_put_fact(store, "b", VL_BYTES_NONE, &why), VL_OK, &why);
    assert_err(vl_store_put_fact(store, "a", VL_LITERAL("two\0."), &why), VL_OK, &why);
    assert_err(vl_store_put_fact(store, "c", vl_bytes_first(vl_buf_bytes(&longest), 65536), &why),
               VL_OK, &why);
    commit(store);
    assert_fact(store, "a", VL_LITERAL("two\0."));
    assert_fact(store, "b", VL_BYTES_NONE);
    assert_err(vl_store_fact(store, "a", &small, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(small.len, 0);
    begin(store);
    assert_err(vl_store_put_fact(store, "c", vl_buf_bytes(&longest), &why), VL_ERR_LIMIT, &why);
    vl_store_rollback(store);
}

/* --- ties ------------------------------------------------------------------------------------ */

static struct vl_tie tie_of(enum vl_tie_kind kind, unsigned char about, unsigned char key,
                            const char *bytes)
{
    struct vl_tie tie = {.kind = kind, .bytes = vl_bytes_str(bytes)};

    fill(tie.about, sizeof tie.about, about);
    fill(tie.key, sizeof tie.key, key);
    return tie;
}

struct seen_ties {
    size_t count;
    char words[200];
};

static enum vl_err see_tie(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct seen_ties *seen = self;
    size_t len = strlen(seen->words);

    (void)why;
    seen->count++;
    (void)snprintf(seen->words + len, sizeof seen->words - len, "%u/%u=%.*s ", tie->about[0],
                   tie->key[0], (int)tie->bytes.len, (const char *)tie->bytes.ptr);
    return seen->count == 3 ? VL_ERR_REFUSED : VL_OK;
}

static void assert_ties(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                        const char *wanted)
{
    struct seen_ties seen = {0};
    struct vl_why why = {""};

    enum vl_err err = vl_store_ties(store, kind, about, see_tie, &seen, &why);

    assert_err(err, seen.count == 3 ? VL_ERR_REFUSED : VL_OK, &why);
    assert_string_equal(seen.words, wanted);
}

static void ties_are_kept_replaced_dropped_and_walked(void **state)
{
    struct vl_store *store = store_of(state);
    const struct vl_tie owed = tie_of(VL_TIE_OWED, 2, 1, "first");
    struct vl_tie again = tie_of(VL_TIE_OWED, 2, 1, "second");
    const struct vl_tie other = tie_of(VL_TIE_OWED, 1, 9, "");
    const struct vl_tie third = tie_of(VL_TIE_OWED, 2, 0, "third");
    const struct vl_tie leaf = tie_of(VL_TIE_LEAF, 2, 1, "leaf");
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(100);
    struct vl_buf small = VL_BUF_INIT(3);
    struct vl_why why = {""};

    assert_err(vl_store_put_tie(store, &owed, &why), VL_ERR_INTERNAL, &why); /* no transaction */
    begin(store);
    assert_err(vl_store_put_tie(store, &owed, &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &other, &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &leaf, &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &again, &why), VL_OK, &why);
    commit(store);
    assert_err(vl_store_tie(store, VL_TIE_OWED, owed.about, owed.key, &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got), VL_LITERAL("second"));
    assert_err(vl_store_tie(store, VL_TIE_OWED, owed.about, owed.key, &small, &why), VL_ERR_LIMIT,
               &why);
    assert_err(vl_store_tie(store, VL_TIE_PARCEL, owed.about, owed.key, &got, &why),
               VL_ERR_NOT_FOUND, &why);
    assert_ties(store, VL_TIE_OWED, NULL, "1/9= 2/1=second ");
    assert_ties(store, VL_TIE_OWED, owed.about, "2/1=second ");
    assert_ties(store, VL_TIE_LEAF, owed.about, "2/1=leaf ");
    assert_ties(store, VL_TIE_BATCH, NULL, "");

    begin(store);
    assert_err(vl_store_put_tie(store, &third, &why), VL_OK, &why);
    assert_ties(store, VL_TIE_OWED, NULL, "1/9= 2/0=third 2/1=second "); /* a visit may end it */
    assert_err(vl_store_drop_tie(store, VL_TIE_OWED, owed.about, owed.key, &why), VL_OK, &why);
    assert_err(vl_store_drop_tie(store, VL_TIE_OWED, owed.about, owed.key, &why), VL_OK, &why);
    assert_ties(store, VL_TIE_OWED, NULL, "1/9= 2/0=third ");
    vl_store_rollback(store);
    assert_ties(store, VL_TIE_OWED, NULL, "1/9= 2/1=second ");
    assert_ties(store, VL_TIE_LEAF, NULL, "2/1=leaf ");
}

/* The largest keys that are not above this one, of one thing or of each. */
static void assert_below(struct vl_store *store, const uint8_t *about, unsigned char key,
                         const char *wanted)
{
    const struct vl_tie tie = tie_of(VL_TIE_LEAVES, 0, key, "");
    struct seen_ties seen = {0};
    struct vl_why why = {""};

    assert_err(vl_store_ties_below(store, VL_TIE_LEAVES, about, tie.key, see_tie, &seen, &why),
               VL_OK, &why);
    assert_string_equal(seen.words, wanted);
}

static void of_each_thing_the_last_tie_that_is_not_above_a_key_is_found(void **state)
{
    struct vl_store *store = store_of(state);
    const struct vl_tie ties[] = {
        tie_of(VL_TIE_LEAVES, 1, 2, "a"), tie_of(VL_TIE_LEAVES, 1, 4, "b"),
        tie_of(VL_TIE_LEAVES, 1, 6, "c"), tie_of(VL_TIE_LEAVES, 2, 5, "d"),
        tie_of(VL_TIE_OWED, 3, 1, "e"),
    };
    struct vl_why why = {""};

    assert_below(store, NULL, 9, "");
    begin(store);
    for (size_t i = 0; i < sizeof ties / sizeof *ties; i++)
        assert_err(vl_store_put_tie(store, &ties[i], &why), VL_OK, &why);
    commit(store);
    assert_below(store, NULL, 1, "");
    assert_below(store, NULL, 2, "1/2=a ");
    assert_below(store, NULL, 3, "1/2=a ");
    assert_below(store, NULL, 5, "1/4=b 2/5=d ");
    assert_below(store, NULL, 9, "1/6=c 2/5=d ");
    assert_below(store, ties[3].about, 9, "2/5=d ");
    assert_below(store, ties[3].about, 4, "");
    assert_below(store, ties[0].about, 5, "1/4=b ");
}

/* --- parts ------------------------------------------------------------------------------------ */

#define PART_LEN ((size_t)3 << 20)

/* The tie without which a part is swept. */
static struct vl_tie part_tie(const struct vl_letter_row *row, const uint8_t id[VL_HASH_LEN])
{
    struct vl_tie tie = {.kind = VL_TIE_PARTIAL};

    memcpy(tie.about, row->number, VL_HASH_LEN);
    memcpy(tie.key, id, VL_HASH_LEN);
    return tie;
}

static void put_part_of(struct vl_store *store, const uint8_t id[VL_HASH_LEN], vl_bytes envelope,
                        size_t from, size_t len)
{
    struct vl_why why = {""};

    assert_err(vl_store_put_part(store, id, from, vl_bytes_of(envelope.ptr + from, len), &why),
               VL_OK, &why);
}

static void slices_in_any_order_become_an_envelope(void **state)
{
    struct vl_store *store = store_of(state);
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(77, PART_LEN);
    const vl_bytes bytes = vl_buf_bytes(&envelope);
    const struct vl_letter_row row = row_of(bytes);
    uint8_t id[VL_HASH_LEN], got[100];
    struct vl_tie tie;
    struct vl_why why = {""};
    bool is_new = false;

    hash_of(5, id);
    tie = part_tie(&row, id);
    assert_err(vl_store_put_part(store, id, 0, bytes, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_part_read(store, id, 0, (vl_room){got, 1}, &why), VL_ERR_NOT_FOUND, &why);
    begin(store);
    assert_err(vl_store_put_part(store, id, UINT64_MAX - 1, bytes, &why), VL_ERR_LIMIT, &why);
    vl_store_rollback(store);
    begin(store);
    put_part_of(store, id, bytes, PART_LEN - 1000, 1000);
    assert_err(vl_store_put_tie(store, &tie, &why), VL_OK, &why);
    commit(store);
    assert_err(vl_store_part_read(store, id, PART_LEN - 100, (vl_room){got, 100}, &why), VL_OK,
               &why);
    assert_memory_equal(got, bytes.ptr + PART_LEN - 100, 100);
    assert_err(vl_store_part_read(store, id, PART_LEN - 99, (vl_room){got, 100}, &why),
               VL_ERR_FORMAT, &why);
    begin(store);
    put_part_of(store, id, bytes, 0, 1 << 20);
    put_part_of(store, id, bytes, 1 << 20, PART_LEN - 1000 - (1 << 20));
    assert_err(vl_store_put_letter_part(store, &row, id, &is_new, &why), VL_OK, &why);
    assert_true(is_new);
    assert_err(vl_store_drop_tie(store, VL_TIE_PARTIAL, tie.about, id, &why), VL_OK, &why);
    commit(store);
    assert_envelope(store, 77, PART_LEN);
    assert_err(vl_store_part_read(store, id, 0, (vl_room){got, 1}, &why), VL_ERR_NOT_FOUND, &why);
    assert_sound(store);

    /* All of it comes once more in slices: fine, and no second one is kept. */
    begin(store);
    put_part_of(store, id, bytes, 0, PART_LEN);
    assert_err(vl_store_put_letter_part(store, &row, id, &is_new, &why), VL_OK, &why);
    assert_false(is_new);
    commit(store);
    assert_envelope(store, 77, PART_LEN);
    assert_sound(store);
}

static void slices_that_are_rolled_back_leave_those_before(void **state)
{
    struct vl_store *store = store_of(state);
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(78, PART_LEN);
    const vl_bytes bytes = vl_buf_bytes(&envelope);
    const struct vl_letter_row row = row_of(bytes);
    struct vl_letter_row none = VL_LETTER_ROW_INIT;
    uint8_t id[VL_HASH_LEN], other[VL_HASH_LEN], got[100];
    struct vl_tie tie;
    struct vl_why why = {""};
    bool is_new = false;

    hash_of(6, id);
    hash_of(7, other);
    tie = part_tie(&row, id);
    begin(store);
    put_part_of(store, id, bytes, 0, PART_LEN);
    assert_err(vl_store_put_tie(store, &tie, &why), VL_OK, &why);
    commit(store);
    begin(store);
    put_part_of(store, other, bytes, 0, 50);
    assert_err(vl_store_put_letter_part(store, &row, id, &is_new, &why), VL_OK, &why);
    vl_store_rollback(store);
    assert_err(vl_store_letter(store, row.number, &none, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_part_read(store, id, 0, (vl_room){got, 100}, &why), VL_OK, &why);
    assert_memory_equal(got, bytes.ptr, 100);
    assert_err(vl_store_part_read(store, other, 0, (vl_room){got, 1}, &why), VL_ERR_NOT_FOUND,
               &why);
    assert_sound(store);

    begin(store);
    assert_err(vl_store_drop_part(store, id, &why), VL_OK, &why);
    vl_store_rollback(store);
    assert_err(vl_store_part_read(store, id, 0, (vl_room){got, 1}, &why), VL_OK, &why);
    begin(store);
    assert_err(vl_store_drop_part(store, id, &why), VL_OK, &why);
    assert_err(vl_store_drop_part(store, other, &why), VL_OK, &why);
    assert_err(vl_store_drop_tie(store, VL_TIE_PARTIAL, tie.about, id, &why), VL_OK, &why);
    commit(store);
    assert_err(vl_store_part_read(store, id, 0, (vl_room){got, 1}, &why), VL_ERR_NOT_FOUND, &why);
    assert_sound(store);
}

static enum vl_err count_row(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    (void)row;
    (void)why;
    ++*(unsigned *)self;
    return VL_OK;
}

static void letters_are_found_by_how_far_they_came(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_query query = {.ways = 1u << VL_WAY_WAITING | 1u << VL_WAY_HANDED};
    struct vl_why why = {""};
    unsigned count = 0;

    for (uint64_t way = VL_WAY_NONE; way <= VL_WAY_RECEIPTED; way++) {
        struct vl_letter_row row = put_new(store, 600 + way, 20);

        row.way = (uint8_t)way;
        begin(store);
        assert_err(vl_store_update_letter(store, &row, &why), VL_OK, &why);
        commit(store);
        assert_row(store, &row);
    }
    assert_err(vl_store_letters(store, &query, count_row, &count, &why), VL_OK, &why);
    assert_int_equal(count, 2);
}

/* A letter that comes again goes on, and never back. */
static void a_letter_that_comes_again_does_not_go_back(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = put_new(store, 700, 20), again = row;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(700, 20);
    struct vl_why why = {""};
    bool is_new;

    row.way = VL_WAY_PASSED;
    begin(store);
    assert_err(vl_store_update_letter(store, &row, &why), VL_OK, &why);
    again.way = VL_WAY_WAITING;
    assert_err(try_put(store, &again, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    commit(store);
    assert_row(store, &row);
}

/* --- transactions ----------------------------------------------------------------------------- */

static void what_is_rolled_back_was_never_there(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf small = envelope_of(80, 500);
    VL_AUTO(vl_buf_release) struct vl_buf large = envelope_of(81, 1300000);
    struct vl_store *store = store_of(state);
    struct vl_letter_row kept = put_new(store, 82, 600), kept_large = put_new(store, 83, 1200000);
    struct vl_letter_row a = full_row(vl_buf_bytes(&small)), b = row_of(vl_buf_bytes(&large));
    struct vl_object_row object = object_of(30, "sealed", "some bytes");
    struct vl_office_row office = office_of(1, "anna");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(1000);
    struct vl_letter_row changed = kept;
    struct vl_store_size size;
    struct vl_why why = {""};
    bool is_new = false;

    begin(store);
    assert_err(try_put(store, &a, vl_buf_bytes(&small), &is_new, &why), VL_OK, &why);
    assert_err(try_put(store, &b, vl_buf_bytes(&large), &is_new, &why), VL_OK, &why);
    assert_err(vl_store_forget(store, kept_large.number, &why), VL_OK, &why);
    changed.has_date = true;
    changed.date_s = 5;
    assert_err(vl_store_update_letter(store, &changed, &why), VL_OK, &why);
    assert_err(vl_store_forget(store, kept.number, &why), VL_OK, &why);
    assert_err(vl_store_put_object(store, &object, &why), VL_OK, &why);
    assert_err(vl_store_put_office(store, &office, &why), VL_OK, &why);
    assert_err(vl_store_put_fact(store, "a", VL_LITERAL("b"), &why), VL_OK, &why);
    vl_store_rollback(store);
    vl_store_rollback(store);

    assert_err(vl_store_letter(store, a.number, &got, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_letter(store, b.number, &got, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_fact(store, "a", &bytes, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.letters, 2);
    assert_int_equal(size.objects + size.offices, 0);
    assert_row(store, &kept);
    assert_row(store, &kept_large);
    assert_envelope(store, 82, 600);
    assert_envelope(store, 83, 1200000);
    assert_sound(store);
    (void)put_new(store, 80, 500);
    (void)put_new(store, 81, 1300000);
    assert_envelope(store, 80, 500);
    assert_envelope(store, 81, 1300000);
    assert_sound(store);
}

static void transactions_are_one_at_a_time(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_letter_row row = put_new(store, 84, 10);
    struct vl_object_row object = object_of(30, "sealed", "some bytes");
    struct vl_office_row office = office_of(1, "anna");
    struct vl_why why = {""};
    bool is_new;

    assert_err(vl_store_commit(store, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_forget(store, row.number, &why), VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "a change outside a transaction");
    assert_err(vl_store_update_letter(store, &row, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_object(store, &object, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_office(store, &office, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_fact(store, "a", VL_BYTES_NONE, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_letter_bytes(store, &row, VL_BYTES_NONE, &is_new, &why),
               VL_ERR_INTERNAL, &why);
    begin(store);
    assert_err(vl_store_begin(store, &why), VL_ERR_INTERNAL, &why);
    commit(store);
    begin(store);
    assert_err(vl_store_snapshot(store, "/nowhere", &why), VL_ERR_INTERNAL, &why);
    vl_store_rollback(store);
}

static void a_change_that_failed_takes_the_others_with_it(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_object_row object = object_of(30, "sealed", "some bytes"), other = object;
    struct vl_store_size size;
    struct vl_why why = {""};

    other.bytes = VL_LITERAL("other");
    begin(store);
    assert_err(vl_store_put_object(store, &object, &why), VL_OK, &why);
    assert_err(vl_store_put_object(store, &other, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_fact(store, "a", VL_BYTES_NONE, &why), VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "a change before this failed");
    assert_err(vl_store_commit(store, &why), VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "a change before this failed, so nothing was kept");
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.objects, 0);
    begin(store);
    assert_err(vl_store_put_object(store, &object, &why), VL_OK, &why);
    commit(store);
}

static void an_open_transaction_is_undone_at_the_end(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_why why = {""};
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(85, 1300000);
    struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
    bool is_new;

    begin(store);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    /* leave() closes it */
}

static void rows_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *words;
        struct vl_letter_row row;
    } rows[] = {
        {"a mode that is neither sealed nor open", {.mode = 0, .roles = 1}},
        {"a mode that is neither sealed nor open", {.mode = 3, .roles = 1}},
        {"roles nobody knows", {.mode = 1, .roles = 0}},
        {"roles nobody knows", {.mode = 1, .roles = 8}},
        {"a way nobody knows", {.mode = 1, .roles = 1, .way = 5}},
        {"too many addressees", {.mode = 1, .roles = 1, .to_count = 65}},
        {"too long a waybill", {.mode = 1, .roles = 1, .waybill = {some_path, 65537}}},
        {"a path that is not one",
         {.mode = 1, .roles = 1, .has_sealed = true, .path = {some_path, 33}}},
        {"a path that is not one",
         {.mode = 1, .roles = 1, .has_sealed = true, .path = {some_path, 65 * VL_HASH_LEN}}},
        {"a path and no sealed event", {.mode = 1, .roles = 1, .path = {some_path, 32}}},
        {"an impossible size", {.mode = 1, .roles = 1, .size = UINT64_MAX}},
        {"an impossible place in its batch",
         {.mode = 1, .roles = 1, .has_sealed = true, .leaf_index = UINT64_MAX}},
    };
    struct vl_store *store = store_of(state);
    struct vl_object_row object = object_of(30, NULL, "some bytes");
    struct vl_office_row office = office_of(1, "anna");
    struct vl_spool *spool = NULL;
    struct vl_why why = {""};
    bool is_new;

    begin(store);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *start = "a letter to keep with ";

        assert_err(vl_store_put_letter_bytes(store, &rows[i].row, VL_BYTES_NONE, &is_new, &why),
                   VL_ERR_INTERNAL, &why);
        assert_memory_equal(why.text, start, strlen(start));
        assert_string_equal(why.text + strlen(start), rows[i].words);
    }
    assert_err(vl_spool_new(store, &spool, &why), VL_OK, &why);
    assert_err(vl_store_put_letter(store, &(struct vl_letter_row){.mode = 1, .roles = 1, .size = 5},
                                   spool, &is_new, &why),
               VL_ERR_INTERNAL, &why);
    assert_string_equal(why.text, "an envelope of another size than its row says");
    assert_err(vl_store_put_letter_bytes(store, &rows[0].row,
                                         vl_bytes_of(some_path, (size_t)VL_STORE_SMALL), &is_new,
                                         &why),
               VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_object(store, &object, &why), VL_ERR_INTERNAL, &why);
    object.kind = "sealed";
    object.bytes.len = ((size_t)258 << 10) + 1;
    assert_err(vl_store_put_object(store, &object, &why), VL_ERR_INTERNAL, &why);
    fill((uint8_t *)office.petname, sizeof office.petname, 'a');
    assert_err(vl_store_put_office(store, &office, &why), VL_ERR_INTERNAL, &why);
    office.petname[0] = '\0';
    office.cards.len = ((size_t)8 << 20) + 1;
    assert_err(vl_store_put_office(store, &office, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_tie(store, &(struct vl_tie){.kind = 0}, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_store_put_tie(store,
                                &(struct vl_tie){.kind = (enum vl_tie_kind)(VL_TIE_KINDS + 1)},
                                &why),
               VL_ERR_INTERNAL, &why);
    commit(store); /* none of them changed anything */
}

static void a_spool_counts_what_came(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = envelope_of(86, 1 << 20);
    struct vl_store *store = store_of(state);
    struct vl_spool *spool = NULL;
    struct vl_why why = {""};
    struct vl_sink sink;

    assert_err(vl_spool_new(store, &spool, &why), VL_OK, &why);
    sink = vl_spool_sink(spool);
    assert_int_equal(vl_spool_size(spool), 0);
    assert_err(sink.put(sink.self, vl_bytes_first(vl_buf_bytes(&bytes), 5), &why), VL_OK, &why);
    assert_int_equal(vl_spool_size(spool), 5);
    assert_err(sink.put(sink.self, vl_buf_bytes(&bytes), &why), VL_OK, &why);
    assert_err(sink.put(sink.self, vl_buf_bytes(&bytes), &why), VL_OK, &why);
    assert_int_equal(vl_spool_size(spool), 5 + 2 * (1 << 20));
    vl_spool_free(spool); /* not kept: nothing is left */
    vl_spool_free(NULL);
    assert_sound(store);
}

/* --- memory that runs out --------------------------------------------------------------------- */

static enum vl_err do_everything(void *self, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_office_row_release) struct vl_office_row got_office = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(SIZE_MAX);
    static uint8_t content[1100000];
    struct vl_letter_row row = full_row(VL_ARRAY(content)), small = row_of(VL_LITERAL("small"));
    struct vl_object_row object = object_of(30, "sealed", "some bytes");
    struct vl_office_row office = office_of(1, "anna");
    struct vl_store *store = self;
    struct findings findings = {0};
    struct objects objects = {0};
    struct offices offices = {0};
    struct seen seen = {0};
    bool is_new;
    enum vl_err err = vl_store_begin(store, why);

    object.about = (const uint8_t(*)[VL_HASH_LEN])row.to;
    object.about_count = 2;
    if (!err)
        err = try_put(store, &row, VL_ARRAY(content), &is_new, why);
    if (!err)
        err = try_put(store, &row, VL_ARRAY(content), &is_new, why);
    if (!err)
        err = vl_store_put_letter_bytes(store, &small, VL_LITERAL("small"), &is_new, why);
    if (!err)
        err = vl_store_update_letter(store, &row, why);
    if (!err)
        err = vl_store_put_object(store, &object, why);
    if (!err)
        err = vl_store_put_office(store, &office, why);
    if (!err)
        err = vl_store_put_fact(store, "a", VL_LITERAL("b"), why);
    if (!err)
        err = read_envelope(store, row.number, 4096, &bytes, why);
    if (!err)
        err = vl_store_letter(store, row.number, &got, why);
    if (!err)
        err = vl_store_office(store, office.office, &got_office, why);
    if (!err)
        err = vl_store_object(store, object.id, &bytes, why);
    if (!err)
        err = vl_store_fact(store, "a", &bytes, why);
    if (!err)
        err = vl_store_letters(store, &every_letter, see, &seen, why);
    if (!err)
        err = vl_store_objects(store, NULL, see_object, &objects, why);
    if (!err)
        err = vl_store_offices(store, see_office, &offices, why);
    if (!err)
        err = vl_store_look(store, true, count_finding, &findings, why);
    if (!err)
        err = vl_store_forget(store, row.number, why);
    if (err)
        vl_store_rollback(store);
    return err ? err : vl_store_commit(store, why);
}

static void every_allocation_fails_once(void **state)
{
    struct vl_store *store = store_of(state);
    struct vl_store_size size;
    struct vl_why why = {""};

    assert_true(each_allocation_fails(do_everything, store) > 10);
    assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
    assert_int_equal(size.letters, 2);
    assert_sound(store);
}

#define WITH(keeper, test)                                                                         \
    {                                                                                              \
#keeper ": " #test, test, enter_##keeper, leave, NULL                                      \
    }
#define BOTH(test) WITH(memory, test), WITH(home, test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(every_field_of_a_row_comes_back),
        BOTH(envelopes_of_every_length_come_back),
        BOTH(an_envelope_is_read_in_any_pieces),
        BOTH(several_envelopes_are_read_at_once),
        BOTH(the_same_letter_twice_is_fine),
        BOTH(twice_in_one_transaction_is_fine_too),
        BOTH(another_size_under_one_number_is_refused),
        BOTH(what_was_missing_is_filled_in),
        BOTH(a_waybill_stays_with_its_sealed_event),
        BOTH(a_sender_becomes_proven_only_as_himself),
        BOTH(a_row_is_replaced_and_its_envelope_stays),
        BOTH(what_is_not_there_is_not_found),
        BOTH(a_forgotten_letter_stays_as_a_row),
        BOTH(forgotten_in_the_transaction_that_brought_it),
        BOTH(a_letter_whose_envelope_lies_elsewhere_is_a_row),
        BOTH(one_that_is_here_stays_when_it_is_elsewhere_too),
        BOTH(lists_have_the_letter_that_came_last_first),
        BOTH(a_letter_that_comes_again_stays_where_it_was_in_the_list),
        BOTH(lists_by_role_office_and_sealed_event),
        BOTH(lists_by_the_first_bits_of_a_number),
        BOTH(a_list_ends_at_its_limit_or_when_told),
        BOTH(a_walk_inside_a_walk_is_fine),
        BOTH(objects_are_found_by_what_they_are_about),
        BOTH(a_walk_over_objects_ends_when_told),
        BOTH(offices_are_kept_and_replaced),
        BOTH(facts_are_kept_and_replaced),
        BOTH(ties_are_kept_replaced_dropped_and_walked),
        BOTH(of_each_thing_the_last_tie_that_is_not_above_a_key_is_found),
        BOTH(slices_in_any_order_become_an_envelope),
        BOTH(slices_that_are_rolled_back_leave_those_before),
        BOTH(letters_are_found_by_how_far_they_came),
        BOTH(a_letter_that_comes_again_does_not_go_back),
        BOTH(what_is_rolled_back_was_never_there),
        BOTH(transactions_are_one_at_a_time),
        BOTH(a_change_that_failed_takes_the_others_with_it),
        BOTH(an_open_transaction_is_undone_at_the_end),
        BOTH(rows_that_cannot_be_are_refused),
        BOTH(a_spool_counts_what_came),
        BOTH(every_allocation_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
