/* SPDX-License-Identifier: Apache-2.0 */
/* Which code of which list: names of EN 319 522-3 (table 2), of EMSEVT V3 (UPU M40) with the forms
 * of the Letter Post Manual, and codes of the CAMEO codebook 1.1b3. */
#include "export/codes.h"

#include <string.h>

static const struct {
    const char *word;
    const char *as;
    const char *words;
} formats[VL_EXPORT_COUNT] = {
#define X(code, word, as, words) {word, as, words},
    VL_EXPORT_TABLE(X)
#undef X
};

const char *vl_export_word(enum vl_export_format format)
{
    return formats[format].word;
}

const char *vl_export_as(enum vl_export_format format)
{
    return formats[format].as;
}

const char *vl_export_words(enum vl_export_format format)
{
    return formats[format].words;
}

enum vl_export_format vl_export_of_word(const char *word)
{
    unsigned format = 0;

    while (format < VL_EXPORT_COUNT && strcmp(formats[format].word, word) != 0)
        format++;
    return (enum vl_export_format)format;
}

#define SENDER    VL_CODE_FROM_SENDER
#define OTHER     VL_CODE_FROM_OTHER
#define NOBODY    VL_CODE_FROM_NOBODY
#define CARRIER   VL_CODE_AS_CARRIER
#define RECIPIENT VL_CODE_AS_RECIPIENT
#define SILENCE   VL_CODE_OF_SILENCE
#define WORDS     VL_CODE_OF_WORDS

#define CODE(kind, cases, code, name, note)                                                        \
    {                                                                                              \
        VL_KIND_##kind, (cases), (code), (name), (note), false, false                              \
    }
#define CLAIM(kind, code, name, note)                                                              \
    {                                                                                              \
        VL_KIND_##kind, 0, (code), (name), (note), true, false                                     \
    }
#define REVERSED(kind, code, name, note)                                                           \
    {                                                                                              \
        VL_KIND_##kind, 0, (code), (name), (note), false, true                                     \
    }
#define NOTHING(kind, cases, note)                                                                 \
    {                                                                                              \
        VL_KIND_##kind, (cases), NULL, NULL, (note), false, false                                  \
    }
#define NO_EVENT    "says who an office is, or who may act for it: no event of a letter"
#define OFFER       "the giver's word: the event is the taker's answer"
#define ONE_IN_PART "some slices of a letter: only all of it is an event there"
#define WORDS_ONLY  "words about a letter: nothing that befell it"
#define OF_AN_ACT   "about what another act says: no event of its own there"
#define INSIDE      "within the office: not seen from outside"
#define ONE_SIDE    "it is told by whoever has the letter; who inspected it does not sign"

