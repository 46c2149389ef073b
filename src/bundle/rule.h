/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/rule.h: the rules a bundle can break, each with the section that it stands in. */
#ifndef VL_BUNDLE_RULE_H
#define VL_BUNDLE_RULE_H

#include "base/bytes.h"

/* The names are the `rule` strings of JSON documents and never change. */
/* clang-format off */
#define VL_BUNDLE_RULE_TABLE(X)                                                                     \
    /* code            fails with  name                 section and words                        */ \
    X(CUT_SHORT,       FORMAT,     "cut-short",         "RFC 9171, 4.1",     "the bundle is cut short") \
    X(CBOR,            FORMAT,     "cbor",              "RFC 9171, 4.1",     "not well-formed CBOR, or nested too deeply") \
    X(SHORTEST,        FORMAT,     "shortest",          "RFC 9171, 4.1",     "a number is not in its shortest form") \
    X(OUTER_ARRAY,     FORMAT,     "outer-array",       "RFC 9171, 4.1",     "a bundle is an array of indefinite length") \
    X(PRIMARY_ARRAY,   FORMAT,     "primary-array",     "RFC 9171, 4.3.1",   "the primary block is an array of 8 to 11 items") \
    X(VERSION,         FORMAT,     "version",           "RFC 9171, 4.3.1",   "the version is 7") \
    X(FLAGS,           FORMAT,     "flags",             "RFC 9171, 4.2.3",   "the bundle's flags are an unsigned integer") \
    X(CRC_TYPE,        FORMAT,     "crc-type",          "RFC 9171, 4.2.1",   "the type of a CRC is 0, 1 or 2") \
    X(PRIMARY_ITEMS,   FORMAT,     "primary-items",     "RFC 9171, 4.3.1",   "the primary block has other items than its flags and its CRC type say") \
    X(EID,             FORMAT,     "eid",               "RFC 9171, 4.2.5.1", "an endpoint is an array of a scheme's number, 1 (dtn) or 2 (ipn), and its own part") \
    X(EID_DTN,         FORMAT,     "eid-dtn",           "RFC 9171, 4.2.5.1.1", "a dtn endpoint is 0 for none, or a text //NODE/ and whatever is printable behind") \
    X(EID_IPN,         FORMAT,     "eid-ipn",           "RFC 9758, 6.1",     "an ipn endpoint is a node and a service, or an allocator, a node and a service, of 32 bits each") \
    X(EID_LOCAL,       FORMAT,     "eid-local",         "RFC 9758, 5.4",     "a bundle from elsewhere is not from or for this very node (ipn:!)") \
    X(EID_LONG,        LIMIT,      "eid-long",          "a limit of valise", "an endpoint of more than 1024 bytes") \
    X(TIMESTAMP,       FORMAT,     "timestamp",         "RFC 9171, 4.2.7",   "a creation timestamp is an array of a time and a sequence number") \
    X(LIFETIME,        FORMAT,     "lifetime",          "RFC 9171, 4.3.1",   "the lifetime is an unsigned integer") \
    X(FRAGMENT,        FORMAT,     "fragment",          "RFC 9171, 4.3.1",   "a fragment's offset and total length are unsigned integers") \
    X(FRAGMENT_RANGE,  FORMAT,     "fragment-range",    "RFC 9171, 5.8",     "the fragment reaches beyond the end of what it is a part of") \
    X(CRC_FIELD,       FORMAT,     "crc-field",         "RFC 9171, 4.2.2",   "a CRC is a byte string of 2 bytes (type 1) or 4 (type 2)") \
    X(CRC_WRONG,       UNVERIFIED, "crc-wrong",         "RFC 9171, 4.2.2",   "the CRC is another one: the block was altered") \
    X(PRIMARY_NO_CRC,  FORMAT,     "primary-no-crc",    "RFC 9171, 4.3.1",   "the primary block has no CRC, and no integrity block covers it") \
    X(RECORD_REPORTS,  FORMAT,     "record-reports",    "RFC 9171, 4.2.3",   "an administrative record asks for no status reports") \
    X(NOBODY_SPLIT,    FORMAT,     "nobody-split",      "RFC 9171, 4.2.3",   "a bundle from nobody (dtn:none) must not be fragmented, and says so") \
    X(NOBODY_REPORTS,  FORMAT,     "nobody-reports",    "RFC 9171, 4.2.3",   "a bundle from nobody (dtn:none) asks for no status reports") \
    X(BLOCK_ARRAY,     FORMAT,     "block-array",       "RFC 9171, 4.3.2",   "a block is an array of 5 items, or of 6 with a CRC") \
    X(BLOCK_TYPE,      FORMAT,     "block-type",        "RFC 9171, 4.3.2",   "the type of a block is an unsigned integer") \
    X(BLOCK_NUMBER,    FORMAT,     "block-number",      "RFC 9171, 4.3.2",   "the number of a block is an unsigned integer, and 0 is the primary block's") \
    X(BLOCK_FLAGS,     FORMAT,     "block-flags",       "RFC 9171, 4.2.4",   "a block's flags are an unsigned integer") \
    X(BLOCK_ITEMS,     FORMAT,     "block-items",       "RFC 9171, 4.3.2",   "the block has other items than its CRC type says") \
    X(BLOCK_DATA,      FORMAT,     "block-data",        "RFC 9171, 4.3.2",   "the data of a block is one byte string of definite length") \
    X(NUMBER_TWICE,    FORMAT,     "number-twice",      "RFC 9171, 4.3.2",   "two blocks have the same number") \
    X(BLOCK_REPORT,    FORMAT,     "block-report",      "RFC 9171, 4.2.4",   "a block of an administrative record, or of a bundle from nobody, asks for no status report") \
    X(PAYLOAD_NUMBER,  FORMAT,     "payload-number",    "RFC 9171, 4.3.2",   "the payload block has the number 1") \
    X(PAYLOAD_MISSING, FORMAT,     "payload-missing",   "RFC 9171, 4.1",     "there is no payload block") \
    X(PAYLOAD_LAST,    FORMAT,     "payload-last",      "RFC 9171, 4.1",     "the payload block is the last one, and the array ends behind it") \
    X(PREVIOUS_NODE,   FORMAT,     "previous-node",     "RFC 9171, 4.4.1",   "the data of a previous node block is an endpoint") \
    X(PREVIOUS_TWICE,  FORMAT,     "previous-twice",    "RFC 9171, 4.4.1",   "there is at most one previous node block") \
    X(AGE,             FORMAT,     "age",               "RFC 9171, 4.4.2",   "the data of a bundle age block is an unsigned integer") \
    X(AGE_TWICE,       FORMAT,     "age-twice",         "RFC 9171, 4.4.2",   "there is at most one bundle age block") \
    X(AGE_MISSING,     FORMAT,     "age-missing",       "RFC 9171, 4.4.2",   "a bundle made without a clock (creation time 0) has a bundle age block") \
    X(HOPS,            FORMAT,     "hops",              "RFC 9171, 4.4.3",   "the data of a hop count block is an array of a limit from 1 to 255 and a count") \
    X(HOPS_TWICE,      FORMAT,     "hops-twice",        "RFC 9171, 4.4.3",   "there is at most one hop count block") \
    X(MANY_BLOCKS,     LIMIT,      "many-blocks",       "a limit of valise", "more than 32 blocks") \
    X(LONG_HEAD,       LIMIT,      "long-head",         "a limit of valise", "more than 64 KiB before the payload") \
    /* What reading forgives and writing does not. */ \
    X(SOURCE_NODE,     FORMAT,     "source-node",       "RFC 9171, 4.2.5.2", "the source of a bundle, and a previous node, is a node: no name behind its last slash")
/* clang-format on */

enum vl_bundle_rule {
    VL_RULE_NONE,
#define X(code, err, name, section, words) VL_RULE_##code,
    VL_BUNDLE_RULE_TABLE(X)
#undef X
        VL_RULE_COUNT
};

const char *vl_rule_name(enum vl_bundle_rule rule);
const char *vl_rule_section(enum vl_bundle_rule rule);
const char *vl_rule_words(enum vl_bundle_rule rule);
/* What breaking it is: FORMAT, LIMIT, UNVERIFIED; VL_OK for VL_RULE_NONE. */
enum vl_err vl_rule_err(enum vl_bundle_rule rule) VL_MUST_USE;
/* Say "byte N: SECTION: WORDS" and hand vl_rule_err back. */
enum vl_err vl_rule_fail(enum vl_bundle_rule rule, uint64_t at, struct vl_why *why) VL_MUST_USE;

#endif
