/* SPDX-License-Identifier: Apache-2.0 */
/* tests/letter/letters.h: whole letters, written and read at once. */
#ifndef VL_TESTS_LETTERS_H
#define VL_TESTS_LETTERS_H

#include "archive.h"
#include "manifests.h"

#include "letter/letter.h"

/* Who takes part: office 0 writes, offices 1 and 2 are addressees, office 3 is somebody else. */
struct cast {
    struct an_office office[4];
};

static inline void cast_make(struct cast *cast)
{
    for (unsigned i = 0; i < 4; i++)
        office_make(&cast->office[i], 100 + i);
}

/* A letter to be, with its content; everything in it may be changed before it is written. */
struct a_letter {
    struct cast cast;
    struct vl_letter_recipient recipients[4];
    struct vl_letter_part parts[4];
    vl_bytes contents[4];
    struct counter_rng counter;
    struct vl_letter_plan plan;
};

static inline struct vl_letter_recipient recipient_of(const struct an_office *office,
                                                      bool is_own_copy)
{
    return (struct vl_letter_recipient){office->id, office->key.recipient, is_own_copy};
}

static inline void set_part(struct a_letter *letter, size_t index, vl_bytes name, vl_bytes content)
{
    letter->parts[index] =
        (struct vl_letter_part){name, VL_LITERAL("text/plain"), VL_BYTES_NONE, content.len};
    letter->contents[index] = content;
}

/* Three parts, one of them empty and one with a name that is not ASCII, to two addressees with a
 * copy for the sender. */
static inline void letter_make(struct a_letter *letter, bool open)
{
    *letter = (struct a_letter){.plan = {.signer = NULL}};
    cast_make(&letter->cast);
    letter->recipients[0] = recipient_of(&letter->cast.office[1], false);
    letter->recipients[1] = recipient_of(&letter->cast.office[2], false);
    letter->recipients[2] = recipient_of(&letter->cast.office[0], true);
    set_part(letter, 0, VL_LITERAL("letter.txt"), VL_LITERAL("The well is dry.\n"));
    set_part(letter, 1, VL_LITERAL("nothing"), VL_BYTES_NONE);
    set_part(letter, 2, VL_LITERAL("Pl\xc3\xa4ne.txt"), VL_LITERAL("Dig here.\n"));
    letter->plan = (struct vl_letter_plan){
        .signer = &letter->cast.office[0].signer,
        .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
        .open = open,
        .letter_id = "a letter's id 16",
        .sealing = 1,
        .sealing_of = 1,
        .recipients = letter->recipients,
        .recipient_count = 3,
        .has_subject = true,
        .subject = VL_LITERAL("About the well"),
        .has_date = true,
        .date_s = 1800000000,
        .parts = letter->parts,
        .part_count = 3,
        .rng = counter_rng(&letter->counter, 4711),
    };
}

/* How bytes are given: `piece` at a time (0: all at once), into the room that was asked for or not.
 */
struct feeding {
    size_t piece;
    bool into_room;
};

static inline enum vl_err feed_writer(struct vl_letter_writer *writer, vl_bytes content,
                                      const struct feeding *how, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && content.len > 0) {
        vl_bytes piece = vl_bytes_first(content, how->piece ? how->piece : SIZE_MAX);

        if (how->into_room) {
            vl_room room = vl_letter_writer_room(writer);

            piece = vl_bytes_first(piece, room.len);
            if (piece.len > 0)
                memcpy(room.ptr, piece.ptr, piece.len);
            err = vl_letter_writer_fed(writer, piece.len, why);
        } else {
            err = vl_letter_writer_write(writer, piece, why);
        }
        content = vl_bytes_after(content, piece.len);
    }
    return err;
}

static inline enum vl_err write_fed(struct a_letter *letter, const struct feeding *how,
                                    struct vl_buf *out, struct vl_letter_made *made,
                                    struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_letter_writer *writer = NULL;
    enum vl_err err = VL_OK;

    letter->plan.rng = counter_rng(&letter->counter, 4711);
    if (!letter->plan.sink.put)
        letter->plan.sink = vl_buf_sink(out);
    for (size_t i = 0; i < letter->plan.part_count && !err; i++)
        err = vl_buf_put(&all, letter->contents[i]);
    if (!err)
        err = vl_letter_writer_new(&letter->plan, &writer, why);
    if (!err)
        err = feed_writer(writer, vl_buf_bytes(&all), how, why);
    if (!err)
        err = vl_letter_writer_finish(writer, made, why);
    vl_letter_writer_free(writer);
    letter->plan.sink.put = NULL;
    return err;
}

/* Must work. */
static inline struct vl_buf write_letter(struct a_letter *letter, struct vl_letter_made *made)
{
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_why why = {""};

    assert_err(write_fed(letter, &(struct feeding){0, false}, &out, made, &why), VL_OK, &why);
    return out;
}

/* What came of reading: the parts as a listing, "[index name size: content]" each. */
struct reading {
    enum vl_err err;
    struct vl_why why;
    struct vl_letter_seen seen;
    struct vl_buf text;
    enum vl_err refuse_at_begin;
};

static inline void reading_release(struct reading *reading)
{
    vl_letter_seen_release(&reading->seen);
    vl_buf_release(&reading->text);
}

static inline enum vl_err reading_begin(void *self, size_t index, vl_bytes name, uint64_t size,
                                        struct vl_why *why)
{
    struct reading *reading = self;
    char text[64];