/* clang-format off */
static const struct vl_code etsi[] = {
    NOTHING(CARD, 0, NO_EVENT),
    NOTHING(REVOCATION, 0, NO_EVENT),
    NOTHING(MANIFEST, 0, "the sender's own signature"),
    NOTHING(SEALED, 0, "the sender's own signature"),
    CODE(OPENED, 0, "D.6", "ContentAccessTracking", "by a value that lies inside; nobody's reading is tracked"),
    NOTHING(MANDATE, 0, "a delegate is a party there, and no event"),
    NOTHING(MANDATE_REVOCATION, 0, NO_EVENT),
    NOTHING(RATIFIED, 0, OF_AN_ACT),
    NOTHING(TRANSFERRED, 0, OFFER),
    CODE(ACCEPTED, SENDER, "A.1", "SubmissionAcceptance", NULL),
    CODE(ACCEPTED, OTHER, "B.1", "RelayAcceptance", NULL),
    CODE(ACCEPTED, NOBODY, "F.3", "ReceivedFromNonERDS", "nobody is named who gave it"),
    CODE(RECEIPTED, 0, "E.1", "ContentHandover", NULL),
    CODE(RECEIPTED, 0, "C.3", "ConsignmentAcceptance", "one signature says both"),
    CODE(REFUSED, RECIPIENT, "C.4", "ConsignmentRejection", NULL),
    CODE(REFUSED, CARRIER | SENDER, "A.2", "SubmissionRejection", NULL),
    CODE(REFUSED, CARRIER | OTHER, "B.2", "RelayRejection", NULL),
    CODE(REFUSED, CARRIER | NOBODY, "B.2", "RelayRejection", "nobody is named who offered it"),
    NOTHING(ACCEPTED_PART, 0, ONE_IN_PART),
    NOTHING(DEPARTED, 0, NULL),
    NOTHING(ARRIVED, 0, NULL),
    NOTHING(PRESENTED, 0, NULL),
    NOTHING(HELD, 0, NULL),
    NOTHING(RELEASED, 0, NULL),
    NOTHING(INSPECTED, 0, NULL),
    NOTHING(SEAL_CHECKED, 0, NULL),
    NOTHING(SEAL_REPLACED, 0, NULL),
    CODE(SEIZED, 0, "E.2", "ContentHandoverFailure", "the reason is that it was seized"),
    CODE(LOST, 0, "E.2", "ContentHandoverFailure", "the reason is that it is lost"),
    CODE(DESTROYED, 0, "E.2", "ContentHandoverFailure", "the reason is that it was destroyed"),
    CODE(NOTIFIED, 0, "C.1", "NotificationForAcceptance", NULL),
    CODE(NOTIFIED, 0, "D.3", "ConsignmentNotification", NULL),
    CODE(ATTEMPTED, 0, "D.2", "ContentConsignmentFailure", NULL),
    CODE(ATTEMPTED, 0, "E.2", "ContentHandoverFailure", NULL),
    NOTHING(DELIVERED_CLAIM, 0, "a courier's word is no evidence of a delivery service"),
    CODE(EXPIRED, 0, "C.5", "AcceptanceRejectionExpiry", NULL),
    NOTHING(REACHED, 0, INSIDE),
    NOTHING(RETURNED, 0, NULL),
    NOTHING(RECALLED, 0, NULL),
    NOTHING(ADVICE_RETURNED, 0, "the receipt itself is the event"),
    CODE(LEFT_SYSTEM, 0, "F.1", "RelayToNonERDS", NULL),
    CODE(ENTERED_SYSTEM, 0, "F.3", "ReceivedFromNonERDS", NULL),
    NOTHING(WITNESSED, 0, OF_AN_ACT),
    NOTHING(SEEN, 0, OF_AN_ACT),
    NOTHING(CORRECTED, 0, OF_AN_ACT),
    NOTHING(ASSERT, 0, WORDS_ONLY),
    NOTHING(RELAY, 0, WORDS_ONLY),
    NOTHING(DENY, 0, WORDS_ONLY),
    NOTHING(DECLINE, 0, WORDS_ONLY),
    NOTHING(COMMIT, 0, WORDS_ONLY),
    NOTHING(CORRECT, 0, WORDS_ONLY),
    NOTHING(WITHDRAW, 0, WORDS_ONLY),
    NOTHING(TRANSLATION, 0, WORDS_ONLY),
    NOTHING(INVITATION, 0, WORDS_ONLY),
    NOTHING(SUCCEEDS, 0, NO_EVENT),
    {VL_KIND_NONE, 0, NULL, NULL, NULL, false, false},
};

