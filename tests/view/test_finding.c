/* SPDX-License-Identifier: Apache-2.0 */
/* A finding as a document and as sentences. */
#include "../finding/world.h"

#include <jansson.h>

static const char *name_of(void *self, const struct vl_office_id *office,
                           char out[VL_OFFICE_CALLED])
{
    struct world *world = self;

    for (size_t i = 0; i < world->office_count; i++)
        if (vl_office_id_eq(&world->offices[i].chain.office, office)) {
            (void)snprintf(out, VL_OFFICE_CALLED, "Office\u00e9 %c", world->offices[i].name);
            return out;
        }
    return vl_office_id_text(office, out);
}

/* Everything that can be told, in one history. */
static void live(struct world *world)
{
    struct story story;
    const uint8_t *mandate, *receipt, *claim;

    outside(world, (struct outside){.letter = 'l',
                                    .from = 'S',
                                    .to = "AB",
                                    .expect_by = NOW - 10,
                                    .expires = NOW + 10,
                                    .n = 1,
                                    .of = 3});
    story.sealed = DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .iat = 1700000000);
    story.handed = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C',
                       .handover = 1, .cites = {story.sealed}, .at = 1700000100);
    story.taken = DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l",
                      .answers = story.handed, .giver = 'S', .at = 1700000050);
    mandate =
        DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .once = true, .only = "l");
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .under = mandate, .cites = {story.taken});
    DID(world, .by = 'D', .kind = VL_KIND_OPENED, .letters = "l", .under = mandate,
        .verdict = VL_VERDICT_MISMATCH);
    DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_CORRECTED, .target = receipt);
    claim = DID(world, .by = 'C', .kind = VL_KIND_ATTEMPTED, .letters = "l", .party = 'B',
                .reason = "nobody-there");
    DID(world, .by = 'W', .kind = VL_KIND_WITNESSED, .target = claim);
    checked(world, 'W', 0);
    DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l", .party = 'B');
    DID(world, .by = 'B', .kind = VL_KIND_REFUSED, .letters = "l", .reason = "altered");
    DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .handover = 2);
    DID(world, .by = 'B', .kind = VL_KIND_OPENED, .letters = "l", .no_value = true);
}

