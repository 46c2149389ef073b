/* SPDX-License-Identifier: Apache-2.0 */
/* tests/card/golden.h: cards and objects that another program made, in tests/golden/card/.
 *
 * They come from some lines of Python with hashlib and cryptography and an encoder of its own, not
 * from our writer.  A key called 'a' has the seed of 32 bytes 'a'; the P-256 key 'p' has 32 bytes
 * 'p' as its number; the unknown key has the type AKP and the algorithm -48.
 *
 * golden-card lists 'a', 'p' and the unknown key, needs 'a' and then 'p', and announces 'b'.  The
 * other cards differ from it as their names say; what is no card is signed under it by 'a' and 'p'
 * and differs as its name says.  chain has three cards, by 'a', 'b' and, unannounced, 'x', and two
 * revocations; chain-text is its first card as text. */
#ifndef VL_TESTS_CARD_GOLDEN_H
#define VL_TESTS_CARD_GOLDEN_H

#include <stdio.h>

#include "support.h"

#define GOLDEN_CARD_ID      "b5e9f62b2a06d517fbf0637d17d5ac636112bcfd76a92494327ab6437a99f6b8"
#define GOLDEN_OFFICE       "office1uz7sdlt2yk9x6cxr574v4edkckd3axn4mhhglm7zhjtgxp04n2kqushlg6"
#define GOLDEN_IDENTITY     "e0bd06fd6a258a6d60c3a7aacae5b6c59b1e9a75ddee8fefc2bc968305f59aac"
#define GOLDEN_NEXT         "74af35812a0808d974f2d0f171c23ccbd86148485cb179493bf9da378e4b0259"
#define GOLDEN_FULL_ID      "43b50dd5c63daa88e9050a2bbc2a414e648ed2e6d5706a21b9b81b71d9a02300"
#define GOLDEN_CHAIN_OFFICE "e35bdc52d5a6f1336a728aa7e2c7e6e8bbfbcdfc1dd4c2c3b175a7fef554f4df"
#define GOLDEN_CHAIN_NEWEST "6872f216aeedc6c1b56bda74a36aca0caa1327de985e16fbb58dbc58268be4b1"
#define KID_A               "bf5f9cd3c9cf08560864adf234d699edbb189c5a71025cfc8f54ef17a86a11eb"
#define KID_P               "dc8aa48c85a269af7c0b5c03ec9ac8992022760b0836f4b65be9f4f20494204e"
#define KID_U               "9236a2a88568d144ef55024007c43b0895b3ef3bf6fa15dcdce3d563a6075f56"
#define KEY_A               "a301012006215820af06a3e3291714e4f356c19c9b15cd1951ec6e6662aa77be07547f289383341d"
#define KEY_B               "a3010120062158202df04125f0015afb47ce853aef8772094ff9498c14cb1b9e12973c2927da0fa6"
#define KEY_P                                                                                      \
    "a401022001215820208c019655ca0c172c8fd295b9a26bb8112a07401e54b11f69d602b8637cf9f2"             \
    "22582044b92b3c30a519082b127a9cbba33cb7b009e43900f40b53b4b9f66ed7404dda"
#define KEY_U                                                                                      \
    "a3010703382f20582807070707070707070707070707070707070707070707070707070707070707"             \
    "070707070707070707"

static inline struct vl_buf golden(const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "tests/golden/card/%s.cbor", name);
    return file(path);
}

/* "@name" is a golden file, everything else is hex. */
static inline struct vl_buf wire_of(const char *text)
{
    return text[0] == '@' ? golden(text + 1) : hex(text);
}

#endif
