/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on letters and their outsides, between homes as they are: PROTOCOL 2, 3, 9, 10, 12, 15,
 * 18, 21.  alma writes, bela is the addressee, cora is whoever means harm. */
#include "homes.h"

#include "custody/waybill.h"
#include "letter/pax.h"
#include "seal/age_header.h"

#define ROOM ((size_t)16 << 20)

static void three_offices(const struct place *place)
{
    two_offices(place);
    init(place, "cora");
    introduce(place, "alma", "cora");
    introduce(place, "bela", "cora");
}

/* The keys of an office, as its owner has them. */
static void unlock(struct vl_home *home, struct vl_signer *signer)
{
    struct vl_why why = {""};

    assert_err(vl_home_unlock(home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(home, NOW, signer, &why), VL_OK, &why);
}

/* Sign `sealed` over one waybill, and put both with the own cards into an evidence file. */
static void seal_waybill(const struct place *place, struct vl_home *home,
                         const struct vl_waybill *waybill, vl_bytes opened, const char *name)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf card = card_file(&home->chain);
    struct vl_sealed sealed = {.act = {.capacity = VL_CAPACITY_PRINCIPAL}, .count = 1};
    struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    struct vl_evidence_leaf leaf = {.index = 0};
    struct vl_signer signer;
    struct vl_why why = {""};

    unlock(home, &signer);
    assert_err(vl_waybill_write(waybill, &wire, &why), VL_OK, &why);
    vl_tree_leaf(vl_buf_bytes(&wire), sealed.root);
    memcpy(sealed.act.card_id, signer.card_id, VL_HASH_LEN);
    assert_err(vl_sealed_write(&signer, &sealed, &act, NULL, &why), VL_OK, &why);
    leaf.leaf = vl_buf_bytes(&wire);
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&card)), VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&act), &leaf, 1), VL_OK);
    if (opened.len > 0)
        assert_int_equal(vl_evidence_put(&out, opened, NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &whole), VL_OK);
    put_bytes(place, name, vl_buf_bytes(&whole));
    vl_evidence_out_release(&out);
}

/* The waybill that the sender's home holds for a letter. */
static struct vl_waybill waybill_of(const struct place *place, const char *office,
                                    const struct number *number)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, number);
    struct vl_waybill waybill;
    struct vl_why why = {""};

    assert_err(vl_waybill_parse(row.waybill, &waybill, &why), VL_OK, &why);
    return waybill;
}

static enum vl_err open_at(const struct place *place, const char *office, const char *letter,
                           const char *folder, struct vl_opening *opening, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);

    return try_open(place, &home, letter, folder, opening, why);
}

/* The archive inside an envelope, and the head of it, with the keys of one of its readers. */
static struct vl_opener *unseal(const struct place *place, const char *office, vl_bytes envelope,
                                struct vl_buf *inside)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    struct vl_signer signer;
    struct vl_why why = {""};
    struct vl_opener *opener;

    unlock(&home, &signer);
    const struct vl_open_plan plan = {.identities = &home.secrets.sealing,
                                      .sink = vl_buf_sink(inside)};
    opener = vl_opener_new(&plan);
    assert_non_null(opener);
    assert_err(vl_opener_write(opener, envelope, &why), VL_OK, &why);
    assert_err(vl_opener_finish(opener, &why), VL_OK, &why);
    return opener;
}

static struct vl_age_recipient key_of(const struct place *place, const char *office)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    struct vl_age_recipient key;
    struct vl_signer signer;

    unlock(&home, &signer);
    key = home.secrets.sealing.at[home.secrets.sealing.count - 1].recipient;
    return key;
}

/* Is there a sentence with these words in this section? */
static bool reports(const struct vl_report *report, enum vl_report_section section,
                    const char *words)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->lines[i].section == section && strstr(report->lines[i].text, words))
            return true;
    return false;
}

static enum vl_err verify(const struct place *place, struct vl_home *home, const char *name,
                          struct vl_report *report, struct vl_why *why)
{
    const struct path path = in(place, name);
    const struct vl_verify_request request = {.path = path.text, .home = home};

