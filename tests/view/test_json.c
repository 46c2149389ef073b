/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "view/json.h"

static const char *const two[] = {"age1one", "age1two"};

static enum vl_err failure(void *self, struct vl_why *why)
{
    const struct vl_view_failure view = {VL_ERR_NO_SPACE, "\"a\" was not sealed.",
                                         "writing: \xff\x1b", two, 2};

    (void)why;
    return vl_json_failure(&view, self);
}

static enum vl_err sealing(void *self, struct vl_why *why)
{
    const struct vl_view_sealing view = {.input = "-",
                                         .output = "b.age",
                                         .input_bytes = UINT64_C(1) << 40,
                                         .output_bytes = 224,
                                         .armor = true,
                                         .recipients = two,
                                         .recipient_count = 2};

    (void)why;
    return vl_json_sealing(&view, self);
}

static enum vl_err unsealing(void *self, struct vl_why *why)
{
    const struct vl_view_sealing view = {.unsealed = true, .input = "a", .output = "b"};

    (void)why;
    return vl_json_sealing(&view, self);
}

static enum vl_err key(void *self, struct vl_why *why)
{
    const struct vl_view_key view = {"k.txt", "age1one", true};

    (void)why;
    return vl_json_key(&view, self);
}

static enum vl_err recipients(void *self, struct vl_why *why)
{
    (void)why;
    return vl_json_recipients(two, 2, self);
}

static enum vl_err progress(void *self, struct vl_why *why)
{
    (void)why;
    return vl_json_progress("sealing", 5, 0, self);
}

static const struct {
    enum vl_err (*write)(void *self, struct vl_why *why);
    const char *text;
} rows[] = {
    {failure, "{\"schema\":\"valise.error/1\",\"exit\":1,\"code\":\"no-space\","
              "\"what\":\"\\\"a\\\" was not sealed.\",\"why\":\"writing: \\\\x{FF}\\\\u{001B}\","
              "\"mend\":[\"age1one\",\"age1two\"]}\n"},
    {sealing, "{\"schema\":\"valise.seal/1\",\"dry_run\":false,\"input\":\"-\","
              "\"output\":\"b.age\",\"input_bytes\":1099511627776,\"output_bytes\":224,"
              "\"passphrase\":false,\"armor\":true,\"recipients\":[\"age1one\",\"age1two\"]}\n"},
    {unsealing, "{\"schema\":\"valise.unseal/1\",\"dry_run\":false,\"input\":\"a\","
                "\"output\":\"b\",\"input_bytes\":0,\"output_bytes\":0,\"passphrase\":false}\n"},
    {key, "{\"schema\":\"valise.keygen/1\",\"output\":\"k.txt\",\"recipient\":\"age1one\","
          "\"passphrase\":true}\n"},
    {recipients, "{\"schema\":\"valise.recipients/1\",\"recipients\":[\"age1one\",\"age1two\"]}\n"},
    {progress, "{\"schema\":\"valise.progress/1\",\"doing\":\"sealing\",\"done_bytes\":5,"
               "\"total_bytes\":null}\n"},
};

static void documents_are_these_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);

        assert_int_equal(rows[i].write(&out, NULL), VL_OK);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].text));
    }
}

/* A document that could not be finished leaves nothing behind, so the retry gives it whole. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);

        assert_true(each_allocation_fails(rows[i].write, &out) > 3);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_these_bytes),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