    assert_false(vl_bytes_starts(name, VL_LITERAL("valise.")));
    (void)snprintf(text, sizeof text, "[%zu ", index);
    assert_int_equal(vl_buf_put(&reading->text, vl_bytes_str(text)), VL_OK);
    assert_int_equal(vl_buf_put(&reading->text, name), VL_OK);
    (void)snprintf(text, sizeof text, " %llu: ", (unsigned long long)size);
    assert_int_equal(vl_buf_put(&reading->text, vl_bytes_str(text)), VL_OK);
    return reading->refuse_at_begin ? vl_fail(why, reading->refuse_at_begin, "the sink is full")
                                    : VL_OK;
}

static inline enum vl_err reading_data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct reading *reading = self;

    (void)why;
    assert_int_equal(vl_buf_put(&reading->text, bytes), VL_OK);
    return VL_OK;
}

static inline enum vl_err reading_end(void *self, struct vl_why *why)
{
    struct reading *reading = self;

    (void)why;
    assert_int_equal(vl_buf_put(&reading->text, VL_LITERAL("]")), VL_OK);
    return VL_OK;
}

static inline struct vl_part_sink reading_sink(struct reading *reading)
{
    return (struct vl_part_sink){reading_begin, reading_data, reading_end, reading};
}

static inline enum vl_err feed_reader(struct vl_letter_reader *reader, vl_bytes bytes,
                                      const struct feeding *how, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && bytes.len > 0) {
        vl_bytes piece = vl_bytes_first(bytes, how->piece ? how->piece : SIZE_MAX);

        if (how->into_room) {
            vl_room room = vl_letter_reader_room(reader);

            piece = vl_bytes_first(piece, room.len);
            if (piece.len > 0)
                memcpy(room.ptr, piece.ptr, piece.len);
            err = vl_letter_reader_fed(reader, piece.len, why);
        } else {
            err = vl_letter_reader_write(reader, piece, why);
        }
        bytes = vl_bytes_after(bytes, piece.len);
    }
    return err;
}

/* A failure is told again in the same words by every call that follows. */
static inline void check_it_is_told_again(struct vl_letter_reader *reader, enum vl_err err,
                                          const struct vl_why *why)
{
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    struct vl_why again[3] = {{""}, {""}, {""}};

    assert_int_equal(vl_letter_reader_room(reader).len, 0);
    assert_int_equal(vl_letter_reader_fed(reader, 0, &again[0]), err);
    assert_int_equal(vl_letter_reader_write(reader, VL_LITERAL("more"), &again[1]), err);
    assert_int_equal(vl_letter_reader_finish(reader, &seen, &again[2]), err);
    for (size_t i = 0; i < COUNT(again); i++)
        assert_string_equal(again[i].text, why->text);
}

/* The sink of the plan is replaced by a listing. */
static inline struct reading read_fed(struct vl_letter_read_plan plan, vl_bytes bytes,
                                      const struct feeding *how, enum vl_err refuse_at_begin)
{
    struct reading reading = {.err = VL_ERR_NO_MEMORY,
                              .seen = VL_LETTER_SEEN_INIT,
                              .text = VL_BUF_INIT(ARCHIVE_CEIL),
                              .refuse_at_begin = refuse_at_begin};
    struct vl_letter_reader *reader;

    plan.parts = reading_sink(&reading);
    /* Both libraries hash it in their turn. */
    reader = vl_letter_reader_new(&plan, plan.workers ? bytes.len : 0);
    if (!reader)
        return reading;
    reading.err = feed_reader(reader, bytes, how, &reading.why);
    if (!reading.err)
        reading.err = vl_letter_reader_finish(reader, &reading.seen, &reading.why);
    if (reading.err)
        check_it_is_told_again(reader, reading.err, &reading.why);
    vl_letter_reader_free(reader);
    return reading;
}

/* As this office, which opens an envelope with its key. */
static inline struct reading read_as(struct an_office *office, vl_bytes bytes)
{
    const struct vl_age_identities identities = {&office->key, 1, 1};
    const struct vl_letter_read_plan plan = {.identities = &identities, .office = &office->id};

    return read_fed(plan, bytes, &(struct feeding){0, false}, VL_OK);
}

/* An archive as it is. */
static inline struct reading read_bare(vl_bytes bytes)
{
    return read_fed((struct vl_letter_read_plan){.workers = 0}, bytes, &(struct feeding){0, false},
                    VL_OK);
}

/* The archive inside an envelope. */
static inline struct vl_buf unsealed(struct an_office *office, vl_bytes envelope)
{
    const struct vl_age_identities identities = {&office->key, 1, 1};
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    const struct vl_open_plan plan = {.identities = &identities, .sink = vl_buf_sink(&out)};
    struct vl_opener *opener = vl_opener_new(&plan);
    struct vl_why why = {""};

    assert_non_null(opener);
    assert_err(vl_opener_write(opener, envelope, &why), VL_OK, &why);
    assert_err(vl_opener_finish(opener, &why), VL_OK, &why);
    vl_opener_free(opener);
    return out;
}

/* An envelope around any bytes, to these offices. */
static inline struct vl_buf sealed_to(const struct cast *cast, const unsigned *to, size_t count,
                                      vl_bytes plain)
{
    struct vl_age_recipient keys[4];
    const struct vl_age_recipients recipients = {keys, count, count};
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    struct counter_rng counter;
    const struct vl_seal_plan plan = {.recipients = &recipients,
                                      .rng = counter_rng(&counter, 99),
                                      .sink = vl_buf_sink(&out)};
    struct vl_sealer *sealer = NULL;
    struct vl_why why = {""};

    for (size_t i = 0; i < count; i++)
        keys[i] = cast->office[to[i]].key.recipient;
    assert_err(vl_sealer_new(&plan, &sealer, &why), VL_OK, &why);
    assert_err(vl_sealer_write(sealer, plain, &why), VL_OK, &why);
    assert_err(vl_sealer_finish(sealer, &why), VL_OK, &why);
    vl_sealer_free(sealer);
    return out;
}

#endif
