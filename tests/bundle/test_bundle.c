/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/bundle.h, reading: every rule of a bundle, what is accepted, and the byte and the section
 * of each refusal, from the whole wire and in pieces of every size. */
#include "wire.h"

#include <stdio.h>

#include "bundle/bundle.h"
#include "bundle/reader.h"

/* clang-format off */
static const struct row {
    const char *name;
    const char *text;
    enum vl_bundle_rule rule;
    size_t at;
    unsigned reading;
} rows[] = {
    /* What is taken. */
    {"the least bundle",            "9f" PRIMARY PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"from nobody",                 "9f" NOBODY PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"CRC-32C everywhere",          "9f (89070002 8202820301 8202820101 820100 820100 1903e8 44 Y) (8601010002 44 54455354 44 Y) ff", VL_RULE_NONE, 0, 0},
    {"CRC-16 of the payload",       "9f" PRIMARY "(8601010001 44 54455354 42 X) ff", VL_RULE_NONE, 0, 0},
    {"an empty payload",            "9f" PRIMARY "(8501010000 40) ff", VL_RULE_NONE, 0, 0},
    {"dtn endpoints",               "9f (89070001 8201662f2f622f2f78 8201652f2f6162 2f 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"previous, age and hops",      "9f" PRIMARY "(8506020000 45 8202820101) (8507030000 42 182a) (850a040000 44 8218ff 05)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"an unknown block",            "9f" PRIMARY "(8518c1020000 43 ffffff)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"block type 8 of BPv6",        "9f" PRIMARY "(8508020000 41 00)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"reserved block flags",        "9f" PRIMARY "(85010118f900 44 54455354) ff", VL_RULE_NONE, 0, 0},
    {"reserved bundle flags",       "9f (89071a0080000001 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"a fragment",                  "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 0a 18c8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"a fragment not to be split",  "9f (8b070501 8202820301 8202820101 820100 820100 1903e8 0a 18c8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"the last bytes, as fragment", "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 06 0a 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"a record",                    "9f (89070201 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"no clock, but an age",        "9f (89070001 8202820301 8202820101 820100 820000 1903e8 42 X) (850718a60000 41 00)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"report to ipn:0.1 is nobody", "9f (89070001 8202820301 8202820101 8202820001 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"report to this very node",    "9f (89070001 8202820301 8202820101 8202821affffffff01 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"three numbers of ipn",        "9f (89070001 820283 1a000ee868 0101 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"the text none is nobody",     "9f (89070401 8202820301 8201646e6f6e65 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"arrays without a length",     "9f (9f070001 9f029f0301ffff 9f029f0301ffff 9f0100ff 9f0100ff 1903e8 42 X ff) (9f01010001 44 54455354 42 X ff) ff", VL_RULE_NONE, 0, 0},
    {"...and of three numbers",     "9f (89070001 82029f 1a000ee868 0101 ff 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"numbers above 64",            "9f" PRIMARY "(8508186400 00 40) (8508186500 00 40)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"no CRC, and that is allowed", "9f (88070000 8202820301 8202820101 820100 820100 1903e8)" PAYLOAD "ff", VL_RULE_NONE, 0, VL_BUNDLE_ALLOW_NO_CRC},
    {"no clock, and that is fine",  "9f (89070001 8202820301 8202820101 820100 820000 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NONE, 0, VL_BUNDLE_ALLOW_NO_AGE},
    {"no CRC, but integrity",       "9f (88070000 8202820301 8202820101 820100 820100 1903e8) (850b020000 43 820100)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"integrity that is encrypted", "9f (88070000 8202820301 8202820101 820100 820100 1903e8) (850b020000 43 ffffff) (850c030000 42 8102)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},
    {"an age that is encrypted",    "9f (89070001 8202820301 8202820101 820100 820000 1903e8 42 X) (8507020000 42 ffff) (850c030000 42 8102)" PAYLOAD "ff", VL_RULE_NONE, 0, 0},

    /* The array, 4.1. */
    {"nothing",                     "", VL_RULE_CUT_SHORT, 0, 0},
    {"only the array",              "9f", VL_RULE_CUT_SHORT, 1, 0},
    {"an array with a length",      "82" PRIMARY PAYLOAD, VL_RULE_OUTER_ARRAY, 0, 0},
    {"no array",                    "00", VL_RULE_OUTER_ARRAY, 0, 0},
    {"a reserved head",             "9c", VL_RULE_CBOR, 0, 0},
    {"an empty array",              "9fff", VL_RULE_PRIMARY_ARRAY, 1, 0},
    {"no payload",                  "9f" PRIMARY "ff", VL_RULE_PAYLOAD_MISSING, 27, 0},
    {"no payload behind a block",   "9f" PRIMARY "(8508020000 40) ff", VL_RULE_PAYLOAD_MISSING, 33, 0},
    {"payload not last",            "9f" PRIMARY PAYLOAD "(8508020000 40) ff", VL_RULE_PAYLOAD_LAST, 37, 0},
    {"two payloads",                "9f" PRIMARY PAYLOAD PAYLOAD "ff", VL_RULE_PAYLOAD_LAST, 37, 0},
    {"something behind the bundle", "9f" PRIMARY PAYLOAD "ff00", VL_RULE_PAYLOAD_LAST, 38, 0},
    {"without its end",             "9f" PRIMARY PAYLOAD, VL_RULE_CUT_SHORT, 37, 0},
    {"payload cut short",           "9f" PRIMARY "8501010000 44 5445", VL_RULE_CUT_SHORT, 35, 0},
    {"2^64-1 bytes promised",       "9f" PRIMARY "8501010000 5bffffffffffffffff 54", VL_RULE_CUT_SHORT, 42, 0},
    {"2^64-1 in a block",           "9f" PRIMARY "8508020000 5bffffffffffffffff 54", VL_RULE_LONG_HEAD, 32, 0},
    {"64 KiB in a block",           "9f" PRIMARY "8508020000 5a00010000 54", VL_RULE_LONG_HEAD, 32, 0},
    {"a number of too many bytes",  "9f (89180700 01 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_SHORTEST, 2, 0},
    {"a length of too many bytes",  "9f" PRIMARY "(8501010000 5804 54455354) ff", VL_RULE_SHORTEST, 32, 0},
    {"a tag",                       "9f c0" PRIMARY PAYLOAD "ff", VL_RULE_PRIMARY_ARRAY, 1, 0},

    /* The primary block, 4.3.1. */
    {"seven items",                 "9f (87070001 8202820301 8202820101 820100 820100)" PAYLOAD "ff", VL_RULE_PRIMARY_ARRAY, 1, 0},
    {"twelve items",                "9f (8c070001 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_PRIMARY_ARRAY, 1, 0},
    {"version 6",                   "9f (89060001 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_VERSION, 2, 0},
    {"version of another kind",     "9f (89f60001 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_VERSION, 2, 0},
    {"flags of another kind",       "9f (89074001 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_FLAGS, 3, 0},
    {"CRC type 3",                  "9f (89070003 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_CRC_TYPE, 4, 0},
    {"CRC type 25",                 "9f (8907001819 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_CRC_TYPE, 4, 0},
    {"a CRC that is not there",     "9f (88070001 8202820301 8202820101 820100 820100 1903e8)" PAYLOAD "ff", VL_RULE_PRIMARY_ITEMS, 1, 0},
    {"a CRC that should not be",    "9f (89070000 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_PRIMARY_ITEMS, 1, 0},
    {"a fragment without its place","9f (89070101 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_PRIMARY_ITEMS, 1, 0},
    {"a place without a fragment",  "9f (8b070001 8202820301 8202820101 820100 820100 1903e8 0a 18c8 42 X)" PAYLOAD "ff", VL_RULE_PRIMARY_ITEMS, 1, 0},
    {"more, in an open array",      "9f (9f070001 8202820301 8202820101 820100 820100 1903e8 42 X 00 ff)" PAYLOAD "ff", VL_RULE_CRC_WRONG, 24, 0},
    {"no CRC, no integrity",        "9f (88070000 8202820301 8202820101 820100 820100 1903e8)" PAYLOAD "ff", VL_RULE_PRIMARY_NO_CRC, 1, 0},
    {"integrity of another block",  "9f (88070000 8202820301 8202820101 820100 820100 1903e8) (850b020000 42 8101)" PAYLOAD "ff", VL_RULE_PRIMARY_NO_CRC, 1, 0},
    {"a CRC of another length",     "9f (89070001 8202820301 8202820101 820100 820100 1903e8 44 Y)" PAYLOAD "ff", VL_RULE_CRC_FIELD, 24, 0},
    {"a CRC as a number",           "9f (89070001 8202820301 8202820101 820100 820100 1903e8 00)" PAYLOAD "ff", VL_RULE_CRC_FIELD, 24, 0},
    {"a wrong CRC",                 "9f (89070001 8202820301 8202820101 820100 820100 1903e8 42 0000)" PAYLOAD "ff", VL_RULE_CRC_WRONG, 24, 0},
    {"a timestamp of one item",     "9f (89070001 8202820301 8202820101 820100 8101 1903e8 42 X)" PAYLOAD "ff", VL_RULE_TIMESTAMP, 18, 0},
    {"a time before its zero",      "9f (89070001 8202820301 8202820101 820100 822000 1903e8 42 X)" PAYLOAD "ff", VL_RULE_TIMESTAMP, 19, 0},
    {"a lifetime of text",          "9f (89070001 8202820301 8202820101 820100 820100 6131 42 X)" PAYLOAD "ff", VL_RULE_LIFETIME, 21, 0},
    {"a place of text",             "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 60 18c8 42 X)" PAYLOAD "ff", VL_RULE_FRAGMENT, 24, 0},
    {"a fragment beyond the end",   "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 07 0a 42 X)" PAYLOAD "ff", VL_RULE_FRAGMENT_RANGE, 29, 0},
    {"a place beyond the end",      "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 0b 0a 42 X) (8501010000 40) ff", VL_RULE_FRAGMENT_RANGE, 29, 0},
    {"2^64 wrapped",                "9f (8b070101 8202820301 8202820101 820100 820100 1903e8 1bffffffffffffffff 01 42 X)" PAYLOAD "ff", VL_RULE_FRAGMENT_RANGE, 37, 0},

    /* The flags, 4.2.3. */
    {"a record that wants reports", "9f (89071a0002000201 8202820301 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_RECORD_REPORTS, 3, 0},
    {"nobody that may be split",    "9f (89070001 8202820301 820100 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NOBODY_SPLIT, 3, 0},
    {"ipn:0.0 is nobody too",       "9f (89070001 8202820301 8202820000 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NOBODY_SPLIT, 3, 0},
    {"nobody that wants reports",   "9f (890719400401 8202820301 820100 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_NOBODY_REPORTS, 3, 0},

    /* Endpoints, 4.2.5.1 and RFC 9758. */
    {"an endpoint of text",         "9f (89070001 63697069 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID, 5, 0},
    {"scheme 3",                    "9f (89070001 820300 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID, 6, 0},
    {"dtn 1",                       "9f (89070001 820101 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn without slashes",         "9f (89070001 82016161 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn without a node",          "9f (89070001 8201632f2f2f 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn without a last slash",    "9f (89070001 8201632f2f61 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn with a space",            "9f (89070001 8201662f2f612f2062 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn with a line end",         "9f (89070001 8201652f2f612f0a 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn with half a percent",     "9f (89070001 8201652f2f25612f 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"dtn in chunks",               "9f (89070001 82017f642f2f612fff 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_DTN, 7, 0},
    {"a dtn name of 1025 bytes",    "9f 89070001 8201790401", VL_RULE_EID_LONG, 7, 0},
    {"ipn of one number",           "9f (89070001 82028103 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_IPN, 7, 0},
    {"ipn of four numbers",         "9f (89070001 82028401020304 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_IPN, 7, 0},
    {"a service of 33 bits",        "9f (89070001 820282031b0000000100000000 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_IPN, 9, 0},
    {"an allocator of 33 bits",     "9f (89070001 8202831b00000001000000000101 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_IPN, 8, 0},
    {"ipn of text",                 "9f (89070001 820282610101 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_IPN, 8, 0},
    {"for this very node",          "9f (89070001 8202821affffffff01 8202820101 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_LOCAL, 5, 0},
    {"from this very node",         "9f (89070001 8202820301 8202821affffffff01 820100 820100 1903e8 42 X)" PAYLOAD "ff", VL_RULE_EID_LOCAL, 10, 0},

    /* Blocks, 4.3.2 and 4.2.4. */
    {"a block of four items",       "9f" PRIMARY "(8401010000) ff", VL_RULE_BLOCK_ARRAY, 27, 0},
    {"a block of seven items",      "9f" PRIMARY "(8701010001 40 42 X 00) ff", VL_RULE_BLOCK_ARRAY, 27, 0},
    {"a block that is none",        "9f" PRIMARY "00 ff", VL_RULE_BLOCK_ARRAY, 27, 0},
    {"a type of text",              "9f" PRIMARY "(8560010000 40) ff", VL_RULE_BLOCK_TYPE, 28, 0},
    {"a negative number",           "9f" PRIMARY "(8508200000 40) ff", VL_RULE_BLOCK_NUMBER, 29, 0},
    {"number 0",                    "9f" PRIMARY "(8508000000 40)" PAYLOAD "ff", VL_RULE_BLOCK_NUMBER, 29, 0},
    {"flags of text",               "9f" PRIMARY "(8508026000 40)" PAYLOAD "ff", VL_RULE_BLOCK_FLAGS, 30, 0},
    {"CRC type 3 of a block",       "9f" PRIMARY "(8508020003 40)" PAYLOAD "ff", VL_RULE_CRC_TYPE, 31, 0},
    {"a block's CRC not there",     "9f" PRIMARY "(8508020001 40)" PAYLOAD "ff", VL_RULE_BLOCK_ITEMS, 27, 0},
    {"a block's CRC too much",      "9f" PRIMARY "(8608020000 40 42 X)" PAYLOAD "ff", VL_RULE_BLOCK_ITEMS, 27, 0},
    {"a block's wrong CRC",         "9f" PRIMARY "(8608020001 40 42 0000)" PAYLOAD "ff", VL_RULE_CRC_WRONG, 33, 0},
    {"a block's long CRC",          "9f" PRIMARY "(8608020001 40 44 Y)" PAYLOAD "ff", VL_RULE_CRC_FIELD, 33, 0},
    {"an open block that goes on",  "9f" PRIMARY "(9f08020000 40 00 ff)" PAYLOAD "ff", VL_RULE_BLOCK_ITEMS, 33, 0},
    {"data of text",                "9f" PRIMARY "(8508020000 60)" PAYLOAD "ff", VL_RULE_BLOCK_DATA, 32, 0},
    {"data in chunks",              "9f" PRIMARY "(8508020000 5f40ff)" PAYLOAD "ff", VL_RULE_BLOCK_DATA, 32, 0},
    {"a payload of text",           "9f" PRIMARY "(8501010000 60) ff", VL_RULE_BLOCK_DATA, 32, 0},
    {"a payload in chunks",         "9f" PRIMARY "(8501010000 5f40ff) ff", VL_RULE_BLOCK_DATA, 32, 0},
    {"payload number 33",           "9f" PRIMARY "(8501182100 00 44 54455354) ff", VL_RULE_PAYLOAD_NUMBER, 29, 0},
    {"a number twice",              "9f" PRIMARY "(8508020000 40) (8509020000 40)" PAYLOAD "ff", VL_RULE_NUMBER_TWICE, 35, 0},
    {"a number above 64 twice",     "9f" PRIMARY "(8508186400 00 40) (8509186400 00 40)" PAYLOAD "ff", VL_RULE_NUMBER_TWICE, 36, 0},
    {"the payload's number twice",  "9f" PRIMARY "(8508010000 40)" PAYLOAD "ff", VL_RULE_NUMBER_TWICE, 35, 0},
    {"a block of nobody reports",   "9f" NOBODY "(8508020200 40)" PAYLOAD "ff", VL_RULE_BLOCK_REPORT, 28, 0},
    {"a payload of nobody reports", "9f" NOBODY "(8501010200 40) ff", VL_RULE_BLOCK_REPORT, 28, 0},
    {"a block of a record reports", "9f (89070201 8202820301 8202820101 820100 820100 1903e8 42 X) (8508020200 40)" PAYLOAD "ff", VL_RULE_BLOCK_REPORT, 30, 0},
    {"a payload's wrong CRC",       "9f" PRIMARY "(8601010001 44 54455354 42 0000) ff", VL_RULE_CRC_WRONG, 37, 0},
    {"a payload's CRC not there",   "9f" PRIMARY "(8501010001 44 54455354) ff", VL_RULE_BLOCK_ITEMS, 27, 0},
    {"a payload's CRC of 3 bytes",  "9f" PRIMARY "(8601010001 44 54455354 43 000000) ff", VL_RULE_CRC_FIELD, 37, 0},
    {"an open payload that goes on","9f" PRIMARY "(9f01010000 44 54455354 00 ff) ff", VL_RULE_BLOCK_ITEMS, 37, 0},

    /* Extension blocks, 4.4. */
    {"two previous nodes",          "9f" PRIMARY "(8506020000 43 820100) (8506030000 43 820100)" PAYLOAD "ff", VL_RULE_PREVIOUS_TWICE, 36, 0},
    {"a previous node of ASCII",    "9f" PRIMARY "(8506020000 43 646e6f)" PAYLOAD "ff", VL_RULE_PREVIOUS_NODE, 27, 0},
    {"a previous node and more",    "9f" PRIMARY "(8506020000 44 82010000)" PAYLOAD "ff", VL_RULE_PREVIOUS_NODE, 27, 0},
    {"two ages",                    "9f" PRIMARY "(8507020000 41 00) (8507030000 41 00)" PAYLOAD "ff", VL_RULE_AGE_TWICE, 34, 0},
    {"an age of text",              "9f" PRIMARY "(8507020000 41 60)" PAYLOAD "ff", VL_RULE_AGE, 27, 0},
    {"an empty age",                "9f" PRIMARY "(8507020000 40)" PAYLOAD "ff", VL_RULE_AGE, 27, 0},
    {"no clock and no age",         "9f (89070001 8202820301 8202820101 820100 820000 1903e8 42 X)" PAYLOAD "ff", VL_RULE_AGE_MISSING, 1, 0},
    {"two hop counts",              "9f" PRIMARY "(850a020000 43 820100) (850a030000 43 820100)" PAYLOAD "ff", VL_RULE_HOPS_TWICE, 36, 0},
    {"a hop limit of 0",            "9f" PRIMARY "(850a020000 43 820000)" PAYLOAD "ff", VL_RULE_HOPS, 27, 0},
    {"a hop limit of 256",          "9f" PRIMARY "(850a020000 45 8219010000)" PAYLOAD "ff", VL_RULE_HOPS, 27, 0},
    {"hops of one item",            "9f" PRIMARY "(850a020000 42 8101)" PAYLOAD "ff", VL_RULE_HOPS, 27, 0},
};
/* clang-format on */

static void fail_row(const char *name, size_t piece, enum vl_bundle_rule rule, uint64_t at)
{
    fail_msg("%s, in pieces of %zu: %s at byte %llu", name, piece, vl_rule_name(rule),
             (unsigned long long)at);
}

/* What the reader says of one bundle that comes in pieces of this size. */
static void read_in_pieces(vl_bytes wire, unsigned reading, size_t piece, enum vl_bundle_rule *rule,
                           uint64_t *at)
{
    struct vl_bundle_reader *reader = vl_bundle_reader_new(reading);
    struct vl_why why = {""};
    enum vl_bundle_event event;
    vl_bytes part;
    size_t fed = 0;
    bool ended = false;

    *rule = VL_RULE_NONE;
    *at = 0;
    assert_non_null(reader);
    while ((event = vl_bundle_reader_next(reader, &part)) != VL_BUNDLE_BROKEN) {
        ended = ended || event == VL_BUNDLE_ENDS;
        if (event == VL_BUNDLE_HEAD && ended) { /* a second one */
            *rule = VL_RULE_PAYLOAD_LAST;
            *at = vl_bundle_reader_start(reader);
            break;
        }
        if (event != VL_BUNDLE_WANTS_BYTES)
            continue;
        if (fed == wire.len)
            break;
        vl_bundle_reader_feed(reader, vl_bytes_first(vl_bytes_after(wire, fed), piece));
        fed += piece < wire.len - fed ? piece : wire.len - fed;
    }
    if (*rule == VL_RULE_NONE &&
        (event == VL_BUNDLE_BROKEN || vl_bundle_reader_end(reader, &why) != VL_OK)) {
        *rule = vl_bundle_reader_bundle(reader)->broken;
        *at = vl_bundle_reader_bundle(reader)->broken_at;
        assert_int_equal(vl_bundle_reader_why(reader, &why), vl_rule_err(*rule));
        if (ended) { /* for one bundle alone, anything behind it is too much */
            *rule = VL_RULE_PAYLOAD_LAST;
            *at = vl_bundle_reader_start(reader);
        }
    } else if (*rule == VL_RULE_NONE && !ended) {
        *rule = VL_RULE_CUT_SHORT; /* no bundle at all is an empty sequence */
    }
    vl_bundle_reader_free(reader);
}

static void every_rule_from_the_whole_and_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(rows[i].text);
        unsigned reading = rows[i].reading;
        struct vl_bundle bundle;
        struct vl_why why = {""};
        char words[512];
        enum vl_err err = vl_bundle_parse(vl_buf_bytes(&wire), reading, &bundle, &why);

        if (bundle.broken != rows[i].rule || bundle.broken_at != rows[i].at)
            fail_row(rows[i].name, 0, bundle.broken, bundle.broken_at);
        assert_int_equal(err, vl_rule_err(rows[i].rule));
        (void)snprintf(words, sizeof words, "byte %zu: %s: %s", rows[i].at,
                       vl_rule_section(rows[i].rule), vl_rule_words(rows[i].rule));
        if (err)
            assert_string_equal(why.text, words);
        for (size_t piece = 1; piece <= wire.len + 1; piece++) {
            enum vl_bundle_rule rule;
            uint64_t at;

            read_in_pieces(vl_buf_bytes(&wire), reading, piece, &rule, &at);
            if (rule != rows[i].rule || at != rows[i].at)
                fail_row(rows[i].name, piece, rule, at);
        }
    }
}

/* A rule that no row breaks is a rule that nobody checks. */
static void every_rule_of_reading_has_a_row(void **state)
{
    (void)state;
    for (int rule = VL_RULE_NONE + 1; rule < VL_RULE_COUNT; rule++) {
        size_t count = 0;

        if (rule == VL_RULE_SOURCE_NODE || rule == VL_RULE_MANY_BLOCKS)
            continue; /* test_write.c, and below */
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            count += rows[i].rule == (enum vl_bundle_rule)rule;
        if (count == 0)
            fail_msg("no row breaks %s", vl_rule_name((enum vl_bundle_rule)rule));
    }
}

static void every_part_of_a_bundle_is_cut_short_somewhere(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f" PRIMARY "(8606020001 45 8202820101 42 X)"
                                 "(8607030002 43 1903e8 44 Y) (850a040000 44 8218ff 05)"
                                 "(8601010002 44 54455354 44 Y) ff");
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    for (size_t len = 0; len < wire.len; len++) {
        vl_bytes cut = vl_bytes_first(vl_buf_bytes(&wire), len);

        assert_int_equal(vl_bundle_parse(cut, 0, &bundle, NULL), VL_ERR_FORMAT);
        assert_int_equal(bundle.broken, VL_RULE_CUT_SHORT);
        assert_int_equal(bundle.broken_at, len);
    }
}

/* All of it is under a CRC, or its change breaks a rule. */
static void every_changed_bit_is_seen(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f (89070002 8202820301 8202820101 820100 820100 1903e8 44 Y)"
                                 "(8606020001 45 8202820101 42 X) (8607030002 43 1903e8 44 Y)"
                                 "(8601010002 44 54455354 44 Y) ff");
    struct vl_bundle bundle;

    (void)state;
    for (size_t bit = 0; bit < 8 * wire.len; bit++) {
        wire.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
        wire.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
}

static void the_fields_are_what_was_written(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire =
        wire_of("9f (8b071a0004404501 82016a2f2f636f7572742f6161 8202820101"
                "820283 1a000ee868 0102 821b000000b5998c982b 07 1a000493e0 0a 18c8"
                "42 X) (8606020201 45 8202820503 42 X) (8507030100 42 182a)"
                "(850a040000 44 8218ff 05) (8518c1181900 00 43 010203)" PAYLOAD "ff");
    char text[VL_EID_TEXT];
    struct vl_bundle b;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &b, NULL), VL_OK);
    assert_int_equal(b.flags, 0x44045);
    assert_int_equal(b.crc, VL_CRC_16);
    assert_string_equal(vl_eid_text(&b.destination, text), "dtn://court/aa");
    assert_string_equal(vl_eid_text(&b.source, text), "ipn:1.1");
    assert_string_equal(vl_eid_text(&b.report_to, text), "ipn:977000.1.2");
    assert_int_equal(b.created_ms, UINT64_C(0xb5998c982b));
    assert_int_equal(b.sequence, 7);
    assert_int_equal(b.lifetime_ms, 300000);
    assert_int_equal(b.fragment_offset, 10);
    assert_int_equal(b.total_len, 200);
    assert_int_equal(b.block_count, 5);
    assert_true(b.known.has_previous_node && b.known.has_age && b.known.has_hop_count);
    assert_string_equal(vl_eid_text(&b.known.previous_node, text), "ipn:5.3");
    assert_int_equal(b.known.age_ms, 42);
    assert_int_equal(b.known.hop_limit, 255);
    assert_int_equal(b.known.hop_count, 5);
    assert_int_equal(b.blocks[0].flags, VL_BLOCK_ELSE_REPORT);
    assert_int_equal(b.blocks[0].crc, VL_CRC_16);
    assert_int_equal(b.blocks[1].flags, VL_BLOCK_IN_EVERY_FRAGMENT);
    assert_int_equal(b.blocks[3].type, 193);
    assert_int_equal(b.blocks[3].number, 25);
    assert_bytes(b.blocks[3].data, VL_LITERAL("\x01\x02\x03"));
    assert_bytes(b.blocks[3].wire, VL_LITERAL("\x85\x18\xc1\x18\x19\x00\x00\x43\x01\x02\x03"));
    assert_ptr_equal(vl_bundle_payload(&b), &b.blocks[4]);
    assert_ptr_equal(vl_bundle_find(&b, 193), &b.blocks[3]);
    assert_null(vl_bundle_find(&b, 194));
    assert_bytes(vl_bundle_payload(&b)->data, VL_LITERAL("TEST"));
    assert_int_equal(b.payload_len, 4);
    assert_true(b.wire.ptr == wire.data && b.wire.len == wire.len);
    assert_true(b.primary.ptr == wire.data + 1);
}

static void the_blocks_are_counted(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of("9f" PRIMARY);
    VL_AUTO(vl_buf_release) struct vl_buf end = wire_of(PAYLOAD "ff");
    struct vl_bundle bundle;

    (void)state;
    for (uint8_t number = 2; number <= VL_BUNDLE_MAX_BLOCKS + 1; number++) {
        const uint8_t block[] = {0x85, 8, 0x18, (uint8_t)(22 + number), 0, 0, 0x40};
        VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(WIRE_MAX);

        assert_int_equal(vl_buf_put(&wire, VL_ARRAY(block)), VL_OK);
        assert_int_equal(vl_buf_put(&all, vl_buf_bytes(&wire)), VL_OK);
        assert_int_equal(vl_buf_put(&all, vl_buf_bytes(&end)), VL_OK);
        assert_int_equal(vl_bundle_parse(vl_buf_bytes(&all), 0, &bundle, NULL),
                         number <= VL_BUNDLE_MAX_BLOCKS ? VL_OK : VL_ERR_LIMIT);
    }
    assert_int_equal(bundle.broken, VL_RULE_MANY_BLOCKS);
}

static void hops_and_lifetimes_end(void **state)
{
    struct vl_bundle b = {.lifetime_ms = 1000, .created_ms = 5000};

    (void)state;
    assert_false(vl_bundle_is_over_hops(&b));
    b.known.has_hop_count = true;
    b.known.hop_limit = b.known.hop_count = 3;
    assert_false(vl_bundle_is_over_hops(&b));
    b.known.hop_count = 4;
    assert_true(vl_bundle_is_over_hops(&b));
    assert_false(vl_bundle_is_expired(&b, 6000));
    assert_true(vl_bundle_is_expired(&b, 6001));
    assert_false(vl_bundle_is_expired(&b, 0)); /* from the future */
    b.created_ms = 0;
    b.known.has_age = true;
    b.known.age_ms = 1000;
    assert_false(vl_bundle_is_expired(&b, UINT64_MAX));
    b.known.age_ms = 1001;
    assert_true(vl_bundle_is_expired(&b, 0));
}

static void the_same_bundle_is_the_same(void **state)
{
    struct vl_bundle a = {.source = {.scheme = VL_EID_IPN, .node = 1}, .created_ms = 1}, b = a;

    (void)state;
    b.payload_len = 9;
    assert_true(vl_bundle_same(&a, &b));
    b.sequence = 1;
    assert_false(vl_bundle_same(&a, &b));
    b = a;
    a.flags = b.flags = VL_BUNDLE_IS_FRAGMENT;
    b.fragment_offset = 3;
    assert_false(vl_bundle_same(&a, &b));
    b.fragment_offset = 0;
    b.payload_len = 9;
    assert_false(vl_bundle_same(&a, &b));
    b.payload_len = 0;
    assert_true(vl_bundle_same(&a, &b));
    b.source.in_two = true;
    assert_true(vl_bundle_same(&a, &b));
    b.source.node = 2;
    assert_false(vl_bundle_same(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_from_the_whole_and_in_pieces),
        cmocka_unit_test(every_rule_of_reading_has_a_row),
        cmocka_unit_test(every_part_of_a_bundle_is_cut_short_somewhere),
        cmocka_unit_test(every_changed_bit_is_seen),
        cmocka_unit_test(the_fields_are_what_was_written),
        cmocka_unit_test(the_blocks_are_counted),
        cmocka_unit_test(hops_and_lifetimes_end),
        cmocka_unit_test(the_same_bundle_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
