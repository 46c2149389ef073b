/* SPDX-License-Identifier: Apache-2.0 */
/* http/site.h: what becomes of a request that is asked several times. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "card/card.h"
#include "http/entering.h"
#include "http/site.h"
#include "http/text.h"
#include "support.h"
#include "sys/clock.h"

static const uint8_t peer[16] = {127, 0, 0, 1};

struct place {
    char folder[64], record[80];
    struct vl_log_dir *log;
    struct vl_site site;
    struct vl_http_site functions;
};

static void place_begin_with(struct place *place, unsigned posts_a_second, unsigned workers)
{
    const struct vl_record_policy policy = {.origin = VL_LITERAL("record.example/2026"),
                                            .max_len = VL_ENTRY_MAX_LEN,
                                            .ahead_max_s = 600};
    const struct vl_site_options options = {.posts_a_second = posts_a_second, .workers = workers};
    struct vl_log_dir_draft draft = {.policy = &policy,
                                     .now_s = vl_clock_seconds(),
                                     .rng = vl_rng_system()};
    struct vl_why why = {""};

    memset(place, 0, sizeof *place);
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/valise-site-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->record, sizeof place->record, "%s/record", place->folder);
    draft.path = place->record;
    assert_err(vl_log_dir_make(&draft, &why), VL_OK, &why);
    assert_err(vl_log_dir_open(place->record, VL_LOG_DIR_WRITE, &place->log, &why), VL_OK, &why);
    assert_err(vl_site_begin(&place->site, place->log, &options, &why), VL_OK, &why);
    place->functions = vl_site_functions(&place->site);
}

static void place_begin(struct place *place, unsigned posts_a_second)
{
    place_begin_with(place, posts_a_second, 0);
}

/* The server ends, and begins again. */
static void place_again(struct place *place)
{
    const struct vl_site_options options = {.posts_a_second = 0};
    struct vl_why why = {""};

    vl_site_end(&place->site);
    vl_log_dir_close(place->log);
    memset(&place->site, 0, sizeof place->site);
    assert_err(vl_log_dir_open(place->record, VL_LOG_DIR_WRITE, &place->log, &why), VL_OK, &why);
    assert_err(vl_site_begin(&place->site, place->log, &options, &why), VL_OK, &why);
    place->functions = vl_site_functions(&place->site);
}

