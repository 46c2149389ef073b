/* SPDX-License-Identifier: Apache-2.0 */
/* http/site.h: what becomes of a request that is asked several times. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/card.h"
#include "http/entering.h"
#include "http/site.h"
#include "support.h"
#include "sys/clock.h"

static const uint8_t peer[16] = {127, 0, 0, 1};

struct place {
    char folder[64], record[80];
    struct vl_log_dir *log;
    struct vl_site site;
    struct vl_http_site functions;
};

static void place_begin(struct place *place, unsigned posts_a_second)
{
    const struct vl_record_policy policy = {.origin = VL_LITERAL("record.example/2026"),
                                            .max_len = VL_ENTRY_MAX_LEN,
                                            .ahead_max_s = 600};
    const struct vl_site_options options = {.posts_a_second = posts_a_second};
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
static void write_card(struct vl_buf *out)
{
    const uint8_t bytes[VL_ED25519_SEED_LEN] = {1}, sealing[32] = {9};
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
    assert_int_equal(ask(&place, &second), 201);
    assert_int_equal(ask(&place, &third), 429);
    place_end(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_let_in_is_not_counted_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