    *report = (struct vl_report)VL_REPORT_INIT;
    return vl_verify_file(&request, report, why);
}

/* --- 2: opened without opening ---------------------------------------------------------------- */

/* cora carries a letter to bela, cannot open it, and signs that she did; then makes an outside of
 * her own, on which she is the addressee with a value that she knows. */
static void attack_02_a_carrier_signs_that_she_opened_it(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .has_core = true,
                               .verdict = VL_VERDICT_OK,
                               .has_opening = true};
    struct vl_waybill waybill;
    struct number number;
    struct vl_report report;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    waybill = waybill_of(&place, "alma", &number);
    memcpy(opened.number, number.at, VL_HASH_LEN);
    memcpy(opened.core, waybill.commitment, VL_HASH_LEN); /* it is printed outside */
    memset(opened.opening, 7, VL_HASH_LEN);
    {
        VL_AUTO(vl_home_close) struct vl_home cora = home_of(&place, "cora");
        struct vl_signer signer;

        unlock(&cora, &signer);
        memcpy(opened.act.card_id, signer.card_id, VL_HASH_LEN);
        assert_err(vl_opened_write(&signer, &opened, &act, NULL, &why), VL_OK, &why);
        waybill.from = cora.own;
        waybill.to[0] = cora.own;
        vl_sha256(VL_ARRAY(opened.opening), waybill.openings[0]);
        seal_waybill(&place, &cora, &waybill, vl_buf_bytes(&act), "cora.evidence");
    }
    (void)take(&place, "alma", "cora.evidence");
    {
        /* alma holds the true outside beside it: what cora says is what cora says. */
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");

        assert_err(verify(&place, &alma, "l.age", &report, &why), VL_OK, &why);
        assert_true(reports(&report, VL_REPORT_CLAIMED, "cora"));
        assert_true(reports(&report, VL_REPORT_WARNING, "several offices"));
        assert_false(reports(&report, VL_REPORT_PROVEN, "could open"));
        vl_report_release(&report);
        /* And of cora's file alone nobody learns more than that cora opened what cora sealed. */
        assert_err(verify(&place, &alma, "cora.evidence", &report, &why), VL_OK, &why);
        assert_true(reports(&report, VL_REPORT_PROVEN, "which is cora"));
        vl_report_release(&report);
    }
    place_close(&place);
}

/* --- 3: another content than was committed to ------------------------------------------------- */

static void attack_03_the_sender_commits_to_another_letter(void **state)
{
    struct number one, other;
    struct vl_waybill waybill, lie;
    struct vl_opening opening;
    struct vl_store_size before;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    one = write_letter(&place, "alma", "bela", "one");
    other = write_letter(&place, "alma", "bela", "other");
    lie = waybill_of(&place, "alma", &one);
    waybill = waybill_of(&place, "alma", &other);
    memcpy(lie.commitment, waybill.commitment, VL_HASH_LEN);
    {
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");

        seal_waybill(&place, &alma, &lie, VL_BYTES_NONE, "lie.evidence");
    }
    (void)take(&place, "bela", "one.age");
    assert_int_equal(take(&place, "bela", "lie.evidence").waybills, 1);
    before = size_of(&place, "bela");
    assert_err(open_at(&place, "bela", one.text, "parts", &opening, &why), VL_ERR_UNVERIFIED, &why);
    assert_says(&why, "committed");
    assert_int_equal(opening.verdict, VL_VERDICT_MISMATCH);
    vl_opening_release(&opening);
    assert_false(is_there(&place, "parts"));
    /* That is signed for, once, and can be shown to others. */
    assert_int_equal(size_of(&place, "bela").objects, before.objects + 1);
    assert_err(open_at(&place, "bela", one.text, "parts", &opening, &why), VL_ERR_UNVERIFIED, &why);
    vl_opening_release(&opening);
    assert_int_equal(size_of(&place, "bela").objects, before.objects + 1);
    assert_sound(&place, "bela");
    place_close(&place);
}