static int take_away(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void place_end(struct place *place)
{
    vl_site_end(&place->site);
    vl_log_dir_close(place->log);
    assert_int_equal(nftw(place->folder, take_away, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A first card, as it is entered: its one signature, behind the head of the array. */
static void write_card_of(uint8_t office, struct vl_buf *out)
{
    const uint8_t bytes[VL_ED25519_SEED_LEN] = {office}, sealing[32] = {9};
    const struct vl_card_sealing to = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_ARRAY(sealing)};
    struct vl_secret seed = VL_SECRET_INIT;
    struct vl_card_draft draft = {.seeds = &seed,
                                  .seed_count = 1,
                                  .sealing = &to,
                                  .sealing_count = 1,
                                  .name = VL_LITERAL("City Court")};
    struct vl_why why = {""};

    assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
    assert_err(vl_card_write(&draft, out, &why), VL_OK, &why);
}

static void write_card(struct vl_buf *out)
{
    write_card_of(1, out);
}

static struct vl_http_request post_of(const struct vl_buf *card)
{
    struct vl_http_request request = {.method = VL_HTTP_POST,
                                      .path = VL_LITERAL("/entries"),
                                      .body = vl_bytes_after(vl_buf_bytes(card), 1),
                                      .content_type = "application/cose",
                                      .has_peer = true};

    memcpy(request.peer, peer, sizeof peer);
    return request;
}

/* The status of the answer, or 0 while it waits. */
static unsigned ask(struct place *place, struct vl_http_request *request)
{
    struct vl_http_response response = VL_HTTP_RESPONSE_INIT;
    const bool is_there = place->functions.answer(&place->site, request, &response);

    vl_buf_release(&response.body);
    return is_there ? response.status : 0;
}

/* Two post the same card, so the second waits for the first; then their address has had much of
 * the time, and is put off, and has no more posts to come.  Both were let in, and both are
 * answered. */
static void who_was_let_in_is_not_counted_again(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_http_request first, second, third;
    struct place place;

    (void)state;
    place_begin(&place, 1);
    write_card(&card);
    first = second = third = post_of(&card);
    place.functions.next(&place.site);
    assert_int_equal(ask(&place, &first), 0);
    assert_int_equal(ask(&place, &second), 0);
    assert_non_null(first.state);
    assert_null(second.state);
    while (vl_rate_take(&place.site.rate, peer, vl_clock_steady_ms()) == 0)
        ; /* whatever is left of its posts */
    vl_rate_spend(&place.site.spent, peer, vl_clock_steady_ms(), 1000);
    place.site.turns.used_us = 1000000;
    assert_int_equal(ask(&place, &second), 0);
    assert_true(second.put_off_ms > 0);
    place.functions.next(&place.site);
    assert_int_equal(ask(&place, &second), 0);
    assert_int_equal(second.put_off_ms, 0);
    place.functions.settle(&place.site);
    assert_int_equal(ask(&place, &first), 201);
    assert_int_equal(ask(&place, &second), 0);
    assert_non_null(second.state);
    place.functions.next(&place.site);
    assert_int_equal(ask(&place, &second), 201);
    assert_int_equal(ask(&place, &third), 429);
    place_end(&place);
}

/* The server rests for those who come, and for nobody whose turn it may be in the next round. */
static void only_for_what_is_entered_together_others_are_waited_for(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_http_request first, second, again;
    struct place place;

    (void)state;
    place_begin(&place, 1000);
    write_card_of(1, &one);
    write_card_of(2, &other);
    first = again = post_of(&one);
    second = post_of(&other);
    assert_false(place.functions.gathers(&place.site));
    assert_int_equal(ask(&place, &first), 0);
    assert_true(place.functions.gathers(&place.site));
    place.functions.settle(&place.site);
    assert_false(place.functions.gathers(&place.site));
    assert_int_equal(ask(&place, &first), 201);
    assert_int_equal(ask(&place, &second), 0);
    assert_int_equal(ask(&place, &again), 0);
    assert_false(place.functions.gathers(&place.site)); /* again wants its receipt */
    place.functions.next(&place.site);
    assert_true(place.functions.gathers(&place.site));
    assert_int_equal(ask(&place, &again), 201);
    again = post_of(&one);
    vl_rate_spend(&place.site.spent, peer, vl_clock_steady_ms(), 1000);
    place.site.turns.used_us = 1000000;
    assert_int_equal(ask(&place, &again), 0);
    assert_true(again.put_off_ms > 0);
    assert_false(place.functions.gathers(&place.site)); /* its turn may be the next */
    place.functions.next(&place.site);
    assert_true(place.functions.gathers(&place.site));
    place.functions.settle(&place.site);
    assert_int_equal(ask(&place, &second), 201);
    place_end(&place);
}

/* --- receipts of what is in ------------------------------------------------------------------- */

/* Asked once, it waits; then the next round begins, and there is a receipt, which is put into out.
 */
static void ask_again(struct place *place, struct vl_http_request *request, unsigned status,
                      struct vl_buf *out)
{
    struct vl_http_response response = VL_HTTP_RESPONSE_INIT;

    assert_int_equal(ask(place, request), 0);
    assert_non_null(request->state);
    place->functions.next(&place->site);
    assert_true(place->functions.answer(&place->site, request, &response));
    assert_null(request->state);
    assert_int_equal(response.status, status);
    assert_string_equal(response.content_type, "application/cose");
    out->len = 0;
    assert_int_equal(vl_buf_put(out, vl_buf_bytes(&response.body)), VL_OK);
    vl_buf_release(&response.body);
}

/* It is a receipt for this entry, at this place of a tree of this size. */
static void assert_receipt(const struct place *place, const struct vl_buf *wire, vl_bytes entry,
                           uint64_t index, uint64_t size)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    const struct vl_record_policy *policy = place->site.policy;
    const struct vl_receipt_log log = {policy->receipt_key, policy->origin, VL_RECEIPT_BOUND};
    struct vl_receipt_says says;
    uint8_t leaf_hash[VL_HASH_LEN];
    struct vl_why why = {""};

    vl_tree_leaf(entry, leaf_hash);
    assert_err(vl_receipt_parse(vl_buf_bytes(wire), &receipt, &why), VL_OK, &why);
    assert_err(vl_receipt_verify(&receipt, leaf_hash, &log, &says, &why), VL_OK, &why);
    assert_int_equal(says.index, index);
    assert_int_equal(says.size, size);
}

static void enter(struct place *place, const struct vl_buf *card)
{
    struct vl_http_request request = post_of(card);

    assert_int_equal(ask(place, &request), 0);
    place->functions.settle(&place->site);
    assert_int_equal(ask(place, &request), 201);
}

/* GET /entries/ID; target has room for it. */
static struct vl_http_request get_of(vl_bytes statement, char target[VL_HTTP_MAX_HEADER])
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_http_request request = {.method = VL_HTTP_GET, .accept = "application/cose"};
    char id[VL_HTTP_ID];
    struct vl_why why = {""};

    assert_err(vl_entry_parse(statement, &entry, &why), VL_OK, &why);
    (void)snprintf(target, VL_HTTP_MAX_HEADER, "/entries/%s", vl_http_id(entry.id, id));
    request.path = vl_bytes_str(target);
    return request;
}

/* Sent once more, with a signature that is none, and asked for by its locator: whatever the tree is
 * by now, it is a receipt for what stands there. */
static void assert_given_again(struct place *place, const struct vl_buf *card, uint64_t index,
                               uint64_t size)
{
    VL_AUTO(vl_buf_release) struct vl_buf spoilt = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    const vl_bytes entry = vl_bytes_after(vl_buf_bytes(card), 1);
    struct vl_http_request request = post_of(card);
    char target[VL_HTTP_MAX_HEADER];

    ask_again(place, &request, 201, &receipt);
    assert_receipt(place, &receipt, entry, index, size);
    assert_int_equal(vl_buf_put(&spoilt, vl_buf_bytes(card)), VL_OK);
    spoilt.data[spoilt.len - 1] ^= 1;
    request = post_of(&spoilt);
    ask_again(place, &request, 201, &receipt);
    assert_receipt(place, &receipt, entry, index, size);
    request = get_of(entry, target);
    ask_again(place, &request, 200, &receipt);
    assert_receipt(place, &receipt, entry, index, size);
}

static void a_receipt_given_again_is_of_the_tree_as_it_is_now(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct place place;

    (void)state;
    place_begin(&place, 0);
    write_card_of(1, &one);
    write_card_of(2, &other);
    enter(&place, &one);
    assert_given_again(&place, &one, 1, 2);
    enter(&place, &other);
    assert_given_again(&place, &one, 1, 3);
    assert_given_again(&place, &other, 2, 3);
    place_again(&place);
    assert_given_again(&place, &one, 1, 3);
    place_end(&place);
}

/* More than are signed at once, on all cores and without others, and of each round all of it. */
static void many_receipts_of_one_round_are_signed_before_the_next(void **state)
{
    enum { MANY = 300 };
    static struct vl_http_request requests[MANY];
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    static const unsigned workers[] = {0, 2};

    (void)state;
    write_card(&card);
    for (size_t turn = 0; turn < 2; turn++) {
        struct place place;

        place_begin_with(&place, 0, workers[turn]);
        enter(&place, &card);
        for (size_t i = 0; i < MANY; i++) {
            requests[i] = post_of(&card);
            assert_int_equal(ask(&place, &requests[i]), 0);
        }
        for (size_t i = 0; i < MANY; i++)
            assert_int_equal(ask(&place, &requests[i]), 0);
        place.functions.next(&place.site);
        for (size_t i = 0; i < MANY; i++)
            assert_int_equal(ask(&place, &requests[i]), 201);
        place_end(&place);
    }
}

/* Some go before the round, some after it, and some when the server ends. */
static void who_goes_away_leaves_no_receipt_behind(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_http_request requests[9];
    struct place place;

    (void)state;
    place_begin(&place, 0);
    write_card(&card);
    enter(&place, &card);
    for (size_t i = 0; i < 9; i++) {
        if (i == 6)
            place.functions.next(&place.site);
        requests[i] = post_of(&card);
        assert_int_equal(ask(&place, &requests[i]), 0);
    }
    for (size_t i = 0; i < 9; i += 2)
        place.functions.forget(&place.site, &requests[i]);
    place.functions.next(&place.site);
    for (size_t i = 1; i < 7; i += 2)
        assert_int_equal(ask(&place, &requests[i]), 201);
    place.functions.forget(&place.site, &requests[7]);
    requests[0] = post_of(&card);
    assert_int_equal(ask(&place, &requests[0]), 0);
    place.functions.forget(&place.site, &requests[0]);
    place_end(&place);
}

/* Whatever memory is missing, it is told or it is tried again, and asking once more works. */
static void without_memory_for_a_receipt_it_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    unsigned status = 0, failures = 0;
    struct place place;

    (void)state;
    place_begin(&place, 0);
    write_card(&card);
    enter(&place, &card);
    for (long n = 0; status != 201; n++) {
        struct vl_http_request request = post_of(&card);

        assert_in_range(n, 0, 500);
        vl_alloc_fail_after(n);
        status = ask(&place, &request);
        if (status == 0) {
            place.functions.next(&place.site);
            status = ask(&place, &request);
        }
        vl_alloc_fail_after(-1);
        assert_null(request.state);
        assert_true(status == 201 || status == 500);
        failures += status == 500;
    }
    assert_true(failures > 3);
    assert_given_again(&place, &card, 1, 2);
    place_end(&place);
}