static json_t *document_of(const struct vl_finding *finding)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    json_t *json;

    assert_int_equal(vl_finding_json(finding, &out), VL_OK);
    json = json_loadb((const char *)out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static void the_document_has_every_member_in_order(void **state)
{
    static const char *const members[] = {
        "schema",    "number",   "as_of",          "basis",      "disputed_origin",
        "sealed",    "handed",   "custody",        "addressees", "claims",
        "ends",      "mandates", "contradictions", "disputed",   "incomplete_answers",
        "corrected", "said",     "invitation",     "packages",   "overdue",
        "expired",   "answered"};
    WORLD(world);
    size_t at = 0;
    const char *key;
    json_t *value, *json;

    (void)state;
    live(world);
    FOUND(found, world, 'l');
    json = document_of(&found.finding);
    json_object_foreach(json, key, value)
    {
        assert_true(at < sizeof members / sizeof *members);
        assert_string_equal(key, members[at++]);
    }
    assert_int_equal(at, sizeof members / sizeof *members);
    assert_string_equal(json_string_value(json_object_get(json, "schema")), "valise.finding/1");
    assert_string_equal(json_string_value(json_object_get(json, "as_of")), "2027-01-15T08:00:00Z");
    json_decref(json);
}

static void nothing_is_an_empty_list_and_not_left_out(void **state)
{
    WORLD(world);
    json_t *json;

    (void)state;
    FOUND(found, world, 'l');
    json = document_of(&found.finding);
    assert_int_equal(json_array_size(json_object_get(json, "sealed")), 0);
    assert_true(json_is_array(json_object_get(json, "overdue")));
    assert_true(json_is_array(json_object_get(json_object_get(json, "custody"), "holders")));
    json_decref(json);
}

static struct vl_buf text_by(struct world *world, const struct vl_finding_names *names,
                             unsigned width, bool ascii)
{
    struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    FOUND(found, world, 'l');

    assert_int_equal(vl_finding_text(&found.finding, names, width, ascii, &out), VL_OK);
    assert_int_equal(vl_buf_put_byte(&out, 0), VL_OK);
    return out;
}

static struct vl_buf text_of(struct world *world, unsigned width, bool ascii)
{
    const struct vl_finding_names names = {name_of, world};

    return text_by(world, &names, width, ascii);
}

static void each_fact_is_told_with_its_word(void **state)
{
    static const char *const sentences[] = {
        "Proven, against whoever signed it:\n",
        "sealed, according to Office\u00e9 S: 1000 bytes for Office\u00e9 A and Office\u00e9 B, "
        "package 1 of 3\n",
        "handed by Office\u00e9 S to Office\u00e9 C, who signed for it\n",
        "receipted by a delegate for Office\u00e9 A, signed by Office\u00e9 D\n",
        "receipted for the office Office\u00e9 A itself, signed by Office\u00e9 D (mandate used "
        "twice; revoked order unknown)\n",
        "whoever opened it says: the content is not what was committed to\n",
        "refused for Office\u00e9 B, signed by Office\u00e9 B\n",
        "its reason to refuse: altered\n",
        "Claimed, and no more:\n",
        "opened for Office\u00e9 B, signed by Office\u00e9 B (no opening value)\n",
        "Office\u00e9 C says: hand-over claimed, naming Office\u00e9 B\n",
        "because of: nobody-there; corroborated by one whom you checked\n",
        "says, to \"The night train\", who signs for nothing here\n",
        "Disputed:\n",
        "the clock of Office\u00e9 ",
        "ended a mandate, and whether before it was used or after is not known\n",
        "Contradicted by its own signer:\n",
        "Office\u00e9 D used a mandate twice that was for one use\n",
        "Corrected by its own signer:\n",
        "Office\u00e9 D, of \"receipt\": was \"received\", now \"not received\"; both stand\n",
        "overdue: no receipt for the office itself is proven here: Office\u00e9 B\n",
        "of the 3 packages of its consignment this set has 1\n",
        "Not proven:\n",
        "mandated: Office\u00e9 A lets Office\u00e9 D receive letters and sign for them, and has "
        "ended "
        "that, in ",
        "that Office\u00e9 S mandated Office\u00e9 C to carry it\n",
        "that it reached Office\u00e9 A\n",
        "that Office\u00e9 B opened it\n",
        "that a person read it\n",
        ", Office\u00e9 S as principal, signed 2023-11-14T22:13:20Z by the clock of "
        "Office\u00e9 S\n",
        "at 2023-11-14T22:15:00Z by the clock of Office\u00e9 S\n",
        "From 14 records, as of 2027-01-15T08:00:00Z; none in this set is a receipt by "
        "Office\u00e9 B or for it.\n",
    };
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    live(world);
    text = text_of(world, 1000, false);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr((const char *)text.data, sentences[i]))
            fail_msg("not told: %s\n%s", sentences[i], (const char *)text.data);
}

/* Words of every kind, and what became of them. */
static void talk(struct world *world)
{
    const uint8_t *said, *summary, *translation;

    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "delivered",
               .text = "The castle has it.");
    DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES,
        .text = "Nothing came.");
    DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .span = "has", .text = "had");
    DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .text = "It is on its way.");
    DID(world, .by = 'W', .kind = VL_KIND_WITHDRAW, .target = said, .text = "No.");
    DID(world, .by = 'W', .kind = VL_KIND_RELAY, .act = said, .saying = said, .source = 'S',
        .source_count = 2, .text = "The castle has it.");
    DID(world, .by = 'W', .kind = VL_KIND_RELAY, .act = said, .saying = said, .source = 'S');
    DID(world, .by = 'W', .kind = VL_KIND_RELAY, .act = said, .capture = true);
    summary = DID(world, .by = 'C', .kind = VL_KIND_COMMIT, .letters = "l");
    DID(world, .by = 'C', .kind = VL_KIND_WITHDRAW, .target = summary);
    translation = DID(world, .by = 'T', .kind = VL_KIND_TRANSLATION, .letters = "l");
    DID(world, .by = 'T', .kind = VL_KIND_TRANSLATION, .letters = "l", .target = translation,
        .text = "Ja.");
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
}

