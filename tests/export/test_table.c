/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about a letter as rows of other vocabularies. */
#include "../finding/world.h"

#include <jansson.h>

#include "export/table.h"

/* The world of a test: a delegate without a mandate, a courier who says more than is signed for,
 * words of a stranger, and somebody who denies the courier's. */
static const uint8_t *live(struct world *world)
{
    const struct story story = courier_has_it(world);
    const uint8_t *claim;

    claim = DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l", .party = 'A');
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .cites = {story.taken}, .at = 1700000000);
    DID(world, .by = 'C', .kind = VL_KIND_LOST, .letters = "l", .reason = "flood");
    DID(world, .by = 'C', .kind = VL_KIND_HELD, .letters = "l", .reason = "customs");
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l", .no_value = true);
    DID(world, .by = 'S', .kind = VL_KIND_DENY, .act = claim, .relation = VL_RELATION_DISPUTES,
        .text = "It was \"not\" so.");
    DID(world, .by = 'W', .kind = VL_KIND_ASSERT, .letters = "l", .absence = true,
        .text = "Nothing\nwas\theard.");
    DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .capture = true);
    return claim;
}

static struct vl_buf table_of(struct world *world, enum vl_export_format format, bool as_json)
{
    struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    FOUND(found, world, 'l');

    assert_int_equal(as_json ? vl_export_json(format, &found.finding, &out)
                             : vl_export_table(format, &found.finding, &out),
                     VL_OK);
    return out;
}

static json_t *document_of(struct world *world, enum vl_export_format format)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = table_of(world, format, true);
    json_t *json = json_loadb((const char *)out.data, out.len, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(json);
    return json;
}

static const char *text_at(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "-";
}

/* The i-th row of this kind; it is there. */
static json_t *row_of(json_t *document, const char *kind, size_t i)
{
    json_t *rows = json_object_get(document, "rows");

    for (size_t at = 0; at < json_array_size(rows); at++)
        if (strcmp(text_at(json_array_get(rows, at), "kind"), kind) == 0 && i-- == 0)
            return json_array_get(rows, at);
    fail_msg("no row of %s", kind);
    return NULL;
}

static void assert_row(json_t *row, const char *relation, const char *maps_to, const char *would,
                       const char *level)
{
    assert_string_equal(text_at(row, "relation"), relation);
    assert_string_equal(text_at(row, "maps_to"), maps_to);
    assert_string_equal(text_at(row, "would_map_to"), would);
    assert_string_equal(text_at(row, "level"), level);
}

static void what_is_proven_maps_to_its_code(void **state)
{
    WORLD(world);
    json_t *etsi, *upu;

    (void)state;
    live(world);
    etsi = document_of(world, VL_EXPORT_ETSI);
    upu = document_of(world, VL_EXPORT_UPU);
    assert_row(row_of(etsi, "accepted", 0), "maps to", "A.1", "-", "proven");
    assert_row(row_of(etsi, "receipted", 0), "maps to", "E.1", "-", "proven");
    assert_row(row_of(etsi, "receipted", 1), "maps to", "C.3", "-", "proven");
    assert_string_equal(text_at(row_of(etsi, "receipted", 0), "code_uri"),
                        "http://uri.etsi.org/19522/Event/ContentHandover");
    assert_row(row_of(upu, "receipted", 0), "maps to", "EMI", "-", "proven");
    assert_row(row_of(upu, "receipted", 1), "maps to", "CN 07", "-", "proven");
    json_decref(etsi);
    json_decref(upu);
}

/* The delegate signed; the office did not, and gave no mandate. */
static void it_is_proven_against_whoever_signed_and_nobody_else(void **state)
{
    char address[VL_OFFICE_TEXT];
    WORLD(world);
    json_t *etsi, *against;

    (void)state;
    live(world);
    etsi = document_of(world, VL_EXPORT_ETSI);
    against = json_object_get(row_of(etsi, "receipted", 0), "proven_against");
    assert_int_equal(json_array_size(against), 1);
    assert_string_equal(json_string_value(json_array_get(against, 0)),
                        vl_office_id_text(id_of(world, 'D'), address));
    assert_string_equal(text_at(row_of(etsi, "receipted", 0), "issuer_role"), "delegate");
    assert_string_equal(text_at(row_of(etsi, "receipted", 0), "issuer_is"), "another office");
    assert_string_equal(text_at(row_of(etsi, "sealed", 0), "issuer_is"), "sender");
    assert_int_equal(json_array_size(json_object_get(row_of(etsi, "lost", 0), "proven_against")),
                     0);
    json_decref(etsi);
}

