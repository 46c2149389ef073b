/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of codes: nothing that can be signed is without an answer in any of them. */
#include "support.h"

#include <string.h>

#include "export/codes.h"

static const enum vl_export_format lists[] = {VL_EXPORT_ETSI, VL_EXPORT_UPU, VL_EXPORT_CAMEO};
static const unsigned givers[] = {VL_CODE_FROM_SENDER, VL_CODE_FROM_OTHER, VL_CODE_FROM_NOBODY};
static const unsigned capacities[] = {VL_CODE_AS_CARRIER, VL_CODE_AS_RECIPIENT};
static const unsigned sayings[] = {VL_CODE_OF_SILENCE, VL_CODE_OF_WORDS};

static void every_kind_has_an_answer_in_every_list_and_case(void **state)
{
    (void)state;
    for (size_t list = 0; list < 3; list++)
        for (unsigned kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++)
            for (size_t i = 0; i < 3 * 2 * 2; i++) {
                const unsigned cases = givers[i / 4] | capacities[i / 2 % 2] | sayings[i % 2];

                if (!vl_code_next(lists[list], (enum vl_kind)kind, cases, NULL))
                    fail_msg("%s has nothing for %s in case %x", vl_export_word(lists[list]),
                             vl_kind_word((enum vl_kind)kind), cases);
            }
}

static void a_code_has_a_name_and_nothing_has_none(void **state)
{
    (void)state;
    for (size_t list = 0; list < 3; list++)
        for (unsigned kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++) {
            const struct vl_code *code = NULL;

            while ((code = vl_code_next(lists[list], (enum vl_kind)kind, ~0u, code)) != NULL) {
                assert_int_equal(code->kind, kind);
                assert_int_equal(code->code == NULL, code->name == NULL);
                assert_true(!code->claim_only || code->code);
            }
        }
}

/* DOMAIN 6.5, those rows that a user of each list asks for first. */
static const struct {
    enum vl_export_format list;
    enum vl_kind kind;
    unsigned cases;
    const char *codes; /* all of them, in their order */
} known[] = {
    {VL_EXPORT_ETSI, VL_KIND_ACCEPTED, VL_CODE_FROM_SENDER | VL_CODE_AS_CARRIER, "A.1"},
    {VL_EXPORT_ETSI, VL_KIND_ACCEPTED, VL_CODE_FROM_OTHER | VL_CODE_AS_CARRIER, "B.1"},
    {VL_EXPORT_ETSI, VL_KIND_RECEIPTED, VL_CODE_AS_RECIPIENT, "E.1 C.3"},
    {VL_EXPORT_ETSI, VL_KIND_OPENED, VL_CODE_AS_RECIPIENT, "D.6"},
    {VL_EXPORT_ETSI, VL_KIND_REFUSED, VL_CODE_AS_RECIPIENT | VL_CODE_FROM_OTHER, "C.4"},
    {VL_EXPORT_ETSI, VL_KIND_REFUSED, VL_CODE_AS_CARRIER | VL_CODE_FROM_SENDER, "A.2"},
    {VL_EXPORT_ETSI, VL_KIND_REFUSED, VL_CODE_AS_CARRIER | VL_CODE_FROM_OTHER, "B.2"},
    {VL_EXPORT_ETSI, VL_KIND_EXPIRED, 0, "C.5"},
    {VL_EXPORT_ETSI, VL_KIND_NOTIFIED, 0, "C.1 D.3"},
    {VL_EXPORT_ETSI, VL_KIND_DELIVERED_CLAIM, VL_CODE_AS_CARRIER, "-"},
    {VL_EXPORT_UPU, VL_KIND_ACCEPTED, VL_CODE_FROM_SENDER, "EMA"},
    {VL_EXPORT_UPU, VL_KIND_RECEIPTED, VL_CODE_AS_RECIPIENT, "EMI CN 07"},
    {VL_EXPORT_UPU, VL_KIND_RECALLED, 0, "CN 17"},
    {VL_EXPORT_UPU, VL_KIND_RETURNED, 0, "CN 15"},
    {VL_EXPORT_UPU, VL_KIND_SEIZED, 0, "CN 13"},
    {VL_EXPORT_CAMEO, VL_KIND_DENY, VL_CODE_OF_WORDS, "016"},
    {VL_EXPORT_CAMEO, VL_KIND_DECLINE, VL_CODE_OF_WORDS, "011"},
    {VL_EXPORT_CAMEO, VL_KIND_CORRECT, VL_CODE_OF_WORDS, "015"},
    {VL_EXPORT_CAMEO, VL_KIND_ASSERT, VL_CODE_OF_WORDS, "010"},
    {VL_EXPORT_CAMEO, VL_KIND_ASSERT, VL_CODE_OF_SILENCE, "-"},
    {VL_EXPORT_CAMEO, VL_KIND_RECEIPTED, VL_CODE_AS_RECIPIENT, "040"},
};

static void the_codes_are_those_of_the_standards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct vl_code *code = NULL;
        char codes[64] = "";

        while ((code = vl_code_next(known[i].list, known[i].kind, known[i].cases, code)) != NULL) {
            if (codes[0])
                (void)strncat(codes, " ", sizeof codes - strlen(codes) - 1);
            (void)strncat(codes, code->code ? code->code : "-", sizeof codes - strlen(codes) - 1);
        }
        assert_string_equal(codes, known[i].codes);
    }
}

/* The one code that a program would take for the end of it. */
static void a_courier_s_word_is_never_a_code(void **state)
{
    (void)state;
    for (size_t list = 0; list < 3; list++) {
        const struct vl_code *code = NULL;

        while ((code = vl_code_next(lists[list], VL_KIND_DELIVERED_CLAIM, ~0u, code)) != NULL)
            assert_true(code->claim_only || !code->code);
    }
}

static void a_format_is_found_by_its_word(void **state)
{
    (void)state;
    for (unsigned format = 0; format < VL_EXPORT_COUNT; format++)
        assert_int_equal(vl_export_of_word(vl_export_word((enum vl_export_format)format)), format);
    assert_int_equal(vl_export_of_word("etsi "), VL_EXPORT_COUNT);
    assert_int_equal(vl_export_of_word(""), VL_EXPORT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_an_answer_in_every_list_and_case),
        cmocka_unit_test(a_code_has_a_name_and_nothing_has_none),
        cmocka_unit_test(the_codes_are_those_of_the_standards),
        cmocka_unit_test(a_courier_s_word_is_never_a_code),
        cmocka_unit_test(a_format_is_found_by_its_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
