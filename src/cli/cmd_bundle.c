/* SPDX-License-Identifier: Apache-2.0 */
/* valise bundle check, show: bundles of BPv7, one or a sequence of them, from a file or a pipe. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "bundle/reader.h"
#include "bundle/record.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "sys/infile.h"

#define PIECE      ((size_t)64 * 1024)
#define RECORD_MAX ((size_t)64 * 1024)
#define HEX_SHOWN  32
#define WORDS_ROOM 400
#define PATH_SHOWN 300
#define MS         1000

/* A file being walked through, and what came of it. */
struct walk {
    const char *path;
    bool as_json;
    struct vl_bundle_reader *reader;
    struct vl_doc *doc;
    struct vl_buf record; /* the payload of an administrative record, if it is short */
    uint64_t sound;
    void (*on_end)(struct walk *walk, const struct vl_bundle *bundle);
};

/* --- what a bundle says, for people ----------------------------------------------------------- */

static const char *const crc_words[] = {"no CRC", "CRC-16", "CRC-32C"};
static const char *const crc_names[] = {"none", "crc-16", "crc-32c"};

/* clang-format off */
static const struct flag {
    uint64_t bit;
    const char *name;
    const char *words;
} bundle_flags[] = {
    {VL_BUNDLE_IS_FRAGMENT,       "fragment",          "a fragment"},
    {VL_BUNDLE_IS_RECORD,         "record",            "an administrative record"},
    {VL_BUNDLE_NOT_SPLIT,         "must-not-fragment", "must not be fragmented"},
    {VL_BUNDLE_ACKNOWLEDGE,       "acknowledge",       "wants an acknowledgement"},
    {VL_BUNDLE_REPORT_TIME,       "report-time",       "reports with their time"},
    {VL_BUNDLE_REPORT_RECEPTION,  "report-reception",  "report reception"},
    {VL_BUNDLE_REPORT_FORWARDING, "report-forwarding", "report forwarding"},
    {VL_BUNDLE_REPORT_DELIVERY,   "report-delivery",   "report delivery"},
    {VL_BUNDLE_REPORT_DELETION,   "report-deletion",   "report deletion"},
    {0, NULL, NULL},
}, block_flags[] = {
    {VL_BLOCK_IN_EVERY_FRAGMENT,  "in-every-fragment", "in every fragment"},
    {VL_BLOCK_ELSE_REPORT,        "else-report",       "else report"},
    {VL_BLOCK_ELSE_DELETE_BUNDLE, "else-delete",       "else delete the bundle"},
    {VL_BLOCK_ELSE_DISCARD,       "else-discard",      "else discard the block"},
    {0, NULL, NULL},
};
/* clang-format on */

static const char *const status_names[] = {"received", "forwarded", "delivered", "deleted"};

/* Append to a text that is large enough for all there can be; what is not is cut. */
static void add(char *out, size_t size, const char *between, const char *words)
{
    size_t len = strlen(out);

    (void)snprintf(out + len, size - len, "%s%s", len ? between : "", words);
}

static const char *flag_words(const struct flag *flags, uint64_t value, char out[WORDS_ROOM])
{
    char number[40];
    uint64_t unknown = value;

    out[0] = '\0';
    for (; flags->bit; flags++) {
        if (value & flags->bit)
            add(out, WORDS_ROOM, ", ", flags->words);
        unknown &= ~flags->bit;
    }
    if (unknown) {
        (void)snprintf(number, sizeof number, "0x%llx unknown", (unsigned long long)unknown);
        add(out, WORDS_ROOM, ", ", number);
    }
    return out;
}

static int64_t unix_seconds(uint64_t dtn_ms)
{
    return VL_DTN_EPOCH_S + (int64_t)(dtn_ms / MS);
}