static void a_receipt_under_a_mandate_is_proven_against_its_principal_too(void **state)
{
    WORLD(world);
    const uint8_t *mandate;
    json_t *etsi;

    (void)state;
    (void)courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .only = "l");
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate);
    etsi = document_of(world, VL_EXPORT_ETSI);
    assert_int_equal(json_array_size(
                         json_object_get(row_of(etsi, "receipted", 0), "proven_against")),
                     2);
    json_decref(etsi);
}

static void a_courier_s_word_is_no_evidence_and_no_scan(void **state)
{
    WORLD(world);
    json_t *etsi, *upu, *cameo;

    (void)state;
    live(world);
    etsi = document_of(world, VL_EXPORT_ETSI);
    upu = document_of(world, VL_EXPORT_UPU);
    cameo = document_of(world, VL_EXPORT_CAMEO);
    assert_row(row_of(etsi, "delivered-claim", 0), "maps to nothing", "-", "-", "claimed");
    assert_row(row_of(upu, "delivered-claim", 0), "claimed only: would map to", "-", "EMI",
               "claimed");
    assert_row(row_of(cameo, "delivered-claim", 1), "claimed only: would map to", "-", "040",
               "claimed");
    assert_string_equal(text_at(row_of(etsi, "delivered-claim", 0), "issuer_is"), "courier");
    assert_non_null(strstr(text_at(row_of(etsi, "accepted", 0), "is_not"), "not an ERDS evidence"));
    assert_non_null(
        strstr(text_at(row_of(upu, "delivered-claim", 0), "is_not"), "not an EMSEVT scan"));
    json_decref(etsi);
    json_decref(upu);
    json_decref(cameo);
}

/* Somebody whom the user checked saw it: the courier's word it is all the same. */
static void not_even_with_a_witness(void **state)
{
    WORLD(world);
    const uint8_t *claim, *held;
    json_t *upu;

    (void)state;
    (void)courier_has_it(world);
    claim = DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l");
    held = DID(world, .by = 'C', .kind = VL_KIND_HELD, .letters = "l");
    DID(world, .by = 'W', .kind = VL_KIND_WITNESSED, .target = claim);
    DID(world, .by = 'W', .kind = VL_KIND_WITNESSED, .target = held);
    checked(world, 'W', 0);
    upu = document_of(world, VL_EXPORT_UPU);
    assert_row(row_of(upu, "delivered-claim", 0), "claimed only: would map to", "-", "EMI",
               "corroborated");
    assert_row(row_of(upu, "held", 0), "maps to", "EXB", "-", "corroborated");
    json_decref(upu);
}

static void what_is_only_claimed_maps_to_nothing_yet(void **state)
{
    WORLD(world);
    json_t *etsi, *upu;

    (void)state;
    live(world);
    etsi = document_of(world, VL_EXPORT_ETSI);
    upu = document_of(world, VL_EXPORT_UPU);
    assert_row(row_of(etsi, "lost", 0), "claimed only: would map to", "-", "E.2", "claimed");
    assert_row(row_of(upu, "held", 0), "claimed only: would map to", "-", "EXB", "claimed");
    assert_string_equal(text_at(row_of(upu, "held", 0), "reason"), "customs");
    /* Opened, with a value that is none: a key alone proves nothing. */
    assert_row(row_of(etsi, "opened", 0), "claimed only: would map to", "-", "D.6", "claimed");
    json_decref(etsi);
    json_decref(upu);
}

static void silence_is_no_code_and_a_relay_is_hearsay(void **state)
{
    WORLD(world);
    json_t *cameo;

    (void)state;
    live(world);
    cameo = document_of(world, VL_EXPORT_CAMEO);
    assert_row(row_of(cameo, "assert", 0), "maps to nothing", "-", "-", "proven");
    assert_string_equal(text_at(row_of(cameo, "assert", 0), "content_level"), "claimed");
    assert_string_equal(text_at(row_of(cameo, "relay", 0), "content_level"), "hearsay");
    assert_row(row_of(cameo, "deny", 0), "maps to", "016", "-", "proven");
    assert_non_null(
        strstr(text_at(row_of(cameo, "deny", 0), "sentence"), ": denied: \"It was \"not\" so.\""));
    assert_true(json_is_true(json_object_get(row_of(cameo, "receipted", 0), "reversed")));
    json_decref(cameo);
}

static void long_words_are_cut_between_characters(void **state)
{
    char text[2000];

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        WORLD(world);
        json_t *cameo;
        const char *sentence;

        live(world);
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .text = text);
        cameo = document_of(world, VL_EXPORT_CAMEO);
        sentence = text_at(row_of(cameo, "commit", 0), "sentence");
        assert_non_null(strstr(sentence, "\xe2\x82\xac ...\""));
        assert_null(strstr(sentence, "\\x{"));
        json_decref(cameo);
    }
}

