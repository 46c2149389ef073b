/* SPDX-License-Identifier: Apache-2.0 */
/* mime/gmime.h: GMime, for mime/ alone. */
#ifndef VL_MIME_GMIME_H
#define VL_MIME_GMIME_H

#include <gmime/gmime.h>

/* For VL_AUTO: what is NULL stays. */
void vl_gmime_unref(void *object);
void vl_gmime_free(void *text);

#endif