static void words_are_told_with_what_became_of_them(void **state)
{
    static const char *const sentences[] = {
        "Said; that it was said is all that this proves:\n",
        "Office\u00e9 S says: \"The castle has it.\"\n",
        "that it was given to whom it is for: the evidence here says the same\n",
        "Office\u00e9 A denies: \"Nothing came.\"\n",
        ", said by Office\u00e9 S\n",
        "the evidence here contradicts it\n",
        "disputed: Office\u00e9 ",
        "Office\u00e9 W disputes what others said, and would withdraw it: \"No.\"\n",
        "Office\u00e9 C withdraws what it said",
        "corrected: Office\u00e9 S in ",
        "several current versions: whoever changed it did not know of the others\n",
        ", in place of \"has\"\n",
        "Office\u00e9 W says that others said: \"It is so.\"\n",
        "it heard that from an unnamed source\n",
        "who had it from Office\u00e9 S, who signed it\n",
        "it heard that from Office\u00e9 S, who signed other words\n",
        "nobody signed that: there is the digest of a copy\n",
        "Office\u00e9 C promises: \"It is so.\"\n",
        "withdrawn: Office\u00e9 C in ",
        "Office\u00e9 T translates: \"So ist es.\"\n",
        "from en to de, by a person; nobody answers for it; the original was not there\n",
        "another is in its place: Office\u00e9 T in ",
    };
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    talk(world);
    text = text_of(world, 1000, false);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr((const char *)text.data, sentences[i]))
            fail_msg("not told: %s\n%s", sentences[i], (const char *)text.data);
}

static const char *name_at_length(void *self, const struct vl_office_id *office,
                                  char out[VL_OFFICE_CALLED])
{
    (void)self;
    (void)office;
    memset(out, 'n', VL_OFFICE_CALLED - 2);
    memcpy(out + VL_OFFICE_CALLED - 2, ".", 2);
    return out;
}

static void a_source_has_its_whole_name(void **state)
{
    WORLD(world);
    const struct vl_finding_names names = {name_at_length, world};
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    talk(world);
    text = text_by(world, &names, 1000, false);
    assert_non_null(strstr((const char *)text.data, "n., who signed other words\n"));
}

/* What became of a promise, and whose word makes a meeting. */
static void promises_and_meetings_are_told_with_whose_word_it_is(void **state)
{
    static const char *const sentences[] = {
        "the promise, until 2023-11-14, is broken, proven\n",
        "broken, says Office\u00e9 S in ",
        ": proven; withdrawn, which takes nothing away\n",
        "the promise is withdrawn, and neither kept nor broken before\n",
        "kept, says Office\u00e9 W in ",
        ": hearsay\n",
        "kept: the evidence here has what was promised of the letter\n",
        "the promise is kept, proven\n",
        "a visit of Office\u00e9 S to Office\u00e9 A (it says: at the castle): proven, both signed "
        "it\n",
        "a visit of Office\u00e9 S to Office\u00e9 A (it says: at the hall, on 2023-11-14): "
        "proven, ",
        "the same: Office\u00e9 A in ",
        "and they do not agree on the place\n",
        "denied by a side: Office\u00e9 A in ",
        "talks between ",
        "Office\u00e9 N comes after the speaker, and withdraws the words: \"It is so.\"\n",
        "Office\u00e9 W says that it comes after the speaker, and changes the words: \"It is so.\" "
        "(not the grantee)\n",
        "hearsay, neither side signed it\n",
    };
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);
    const uint8_t *promise, *other, *broken, *visit, *after;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .as_of = 1700000000);
    broken = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken");
    DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = broken);
    other = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l");
    DID(world, .by = 'W', .kind = VL_KIND_ASSERT, .act = other, .fact = "kept");
    DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .fact = "sent");
    visit = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .offices = "S",
                .party = 'A', .fact = "visit", .place = "the castle");
    DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .letters = "l", .offices = "A", .party = 'S',
        .fact = "hosted", .act = visit, .relation = VL_RELATION_SUPPORTS, .place = "the hall",
        .as_of = 1700000000);
    DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = visit, .relation = VL_RELATION_DISPUTES);
    DID(world, .by = 'W', .kind = VL_KIND_ASSERT, .letters = "l", .offices = "S", .party = 'A',
        .fact = "talks");
    after = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    DID(world, .by = 'N', .kind = VL_KIND_WITHDRAW, .target = other, .under = after);
    DID(world, .by = 'W', .kind = VL_KIND_CORRECT, .target = other, .under = after);
    text = text_of(world, 1000, false);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr((const char *)text.data, sentences[i]))
            fail_msg("not told: %s\n%s", sentences[i], (const char *)text.data);
}