static void what_is_against_an_act_is_told_beside_it(void **state)
{
    WORLD(world);
    json_t *etsi;

    (void)state;
    live(world);
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l",
        .answers = world->items[1].object.id, .giver = 'S', .at = 7);
    etsi = document_of(world, VL_EXPORT_ETSI);
    assert_true(json_is_true(json_object_get(row_of(etsi, "delivered-claim", 0), "disputed")));
    assert_true(json_is_false(json_object_get(row_of(etsi, "receipted", 0), "disputed")));
    assert_true(json_is_true(json_object_get(row_of(etsi, "accepted", 0), "contradicted")));
    assert_true(json_is_false(json_object_get(row_of(etsi, "sealed", 0), "contradicted")));
    json_decref(etsi);
}

static void every_row_says_that_it_is_no_such_service(void **state)
{
    WORLD(world);

    (void)state;
    live(world);
    for (unsigned format = 0; format < VL_EXPORT_CERTIFICATE; format++) {
        json_t *json = document_of(world, (enum vl_export_format)format);
        json_t *rows = json_object_get(json, "rows");

        assert_true(json_array_size(rows) >= 11);
        for (size_t i = 0; i < json_array_size(rows); i++)
            assert_string_equal(text_at(json_array_get(rows, i), "service"),
                                "not a qualified service");
        json_decref(json);
    }
}

/* As many cells in each line as the first has names, by the rules of each. */
static void a_table_is_square_and_no_cell_begins_with_a_formula(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf csv = VL_BUF_INIT(0);
    VL_AUTO(vl_buf_release) struct vl_buf tsv = VL_BUF_INIT(0);
    size_t cells = 1, wanted = 0, lines = 0;
    bool quoted = false;

    (void)state;
    live(world);
    csv = table_of(world, VL_EXPORT_UPU, false);
    tsv = table_of(world, VL_EXPORT_CAMEO, false);
    for (size_t i = 0; i < csv.len; i++) {
        quoted ^= csv.data[i] == '"';
        cells += !quoted && csv.data[i] == ',';
        assert_false(csv.data[i] == '"' && i + 1 < csv.len && strchr("=+-@", csv.data[i + 1]) &&
                     (i == 0 || csv.data[i - 1] == ',' || csv.data[i - 1] == '\n'));
        if (quoted || csv.data[i] != '\n')
            continue;
        assert_int_equal(csv.data[i - 1], '\r');
        assert_true(++lines == 1 || cells == wanted);
        wanted = cells;
        cells = 1;
    }
    assert_int_equal(wanted, 28);
    assert_false(quoted);
    assert_true(
        vl_bytes_has(vl_buf_bytes(&csv), VL_LITERAL(": \"\"It was \"\"not\"\" so.\"\"\",")));
    cells = 1;
    for (size_t i = 0; i < tsv.len; i++) {
        cells += tsv.data[i] == '\t';
        if (tsv.data[i] != '\n')
            continue;
        assert_int_equal(cells, 28);
        cells = 1;
    }
    assert_true(vl_bytes_has(vl_buf_bytes(&tsv), VL_LITERAL("Nothing\\u{000A}was\\u{0009}heard.")));
}

static enum vl_err write_all(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    const struct vl_finding *finding = self;
    enum vl_err err = vl_export_table(VL_EXPORT_ETSI, finding, &out);

    (void)why;
    assert_true(!err || out.len == 0);
    if (err)
        return err;
    vl_buf_release(&out);
    err = vl_export_table(VL_EXPORT_UPU, finding, &out);
    assert_true(!err || out.len == 0);
    return err;
}

static void without_memory_no_table_is_written_in_part(void **state)
{
    WORLD(world);

    (void)state;
    live(world);
    FOUND(found, world, 'l');
    each_allocation_fails(write_all, &found.finding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_proven_maps_to_its_code),
        cmocka_unit_test(it_is_proven_against_whoever_signed_and_nobody_else),
        cmocka_unit_test(a_receipt_under_a_mandate_is_proven_against_its_principal_too),
        cmocka_unit_test(a_courier_s_word_is_no_evidence_and_no_scan),
        cmocka_unit_test(not_even_with_a_witness),
        cmocka_unit_test(what_is_only_claimed_maps_to_nothing_yet),
        cmocka_unit_test(silence_is_no_code_and_a_relay_is_hearsay),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(what_is_against_an_act_is_told_beside_it),
        cmocka_unit_test(every_row_says_that_it_is_no_such_service),
        cmocka_unit_test(a_table_is_square_and_no_cell_begins_with_a_formula),
        cmocka_unit_test(without_memory_no_table_is_written_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