static const struct vl_code upu[] = {
    NOTHING(CARD, 0, NO_EVENT),
    NOTHING(REVOCATION, 0, NO_EVENT),
    NOTHING(MANIFEST, 0, NULL),
    CODE(SEALED, 0, "CN 04", "R label", "a form, and no event"),
    NOTHING(OPENED, 0, "a post does not see it"),
    NOTHING(MANDATE, 0, NO_EVENT),
    NOTHING(MANDATE_REVOCATION, 0, NO_EVENT),
    NOTHING(RATIFIED, 0, OF_AN_ACT),
    NOTHING(TRANSFERRED, 0, OFFER),
    CODE(ACCEPTED, SENDER, "EMA", "posting, collection", NULL),
    CODE(ACCEPTED, OTHER, "EMJ", "arrival at transit office", "EMK when it leaves there"),
    NOTHING(ACCEPTED, NOBODY, "nobody is named who gave it"),
    CODE(RECEIPTED, 0, "EMI", "final delivery", NULL),
    CODE(RECEIPTED, 0, "CN 07", "advice of receipt", "a form, and no event"),
    CODE(REFUSED, RECIPIENT, "EMH", "attempted or unsuccessful delivery", "the reason is that it was refused"),
    NOTHING(REFUSED, CARRIER, "a post that does not take it makes no event"),
    NOTHING(ACCEPTED_PART, 0, ONE_IN_PART),
    CODE(DEPARTED, 0, "EMC", "departure from outward office of exchange", NULL),
    CODE(ARRIVED, 0, "EMD", "arrival at inward office of exchange", NULL),
    CODE(PRESENTED, 0, "EXA", "presented to export customs or security", "or EDB, to import customs: " ONE_SIDE),
    CODE(HELD, 0, "EXB", "held by export customs or security", "or EME, by import customs: " ONE_SIDE),
    CODE(RELEASED, 0, "EXC", "returned from export customs or security", "or EDC, from import customs: " ONE_SIDE),
    NOTHING(INSPECTED, 0, ONE_SIDE),
    CODE(SEAL_CHECKED, 0, "CN 24", "report of irregularities", "a form, and only when a seal is not as it was"),
    CODE(SEAL_REPLACED, 0, "CN 24", "report of irregularities", "a form, and no event"),
    CODE(SEIZED, 0, "CN 13", "report on a seized item", "a form, and the authority's to fill in"),
    CODE(LOST, 0, "CN 08", "inquiry", "a form, and no event"),
    NOTHING(DESTROYED, 0, NULL),
    CODE(NOTIFIED, 0, "EDH", "arrival at collection point", NULL),
    CODE(ATTEMPTED, 0, "EMH", "attempted or unsuccessful delivery", NULL),
    CLAIM(DELIVERED_CLAIM, "EMI", "final delivery", "a courier's word is no scan of a post: nobody signed that it came"),
    CODE(EXPIRED, 0, "EMH", "attempted or unsuccessful delivery", "the reason is that it was not fetched"),
    NOTHING(REACHED, 0, INSIDE),
    CODE(RETURNED, 0, "CN 15", "return label", "a form, and no event"),
    CODE(RECALLED, 0, "CN 17", "withdrawal from the post", "a form, and no event"),
    CODE(ADVICE_RETURNED, 0, "CN 07", "advice of receipt", "a form, on its way back"),
    NOTHING(LEFT_SYSTEM, 0, NULL),
    NOTHING(ENTERED_SYSTEM, 0, NULL),
    NOTHING(WITNESSED, 0, OF_AN_ACT),
    NOTHING(SEEN, 0, OF_AN_ACT),
    CODE(CORRECTED, 0, "CN 24", "report of irregularities", "a form, and no event"),
    NOTHING(ASSERT, WORDS, WORDS_ONLY),
    CODE(ASSERT, SILENCE, "CN 18", "declaration that it was not received", "a form; there the addressee fills it in, here somebody who heard nothing"),
    NOTHING(RELAY, 0, WORDS_ONLY),
    NOTHING(DENY, 0, WORDS_ONLY),
    NOTHING(DECLINE, 0, WORDS_ONLY),
    NOTHING(COMMIT, 0, WORDS_ONLY),
    NOTHING(CORRECT, 0, WORDS_ONLY),
    NOTHING(WITHDRAW, 0, WORDS_ONLY),
    NOTHING(TRANSLATION, 0, WORDS_ONLY),
    NOTHING(INVITATION, 0, WORDS_ONLY),
    NOTHING(SUCCEEDS, 0, NO_EVENT),
    {VL_KIND_NONE, 0, NULL, NULL, NULL, false, false},
};