static void the_policy_alone_has_no_receipt(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf policy = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    char target[VL_HTTP_MAX_HEADER];
    struct vl_http_request request;
    struct place place;
    struct vl_why why = {""};

    (void)state;
    place_begin(&place, 0);
    assert_err(vl_log_dir_entry(place.log, 0, &policy, &why), VL_OK, &why);
    request = get_of(vl_buf_bytes(&policy), target);
    assert_int_equal(ask(&place, &request), 0);
    place.functions.next(&place.site);
    assert_int_equal(ask(&place, &request), 404);
    place_end(&place);
}

/* --- tiles ------------------------------------------------------------------------------------ */

static unsigned ask_for(struct place *place, const char *path)
{
    struct vl_http_request request = {.method = VL_HTTP_GET, .path = vl_bytes_str(path)};

    return ask(place, &request);
}

/* Two enter at once: no checkpoint had two entries. */
static void a_tile_that_is_not_there_is_not_found_and_one_that_is_gone_is_our_fault(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_http_request first, second;
    struct place place;
    char path[160];

    (void)state;
    place_begin(&place, 0);
    write_card_of(1, &one);
    write_card_of(2, &other);
    first = post_of(&one);
    second = post_of(&other);
    assert_int_equal(ask(&place, &first), 0);
    assert_int_equal(ask(&place, &second), 0);
    place.functions.settle(&place.site);
    assert_int_equal(ask(&place, &first), 201);
    assert_int_equal(ask(&place, &second), 201);
    assert_int_equal(ask_for(&place, "/tile/0/000.p/1"), 200);
    assert_int_equal(ask_for(&place, "/tile/0/000.p/2"), 404);
    assert_int_equal(ask_for(&place, "/tile/entries/000.p/2"), 404);
    assert_int_equal(ask_for(&place, "/tile/0/000.p/3"), 200);
    assert_int_equal(ask_for(&place, "/tile/0/000.p/4"), 404);
    assert_int_equal(ask_for(&place, "/tile/0/000"), 404);
    (void)snprintf(path, sizeof path, "%s/public/tile/0/000.p/3", place.record);
    assert_int_equal(remove(path), 0);
    assert_int_equal(ask_for(&place, "/tile/0/000.p/3"), 500);
    place_end(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_let_in_is_not_counted_again),
        cmocka_unit_test(only_for_what_is_entered_together_others_are_waited_for),
        cmocka_unit_test(a_receipt_given_again_is_of_the_tree_as_it_is_now),
        cmocka_unit_test(many_receipts_of_one_round_are_signed_before_the_next),
        cmocka_unit_test(who_goes_away_leaves_no_receipt_behind),
        cmocka_unit_test(without_memory_for_a_receipt_it_is_told),
        cmocka_unit_test(the_policy_alone_has_no_receipt),
        cmocka_unit_test(a_tile_that_is_not_there_is_not_found_and_one_that_is_gone_is_our_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
