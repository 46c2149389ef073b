/* SPDX-License-Identifier: Apache-2.0 */
/* statement/statement.h: what each of the seven kinds must say and must not, and that it is read as
 * it was written. */
#include "../custody/rows.h"

#include "statement/statement.h"

#define NOBODY                                                                                     \
    "0af6"                                                                                         \
    "0bf6"
#define FOR_P                                                                                      \
    "0af6"                                                                                         \
    "0b" H("70")
#define ABOUT(relation)                                                                            \
    "0c81"                                                                                         \
    "8301" H("aa") relation
#define NO_ABOUT "0c80"
#define NO_WORDS                                                                                   \
    "0df6"                                                                                         \
    "0ef6"
#define WORDS                                                                                      \
    "0df6"                                                                                         \
    "0e6161"
#define PLAIN                                                                                      \
    "0ff6"                                                                                         \
    "10f6"                                                                                         \
    "11f6"
#define ACTUAL "1201"
#define FUTURE "1203"
#define REST                                                                                       \
    "13f6"                                                                                         \
    "14f4"                                                                                         \
    "15f6"                                                                                         \
    "16f6"
#define SOURCES "1881"
#define LETTER  "valise:letter:" HEX("aa")
#define SELF    "valise:office:" HEX("41")
#define TARGET  "valise:act:" HEX("a5")

#define PRI                              ACT_AS(PRINCIPAL, NULL_ITEM)
#define COMMON(who, about, words, tense) "b3" PRI who about words PLAIN tense REST
#define RELAY(about, words, tail)        "b7" PRI NOBODY about words PLAIN ACTUAL REST tail
#define CHANGE(about, words, target)     "b4" PRI NOBODY about words PLAIN ACTUAL REST target
#define UNNAMED                                                                                    \
    "17"                                                                                           \
    "01"                                                                                           \
    "1818"                                                                                         \
    "81"                                                                                           \
    "82f6f6"                                                                                       \
    "1819f6"                                                                                       \
    "181af6"