static const struct vl_code cameo[] = {
    NOTHING(CARD, 0, NULL),
    NOTHING(REVOCATION, 0, NULL),
    NOTHING(MANIFEST, 0, NULL),
    NOTHING(SEALED, 0, NULL),
    NOTHING(OPENED, 0, NULL),
    NOTHING(MANDATE, 0, NULL),
    NOTHING(MANDATE_REVOCATION, 0, NULL),
    NOTHING(RATIFIED, 0, NULL),
    NOTHING(TRANSFERRED, 0, NULL),
    NOTHING(ACCEPTED, 0, NULL),
    REVERSED(RECEIPTED, "040", "consult", "a letter received: whoever signs is the target"),
    CODE(REFUSED, 0, "120", "reject", NULL),
    NOTHING(ACCEPTED_PART, 0, NULL),
    CODE(DEPARTED, 0, "042", "make a visit", "the courier's trip, and not the letter's"),
    CODE(ARRIVED, 0, "042", "make a visit", "the courier's trip, and not the letter's"),
    NOTHING(PRESENTED, 0, NULL),
    NOTHING(HELD, 0, NULL),
    NOTHING(RELEASED, 0, NULL),
    NOTHING(INSPECTED, 0, NULL),
    NOTHING(SEAL_CHECKED, 0, NULL),
    NOTHING(SEAL_REPLACED, 0, NULL),
    CODE(SEIZED, 0, "1711", "confiscate property", "by the authority, which does not sign here"),
    NOTHING(LOST, 0, NULL),
    NOTHING(DESTROYED, 0, NULL),
    NOTHING(NOTIFIED, 0, NULL),
    NOTHING(ATTEMPTED, 0, NULL),
    CLAIM(DELIVERED_CLAIM, "010", "make statement", "that it was handed over is the courier's word"),
    CLAIM(DELIVERED_CLAIM, "040", "consult", "a letter handed over, if it was"),
    NOTHING(EXPIRED, 0, NULL),
    NOTHING(REACHED, 0, NULL),
    NOTHING(RETURNED, 0, NULL),
    NOTHING(RECALLED, 0, NULL),
    NOTHING(ADVICE_RETURNED, 0, NULL),
    NOTHING(LEFT_SYSTEM, 0, NULL),
    NOTHING(ENTERED_SYSTEM, 0, NULL),
    NOTHING(WITNESSED, 0, NULL),
    NOTHING(SEEN, 0, NULL),
    CODE(CORRECTED, 0, "015", "acknowledge or claim responsibility", "an error is admitted; 055 when it is regretted"),
    CODE(ASSERT, WORDS, "010", "make statement", "112 when it accuses: that is for a reader to judge"),
    NOTHING(ASSERT, SILENCE, "that nothing was heard is nobody's act, and no refusal to comment"),
    CODE(RELAY, 0, "010", "make statement", "a relay: what others said is theirs, and their code is not this office's"),
    CODE(DENY, 0, "016", "deny responsibility", NULL),
    CODE(DECLINE, 0, "011", "decline comment", "the speaker's own refusal"),
    CODE(COMMIT, 0, "030", "express intent to cooperate", "13x when it threatens, and other codes of 03x: that is for a reader to judge"),
    CODE(CORRECT, 0, "015", "acknowledge or claim responsibility", "an error is admitted; 055 when it is regretted"),
    CODE(WITHDRAW, 0, "015", "acknowledge or claim responsibility", "an error is admitted; 055 when it is regretted"),
    NOTHING(TRANSLATION, 0, NULL),
    CODE(INVITATION, 0, "036", "express intent to meet or negotiate", "125 to decline, 160 to postpone or withdraw: by what was done"),
    NOTHING(SUCCEEDS, 0, NO_EVENT),
    {VL_KIND_NONE, 0, NULL, NULL, NULL, false, false},
};