/* A bit that this office's disk has lost is no lie of the sender's: nothing is signed, and the same
 * letter once more mends it. */
static void what_rotted_here_is_not_signed_against_its_sender(void **state)
{
    /* From the end of the segment: in its head, in the key of this office, in what it holds. */
    static const long places[] = {-4390, -4320, -3000, -5};
    struct place place;
    struct number letter;
    struct path segment;
    struct vl_opening opening;
    struct vl_store_size before;
    struct vl_why why = {""};

    (void)state;
    place_open(&place);
    two_offices(&place);
    letter = write_letter(&place, "alma", "bela", "l");
    (void)take(&place, "bela", "l.age");
    (void)take(&place, "bela", "l.evidence");
    segment = in(&place, "bela/segments/000001.segment");
    before = size_of(&place, "bela");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        flip(&segment, places[i]);
        assert_err(open_at(&place, "bela", letter.text, "parts", &opening, &why), VL_ERR_UNVERIFIED,
                   &why);
        assert_says(&why, "on the disk of this office");
        assert_true(opening.rotten);
        assert_int_equal(opening.verdict, VL_VERDICT_NONE);
        vl_opening_release(&opening);
        assert_int_equal(size_of(&place, "bela").objects, before.objects);
        (void)take(&place, "bela", "l.age");
    }
    assert_err(open_at(&place, "bela", letter.text, "parts", &opening, &why), VL_OK, &why);
    assert_true(opening.signed_now);
    vl_opening_release(&opening);
    assert_sound(&place, "bela");
    place_close(&place);
}

/* --- 9: one mode for the other ---------------------------------------------------------------- */

static void attack_09_the_inside_of_a_sealed_letter_shown_as_an_open_one(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ROOM);
    struct vl_taken taken;
    struct vl_report report;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    (void)write_letter(&place, "alma", "bela", "l");
    {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = file(in(&place, "l.age").text);

        vl_opener_free(unseal(&place, "bela", vl_buf_bytes(&envelope), &inside));
    }
    put_bytes(&place, "bare.tar", vl_buf_bytes(&inside));
    {
        VL_AUTO(vl_home_close) struct vl_home cora = home_of(&place, "cora");
        enum vl_err err;

        assert_err(try_take(&place, &cora, "bare.tar", &taken, &why), VL_ERR_REFUSED, &why);
        assert_says(&why, "disclosed copy");
        err = verify(&place, &cora, "bare.tar", &report, &why);
        assert_true(err == VL_OK || err == VL_ERR_UNVERIFIED);
        assert_string_not_equal(report.what, "open-letter");
        vl_report_release(&report);
    }
    assert_int_equal(size_of(&place, "cora").letters, 0);
    place_close(&place);
}

static void attack_09_an_open_letter_put_into_an_envelope(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(ROOM);
    const struct letter_plan plan = {.to = "bela", .open = true, .output = "open.tar"};
    struct vl_written written = {.size = 0};
    struct vl_opening opening;
    struct vl_taken taken;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    {
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");

        assert_err(try_write(&place, &alma, &plan, &written, &why), VL_OK, &why);
    }
    {
        struct vl_age_recipient key = key_of(&place, "bela");
        struct vl_age_recipients keys = {&key, 1, 1};
        VL_AUTO(vl_buf_release) struct vl_buf archive = file(in(&place, "open.tar").text);
        const struct vl_seal_plan seal = {.recipients = &keys,
                                          .rng = vl_rng_system(),
                                          .sink = vl_buf_sink(&sealed)};
        struct vl_sealer *sealer = NULL;

        assert_err(vl_sealer_new(&seal, &sealer, &why), VL_OK, &why);
        assert_err(vl_sealer_write(sealer, vl_buf_bytes(&archive), &why), VL_OK, &why);
        assert_err(vl_sealer_finish(sealer, &why), VL_OK, &why);
        vl_sealer_free(sealer);
    }
    put_bytes(&place, "secret.age", vl_buf_bytes(&sealed));
    taken = take(&place, "bela", "secret.age");
    assert_err(open_at(&place, "bela", number_of(taken.number).text, "parts", &opening, &why),
               VL_ERR_UNVERIFIED, &why);
    assert_says(&why, "nobody signed for");
    vl_opening_release(&opening);
    assert_false(is_there(&place, "parts"));
    place_close(&place);
}

