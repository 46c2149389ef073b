/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json.h"

#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "base/text.h"

#include <jansson.h>

/* All memory comes from one place, so that tests can make it fail. */
static void use_our_memory(void)
{
    json_set_alloc_funcs(vl_new, vl_free);
}

static json_t *document(const char *schema)
{
    static struct vl_once once = VL_ONCE_INIT;
    json_t *object;

    vl_once_run(&once, use_our_memory);
    object = json_object();
    if (object && json_object_set_new(object, "schema", json_string(schema)) != 0) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

/* jansson takes UTF-8 only; anything else is made showable first. */
static json_t *text(const char *value)
{
    char safe[4096];

    if (!value)
        return json_null();
    if (vl_text_is_utf8(vl_bytes_str(value)))
        return json_string(value);
    return json_string(vl_text_safe(safe, sizeof safe, vl_bytes_str(value)));
}

static json_t *texts(const char *const *values, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < count; i++)
        if (json_array_append_new(array, text(values[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

/* Takes the value; remembers in *bad that something did not work. */
static void set(json_t *object, const char *name, json_t *value, bool *bad)
{
    if (json_object_set_new(object, name, value) != 0)
        *bad = true;
}

static int append(const char *piece, size_t len, void *out)
{
    return vl_buf_put(out, vl_bytes_of(piece, len)) ? -1 : 0;
}

/* Writes the document and gives it back; any failure on the way is one of memory.  It is ASCII, so
 * that a name which turns the writing around does not do so on a terminal. */
static enum vl_err finish(json_t *object, bool bad, struct vl_buf *out)
{
    size_t before = out->len;

    if (!bad && json_dump_callback(object, append, out,
                                   JSON_PRESERVE_ORDER | JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
        bad = true;
    json_decref(object);
    if (!bad && vl_buf_put_byte(out, '\n') == VL_OK)
        return VL_OK;
    out->len = before;
    return VL_ERR_NO_MEMORY;
}

enum vl_err vl_json_failure(const struct vl_view_failure *failure, struct vl_buf *out)
{
    json_t *object = document("valise.error/1");
    bool bad = false;

    set(object, "exit", json_integer(vl_err_exit_status(failure->err)), &bad);
    set(object, "code", text(vl_err_name(failure->err)), &bad);
    set(object, "what", text(failure->what), &bad);
    set(object, "why", text(failure->why), &bad);
    set(object, "mend", texts(failure->mend, failure->mend_count), &bad);
    return finish(object, bad, out);
}

enum vl_err vl_json_sealing(const struct vl_view_sealing *sealing, struct vl_buf *out)
{
    json_t *object = document(sealing->unsealed ? "valise.unseal/1" : "valise.seal/1");
    bool bad = false;

    set(object, "dry_run", json_boolean(sealing->dry_run), &bad);
    set(object, "input", text(sealing->input), &bad);
    set(object, "output", text(sealing->output), &bad);
    set(object, "input_bytes", json_integer((json_int_t)sealing->input_bytes), &bad);
    set(object, "output_bytes", json_integer((json_int_t)sealing->output_bytes), &bad);
    set(object, "passphrase", json_boolean(sealing->by_passphrase), &bad);
    if (!sealing->unsealed) {
        set(object, "armor", json_boolean(sealing->armor), &bad);
        set(object, "recipients", texts(sealing->recipients, sealing->recipient_count), &bad);
    }
    return finish(object, bad, out);
}

enum vl_err vl_json_key(const struct vl_view_key *key, struct vl_buf *out)
{
    json_t *object = document("valise.keygen/1");
    bool bad = false;

    set(object, "output", text(key->output), &bad);
    set(object, "recipient", text(key->recipient), &bad);
    set(object, "passphrase", json_boolean(key->by_passphrase), &bad);
    return finish(object, bad, out);
}

enum vl_err vl_json_recipients(const char *const *recipients, size_t count, struct vl_buf *out)
{
    json_t *object = document("valise.recipients/1");
    bool bad = false;

    set(object, "recipients", texts(recipients, count), &bad);
    return finish(object, bad, out);
}

enum vl_err vl_json_progress(const char *doing, uint64_t bytes, uint64_t total_bytes,
                             struct vl_buf *out)
{
    json_t *object = document("valise.progress/1");
    bool bad = false;

    set(object, "doing", text(doing), &bad);
    set(object, "done_bytes", json_integer((json_int_t)bytes), &bad);
    set(object, "total_bytes", total_bytes ? json_integer((json_int_t)total_bytes) : json_null(),
        &bad);
    return finish(object, bad, out);
}