static const char *const see_also[VL_KIND_COUNT] = {
    [VL_KIND_SEALED] = "NRO of ISO/IEC 13888; ProofOfOrigin of CAdES; EPCIS packing",
    [VL_KIND_MANDATE] = "VCDR article 27(5) to (7); PROV actedOnBehalfOf",
    [VL_KIND_TRANSFERRED] = "EPCIS shipping",
    [VL_KIND_ACCEPTED] = "NRS or NRT of ISO/IEC 13888; EPCIS accepting",
    [VL_KIND_RECEIPTED] = "NRR, a half of NRD, of ISO/IEC 13888; ProofOfReceipt of CAdES; RFC 2634; AS4 NRR",
    [VL_KIND_OPENED] = "NRK, a half of NRD, of ISO/IEC 13888; RFC 8098 displayed",
    [VL_KIND_REACHED] = "NRR of ISO/IEC 13888, by the principal; EPCIS receiving",
    [VL_KIND_REFUSED] = "reasons of the certificate of article 6, Hague Service Convention; 12 FAM 122",
    [VL_KIND_ATTEMPTED] = "reasons of the certificate of article 6, Hague Service Convention",
    [VL_KIND_EXPIRED] = "reasons of the certificate of article 6, Hague Service Convention",
    [VL_KIND_DELIVERED_CLAIM] = "like NRT of ISO/IEC 13888, but by an interested party",
    [VL_KIND_DEPARTED] = "EPCIS departing",
    [VL_KIND_ARRIVED] = "EPCIS arriving",
    [VL_KIND_PRESENTED] = "EPCIS inspecting",
    [VL_KIND_HELD] = "EPCIS holding",
    [VL_KIND_INSPECTED] = "EPCIS inspecting",
    [VL_KIND_SEAL_CHECKED] = "EPCIS inspecting",
    [VL_KIND_SEAL_REPLACED] = "EPCIS repackaging",
    [VL_KIND_SEIZED] = "EPCIS unavailable",
    [VL_KIND_LOST] = "EPCIS unknown",
    [VL_KIND_DESTROYED] = "EPCIS destroying",
    [VL_KIND_RETURNED] = "EPCIS returned, void_shipping",
    [VL_KIND_RECALLED] = "EPCIS recalled",
    [VL_KIND_CORRECTED] = "EPCIS errorDeclaration",
    [VL_KIND_ASSERT] = "PROV wasAttributedTo; schema.org Claim",
    [VL_KIND_RELAY] = "PROV wasQuotedFrom",
    [VL_KIND_CORRECT] = "EPCIS errorDeclaration; IPTC sig:correction",
    [VL_KIND_WITHDRAW] = "IPTC pubStatus canceled",
    [VL_KIND_TRANSLATION] = "ITS 2.0 Provenance; C2PA c2pa.translated",
    [VL_KIND_INVITATION] = "RFC 5546 (iTIP)",
};
/* clang-format on */

static const struct vl_code *list_of(enum vl_export_format format)
{
    return format == VL_EXPORT_ETSI ? etsi : format == VL_EXPORT_UPU ? upu : cameo;
}

const struct vl_code *vl_code_next(enum vl_export_format format, enum vl_kind kind, unsigned cases,
                                   const struct vl_code *last)
{
    const struct vl_code *code = last ? last + 1 : list_of(format);

    while (code->kind != VL_KIND_NONE &&
           (code->kind != kind || (code->cases & cases) != code->cases))
        code++;
    return code->kind != VL_KIND_NONE ? code : NULL;
}

const char *vl_code_see_also(enum vl_kind kind)
{
    return see_also[kind];
}