/* --- 10: another header around the same content ----------------------------------------------- */

/* bela, one of two readers, keeps file key, nonce and content, and writes a header for others. */
static void rewrap(const struct place *place, const char *name, const char *to, const char *as)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = file(in(place, name).text);
    VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ROOM);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);
    struct vl_opener *opener = unseal(place, "bela", vl_buf_bytes(&envelope), &inside);
    const struct vl_age_recipient key = key_of(place, to);
    const struct vl_rng rng = vl_rng_system();
    const size_t head_len = vl_opener_head(opener).len;
    struct vl_why why = {""};

    assert_int_equal(vl_age_header_begin(&out), VL_OK);
    assert_err(vl_age_wrap(&key, vl_opener_file_key(opener), &rng, &out, &why), VL_OK, &why);
    assert_int_equal(vl_age_header_finish(&out, vl_opener_file_key(opener)), VL_OK);
    assert_int_equal(vl_buf_put(&out, vl_bytes_after(vl_buf_bytes(&envelope), head_len - 16)),
                     VL_OK);
    vl_opener_free(opener);
    put_bytes(place, as, vl_buf_bytes(&out));
}

static void attack_10_a_reader_seals_the_letter_again_for_others(void **state)
{
    /* cora was meant as well, alma wrote it, dora was never meant. */
    static const char *const victims[] = {"cora", "dora"};
    const struct letter_plan plan = {.to = "bela", .also_to = "cora", .output = "l.age"};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    init(&place, "dora");
    introduce(&place, "alma", "dora");
    {
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");

        assert_err(try_write(&place, &alma, &plan, &written, &why), VL_OK, &why);
    }
    for (size_t i = 0; i < 2; i++) {
        struct vl_opening opening;
        struct vl_taken taken;

        rewrap(&place, "l.age", victims[i], "again.age");
        taken = take(&place, victims[i], "again.age");
        assert_memory_not_equal(taken.number, written.number, VL_HASH_LEN);
        assert_err(open_at(&place, victims[i], number_of(taken.number).text, "parts", &opening,
                           &why),
                   VL_ERR_UNVERIFIED, &why);
        assert_says(&why, "sealed this letter again");
        assert_false(opening.signed_now);
        vl_opening_release(&opening);
        assert_false(is_there(&place, "parts"));
        assert_int_equal(size_of(&place, victims[i]).objects, 0);
    }
    place_close(&place);
}

/* --- 12: one part, and no more ---------------------------------------------------------------- */

static void attack_12_a_disclosure_holds_nothing_that_was_not_chosen(void **state)
{
    static const char *const fields[] = {"date"};
    struct vl_opening opening = {.row = VL_LETTER_ROW_INIT, .seen = VL_LETTER_SEEN_INIT};
    const struct letter_plan plan = {.to = "bela", .text = "PLAINLY-A-SECRET\n"};
    struct vl_written written = {.size = 0};
    struct vl_report report;
    uint64_t size = 0;
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    {
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");
        const struct path output = in(&place, "date.tar");
        struct vl_disclose_request request = {.fields = fields,
                                              .field_count = 1,
                                              .output = output.text,
                                              .asker = nobody};
        struct number number;

        assert_err(try_write(&place, &alma, &plan, &written, &why), VL_OK, &why);
        number = number_of(written.number);
        request.letter = number.text;
        assert_err(vl_disclose(&alma, &request, &opening, &size, &why), VL_OK, &why);
        vl_opening_release(&opening);
    }
    {
        VL_AUTO(vl_buf_release) struct vl_buf shown = file(in(&place, "date.tar").text);
        VL_AUTO(vl_home_close) struct vl_home cora = home_of(&place, "cora");
        VL_AUTO(vl_home_close) struct vl_home bela = home_of(&place, "bela");

        assert_null(memmem(shown.data, shown.len, "PLAINLY-A-SECRET", 16));
        assert_null(memmem(shown.data, shown.len, "letter.txt", 10));
        assert_null(memmem(shown.data, shown.len, bela.own.at, VL_HASH_LEN));
        assert_err(verify(&place, &cora, "date.tar", &report, &why), VL_OK, &why);
        assert_string_equal(report.what, "disclosure");
        vl_report_release(&report);
        /* And nothing in it may be another byte. */
        for (size_t at = 0; at < shown.len; at += 101) {
            shown.data[at] ^= 1;
            put_bytes(&place, "bent.tar", vl_buf_bytes(&shown));
            shown.data[at] ^= 1;
            if (verify(&place, &cora, "bent.tar", &report, &why) == VL_OK)
                fail_msg("byte %zu may be another one", at);
            vl_report_release(&report);
        }
    }
    place_close(&place);
}

