/* SPDX-License-Identifier: Apache-2.0 */
/* What a server says when it refuses is words that a terminal may show, or none. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"application/concise-problem-details+cbor",
                                        "application/problem+json", "text/html"};
    char words[VL_CLIENT_WORDS], again[4 * VL_CLIENT_WORDS];

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        vl_client_problem(types[i], vl_bytes_of(data, size), words);
        if (strlen(words) >= sizeof words ||
            strcmp(vl_text_safe(again, sizeof again, vl_bytes_str(words)), words) != 0)
            abort();
    }
    return 0;
}