static const char *hex_text(vl_bytes bytes, char out[2 * HEX_SHOWN + 4])
{
    size_t shown = bytes.len < HEX_SHOWN ? bytes.len : HEX_SHOWN;

    out[0] = '\0';
    for (size_t i = 0; i < shown; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", bytes.ptr[i]);
    if (shown < bytes.len)
        (void)snprintf(out + 2 * shown, 4, "...");
    return out;
}

static void print_eid(const char *name, const struct vl_eid *eid)
{
    char text[VL_EID_TEXT], safe[2 * VL_EID_TEXT];

    printf("  %-11s %s\n", name, vl_show(safe, sizeof safe, vl_eid_text(eid, text)));
}

/* What a block of a known kind says; empty for any other. */
static const char *block_words(const struct vl_bundle *bundle, const struct vl_block *block,
                               char out[WORDS_ROOM])
{
    const struct vl_bundle_known *known = &bundle->known;
    char text[VL_EID_TEXT];

    out[0] = '\0';
    if (block->type == VL_BLOCK_PREVIOUS_NODE && known->has_previous_node)
        (void)snprintf(out, WORDS_ROOM, "%.380s", vl_eid_text(&known->previous_node, text));
    else if (block->type == VL_BLOCK_AGE && known->has_age)
        (void)snprintf(out, WORDS_ROOM, "%llu ms", (unsigned long long)known->age_ms);
    else if (block->type == VL_BLOCK_HOP_COUNT && known->has_hop_count)
        (void)snprintf(out, WORDS_ROOM, "%llu of %llu%s", (unsigned long long)known->hop_count,
                       (unsigned long long)known->hop_limit,
                       vl_bundle_is_over_hops(bundle) ? ", more than it may" : "");
    return out;
}

static void print_block(const struct vl_bundle *bundle, const struct vl_block *block)
{
    const char *kind = vl_block_type_words(block->type);
    char words[WORDS_ROOM], flags[WORDS_ROOM], safe[2 * WORDS_ROOM], hex[2 * HEX_SHOWN + 4];

    printf("  block %-5llu ", (unsigned long long)block->number);
    if (kind)
        printf("%s", kind);
    else
        printf("type %llu, not known here", (unsigned long long)block->type);
    if (block->type == VL_BLOCK_PAYLOAD)
        printf(", %llu bytes", (unsigned long long)bundle->payload_len);
    else if (block_words(bundle, block, words)[0])
        printf(", %s", vl_show(safe, sizeof safe, words));
    else
        printf(", %zu bytes: %s", block->data.len, hex_text(block->data, hex));
    printf(", %s", crc_words[block->crc]);
    if (block->flags)
        printf(", %s", flag_words(block_flags, block->flags, flags));
    printf("\n");
}

static void print_report(const struct vl_status_report *report)
{
    char text[VL_EID_TEXT], safe[2 * VL_EID_TEXT], date[VL_TIME_TEXT];
    const char *reason = vl_reason_words(report->reason);

    for (size_t i = 0; i < VL_STATUS_COUNT; i++)
        if (report->status[i].is_so)
            printf("  report      %s%s%s\n", status_names[i],
                   report->status[i].has_time ? " at " : "",
                   report->status[i].has_time
                       ? vl_time_text(unix_seconds(report->status[i].at_ms), date)
                       : "");
    printf("  reason      %llu%s%s\n", (unsigned long long)report->reason, reason ? ": " : "",
           reason ? reason : "");
    printf("  about       the bundle of %s, made at %s, number %llu\n",
           vl_show(safe, sizeof safe, vl_eid_text(&report->source, text)),
           report->created_ms ? vl_time_text(unix_seconds(report->created_ms), date) : "no time",
           (unsigned long long)report->sequence);
}

/* True when the payload is a record that was kept and can be read. */
static bool read_record(const struct walk *walk, const struct vl_bundle *bundle, uint64_t *type,
                        struct vl_status_report *report, bool *is_report)
{
    vl_bytes content;

    *is_report = false;
    if (!(bundle->flags & VL_BUNDLE_IS_RECORD) || (bundle->flags & VL_BUNDLE_IS_FRAGMENT) ||
        walk->record.len != bundle->payload_len ||
        vl_record_parse(vl_buf_bytes(&walk->record), type, &content, NULL) != VL_OK)
        return false;
    *is_report = vl_status_report_parse(vl_buf_bytes(&walk->record), report, NULL) == VL_OK;
    return true;
}

static void print_bundle(struct walk *walk, const struct vl_bundle *bundle)
{
    char words[WORDS_ROOM], date[VL_TIME_TEXT];
    struct vl_status_report report;
    uint64_t type = 0;
    bool is_report;

    printf("bundle %llu, at byte %llu, %llu bytes\n",
           (unsigned long long)vl_bundle_reader_index(walk->reader) + 1,
           (unsigned long long)vl_bundle_reader_start(walk->reader),
           (unsigned long long)(vl_bundle_reader_at(walk->reader) -
                                vl_bundle_reader_start(walk->reader)));
    print_eid("to", &bundle->destination);
    print_eid("from", &bundle->source);
    print_eid("reports to", &bundle->report_to);
    printf("  made        %s, number %llu\n",
           bundle->created_ms ? vl_time_text(unix_seconds(bundle->created_ms), date)
                              : "without a clock",
           (unsigned long long)bundle->sequence);
    printf("  lives       %llu ms\n", (unsigned long long)bundle->lifetime_ms);
    if (bundle->flags)
        printf("  flags       %s\n", flag_words(bundle_flags, bundle->flags, words));
    if (bundle->flags & VL_BUNDLE_IS_FRAGMENT)
        printf("  part        %llu bytes from %llu, of %llu\n",
               (unsigned long long)bundle->payload_len, (unsigned long long)bundle->fragment_offset,
               (unsigned long long)bundle->total_len);
    printf("  primary     %s\n", crc_words[bundle->crc]);
    for (size_t i = 0; i < bundle->block_count; i++)
        print_block(bundle, &bundle->blocks[i]);
    if (read_record(walk, bundle, &type, &report, &is_report)) {
        if (is_report)
            print_report(&report);
        else
            printf("  record      of type %llu\n", (unsigned long long)type);
    }
}

/* --- the same, for programs ------------------------------------------------------------------- */

static void doc_eid(struct vl_doc *doc, const char *name, const struct vl_eid *eid)
{
    char text[VL_EID_TEXT];

    vl_doc_text(doc, name, vl_eid_text(eid, text));
}

static void doc_count(struct vl_doc *doc, const char *name, bool there, uint64_t value)
{
    if (there)
        vl_doc_int(doc, name, value);
    else
        vl_doc_text(doc, name, NULL);
}

static void doc_flags(struct vl_doc *doc, const struct flag *flags, uint64_t value)
{
    vl_doc_list(doc, "flags");
    for (; flags->bit; flags++)
        if (value & flags->bit)
            vl_doc_text(doc, NULL, flags->name);
    vl_doc_close(doc);
}

static void doc_block(struct vl_doc *doc, const struct vl_bundle *bundle,
                      const struct vl_block *block)
{
    const struct vl_bundle_known *known = &bundle->known;
    bool is_payload = block->type == VL_BLOCK_PAYLOAD, has_hops;

    vl_doc_object(doc, NULL);
    vl_doc_int(doc, "type", block->type);
    vl_doc_int(doc, "number", block->number);
    doc_flags(doc, block_flags, block->flags);
    vl_doc_text(doc, "crc", crc_names[block->crc]);
    vl_doc_int(doc, "data_bytes", is_payload ? bundle->payload_len : block->data.len);
    vl_doc_hex(doc, "data", !is_payload, block->data);
    if (block->type == VL_BLOCK_PREVIOUS_NODE && known->has_previous_node)
        doc_eid(doc, "previous_node", &known->previous_node);
    else
        vl_doc_text(doc, "previous_node", NULL);
    doc_count(doc, "age_ms", block->type == VL_BLOCK_AGE && known->has_age, known->age_ms);
    has_hops = block->type == VL_BLOCK_HOP_COUNT && known->has_hop_count;
    doc_count(doc, "hop_limit", has_hops, known->hop_limit);
    doc_count(doc, "hop_count", has_hops, known->hop_count);
    vl_doc_close(doc);
}

static void doc_report(struct vl_doc *doc, const struct vl_status_report *report)
{
    vl_doc_object(doc, "status_report");
    for (size_t i = 0; i < VL_STATUS_COUNT; i++)
        vl_doc_bool(doc, status_names[i], report->status[i].is_so);
    vl_doc_int(doc, "reason", report->reason);
    doc_eid(doc, "source", &report->source);
    vl_doc_int(doc, "created_dtn_ms", report->created_ms);
    vl_doc_int(doc, "sequence", report->sequence);
    vl_doc_close(doc);
}

static void doc_bundle(struct walk *walk, const struct vl_bundle *bundle)
{
    struct vl_doc *doc = walk->doc;
    struct vl_status_report report;
    uint64_t start = vl_bundle_reader_start(walk->reader), type = 0;
    bool is_fragment, is_record, is_report;

    vl_doc_object(doc, NULL);
    vl_doc_int(doc, "at_byte", start);
    vl_doc_int(doc, "size_bytes", vl_bundle_reader_at(walk->reader) - start);
    doc_eid(doc, "destination", &bundle->destination);
    doc_eid(doc, "source", &bundle->source);
    doc_eid(doc, "report_to", &bundle->report_to);
    vl_doc_time(doc, "created_at", bundle->created_ms != 0, unix_seconds(bundle->created_ms));
    vl_doc_int(doc, "created_dtn_ms", bundle->created_ms);
    vl_doc_int(doc, "sequence", bundle->sequence);
    vl_doc_int(doc, "lifetime_ms", bundle->lifetime_ms);
    doc_flags(doc, bundle_flags, bundle->flags);
    is_fragment = (bundle->flags & VL_BUNDLE_IS_FRAGMENT) != 0;
    doc_count(doc, "fragment_offset_bytes", is_fragment, bundle->fragment_offset);
    doc_count(doc, "total_bytes", is_fragment, bundle->total_len);
    vl_doc_text(doc, "crc", crc_names[bundle->crc]);
    vl_doc_int(doc, "payload_bytes", bundle->payload_len);
    vl_doc_list(doc, "blocks");
    for (size_t i = 0; i < bundle->block_count; i++)
        doc_block(doc, bundle, &bundle->blocks[i]);
    vl_doc_close(doc);
    is_record = read_record(walk, bundle, &type, &report, &is_report);
    doc_count(doc, "record_type", is_record, type);
    if (is_report)
        doc_report(doc, &report);
    else
        vl_doc_text(doc, "status_report", NULL);
    vl_doc_close(doc);
}

/* --- walking ---------------------------------------------------------------------------------- */

static enum vl_err keep_record(struct walk *walk, vl_bytes piece)
{
    const struct vl_bundle *bundle = vl_bundle_reader_bundle(walk->reader);

    if (!walk->on_end || !(bundle->flags & VL_BUNDLE_IS_RECORD) || bundle->payload_len > RECORD_MAX)
        return VL_OK;
    return vl_buf_put(&walk->record, piece);
}

/* All that can be told from the bytes that were fed. */
static enum vl_err drain(struct walk *walk, struct vl_why *why)
{
    enum vl_bundle_event event;
    enum vl_err err = VL_OK;
    vl_bytes piece;

    while (!err && (event = vl_bundle_reader_next(walk->reader, &piece)) != VL_BUNDLE_WANTS_BYTES) {
        if (event == VL_BUNDLE_BROKEN)
            return vl_bundle_reader_why(walk->reader, why);
        if (event == VL_BUNDLE_HEAD) {
            walk->record.len = 0;
        } else if (event == VL_BUNDLE_PIECE) {
            err = keep_record(walk, piece);
        } else {
            walk->sound++;
            if (walk->on_end)
                walk->on_end(walk, vl_bundle_reader_bundle(walk->reader));
        }
    }
    return err;
}

static enum vl_err walk_through(struct walk *walk, struct vl_why *why)
{
    static uint8_t piece[PIECE];
    struct vl_in in = VL_IN_INIT;
    enum vl_err err = vl_in_open(walk->path, &in, why);
    size_t got = 1;

    while (!err && got > 0) {
        err = vl_in_read(&in, (vl_room){piece, sizeof piece}, &got, why);
        if (err || got == 0)
            break;
        vl_bundle_reader_feed(walk->reader, vl_bytes_of(piece, got));
        err = drain(walk, why);
    }
    if (!err)
        err = vl_bundle_reader_end(walk->reader, why);
    if (!err && walk->sound == 0)
        err = vl_fail(why, VL_ERR_FORMAT, "there is no bundle in it");
    vl_in_close(&in);
    return err;
}

static bool is_broken(const struct walk *walk)
{
    return vl_bundle_reader_bundle(walk->reader)->broken != VL_RULE_NONE;
}

/* The rule that was broken, where, or null. */
static void doc_broken(struct walk *walk)
{
    const struct vl_bundle *bundle = vl_bundle_reader_bundle(walk->reader);

    if (!is_broken(walk)) {
        vl_doc_text(walk->doc, "broken", NULL);
        return;
    }
    vl_doc_object(walk->doc, "broken");
    vl_doc_int(walk->doc, "bundle", vl_bundle_reader_index(walk->reader) + 1);
    vl_doc_int(walk->doc, "bundle_at_byte", vl_bundle_reader_start(walk->reader));
    vl_doc_int(walk->doc, "at_byte", vl_bundle_reader_start(walk->reader) + bundle->broken_at);
    vl_doc_text(walk->doc, "rule", vl_rule_name(bundle->broken));
    vl_doc_text(walk->doc, "section", vl_rule_section(bundle->broken));
    vl_doc_text(walk->doc, "words", vl_rule_words(bundle->broken));
    vl_doc_close(walk->doc);
}

static int say_broken(const struct walk *walk, enum vl_err err, struct vl_why *why)
{
    char what[PATH_SHOWN + 100];

    if (is_broken(walk)) {
        const struct vl_bundle *bundle = vl_bundle_reader_bundle(walk->reader);

        (void)snprintf(what, sizeof what, "\"%.*s\" has a bundle that breaks a rule.", PATH_SHOWN,
                       walk->path);
        (void)vl_fail_in(why, err, "bundle %llu",
                         (unsigned long long)vl_bundle_reader_index(walk->reader) + 1);
        return vl_say_failure(
            what, err, why,
            bundle->broken == VL_RULE_PRIMARY_NO_CRC
                ? "take it all the same, as the examples of RFC 9173 need it: --allow-no-crc"
            : bundle->broken == VL_RULE_AGE_MISSING
                ? "take it all the same, as the examples of RFC 9173 need it: --allow-no-age"
            : walk->sound ? "what stands before it is sound; what follows was not looked at"
                          : "ask whoever made it for another copy");
    }
    (void)snprintf(what, sizeof what, "\"%.*s\" was not read to its end.", PATH_SHOWN, walk->path);
    return vl_say_failure(what, err, why,
                          err == VL_ERR_NOT_FOUND ? "look at the name"
                          : err == VL_ERR_FORMAT  ? "name a file of bundles (BPv7, RFC 9171)"
                                                  : "try again, from a file that can be read");
}

static int check(struct walk *walk, const struct vl_common *common)
{
    struct vl_why why = {""};
    enum vl_err err = walk_through(walk, &why);
    char safe[2 * PATH_SHOWN], size[32], path[PATH_SHOWN + 1];

    if (common->json && (!err || is_broken(walk))) {
        walk->doc = vl_doc_new("valise.bundle-check/1");
        vl_doc_text(walk->doc, "input", walk->path);
        vl_doc_int(walk->doc, "read_bytes", vl_bundle_reader_at(walk->reader));
        vl_doc_int(walk->doc, "sound_bundles", walk->sound);
        doc_broken(walk);
        return vl_print_doc(walk->doc, "the result could not be printed.")
                   ? vl_err_exit_status(VL_ERR_IO)
                   : vl_err_exit_status(err);
    }
    if (err)
        return say_broken(walk, err, &why);
    (void)snprintf(path, sizeof path, "%.*s", PATH_SHOWN, walk->path);
    if (!common->quiet)
        printf("%s: %llu %s, %s, no rule broken\n", vl_show(safe, sizeof safe, path),
               (unsigned long long)walk->sound, walk->sound == 1 ? "bundle" : "bundles",
               vl_size_text(vl_bundle_reader_at(walk->reader), size, sizeof size));
    return 0;
}

static int show(struct walk *walk, const struct vl_common *common)
{
    struct vl_why why = {""};
    enum vl_err err;
    int status;

    walk->on_end = common->json ? doc_bundle : print_bundle;
    if (!common->json) {
        err = walk_through(walk, &why);
        return err ? say_broken(walk, err, &why) : 0;
    }
    walk->doc = vl_doc_new("valise.bundle-show/1");
    vl_doc_text(walk->doc, "input", walk->path);
    vl_doc_list(walk->doc, "bundles");
    err = walk_through(walk, &why);
    if (err && !is_broken(walk)) {
        vl_doc_drop(walk->doc);
        return say_broken(walk, err, &why);
    }
    vl_doc_close(walk->doc);
    doc_broken(walk);
    status = vl_print_doc(walk->doc, "the bundles could not be shown.");
    return status ? status : vl_err_exit_status(err);
}

int vl_cmd_bundle(const struct vl_command *command, int argc, char **argv)
{
    struct walk walk = {.record = VL_BUF_INIT(RECORD_MAX)};
    struct vl_common common = {0};
    bool allow_no_crc = false, allow_no_age = false;
    const struct vl_opt options[] = {
        {VL_OPT_FLAG, 0, "allow-no-crc", NULL, &allow_no_crc,
         "a primary block needs neither a CRC nor an integrity block"},
        {VL_OPT_FLAG, 0, "allow-no-age", NULL, &allow_no_age,
         "a bundle made without a clock needs no age"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);

    if (status >= 0)
        return status;
    if (argc - rest < 1 || (strcmp(argv[rest], "check") != 0 && strcmp(argv[rest], "show") != 0))
        return vl_say_usage(command->name, "check or show?");
    if (argc - rest != 2)
        return vl_say_usage(command->name, "one file at a time, or - for stdin");
    walk.path = argv[rest + 1];
    walk.reader = vl_bundle_reader_new((allow_no_crc ? VL_BUNDLE_ALLOW_NO_CRC : 0u) |
                                       (allow_no_age ? VL_BUNDLE_ALLOW_NO_AGE : 0u));
    if (!walk.reader)
        return vl_say_no_memory();
    status = strcmp(argv[rest], "check") == 0 ? check(&walk, &common) : show(&walk, &common);
    vl_bundle_reader_free(walk.reader);
    vl_buf_release(&walk.record);
    return status;
}