/* --- 15: what tar would show otherwise -------------------------------------------------------- */

static void mend_checksum(uint8_t *block)
{
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < VL_PAX_BLOCK; i++)
        sum += block[i];
    (void)snprintf((char *)block + 148, 8, "%06o", sum);
    block[155] = ' ';
}

/* An entry of this kind ('0' a file, 'g' a global header, 'x' one for the next, '2' a link). */
static struct vl_buf entry_of(const char *name, char kind, const char *content)
{
    struct vl_buf out = VL_BUF_INIT(ROOM);
    const uint64_t size = kind == '2' ? 0 : strlen(content);
    uint8_t *at = NULL;

    assert_int_equal(vl_pax_header(vl_bytes_str(name), size, &out), VL_OK);
    out.data[156] = (uint8_t)kind;
    if (kind == '2')
        memcpy(out.data + 157, content, strlen(content));
    mend_checksum(out.data);
    if (size > 0) {
        assert_int_equal(vl_buf_put(&out, vl_bytes_str(content)), VL_OK);
        assert_int_equal(vl_buf_add(&out, vl_pax_fill(size), &at), VL_OK);
        memset(at, 0, vl_pax_fill(size));
    }
    return out;
}

static void attack_15_an_open_letter_that_tar_would_show_otherwise(void **state)
{
    static const struct {
        const char *words;
        const char *name;
        char kind;
        const char *content;
        bool behind; /* the manifest, not before everything */
    } tries[] = {
        {"the same name before it", "letter.txt", '0', "The bridge is open.\n", false},
        {"the same name behind the manifest", "letter.txt", '0', "The bridge is open.\n", true},
        {"one more part", "more.txt", '0', "And more.\n", false},
        {"a path for the next entry", "letter.txt", 'x', "19 path=else.txt\n.\n", false},
        {"a size for the next entry", "letter.txt", 'x', "10 size=1\n", false},
        {"a path for all entries", "letter.txt", 'g', "17 path=all.txt\n\n", false},
        {"a link with the name", "letter.txt", '2', "/etc/passwd", false},
        {"a link behind the manifest", "letter.txt", '2', "/etc/passwd", true},
    };
    const struct letter_plan plan = {.to = "bela", .open = true, .output = "open.tar"};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    {
        VL_AUTO(vl_home_close) struct vl_home alma = home_of(&place, "alma");

        assert_err(try_write(&place, &alma, &plan, &written, &why), VL_OK, &why);
    }
    VL_AUTO(vl_buf_release) struct vl_buf archive = file(in(&place, "open.tar").text);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        VL_AUTO(vl_buf_release)
        struct vl_buf entry = entry_of(tries[i].name, tries[i].kind, tries[i].content);
        VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(ROOM);
        const size_t at = tries[i].behind ? archive.len - VL_PAX_END : 0;
        VL_AUTO(vl_home_close) struct vl_home bela = home_of(&place, "bela");
        struct vl_taken taken;
        struct vl_report report;
        enum vl_err err;

        assert_int_equal(vl_buf_put(&other, vl_bytes_first(vl_buf_bytes(&archive), at)), VL_OK);
        assert_int_equal(vl_buf_put(&other, vl_buf_bytes(&entry)), VL_OK);
        assert_int_equal(vl_buf_put(&other, vl_bytes_after(vl_buf_bytes(&archive), at)), VL_OK);
        put_bytes(&place, "bent.tar", vl_buf_bytes(&other));
        err = try_take(&place, &bela, "bent.tar", &taken, &why);
        if (err != VL_ERR_FORMAT && err != VL_ERR_UNVERIFIED && err != VL_ERR_LIMIT)
            fail_msg("%s: %s", tries[i].words, vl_err_name(err));
        err = verify(&place, &bela, "bent.tar", &report, &why);
        if (!err || reports(&report, VL_REPORT_PROVEN, ""))
            fail_msg("%s: proven", tries[i].words);
        vl_report_release(&report);
    }
    assert_int_equal(size_of(&place, "bela").letters, 0);
    assert_int_equal(take(&place, "bela", "open.tar").kind, VL_TAKEN_OPEN); /* as it was */
    place_close(&place);
}