/* clang-format off */
static const struct row rows[] = {
    {"words about a letter",    VL_KIND_ASSERT, LETTER, COMMON(NOBODY, ABOUT("f6"), WORDS, ACTUAL), VL_OK, NULL},
    {"words about nothing",     VL_KIND_ASSERT, SELF, COMMON(NOBODY, NO_ABOUT, WORDS, ACTUAL), VL_OK, NULL},
    {"no words",                VL_KIND_ASSERT, LETTER, COMMON(NOBODY, ABOUT("f6"), NO_WORDS, ACTUAL), VL_ERR_FORMAT, "assert: nothing is said"},
    {"a fact and no words",     VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") NO_WORDS PLAIN ACTUAL "13f6" "14f4" "1564" "73656e74" "16" H("70"), VL_OK, NULL},
    {"with whom, and not what", VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS PLAIN ACTUAL "13f6" "14f4" "15f6" "16" H("70"), VL_ERR_FORMAT, "assert: with whom, and not what"},
    {"with everything",         VL_KIND_ASSERT, LETTER, "b3" PRI "0a6162" "0bf6" ABOUT("03") "0d62656e" "0e6161" "0f03" "1083616161626163" "1102" "1202" "1301" "14f5" "156161" "16" H("70"), VL_OK, NULL},
    {"a span with no end",      VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS "0ff6" "10836161f6f6" "11f6" ACTUAL REST, VL_OK, NULL},
    {"a span of nothing",       VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS "0ff6" "108360f6f6" "11f6" ACTUAL REST, VL_ERR_LIMIT, "assert: payload: byte *: a string whose length is outside its limits"},
    {"silence",                 VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS PLAIN ACTUAL "1301" "14f5" "15f6" "16f6", VL_OK, NULL},
    {"silence until whenever",  VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS PLAIN ACTUAL "13f6" "14f5" "15f6" "16f6", VL_ERR_FORMAT, "assert: there was nothing, and it does not say until when"},
    {"silence denied",          VL_KIND_DENY, LETTER, "b3" PRI NOBODY ABOUT("02") WORDS PLAIN ACTUAL "1301" "14f5" "15f6" "16f6", VL_ERR_FORMAT, "deny: that there was nothing is asserted and nothing else"},
    {"a mode of no words",      VL_KIND_DENY, LETTER, "b3" PRI NOBODY ABOUT("02") NO_WORDS "0f01" "10f6" "11f6" ACTUAL REST, VL_ERR_FORMAT, "deny: it says how close its words are, and has none"},
    {"a language of no words",  VL_KIND_DENY, LETTER, COMMON(NOBODY, ABOUT("02"), "0d62656e" "0ef6", ACTUAL), VL_ERR_FORMAT, "deny: a language of no words"},
    {"a language of spaces",    VL_KIND_ASSERT, LETTER, COMMON(NOBODY, ABOUT("f6"), "0d63652065" "0e6161", ACTUAL), VL_ERR_FORMAT, "assert: payload: byte *: a language that is no tag of BCP 47"},
    {"mode 5",                  VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS "0f05" "10f6" "11f6" ACTUAL REST, VL_ERR_LIMIT, "assert: payload: byte *: an unsigned integer over its limit"},
    {"mode 0",                  VL_KIND_ASSERT, LETTER, "b3" PRI NOBODY ABOUT("f6") WORDS "0f00" "10f6" "11f6" ACTUAL REST, VL_ERR_FORMAT, "assert: payload: byte *: a count of nothing"},
    {"no modality",             VL_KIND_ASSERT, LETTER, COMMON(NOBODY, ABOUT("f6"), WORDS, "12f6"), VL_ERR_FORMAT, "assert: payload: byte *: wanted an unsigned integer"},
    {"about the subject 0",     VL_KIND_ASSERT, LETTER, COMMON(NOBODY, "0c81" "8300" H("aa") "f6", WORDS, ACTUAL), VL_ERR_FORMAT, "assert: payload: byte *: about what is nothing"},
    {"about the subject 6",     VL_KIND_ASSERT, LETTER, COMMON(NOBODY, "0c81" "8306" H("aa") "f6", WORDS, ACTUAL), VL_ERR_LIMIT, "assert: payload: byte *: an unsigned integer over its limit"},
    {"relation 0",              VL_KIND_ASSERT, LETTER, COMMON(NOBODY, ABOUT("00"), WORDS, ACTUAL), VL_ERR_FORMAT, "assert: payload: byte *: a relation that is none"},
    {"about it twice",          VL_KIND_ASSERT, LETTER, COMMON(NOBODY, "0c82" "8301" H("aa") "f6" "8301" H("aa") "02", WORDS, ACTUAL), VL_ERR_FORMAT, "assert: about one thing twice"},
    {"an act of that number",   VL_KIND_ASSERT, LETTER, COMMON(NOBODY, "0c82" "8301" H("aa") "f6" "8302" H("aa") "02", WORDS, ACTUAL), VL_OK, NULL},
    {"another sub",             VL_KIND_ASSERT, "valise:letter:" HEX("ab"), COMMON(NOBODY, ABOUT("f6"), WORDS, ACTUAL), VL_ERR_FORMAT, "assert: its sub is about something else than its payload"},
    {"sub of another subject",  VL_KIND_ASSERT, "valise:act:" HEX("aa"), COMMON(NOBODY, ABOUT("f6"), WORDS, ACTUAL), VL_ERR_FORMAT, "assert: its sub is about something else than its payload"},
    {"a key more",              VL_KIND_ASSERT, LETTER, "b4" PRI NOBODY ABOUT("f6") WORDS PLAIN ACTUAL REST "17" "01", VL_ERR_FORMAT, "assert: payload: byte *: a key more than its kind has"},

    {"for another",             VL_KIND_ASSERT, LETTER, "b3" ACT_AS(DELEGATE, H("dd")) FOR_P ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_OK, NULL},
    {"for another as itself",   VL_KIND_ASSERT, LETTER, COMMON(FOR_P, ABOUT("f6"), WORDS, ACTUAL), VL_ERR_FORMAT, "assert: on behalf of another, and as no delegate"},
    {"for another as carrier",  VL_KIND_ASSERT, LETTER, "b3" ACT_AS(CARRIER, H("dd")) FOR_P ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_ERR_FORMAT, "assert: on behalf of another, and as no delegate"},
    {"for another by itself",   VL_KIND_ASSERT, LETTER, "b3" ACT_AS(DELEGATE, NULL_ITEM) FOR_P ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_ERR_FORMAT, "assert: on behalf of another, and under no mandate"},
    {"a delegate of nobody",    VL_KIND_ASSERT, LETTER, "b3" ACT_AS(DELEGATE, H("dd")) NOBODY ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_ERR_FORMAT, "assert: by a delegate, and on nobody's behalf"},
    {"a delegate of itself",    VL_KIND_ASSERT, LETTER, "b3" ACT_AS(DELEGATE, H("dd")) "0af6" "0b" H("41") ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_ERR_FORMAT, "assert: by a delegate of the speaker's own office"},
    {"a carrier speaks",        VL_KIND_ASSERT, LETTER, "b3" ACT_AS(CARRIER, NULL_ITEM) NOBODY ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_OK, NULL},
    {"a witness speaks",        VL_KIND_ASSERT, LETTER, "b3" ACT_AS(WITNESS, NULL_ITEM) NOBODY ABOUT("f6") WORDS PLAIN ACTUAL REST, VL_OK, NULL},

    {"a denial",                VL_KIND_DENY, LETTER, COMMON(NOBODY, ABOUT("02"), NO_WORDS, ACTUAL), VL_OK, NULL},
    {"a denial of nothing",     VL_KIND_DENY, LETTER, COMMON(NOBODY, ABOUT("01"), WORDS, ACTUAL), VL_ERR_FORMAT, "deny: it disputes nothing"},
    {"no comment",              VL_KIND_DECLINE, LETTER, COMMON(NOBODY, ABOUT("f6"), NO_WORDS, ACTUAL), VL_OK, NULL},
    {"no comment on a question", VL_KIND_DECLINE, SELF, COMMON(NOBODY, NO_ABOUT, WORDS, ACTUAL), VL_OK, NULL},
    {"no comment on nothing",   VL_KIND_DECLINE, SELF, COMMON(NOBODY, NO_ABOUT, NO_WORDS, ACTUAL), VL_ERR_FORMAT, "decline: it does not say to what"},
    {"a witness of no comment", VL_KIND_DECLINE, LETTER, "b3" ACT_AS(WITNESS, NULL_ITEM) NOBODY ABOUT("f6") NO_WORDS PLAIN ACTUAL REST, VL_ERR_FORMAT, "decline: as a witness, who does not sign that"},
    {"a promise",               VL_KIND_COMMIT, LETTER, COMMON(NOBODY, ABOUT("f6"), WORDS, FUTURE), VL_OK, NULL},
    {"a promise of the past",   VL_KIND_COMMIT, LETTER, COMMON(NOBODY, ABOUT("f6"), WORDS, "1202"), VL_ERR_FORMAT, "commit: a promise of what is not to come"},
    {"a promise of nothing",    VL_KIND_COMMIT, LETTER, COMMON(NOBODY, ABOUT("f6"), NO_WORDS, FUTURE), VL_ERR_FORMAT, "commit: nothing is promised"},

    {"an unnamed source",       VL_KIND_RELAY, LETTER, RELAY(ABOUT("f6"), WORDS, UNNAMED), VL_OK, NULL},
    {"a signed saying",         VL_KIND_RELAY, SELF, RELAY(NO_ABOUT, NO_WORDS, "17" "03" "1818" "82" "82f66162" "82" H("70") "f6" "1819" H("a5") "181af6"), VL_OK, NULL},
    {"a saying of nobody",      VL_KIND_RELAY, SELF, RELAY(NO_ABOUT, NO_WORDS, "17" "03" "1818" "82" "82" H("70") "f6" "82f66162" "1819" H("a5") "181af6"), VL_ERR_FORMAT, "relay: a signed saying of no office"},
    {"a copy of a signed one",  VL_KIND_RELAY, SELF, RELAY(NO_ABOUT, NO_WORDS, "17" "03" "1818" "81" "82" H("70") "f6" "1819" H("a5") "181a" H("a6")), VL_ERR_FORMAT, "relay: a copy of what was signed"},
    {"a captured saying",       VL_KIND_RELAY, SELF, RELAY(NO_ABOUT, WORDS, "17" "07" "1818" "81" "82" H("70") "6162" "1819f6" "181a" H("a6")), VL_OK, NULL},
    {"a relay of a relay",      VL_KIND_RELAY, LETTER, RELAY(ABOUT("f6"), WORDS, "17" "02" "1818" "81" "82f6f6" "1819f6" "181af6"), VL_ERR_FORMAT, "relay: payload: byte *: a relay of a relay, which is a source more"},
    {"a relay of kind 8",       VL_KIND_RELAY, LETTER, RELAY(ABOUT("f6"), WORDS, "17" "08" "1818" "81" "82f6f6" "1819f6" "181af6"), VL_ERR_LIMIT, "relay: payload: byte *: an unsigned integer over its limit"},
    {"no source",               VL_KIND_RELAY, LETTER, RELAY(ABOUT("f6"), WORDS, "17" "01" "1818" "80" "1819f6" "181af6"), VL_ERR_LIMIT, "relay: payload: byte *: a number of items outside its limits"},
    {"nothing relayed",         VL_KIND_RELAY, LETTER, RELAY(ABOUT("f6"), NO_WORDS, UNNAMED), VL_ERR_FORMAT, "relay: neither what was said nor where"},

    {"a correction",            VL_KIND_CORRECT, TARGET, CHANGE(NO_ABOUT, WORDS, "17" H("a5")), VL_OK, NULL},
    {"of a span",               VL_KIND_CORRECT, TARGET, "b4" PRI NOBODY NO_ABOUT WORDS "0ff6" "1083616161626163" "11f6" ACTUAL REST "17" H("a5"), VL_OK, NULL},
    {"a correction of nothing", VL_KIND_CORRECT, TARGET, CHANGE(NO_ABOUT, WORDS, "17" "f6"), VL_ERR_FORMAT, "correct: payload: byte *: wanted a byte string"},
    {"to no words",             VL_KIND_CORRECT, TARGET, CHANGE(NO_ABOUT, NO_WORDS, "17" H("a5")), VL_ERR_FORMAT, "correct: no words in place of the old ones"},
    {"and about a letter",      VL_KIND_CORRECT, TARGET, CHANGE(ABOUT("f6"), WORDS, "17" H("a5")), VL_ERR_FORMAT, "correct: about more than the words that it changes"},
    {"and on another basis",    VL_KIND_CORRECT, TARGET, "b4" PRI NOBODY NO_ABOUT WORDS "0ff6" "10f6" "1101" ACTUAL REST "17" H("a5"), VL_ERR_FORMAT, "correct: more than a change of words"},
    {"another target",          VL_KIND_CORRECT, "valise:act:" HEX("a6"), CHANGE(NO_ABOUT, WORDS, "17" H("a5")), VL_ERR_FORMAT, "correct: its sub is about something else than its payload"},
    {"a withdrawal",            VL_KIND_WITHDRAW, TARGET, CHANGE(NO_ABOUT, NO_WORDS, "17" H("a5")), VL_OK, NULL},
    {"for a reason",            VL_KIND_WITHDRAW, TARGET, CHANGE(NO_ABOUT, WORDS, "17" H("a5")), VL_OK, NULL},
    {"of a part",               VL_KIND_WITHDRAW, TARGET, "b4" PRI NOBODY NO_ABOUT WORDS "0ff6" "10836161f6f6" "11f6" ACTUAL REST "17" H("a5"), VL_ERR_FORMAT, "withdraw: a part of the words: only all are withdrawn"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

/* As deep as a relay goes, of as much as a statement is about, and as long as its texts may be. */
static struct vl_statement large(void)
{
    static uint8_t text[VL_STATEMENT_MAX_TEXT];
    struct vl_statement statement = {.kind = VL_KIND_RELAY,
                                     .act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                     .holder = VL_LITERAL("somebody"),
                                     .about_count = VL_STATEMENT_MAX_ABOUT,
                                     .lang = VL_LITERAL("sr-Latn"),
                                     .mode = VL_MODE_TRANSLATED_QUOTE,
                                     .basis = VL_BASIS_HEARSAY,
                                     .modality = VL_MODALITY_HYPOTHETICAL,
                                     .has_as_of = true,
                                     .as_of_s = 7,
                                     .fact = VL_LITERAL("something-new"),
                                     .relayed = VL_KIND_DENY,
                                     .source_count = VL_STATEMENT_MAX_SOURCES,
                                     .has_capture = true,
                                     .capture = {6}};

    memset(text, 'x', sizeof text);
    statement.text = VL_ARRAY(text);
    statement.span = vl_bytes_of(text, VL_STATEMENT_MAX_SPAN);
    statement.span_before = vl_bytes_of(text, VL_STATEMENT_MAX_AROUND);
    statement.span_after = vl_bytes_of(text, VL_STATEMENT_MAX_AROUND);
    for (size_t i = 0; i < VL_STATEMENT_MAX_ABOUT; i++)
        statement.about[i] = (struct vl_statement_about){(enum vl_subject)(i % 5 + 1),
                                                         {(uint8_t)i},
                                                         (enum vl_relation)(i % 4)};
    for (size_t i = 0; i < VL_STATEMENT_MAX_SOURCES; i++)
        statement.sources[i] = (struct vl_statement_source){i % 2 == 0,
                                                            {{i % 2 == 0 ? (uint8_t)i : 0}},
                                                            vl_bytes_of(text, i * 16)};
    return statement;
}

static void the_largest_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_statement written = large(), read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_statement_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_statement_read(&object, &read, &why), VL_OK, &why);
    assert_int_equal(read.kind, VL_KIND_RELAY);
    assert_bytes(read.holder, written.holder);
    assert_bytes(read.text, written.text);
    assert_bytes(read.lang, written.lang);
    assert_bytes(read.span, written.span);
    assert_bytes(read.span_before, written.span_before);
    assert_bytes(read.span_after, written.span_after);
    assert_bytes(read.fact, written.fact);
    assert_int_equal(read.mode, written.mode);
    assert_int_equal(read.basis, written.basis);
    assert_int_equal(read.modality, written.modality);
    assert_int_equal(read.relayed, VL_KIND_DENY);
    assert_true(read.has_as_of && read.as_of_s == 7 && !read.absence && !read.has_party);
    assert_true(read.has_capture && read.capture[0] == 6 && !read.has_saying);
    assert_int_equal(read.about_count, VL_STATEMENT_MAX_ABOUT);
    assert_int_equal(read.source_count, VL_STATEMENT_MAX_SOURCES);
    for (size_t i = 0; i < VL_STATEMENT_MAX_ABOUT; i++) {
        assert_int_equal(read.about[i].what, written.about[i].what);
        assert_int_equal(read.about[i].relation, written.about[i].relation);
        assert_memory_equal(read.about[i].id, written.about[i].id, VL_HASH_LEN);
    }
    for (size_t i = 0; i < VL_STATEMENT_MAX_SOURCES; i++) {
        assert_int_equal(read.sources[i].has_office, written.sources[i].has_office);
        assert_true(vl_office_id_eq(&read.sources[i].office, &written.sources[i].office));
        assert_bytes(read.sources[i].name, written.sources[i].name);
    }
}

/* PROTOCOL 24: one more of anything is not written. */
static void attack_24_relays_nested_without_end(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_statement statement = large();
    struct vl_why why = {""};
    struct office office;
    uint8_t *at;

    (void)state;
    office_init(&office, 'A');
    statement.source_count = VL_STATEMENT_MAX_SOURCES + 1;
    assert_err(vl_statement_write(&office.signer, &statement, &wire, NULL, &why), VL_ERR_LIMIT,
               &why);
    statement = large();
    statement.about_count = VL_STATEMENT_MAX_ABOUT + 1;
    assert_err(vl_statement_write(&office.signer, &statement, &wire, NULL, &why), VL_ERR_LIMIT,
               &why);
    statement = large();
    statement.text.len = 0;
    statement.span.len = 0;
    statement.mode = VL_MODE_NONE;
    statement.lang.len = 0;
    assert_err(vl_statement_write(&office.signer, &statement, &wire, NULL, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "relay: neither what was said nor where");
    assert_int_equal(wire.len, 0);

    /* Somebody else's writer writes it. */
    statement = large();
    assert_err(vl_statement_write(&office.signer, &statement, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_int_equal(vl_buf_put(&payload, vl_object_payload(&object)), VL_OK);
    /* key 24, the list of its sources */
    at = payload.data;
    while (at + 2 < payload.data + payload.len && !(at[0] == 0x18 && at[1] == 24 && at[2] == 0x90))
        at++;
    assert_true(at + 2 < payload.data + payload.len);
    at[2] = 0x91;
    wire.len = 0;
    assert_err(vl_object_sign(&office.signer, VL_KIND_RELAY, vl_object_sub(&object),
                              vl_buf_bytes(&payload), &wire, NULL, &why),
               VL_OK, &why);
    vl_object_release(&object);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_statement_read(&object, &statement, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(statement.kind, VL_KIND_NONE);
}

static void what_is_no_statement_is_neither_read_nor_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_object object = {.kind = VL_KIND_CORRECTED, .count = 1};
    struct vl_statement statement = {.kind = VL_KIND_CORRECTED};
    size_t kinds = 0, relayed = 0;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_statement_write(&office.signer, &statement, &wire, NULL, &why), VL_ERR_FORMAT,
               &why);
    assert_err(vl_statement_read(&object, &statement, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(statement.kind, VL_KIND_NONE);
    for (unsigned kind = 0; kind < VL_KIND_COUNT; kind++) {
        kinds += vl_statement_kind((enum vl_kind)kind);
        relayed += vl_relayed_kind((enum vl_kind)kind);
    }
    assert_int_equal(kinds, 7);
    assert_int_equal(relayed, 6);
}

static void words_and_numbers_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(vl_relation_of_word(VL_LITERAL("disputes")), VL_RELATION_DISPUTES);
    assert_int_equal(vl_mode_of_word(VL_LITERAL("translated-quote")), VL_MODE_TRANSLATED_QUOTE);
    assert_int_equal(vl_basis_of_word(VL_LITERAL("hearsay")), VL_BASIS_HEARSAY);
    assert_int_equal(vl_modality_of_word(VL_LITERAL("future")), VL_MODALITY_FUTURE);
    assert_int_equal(vl_fact_of_word(VL_LITERAL("handed-over")), VL_FACT_HANDED);
    assert_int_equal(vl_fact_of_word(VL_LITERAL("")), VL_FACT_NONE);
    assert_int_equal(vl_mode_of_word(VL_LITERAL("Summary")), VL_MODE_NONE);
    assert_string_equal(vl_subject_word(VL_SUBJECT_PART), "part");
    assert_string_equal(vl_subject_word((enum vl_subject)9), "");
    assert_string_equal(vl_fact_word(VL_FACT_REFUSED), "refused");
    assert_string_equal(vl_mode_words(VL_MODE_NONE), "");
    assert_string_equal(vl_relation_words(VL_RELATION_DISPUTES), "disputes");
    assert_string_equal(vl_basis_words(VL_BASIS_HEARSAY), "what the speaker heard");
    assert_string_equal(vl_modality_words(VL_MODALITY_FUTURE), "as it will be");
    assert_string_equal(vl_fact_words(VL_FACT_SENT), "was sent");
    assert_int_equal(vl_fact_subject(VL_FACT_NONE), VL_SUBJECT_NONE);
    assert_int_equal(vl_fact_subject(VL_FACT_REFUSED), VL_SUBJECT_LETTER);
    assert_int_equal(vl_fact_subject(VL_FACT_BROKEN), VL_SUBJECT_ACT);
    assert_int_equal(vl_fact_subject(VL_FACT_HOSTED), VL_SUBJECT_OFFICE);
    assert_int_equal(vl_fact_subject((enum vl_fact)99), VL_SUBJECT_NONE);
}

/* Whoever begins, a visit goes from the guest to the host, and talks are between both. */
static void a_meeting_is_the_same_whichever_side_tells_of_it(void **state)
{
    static const struct {
        const char *fact;
        uint8_t subject, party; /* 0: none */
        enum vl_fact what;      /* NONE: no meeting */
        uint8_t first;
    } tellings[] = {
        {"visit", 1, 2, VL_FACT_VISIT, 1},  {"visit", 2, 1, VL_FACT_VISIT, 2},
        {"hosted", 2, 1, VL_FACT_VISIT, 1}, {"hosted", 1, 2, VL_FACT_VISIT, 2},
        {"talks", 1, 2, VL_FACT_TALKS, 1},  {"talks", 2, 1, VL_FACT_TALKS, 1},
        {"talks", 1, 1, VL_FACT_NONE, 0},   {"talks", 0, 1, VL_FACT_NONE, 0},
        {"talks", 1, 0, VL_FACT_NONE, 0},   {"sent", 1, 2, VL_FACT_NONE, 0},
        {"", 1, 2, VL_FACT_NONE, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++) {
        struct vl_statement statement = {.kind = VL_KIND_ASSERT,
                                         .about_count = tellings[i].subject ? 2 : 1,
                                         .about = {{.what = VL_SUBJECT_ACT, .id = {9}},
                                                   {.what = VL_SUBJECT_OFFICE,
                                                    .id = {tellings[i].subject}}},
                                         .fact = vl_bytes_str(tellings[i].fact),
                                         .has_party = tellings[i].party != 0,
                                         .party = {{tellings[i].party}}};
        struct vl_meeting meeting;

        assert_int_equal(vl_statement_meeting(&statement, &meeting),
                         tellings[i].what != VL_FACT_NONE);
        if (!tellings[i].what)
            continue;
        assert_int_equal(meeting.what, tellings[i].what);
        assert_int_equal(meeting.sides[0].at[0], tellings[i].first);
        assert_int_equal(meeting.sides[1].at[0], 3 - tellings[i].first);
        assert_true(vl_meeting_eq(&meeting, &meeting));
    }
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_statement statement = large();
    enum vl_err err = vl_statement_write(&office->signer, &statement, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_statement_read(&object, &statement, why);
}

/* Whoever may explain signs that for another, and nothing else. */
static void only_what_tells_of_a_content_explains(void **state)
{
    static const struct vl_statement_about
        letter = {VL_SUBJECT_LETTER, {1}, VL_RELATION_CHARACTERISES},
        part = {VL_SUBJECT_PART, {2}, VL_RELATION_CHARACTERISES},
        document = {VL_SUBJECT_DOCUMENT, {3}, VL_RELATION_CHARACTERISES},
        plain = {VL_SUBJECT_LETTER, {4}, VL_RELATION_NONE},
        disputed = {VL_SUBJECT_LETTER, {5}, VL_RELATION_DISPUTES},
        act = {VL_SUBJECT_ACT, {6}, VL_RELATION_CHARACTERISES},
        office = {VL_SUBJECT_OFFICE, {7}, VL_RELATION_CHARACTERISES};
    const struct {
        struct vl_statement statement;
        bool explains;
    } sayings[] = {
        {{.kind = VL_KIND_ASSERT, .about_count = 1, .about = {letter}}, true},
        {{.kind = VL_KIND_ASSERT, .about_count = 3, .about = {letter, part, document}}, true},
        {{.kind = VL_KIND_ASSERT, .about_count = 0}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 2, .about = {letter, plain}}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 2, .about = {letter, disputed}}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 2, .about = {letter, act}}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 2, .about = {office, letter}}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 1, .about = {letter}, .absence = true}, false},
        {{.kind = VL_KIND_ASSERT, .about_count = 1, .about = {letter}, .fact = VL_LITERAL("sent")},
         false},
        {{.kind = VL_KIND_COMMIT, .about_count = 1, .about = {letter}}, false},
        {{.kind = VL_KIND_RELAY, .about_count = 1, .about = {letter}}, false},
        {{.kind = VL_KIND_DENY, .about_count = 1, .about = {letter}}, false},
        {{.kind = VL_KIND_DECLINE, .about_count = 1, .about = {letter}}, false},
        {{.kind = VL_KIND_CORRECT, .about_count = 1, .about = {letter}}, false},
        {{.kind = VL_KIND_WITHDRAW, .about_count = 1, .about = {letter}}, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        if (vl_statement_explains(&sayings[i].statement) != sayings[i].explains)
            fail_msg("saying %zu", i);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(the_largest_is_read_as_it_was_written),
        cmocka_unit_test(attack_24_relays_nested_without_end),
        cmocka_unit_test(what_is_no_statement_is_neither_read_nor_written),
        cmocka_unit_test(words_and_numbers_go_both_ways),
        cmocka_unit_test(a_meeting_is_the_same_whichever_side_tells_of_it),
        cmocka_unit_test(only_what_tells_of_a_content_explains),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
