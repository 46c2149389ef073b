/* SPDX-License-Identifier: Apache-2.0 */
/* letter/letter.h: a letter from its parts to its envelope, and back: pushed through in one pass,
 * in memory that does not depend on its length.
 *
 * A sealed letter is an age file around the archive, an open one is the archive itself.  The number
 * is the SHA-256 of that file. */
#ifndef VL_LETTER_LETTER_H
#define VL_LETTER_LETTER_H

#include "letter/manifest.h"
#include "seal/seal.h"

/* Whom to seal to: an office and one key of its card. */
struct vl_letter_recipient {
    struct vl_office_id office;
    struct vl_age_recipient key;
    bool is_own_copy;
};

struct vl_letter_part {
    vl_bytes name;
    vl_bytes type;
    vl_bytes lang;
    uint64_t size; /* exactly so many bytes will come */
};

/* Borrowed until vl_letter_writer_finish. */
struct vl_letter_plan {
    const struct vl_signer *signer;
    struct vl_act act; /* capacity, under, cites, manual, time; card_id is the signer's */
    bool open;         /* signed, not sealed */
    uint8_t letter_id[VL_LETTER_ID_LEN];
    uint64_t sealing; /* i of k */
    uint64_t sealing_of;
    /* Addressees in their order, then own copies.  Of an open letter only the offices count. */
    const struct vl_letter_recipient *recipients;
    size_t recipient_count;
    bool has_subject;
    vl_bytes subject;
    bool has_date;
    int64_t date_s;
    bool has_in_reply_to;
    uint8_t in_reply_to[VL_HASH_LEN];
    bool has_expires;
    int64_t expires_s;
    bool has_expect_by;
    int64_t expect_by_s;
    const struct vl_letter_part *parts;
    size_t part_count;
    bool exact; /* no padding; an open letter never has any */
    unsigned workers;
    struct vl_rng rng;
    struct vl_sink sink;     /* gets the envelope, in order, perhaps on another thread */
    struct vl_buf *manifest; /* gets the manifest too; NULL: nobody wants it */
};

/* What became of it. */
struct vl_letter_made {
    uint8_t number[VL_HASH_LEN];
    uint64_t size; /* of the envelope */
    uint8_t core_id[VL_HASH_LEN];
    /* Of a sealed letter, one for each addressee: SHA-256 of the opening value, for the waybill.
     * The values themselves are only inside (PROTOCOL 2). */
    size_t opening_count;
    uint8_t openings[VL_MANIFEST_MAX_ADDRESSEES][VL_HASH_LEN];
};

struct vl_letter_writer;

/* Begins the envelope.  *out is NULL on failure.  USAGE, FORMAT, LIMIT, NO_MEMORY, INTERNAL,
 * REFUSED, and what the sink says. */
enum vl_err vl_letter_writer_new(const struct vl_letter_plan *plan, struct vl_letter_writer **out,
                                 struct vl_why *why) VL_MUST_USE;
/* Room for the content of the parts, one after the other without anything between; never longer
 * than what is left of the part, and none when all parts are there or something failed. */
vl_room vl_letter_writer_room(struct vl_letter_writer *writer);
enum vl_err vl_letter_writer_fed(struct vl_letter_writer *writer, size_t len,
                                 struct vl_why *why) VL_MUST_USE;
/* Both in one, for bytes that lie elsewhere; may go over the end of a part. */
enum vl_err vl_letter_writer_write(struct vl_letter_writer *writer, vl_bytes content,
                                   struct vl_why *why) VL_MUST_USE;
/* Sign, pad, end.  USAGE when content is missing.  On VL_OK the sink has the whole envelope. */
enum vl_err vl_letter_writer_finish(struct vl_letter_writer *writer, struct vl_letter_made *made,
                                    struct vl_why *why) VL_MUST_USE;
/* Waits for what is under way.  Takes NULL. */
void vl_letter_writer_free(struct vl_letter_writer *writer);

