/* SPDX-License-Identifier: Apache-2.0 */
/* view/json.h: results and failures as JSON documents: the only door to jansson.
 *
 * Every document is one object with "schema" first; names are snake_case, sizes end in _bytes and
 * are integers, enumerations are the words of the wire.  Fields are only ever added. */
#ifndef VL_VIEW_JSON_H
#define VL_VIEW_JSON_H

#include "base/bytes.h"

/* A failure, as valise.error/1. */
struct vl_view_failure {
    enum vl_err err;
    const char *what; /* what was not done, a whole sentence */
    const char *why;
    const char *const *mend; /* commands or advice */
    size_t mend_count;
};

/* Something sealed or unsealed, as valise.seal/1 and valise.unseal/1. */
struct vl_view_sealing {
    bool unsealed;
    bool dry_run;
    const char *input;
    const char *output;
    uint64_t input_bytes;
    uint64_t output_bytes;
    bool by_passphrase;
    bool armor;                    /* of a sealed file */
    const char *const *recipients; /* of a sealed file */
    size_t recipient_count;
};

/* A new key, as valise.keygen/1. */
struct vl_view_key {
    const char *output;
    const char *recipient;
    bool by_passphrase;
};

/* Append the document and a line end.  Text that is not UTF-8 is shown as vl_text_safe shows it.
 * NO_MEMORY, LIMIT. */
enum vl_err vl_json_failure(const struct vl_view_failure *failure, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_json_sealing(const struct vl_view_sealing *sealing, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_json_key(const struct vl_view_key *key, struct vl_buf *out) VL_MUST_USE;
/* {"recipients": [...]}, as valise.recipients/1. */
enum vl_err vl_json_recipients(const char *const *recipients, size_t count,
                               struct vl_buf *out) VL_MUST_USE;
/* One line of valise.progress/1. */
enum vl_err vl_json_progress(const char *doing, uint64_t bytes, uint64_t total_bytes,
                             struct vl_buf *out) VL_MUST_USE;

#endif