/* --- 18: another outside ---------------------------------------------------------------------- */

/* cora takes the sender's evidence away and signs for the envelope herself. */
static void sign_for_it(const struct place *place, const struct number *number, const char *name)
{
    struct vl_waybill waybill = waybill_of(place, "alma", number);
    VL_AUTO(vl_home_close) struct vl_home cora = home_of(place, "cora");

    waybill.from = cora.own;
    seal_waybill(place, &cora, &waybill, VL_BYTES_NONE, name);
}

static void assert_from(const struct place *place, const struct number *number, const char *from,
                        bool proven, bool has_waybill)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "bela");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, number);
    VL_AUTO(vl_home_close) struct vl_home sender = home_of(place, from);

    assert_memory_equal(row.from, sender.own.at, VL_HASH_LEN);
    assert_int_equal(row.from_proven, proven);
    assert_int_equal(row.waybill.len > 0, has_waybill);
    assert_int_equal(row.has_sealed, has_waybill);
}

static void attack_18_the_waybill_is_stripped_and_another_signed(void **state)
{
    struct vl_opening opening;
    struct vl_taken taken;
    struct vl_why why = {""};
    struct number number;
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    sign_for_it(&place, &number, "cora.evidence");
    (void)take(&place, "bela", "l.age");
    assert_int_equal(take(&place, "bela", "cora.evidence").waybills, 1);
    assert_from(&place, &number, "cora", false, true); /* that is what cora says */
    /* The letter tells, it can be read, and nothing is said for cora's outside. */
    assert_err(open_at(&place, "bela", number.text, "parts", &opening, &why), VL_OK, &why);
    assert_true(opening.foreign);
    assert_false(opening.has_waybill);
    assert_true(opening.signed_now);
    assert_int_equal(opening.verdict, VL_VERDICT_OK);
    vl_opening_release(&opening);
    assert_from(&place, &number, "alma", true, false);
    /* Neither does cora get another chance, nor is alma's outside kept away. */
    taken = take(&place, "bela", "cora.evidence");
    assert_int_equal(taken.disputed, 1);
    assert_int_equal(taken.waybills, 0);
    assert_from(&place, &number, "alma", true, false);
    taken = take(&place, "bela", "l.evidence");
    assert_int_equal(taken.waybills, 1);
    assert_from(&place, &number, "alma", true, true);
    assert_int_equal(take(&place, "bela", "cora.evidence").disputed, 1);
    assert_from(&place, &number, "alma", true, true);
    assert_sound(&place, "bela");
    place_close(&place);
}

static void attack_18_a_second_outside_does_not_replace_the_first(void **state)
{
    struct vl_opening opening;
    struct vl_why why = {""};
    struct number number;
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    sign_for_it(&place, &number, "cora.evidence");
    (void)take(&place, "bela", "l.age");
    (void)take(&place, "bela", "l.evidence");
    assert_int_equal(take(&place, "bela", "cora.evidence").disputed, 1);
    assert_from(&place, &number, "alma", false, true);
    assert_err(open_at(&place, "bela", number.text, NULL, &opening, &why), VL_OK, &why);
    assert_true(opening.has_waybill);
    assert_false(opening.foreign);
    vl_opening_release(&opening);
    assert_from(&place, &number, "alma", true, true);
    place_close(&place);
}