/* What answers stands behind what it answers, and what was signed later behind what was before. */
static void words_and_acts_are_told_in_their_order(void **state)
{
    static const char *const in_order[] = {
        "says: \"First.\"",       "denies: \"Third.\"",   "says: \"Fourth.\"",
        "sealed, Office\u00e9 S", "said, Office\u00e9 S", "said, Office\u00e9 C",
    };
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);
    const char *at;
    const uint8_t *said;

    (void)state;
    courier_has_it(world);
    /* Whatever the ids are: what is denied in 1970 is not told before what it denies. */
    DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .letters = "l", .text = "Fourth.",
        .iat = 1700000900);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .text = "First.",
               .iat = 1700000600);
    DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES,
        .text = "Third.", .iat = 1);
    text = text_of(world, 1000, false);
    at = (const char *)text.data;
    for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++) {
        at = strstr(at, in_order[i]);
        if (!at)
            fail_msg("not told there: %s\n%s", in_order[i], (const char *)text.data);
    }
}

/* Whoever reads it knows that more was said than stands there. */
static void what_is_not_heard_is_told_apart_from_what_does_not_verify(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    for (uint64_t i = 0; i < VL_FINDING_MAX_HEARD + 2; i++)
        DID(world, .by = 'X', .kind = VL_KIND_ASSERT, .letters = "l", .at = 1000 + i);
    text = text_of(world, 1000, false);
    assert_non_null(strstr((const char *)text.data,
                           "Left out: 2 more of what is said about it; no office is heard more "
                           "than 64 times."));
    assert_null(strstr((const char *)text.data, "cannot be verified"));
}

/* One word would say what the ladder has four for, and others would promise what law gives. */
static void no_word_says_more_than_is_proven(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    live(world);
    text = text_of(world, 80, false);
    assert_null(strstr((const char *)text.data, "delivered"));
    assert_null(strstr((const char *)text.data, "registered"));
    assert_null(strstr((const char *)text.data, "qualified"));
}

static void lines_are_as_long_as_the_terminal_is_wide(void **state)
{
    static const unsigned widths[] = {10, 40, 57, 80, 200};
    WORLD(world);

    (void)state;
    live(world);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = text_of(world, widths[i], true);
        const unsigned width = widths[i] < 40 ? 40 : widths[i];

        for (const char *line = (const char *)text.data; *line;) {
            const size_t len = strcspn(line, "\n");

            assert_true(len <= width);
            line += len + 1;
        }
    }
}

static void a_terminal_of_ascii_gets_ascii(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(0);

    (void)state;
    live(world);
    text = text_of(world, 1000, true);
    for (size_t i = 0; i + 1 < text.len; i++)
        assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] < 0x7f));
    assert_non_null(strstr((const char *)text.data, "Office\\u{00E9} S"));
}

struct use {
    struct vl_finding *finding;
    const struct vl_finding_names *names;
    bool as_json;
};

static enum vl_err show(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    const struct use *use = self;
    enum vl_err err = use->as_json ? vl_finding_json(use->finding, &out)
                                   : vl_finding_text(use->finding, use->names, 80, false, &out);

    (void)why;
    assert_true(!err || out.len == 0);
    return err;
}

static void without_memory_nothing_is_told_in_part(void **state)
{
    WORLD(world);
    const struct vl_finding_names names = {name_of, world};

    (void)state;
    live(world);
    talk(world);
    FOUND(found, world, 'l');
    each_allocation_fails(show, &(struct use){&found.finding, &names, false});
    each_allocation_fails(show, &(struct use){&found.finding, &names, true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_has_every_member_in_order),
        cmocka_unit_test(nothing_is_an_empty_list_and_not_left_out),
        cmocka_unit_test(each_fact_is_told_with_its_word),
        cmocka_unit_test(words_are_told_with_what_became_of_them),
        cmocka_unit_test(a_source_has_its_whole_name),
        cmocka_unit_test(promises_and_meetings_are_told_with_whose_word_it_is),
        cmocka_unit_test(words_and_acts_are_told_in_their_order),
        cmocka_unit_test(what_is_not_heard_is_told_apart_from_what_does_not_verify),
        cmocka_unit_test(no_word_says_more_than_is_proven),
        cmocka_unit_test(lines_are_as_long_as_the_terminal_is_wide),
        cmocka_unit_test(a_terminal_of_ascii_gets_ascii),
        cmocka_unit_test(without_memory_nothing_is_told_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
