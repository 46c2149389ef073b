/* SPDX-License-Identifier: Apache-2.0 */
/* One letter on paper: what the page says, and what strangers cannot make of it. */
#include "../finding/world.h"

#include <stdio.h>

#include "codec/number.h"
#include "codec/words.h"
#include "export/certificate.h"

static void live(struct world *world)
{
    const struct story story = courier_has_it(world);

    DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l", .party = 'A');
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .cites = {story.taken});
    DID(world, .by = 'W', .kind = VL_KIND_ASSERT, .letters = "l",
        .text = "</style><script>alert(1)</script><img src=http://example.org/x> \u202eevil");
}

/* Names as strangers may choose them. */
static const char *const names[] = {
    "Office <b>of</b> \"Quotes\" & 'more'",
    "\u0645\u062d\u0643\u0645\u0629 \u0627\u0644\u0645\u062f\u064a\u0646\u0629",
    "Bundesamt fuer die Beurkundung grenzueberschreitender Postsendungen und Wasserwege",
};

static struct vl_buf page_of(struct world *world, size_t room, bool is_checked)
{
    struct vl_office_id ids[16];
    struct vl_certificate_office offices[16];
    struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    struct vl_why why = {""};
    FOUND(found, world, 'l');
    const size_t all = vl_certificate_parties(&found.finding, ids, room);
    const size_t count = all < room ? all : room;

    for (size_t i = 0; i < count; i++) {
        offices[i] = (struct vl_certificate_office){.office = ids[i],
                                                    .is_checked = is_checked && i % 2 == 0,
                                                    .name = i < 3 ? names[i] : NULL,
                                                    .has_words = i == 0};
        for (unsigned word = 0; word < 12; word++)
            offices[i].words[word] = 100 + word;
    }
    assert_err(vl_certificate_html(&(struct vl_certificate){.finding = &found.finding,
                                                            .office_count = count,
                                                            .offices = offices,
                                                            .more_offices = all - count},
                                   &out, &why),
               VL_OK, &why);
    assert_int_equal(vl_buf_put_byte(&out, 0), VL_OK);
    return out;
}

static void assert_says(const struct vl_buf *page, const char *words)
{
    if (!strstr((const char *)page->data, words))
        fail_msg("not on the page: %s\n%s", words, (const char *)page->data);
}

static void the_page_says_what_is_proven_and_what_is_not(void **state)
{
    static const char *const sentences[] = {
        "it is proven that a delegate receipted the letter, and no more.",
        "No evidence can prove that the content is true, that a person read",
        "<h2>Proven, against whoever signed it</h2>",
        "<h2>Claimed, and no more</h2>",
        "says: hand-over claimed",
        "<h2>Not proven</h2>",
        "<h2>Basis</h2>",
        "From 6 records, as of 2027-01-15T08:00:00Z",
        "<h2>Who is named here</h2>",
        "valise verify --no-home letter.evidence",
        "sha256sum letter.age   # 6c6c6c6c",
        "not a qualified service",
        "<svg role=\"img\" aria-label=\"The number of the letter as a QR code\"",
    };
    char number[VL_NUMBER_TEXT], act[VL_NUMBER_TEXT], word[32];
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);

    (void)state;
    live(world);
    page = page_of(world, 16, true);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        assert_says(&page, sentences[i]);
    (void)snprintf(word, sizeof word, "<li>12 %s</li>", vl_word(111));
    assert_says(&page, word);
    assert_says(&page, vl_number_text(VL_LETTER_HRP,
                                      (const uint8_t *)"llllllllllllllllllllllllllllllll", number));
    for (size_t i = 0; i < world->item_count; i++)
        assert_says(&page, vl_number_text(VL_ACT_HRP, world->items[i].object.id, act));
}

static void nothing_in_it_runs_and_nothing_comes_from_elsewhere(void **state)
{
    static const char *const never[] = {"<script", "<img",   "<link",  "<iframe",   "url(",
                                        "@import", "src=",   "href=",  "<form",     "onload",
                                        "\u202e",  "</b>of", "<b>of<", "\"Quotes\""};
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);

    (void)state;
    live(world);
    page = page_of(world, 16, true);
    assert_says(&page, "default-src 'none'");
    assert_says(&page, "&lt;script&gt;alert(1)");
    assert_says(&page, "\\u{202E}evil");
    /* The words of strangers have "src=" in them, after an escaped tag. */
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        const char *at = strstr((const char *)page.data, never[i]);

        if (strcmp(never[i], "src=") == 0 && at && strncmp(at - 8, "&lt;img ", 8) == 0)
            at = strstr(at + 1, never[i]);
        if (at)
            fail_msg("on the page: %.60s", at);
    }
}

static void a_name_is_told_only_when_its_words_were_compared(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);
    VL_AUTO(vl_buf_release) struct vl_buf checked_page = VL_BUF_INIT(0);

    (void)state;
    live(world);
    page = page_of(world, 16, false);
    checked_page = page_of(world, 16, true);
    assert_says(&page, "sealed, according to office1");
    assert_says(&page, "... (not checked) [1]: 1000 bytes for office1");
    assert_says(&page, "so it calls itself; nobody compared its words");
    assert_says(&checked_page, "sealed, according to <bdi>Office &lt;b&gt;of&lt;/b&gt; "
                               "&quot;Quotes&quot; &amp; &#39;more&#39;</bdi> [1]: 1000 bytes");
    assert_says(&checked_page, "its words were compared by whoever issued this");
}

/* One word would say what the ladder has four for, and others would promise what law gives. */
static void no_word_says_more_than_is_proven(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);
    const char *at;

    (void)state;
    live(world);
    page = page_of(world, 16, true);
    assert_null(strstr((const char *)page.data, "delivered"));
    assert_null(strstr((const char *)page.data, "registered"));
    for (at = (const char *)page.data; (at = strstr(at, "qualified")) != NULL; at++)
        assert_memory_equal(at - 6, "not a ", 6);
}

static void the_same_evidence_in_another_order_is_the_same_page(void **state)
{
    WORLD(world);
    WORLD(other);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(0);

    (void)state;
    live(world);
    live(other);
    for (size_t i = 0; i < other->item_count / 2; i++) {
        const struct vl_evidence_item item = other->items[i];

        other->items[i] = other->items[other->item_count - 1 - i];
        other->items[other->item_count - 1 - i] = item;
    }
    page = page_of(world, 16, true);
    again = page_of(other, 16, true);
    assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&page));
}

static void those_for_whom_there_is_no_room_are_not_forgotten(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(0);

    (void)state;
    live(world);
    page = page_of(world, 2, true);
    assert_says(&page, "Others are named in the evidence, and not described here.");
}

static enum vl_err write_page(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    enum vl_err err = vl_certificate_html(&(struct vl_certificate){.finding = self}, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void without_memory_no_page_is_written_in_part(void **state)
{
    WORLD(world);

    (void)state;
    live(world);
    FOUND(found, world, 'l');
    each_allocation_fails(write_page, &found.finding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_says_what_is_proven_and_what_is_not),
        cmocka_unit_test(nothing_in_it_runs_and_nothing_comes_from_elsewhere),
        cmocka_unit_test(a_name_is_told_only_when_its_words_were_compared),
        cmocka_unit_test(no_word_says_more_than_is_proven),
        cmocka_unit_test(the_same_evidence_in_another_order_is_the_same_page),
        cmocka_unit_test(those_for_whom_there_is_no_room_are_not_forgotten),
        cmocka_unit_test(without_memory_no_page_is_written_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