/* --- 21: numbers that begin alike ------------------------------------------------------------- */

/* Eight symbols can be ground; whoever did it brings a letter that begins as another does. */
static void attack_21_two_numbers_that_begin_alike(void **state)
{
    struct vl_opening opening;
    struct vl_why why = {""};
    struct number number;
    struct vl_taken taken;
    struct place place;
    char eight[24];

    (void)state;
    place_open(&place);
    three_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    {
        VL_AUTO(vl_home_close) struct vl_home bela = home_of(&place, "bela");
        struct vl_letter_row row = VL_LETTER_ROW_INIT;
        bool is_new;

        /* Nobody grinds in a test: the index is told that there is one. */
        memcpy(row.number, number.at, VL_HASH_LEN);
        row.number[5] ^= 0xff;
        row.size = 4;
        row.mode = VL_LETTER_SEALED;
        row.roles = VL_ROLE_TAKEN;
        row.kept_at_s = NOW;
        assert_err(vl_store_begin(bela.store, &why), VL_OK, &why);
        assert_err(vl_store_put_letter_bytes(bela.store, &row, VL_LITERAL("twin"), &is_new, &why),
                   VL_OK, &why);
        assert_err(vl_store_commit(bela.store, &why), VL_OK, &why);
    }
    taken = take(&place, "bela", "l.age");
    assert_true(taken.twin);
    (void)snprintf(eight, sizeof eight, "%.8s", number.text + sizeof VL_LETTER_HRP);
    assert_err(open_at(&place, "bela", eight, NULL, &opening, &why), VL_ERR_AMBIGUOUS, &why);
    vl_opening_release(&opening);
    assert_err(open_at(&place, "bela", number.text, NULL, &opening, &why), VL_OK, &why);
    vl_opening_release(&opening);
    place_close(&place);
}

static void attack_21_too_few_symbols_name_no_letter_to_act_on(void **state)
{
    struct vl_opening opening;
    struct vl_why why = {""};
    struct number number;
    struct place place;

    (void)state;
    place_open(&place);
    three_offices(&place);
    number = write_letter(&place, "alma", "bela", "l");
    assert_false(take(&place, "bela", "l.age").twin);
    for (size_t count = 4; count < 9; count++) {
        char prefix[24];
        enum vl_err err;

        (void)snprintf(prefix, sizeof prefix, "%.*s", (int)count,
                       number.text + sizeof VL_LETTER_HRP);
        err = open_at(&place, "bela", prefix, NULL, &opening, &why);
        assert_err(err, count < 8 ? VL_ERR_USAGE : VL_OK, &why);
        vl_opening_release(&opening);
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attack_02_a_carrier_signs_that_she_opened_it),
        cmocka_unit_test(attack_03_the_sender_commits_to_another_letter),
        cmocka_unit_test(what_rotted_here_is_not_signed_against_its_sender),
        cmocka_unit_test(attack_09_the_inside_of_a_sealed_letter_shown_as_an_open_one),
        cmocka_unit_test(attack_09_an_open_letter_put_into_an_envelope),
        cmocka_unit_test(attack_10_a_reader_seals_the_letter_again_for_others),
        cmocka_unit_test(attack_12_a_disclosure_holds_nothing_that_was_not_chosen),
        cmocka_unit_test(attack_15_an_open_letter_that_tar_would_show_otherwise),
        cmocka_unit_test(attack_18_the_waybill_is_stripped_and_another_signed),
        cmocka_unit_test(attack_18_a_second_outside_does_not_replace_the_first),
        cmocka_unit_test(attack_21_two_numbers_that_begin_alike),
        cmocka_unit_test(attack_21_too_few_symbols_name_no_letter_to_act_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