/* Where the parts go while they are not verified yet: somewhere that can be taken back. */
struct vl_part_sink {
    enum vl_err (*begin)(void *self, size_t index, vl_bytes name, uint64_t size,
                         struct vl_why *why);
    enum vl_err (*data)(void *self, vl_bytes bytes, struct vl_why *why);
    enum vl_err (*end)(void *self, struct vl_why *why);
    void *self; /* all NULL: parts are checked and go nowhere */
};

struct vl_letter_read_plan {
    /* For an envelope: keys, or the file key that somebody disclosed.  Both NULL: an open letter,
     * or the archive of a sealed one found bare. */
    const struct vl_age_identities *identities;
    const struct vl_secret *file_key;
    /* Who opens; NULL when that is nobody of the letter (disclosure, open letters), or not known
     * before it is open (vl_letter_seen_as). */
    const struct vl_office_id *office;
    unsigned workers;
    struct vl_part_sink parts;
};

/* What the inside says, checked as far as it can be without cards. */
struct vl_letter_seen {
    uint8_t number[VL_HASH_LEN]; /* of the bytes that came */
    uint64_t size;
    struct vl_manifest manifest; /* verified against the archive; its signature is not checked */
    bool was_sealed;             /* came in an envelope */
    bool commitment_ok;          /* the sealing commitment is that of this envelope (PROTOCOL 10) */
    bool unlisted_keys; /* sealed also to keys that the letter does not list (PROTOCOL 10) */
    bool has_key;       /* it was opened with the private one of this key */
    uint8_t key[VL_X25519_LEN];
    bool own_listed;  /* `office` is among those the letter lists */
    bool own_key_ok;  /* the key that opened it is listed, for `office` */
    bool has_opening; /* the opening value for `office` */
    uint8_t opening[VL_HASH_LEN];
    struct vl_secret file_key; /* of an envelope: what `disclose --whole` gives away */
};
#define VL_LETTER_SEEN_INIT                                                                        \
    {                                                                                              \
        .manifest = VL_MANIFEST_INIT                                                               \
    }
void vl_letter_seen_release(struct vl_letter_seen *seen);
/* What the letter says of this office: own_listed, own_key_ok, has_opening, opening.  The reader
 * does it for the plan's. */
void vl_letter_seen_as(struct vl_letter_seen *seen, const struct vl_office_id *office);

/* How the letter stands to its mode (PROTOCOL 9). */
enum vl_letter_form {
    VL_FORM_SEALED,         /* a sealed letter in its own envelope */
    VL_FORM_OPEN,           /* an open letter */
    VL_FORM_DISCLOSED_COPY, /* the archive of a sealed letter without its envelope: never open */
    VL_FORM_ENCLOSED_OPEN,  /* an open letter in an envelope that nobody signed for */
    VL_FORM_RESEALED        /* a sealed letter in an envelope that is not its own */
};
enum vl_letter_form vl_letter_form(const struct vl_letter_seen *seen);

struct vl_letter_reader;
/* expected_len of the whole file, or 0, picks the library that hashes it (vl_hasher_begin).  NULL
 * when memory runs out.  The plan is borrowed until the end. */
struct vl_letter_reader *vl_letter_reader_new(const struct vl_letter_read_plan *plan,
                                              uint64_t expected_len) VL_MUST_USE;
vl_room vl_letter_reader_room(struct vl_letter_reader *reader);
/* FORMAT, LIMIT, NO_KEY, UNVERIFIED, UNSUPPORTED, NO_MEMORY, what the sink says; here or later, and
 * again by every later call. */
enum vl_err vl_letter_reader_fed(struct vl_letter_reader *reader, size_t len,
                                 struct vl_why *why) VL_MUST_USE;
enum vl_err vl_letter_reader_write(struct vl_letter_reader *reader, vl_bytes bytes,
                                   struct vl_why *why) VL_MUST_USE;
/* The end: VL_OK only when every byte of the archive is what the manifest says.  *seen must be
 * VL_LETTER_SEEN_INIT; on failure its number and size are set when all bytes had come. */
enum vl_err vl_letter_reader_finish(struct vl_letter_reader *reader, struct vl_letter_seen *seen,
                                    struct vl_why *why) VL_MUST_USE;
void vl_letter_reader_free(struct vl_letter_reader *reader);

#endif
