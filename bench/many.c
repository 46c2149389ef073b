/* SPDX-License-Identifier: Apache-2.0 */
/* Seals COUNT letters of SIZE bytes in one process and in memory: what a program that embeds the
 * seal can do.  usage: many COUNT SIZE */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "seal/seal.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    size_t count = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    size_t size = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    struct vl_age_recipients recipients = VL_AGE_RECIPIENTS_INIT;
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    const struct vl_rng rng = vl_rng_system();
    struct vl_buf sealed = VL_BUF_INIT((size_t)1 << 30);
    struct vl_why why = {""};
    uint8_t *letter = calloc(1, size + 1);
    bool is_new;
    double start;
    enum vl_err err = vl_age_identity_make(&rng, &identity);

    if (!err)
        err = vl_age_recipients_add(&recipients, &identity.recipient, &is_new, &why);
    start = now();
    for (size_t i = 0; i < count && !err && letter; i++) {
        const struct vl_seal_plan plan = {.recipients = &recipients,
                                          .rng = rng,
                                          .sink = vl_buf_sink(&sealed)};
        struct vl_sealer *sealer = NULL;

        sealed.len = 0;
        err = vl_sealer_new(&plan, &sealer, &why);
        if (!err)
            err = vl_sealer_write(sealer, vl_bytes_of(letter, size), &why);
        if (!err)
            err = vl_sealer_finish(sealer, &why);
        vl_sealer_free(sealer);
    }
    if (err || !letter) {
        (void)fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    printf("%.0f letters of %zu bytes a second, one thread\n", (double)count / (now() - start),
           size);
    vl_buf_release(&sealed);
    vl_age_recipients_release(&recipients);
    free(letter);
    return 0;
}
