/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_mark.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "record/note.h"
#include "store/log_file.h"
#include "store/named.h"

#define NAME     "signed"
#define SLOT     ((size_t)512)
#define START    "valise-signed/1 "
#define HEX      (2 * (size_t)VL_HASH_LEN)
#define TEXT_MAX 256

static void put_hex(const uint8_t hash[VL_HASH_LEN], char out[HEX + 1])
{
    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* "valise-signed/1 COUNT FILE SIZE ROOT " and SHA-256 of all that. */
static void write_text(const struct vl_log_mark *mark, uint64_t file, char text[TEXT_MAX])
{
    uint8_t hash[VL_HASH_LEN];
    char hex[HEX + 1];
    int len;

    put_hex(mark->root, hex);
    len = snprintf(text, TEXT_MAX, START "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s ", mark->count,
                   file, mark->size, hex);
    vl_sha256(vl_bytes_of(text, (size_t)len), hash);
    put_hex(hash, hex);
    (void)snprintf(text + len, TEXT_MAX - (size_t)len, "%s\n", hex);
}

/* The next word, up to a space. */
static vl_bytes word_of(vl_bytes *left)
{
    size_t len = 0;
    vl_bytes word;

    while (len < left->len && left->ptr[len] != ' ')
        len++;
    word = vl_bytes_first(*left, len);
    *left = vl_bytes_after(*left, len < left->len ? len + 1 : len);
    return word;
}

static bool number_in(vl_bytes word, uint64_t *number)
{
    return vl_note_number(word, UINT64_MAX, number) == VL_OK;
}

static bool hash_in(vl_bytes word, uint8_t hash[VL_HASH_LEN])
{
    static const char digits[] = "0123456789abcdef";

    if (word.len != HEX || strspn((const char *)word.ptr, digits) < HEX)
        return false;
    for (size_t i = 0; i < HEX; i++) {
        const uint8_t digit = (uint8_t)(strchr(digits, word.ptr[i]) - digits);

        hash[i / 2] = (uint8_t)(hash[i / 2] << 4 | digit);
    }
    return true;
}

static bool read_slot(const char slot[SLOT], uint64_t file, struct vl_log_mark *mark)
{
    vl_bytes left = vl_bytes_of(slot, strnlen(slot, TEXT_MAX));
    struct vl_log_mark read = {.count = 0};
    char text[TEXT_MAX];
    uint64_t number = 0;

    if (left.len == TEXT_MAX || !vl_bytes_starts(left, VL_LITERAL(START)))
        return false;
    left = vl_bytes_after(left, sizeof START - 1);
    if (!number_in(word_of(&left), &read.count) || !number_in(word_of(&left), &number) ||
        !number_in(word_of(&left), &read.size) || !hash_in(word_of(&left), read.root))
        return false;
    read.is_original = number == file;
    write_text(&read, number, text); /* there is one way to write it */
    if (strcmp(text, slot) != 0)
        return false;
    *mark = read;
    return true;
}

static enum vl_err number_of(int keys, uint64_t *file, struct vl_why *why)
{
    struct stat info;

    if (fstatat(keys, NAME, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return vl_named_errno(why, "looking at what was signed last");
    *file = (uint64_t)info.st_ino;
    return VL_OK;
}

enum vl_err vl_log_mark_read(int keys, struct vl_log_mark *mark, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(2 * SLOT);
    char slots[2][SLOT] = {{0}};
    struct vl_log_mark a = {.count = 0}, b = {.count = 0};
    uint64_t file = 0;
    bool has_a, has_b;
    enum vl_err err = vl_log_file_read(keys, NAME, &bytes, why);

    if (err == VL_ERR_LIMIT) /* then it is none of ours, and nothing of it is read */
        err = VL_OK;
    if (!err)
        err = number_of(keys, &file, why);
    if (err)
        return err;
    if (bytes.len > 0)
        memcpy(slots, bytes.data, bytes.len);
    has_a = read_slot(slots[0], file, &a);
    has_b = read_slot(slots[1], file, &b);
    if (!has_a && !has_b)
        return vl_fail(why, VL_ERR_FORMAT, "what was signed last cannot be read: keys/" NAME);
    *mark = has_a && (!has_b || a.count > b.count) ? a : b;
    return VL_OK;
}

enum vl_err vl_log_mark_write(int keys, struct vl_log_mark *mark, struct vl_why *why)
{
    struct vl_log_mark next = *mark;
    uint8_t slot[SLOT] = {0};
    char text[TEXT_MAX] = "";
    uint64_t file = 0;
    enum vl_err err = VL_OK;

    next.count++;
    next.is_original = true;
    /* The first one makes the file, which has no number before. */
    if (mark->count == 0)
        err = vl_log_file_over(keys, NAME, 0, VL_BYTES_NONE, true, why);
    if (!err)
        err = number_of(keys, &file, why);
    if (err)
        return err;
    write_text(&next, file, text);
    memcpy(slot, text, sizeof text);
    err = vl_log_file_over(keys, NAME, next.count % 2 * SLOT, VL_ARRAY(slot), false, why);
    if (!err)
        *mark = next;
    return err;
}
