/* SPDX-License-Identifier: Apache-2.0 */
/* office/sealing.h: seal a file, and unseal one: what `valise seal` and `valise unseal` do. */
#ifndef VL_OFFICE_SEALING_H
#define VL_OFFICE_SEALING_H

#include "office/keys.h"
#include "office/pump.h"

/* What both ways share. */
struct vl_file_request {
    const char *input;  /* "-" or NULL: stdin */
    const char *output; /* "-" or NULL: stdout */
    unsigned out_flags; /* enum vl_out_flag */
    bool dry_run;       /* do all of it and write nothing */
    unsigned workers;
    struct vl_asker asker;
    struct vl_progress progress;
};

struct vl_seal_request {
    struct vl_file_request file;
    const char *const *recipients; /* as people write them */
    size_t recipient_count;
    const char *const *recipient_files;
    size_t recipient_file_count;
    const char *const *identity_files; /* seal to whoever holds these keys */
    size_t identity_file_count;
    bool by_passphrase;
    bool armor;
    struct vl_rng rng;
};

struct vl_unseal_request {
    struct vl_file_request file;
    const char *const *identity_files;
    size_t identity_file_count;
    bool text_only; /* refuse to give anything that a terminal cannot show */
};

/* What a failure is about: the same words want other advice for a key file than for a letter. */
enum vl_about {
    VL_ABOUT_FILE, /* the input, its content, or the output */
    VL_ABOUT_RECIPIENT,
    VL_ABOUT_KEYFILE,
    VL_ABOUT_PASSPHRASE
};

struct vl_sealing_result {
    uint64_t input_bytes;
    uint64_t output_bytes;
    struct vl_age_recipients recipients; /* sealed to; released by the caller */
    size_t duplicates;                   /* recipients that were named more than once */
    bool by_passphrase;
    const char *exposed_keyfile; /* of those given, one that others may read; or NULL */
    enum vl_about about;         /* of a failure */
};

#define VL_SEALING_RESULT_INIT                                                                     \
    {                                                                                              \
        0, 0, VL_AGE_RECIPIENTS_INIT, 0, false, NULL, VL_ABOUT_FILE                                \
    }

void vl_sealing_result_release(struct vl_sealing_result *result);

/* The output is there, whole and durable, or it is not there and nothing has changed; stdout gets
 * bytes as they come.  Fails as the sealer, the files and the key files do; the reason names the
 * file it is about when that is neither input nor output. */
enum vl_err vl_seal_file(const struct vl_seal_request *request, struct vl_sealing_result *result,
                         struct vl_why *why) VL_MUST_USE;
enum vl_err vl_unseal_file(const struct vl_unseal_request *request,
                           struct vl_sealing_result *result, struct vl_why *why) VL_MUST_USE;

#endif
