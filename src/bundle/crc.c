/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/crc.h"

#include <string.h>

#include "bundle/crc_table.h"

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#define START_16  0xffffu
#define START_32C 0xffffffffu

/* Eight bytes at once: each goes through the table that knows how many follow it. */
static uint32_t crc16(uint32_t crc, vl_bytes bytes)
{
    const uint8_t *at = bytes.ptr;
    size_t len = bytes.len;

    for (; len >= VL_CRC_SLICES; len -= VL_CRC_SLICES, at += VL_CRC_SLICES)
        crc = (uint32_t)(vl_crc16_table[7][(at[0] ^ crc) & 0xff] ^
                         vl_crc16_table[6][(at[1] ^ crc >> 8) & 0xff] ^ vl_crc16_table[5][at[2]] ^
                         vl_crc16_table[4][at[3]] ^ vl_crc16_table[3][at[4]] ^
                         vl_crc16_table[2][at[5]] ^ vl_crc16_table[1][at[6]] ^
                         vl_crc16_table[0][at[7]]);
    for (; len > 0; len--, at++)
        crc = vl_crc16_table[0][(*at ^ crc) & 0xff] ^ crc >> 8;
    return crc;
}

uint32_t vl_crc32c_by_table(uint32_t crc, vl_bytes bytes)
{
    const uint8_t *at = bytes.ptr;
    size_t len = bytes.len;

    for (; len >= VL_CRC_SLICES; len -= VL_CRC_SLICES, at += VL_CRC_SLICES)
        crc = vl_crc32c_table[7][(at[0] ^ crc) & 0xff] ^
              vl_crc32c_table[6][(at[1] ^ crc >> 8) & 0xff] ^
              vl_crc32c_table[5][(at[2] ^ crc >> 16) & 0xff] ^
              vl_crc32c_table[4][at[3] ^ crc >> 24] ^ vl_crc32c_table[3][at[4]] ^
              vl_crc32c_table[2][at[5]] ^ vl_crc32c_table[1][at[6]] ^ vl_crc32c_table[0][at[7]];
    for (; len > 0; len--, at++)
        crc = vl_crc32c_table[0][(*at ^ crc) & 0xff] ^ crc >> 8;
    return crc;
}

#if defined(__x86_64__)

#define HAS_WORD_STEP 1
#define HAS_LANES     1

/* The instructions are written out because a file compiled for every processor may not use the
 * intrinsics of some. */
static inline uint32_t word_step(uint32_t crc, uint64_t word)
{
    uint64_t wide = crc;

    __asm__("crc32q %1, %0" : "+r"(wide) : "rm"(word));
    return (uint32_t)wide;
}

static inline uint32_t half_step(uint32_t crc, uint32_t half)
{
    __asm__("crc32l %1, %0" : "+r"(crc) : "rm"(half));
    return crc;
}

static inline uint32_t byte_step(uint32_t crc, uint8_t byte)
{
    __asm__("crc32b %1, %0" : "+r"(crc) : "rm"(byte));
    return crc;
}

typedef long long vector __attribute__((vector_size(16)));

/* The remainder as it will be when that many words of zeroes have followed. */
static inline uint32_t shifted(uint32_t crc, size_t words)
{
    vector product = {(long long)crc, 0}, power = {(long long)vl_crc32c_shift[words], 0};

    __asm__("pclmulqdq $0, %1, %0" : "+x"(product) : "x"(power));
    return word_step(0, (uint64_t)product[0]);
}

bool vl_crc32c_has_instruction(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

#elif defined(__aarch64__)

#define HAS_WORD_STEP 1

static inline uint32_t word_step(uint32_t crc, uint64_t word)
{
    __asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(crc) : "r"(word));
    return crc;
}

static inline uint32_t half_step(uint32_t crc, uint32_t half)
{
    __asm__(".arch_extension crc\n\tcrc32cw %w0, %w0, %w1" : "+r"(crc) : "r"(half));
    return crc;
}

static inline uint32_t byte_step(uint32_t crc, uint8_t byte)
{
    __asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(crc) : "r"((uint32_t)byte));
    return crc;
}

bool vl_crc32c_has_instruction(void)
{
    return (getauxval(AT_HWCAP) & 1UL << 7) != 0; /* HWCAP_CRC32 */
}

#else

bool vl_crc32c_has_instruction(void)
{
    return false;
}

#endif

#ifdef HAS_WORD_STEP

static inline uint64_t word_at(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint32_t half_at(const uint8_t *at)
{
    uint32_t half;

    memcpy(&half, at, sizeof half);
    return half;
}

#ifdef HAS_LANES

#define MIN_LANE 8 /* words; below that joining the lanes costs more than they save */
#define MAX_LANE (VL_CRC_SHIFT_WORDS / 2)

/* One step takes three times as long to end as the next one takes to begin: so the bytes go in
 * three lanes side by side. */
static uint32_t in_lanes(uint32_t crc, const uint8_t *at, size_t lane)
{
    const uint8_t *second = at + 8 * lane, *third = second + 8 * lane;
    uint32_t b = 0, c = 0;

    for (size_t i = 0; i < 8 * lane; i += 8) {
        crc = word_step(crc, word_at(at + i));
        b = word_step(b, word_at(second + i));
        c = word_step(c, word_at(third + i));
    }
    return shifted(crc, 2 * lane) ^ shifted(b, lane) ^ c;
}

#endif

uint32_t vl_crc32c_by_instruction(uint32_t crc, vl_bytes bytes)
{
    const uint8_t *at = bytes.ptr;
    size_t len = bytes.len;

    if (!vl_crc32c_has_instruction())
        return vl_crc32c_by_table(crc, bytes);
#ifdef HAS_LANES
    while (len >= (size_t)3 * 8 * MIN_LANE) {
        size_t lane = len / 24 < MAX_LANE ? len / 24 : MAX_LANE;

        crc = in_lanes(crc, at, lane);
        at += 24 * lane;
        len -= 24 * lane;
    }
#endif
    for (; len >= 8; len -= 8, at += 8)
        crc = word_step(crc, word_at(at));
    if (len >= 4) {
        crc = half_step(crc, half_at(at));
        len -= 4;
        at += 4;
    }
    for (; len > 0; len--, at++)
        crc = byte_step(crc, *at);
    return crc;
}

#else

uint32_t vl_crc32c_by_instruction(uint32_t crc, vl_bytes bytes)
{
    return vl_crc32c_by_table(crc, bytes);
}

#endif

uint32_t vl_crc_begin(enum vl_crc_kind kind)
{
    return kind == VL_CRC_32C ? START_32C : kind == VL_CRC_16 ? START_16 : 0;
}

uint32_t vl_crc_put(enum vl_crc_kind kind, uint32_t crc, vl_bytes bytes)
{
    if (kind == VL_CRC_32C)
        return vl_crc32c_by_instruction(crc, bytes);
    return kind == VL_CRC_16 ? crc16(crc, bytes) : 0;
}

uint32_t vl_crc_end(enum vl_crc_kind kind, uint32_t crc)
{
    return kind == VL_CRC_32C ? crc ^ START_32C : kind == VL_CRC_16 ? crc ^ START_16 : 0;
}
