/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever broke the program that takes mails apart tells nothing that is not of a mail; and what is
 * taken is what was told, byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "mail/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vl_buf again = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    struct vl_mail mail = VL_MAIL_INIT;

    if (vl_mail_read(vl_bytes_of(data, size), &mail, NULL) == VL_OK) {
        if (vl_mail_write(&mail, &again) != VL_OK ||
            !vl_bytes_eq(vl_buf_bytes(&again), vl_bytes_of(data, size)))
            abort();
        for (size_t i = 0; i < mail.part_count; i++)
            if (vl_part_name_check(vl_bytes_str(mail.parts[i].name), NULL) != VL_OK)
                abort();
    }
    vl_buf_release(&again);
    vl_mail_release(&mail);
    return 0;
}
