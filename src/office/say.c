/* SPDX-License-Identifier: Apache-2.0 */
#include "office/say.h"

#include <string.h>

#include "base/alloc.h"
#include "office/saying.h"
#include "office/successions.h"

struct saying {
    struct vl_home *home;
    const struct vl_say_request *request;
    struct vl_said *said;
    struct vl_statement *statement; /* that of *said */
    size_t letter_count;
    uint8_t letters[VL_STATEMENT_MAX_ABOUT][VL_HASH_LEN];
    uint8_t cites[VL_ACT_MAX_CITES][VL_HASH_LEN];
    struct vl_act_any any; /* of a statement that is looked at */
};

static vl_bytes text_or_none(const char *text)
{
    return text ? vl_bytes_str(text) : VL_BYTES_NONE;
}

/* --- what it is about ------------------------------------------------------------------------- */

static enum vl_err add_about(struct saying *saying, enum vl_subject what, const uint8_t *id,
                             enum vl_relation relation, struct vl_why *why)
{
    struct vl_statement *statement = saying->statement;
    struct vl_statement_about *about = &statement->about[statement->about_count];

    if (statement->about_count == VL_STATEMENT_MAX_ABOUT)
        return vl_fail(why, VL_ERR_LIMIT, "about more than %d things", VL_STATEMENT_MAX_ABOUT);
    *about = (struct vl_statement_about){.what = what, .relation = relation};
    memcpy(about->id, id, VL_HASH_LEN);
    if (what == VL_SUBJECT_LETTER)
        memcpy(saying->letters[saying->letter_count++], id, VL_HASH_LEN);
    statement->about_count++;
    return VL_OK;
}

/* A word that says nothing of a relation: a denial disputes it, and words that tell of a letter
 * characterise it. */
static enum vl_relation plain_relation(const struct saying *saying, enum vl_subject what)
{
    const struct vl_say_request *request = saying->request;

    if (request->kind == VL_KIND_DENY && request->disputes.count == 0)
        return VL_RELATION_DISPUTES;
    if (request->kind == VL_KIND_ASSERT && request->mode != VL_MODE_NONE &&
        vl_subject_has_content(what))
        return VL_RELATION_CHARACTERISES;
    return VL_RELATION_NONE;
}

static enum vl_err read_statement(struct saying *saying, const uint8_t *id,
                                  struct vl_office_id *issuer, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_saying_act(saying->home, id, &object, &saying->any, why);

    *issuer = object.issuer;
    /* What it borrows goes with the object; nothing of that is looked at. */
    return err;
}

/* A relay of a statement that is here: by whom, and of which kind. */
static enum vl_err add_saying(struct saying *saying, const uint8_t *id, struct vl_why *why)
{
    struct vl_statement *statement = saying->statement;
    struct vl_office_id issuer;
    enum vl_err err = read_statement(saying, id, &issuer, why);

    if (err)
        return err;
    statement->has_saying = true;
    memcpy(statement->saying, id, VL_HASH_LEN);
    statement->sources[statement->source_count++] =
        (struct vl_statement_source){.has_office = true, .office = issuer};
    statement->relayed =
        vl_relayed_kind(saying->any.kind) ? saying->any.kind : saying->any.as.statement.relayed;
    return VL_OK;
}

static enum vl_err is_statement(struct saying *saying, const uint8_t *id, bool *yes,
                                struct vl_why *why)
{
    struct vl_office_id issuer;
    enum vl_err err = read_statement(saying, id, &issuer, why);

    *yes = !err && saying->any.form == VL_ACT_STATEMENT;
    return err == VL_ERR_NOT_FOUND || err == VL_ERR_UNSUPPORTED ? VL_OK : err;
}

static enum vl_err add_word(struct saying *saying, const char *word, bool is_plain,
                            enum vl_relation relation, struct vl_why *why)
{
    enum vl_subject what = VL_SUBJECT_NONE;
    uint8_t id[VL_HASH_LEN];
    bool is_here = false, is_words = false;
    enum vl_err err = vl_saying_subject(saying->home, word, &what, id, &is_here, why);

    if (!err && is_plain)
        relation = plain_relation(saying, what);
    if (!err && is_plain && saying->request->kind == VL_KIND_RELAY && what == VL_SUBJECT_ACT &&
        is_here && !saying->statement->has_saying)
        err = is_statement(saying, id, &is_words, why);
    if (err)
        return err;
    return is_words ? add_saying(saying, id, why) : add_about(saying, what, id, relation, why);
}

static enum vl_err add_words(struct saying *saying, const struct vl_say_words *words, bool is_plain,
                             enum vl_relation relation, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < words->count; i++)
        err = add_word(saying, words->at[i], is_plain, relation, why);
    return err;
}

static enum vl_err find_about(struct saying *saying, struct vl_why *why)
{
    const struct vl_say_request *request = saying->request;
    enum vl_err err = add_words(saying, &request->about, true, VL_RELATION_NONE, why);

    if (!err)
        err = add_words(saying, &request->supports, false, VL_RELATION_SUPPORTS, why);
    if (!err)
        err = add_words(saying, &request->disputes, false, VL_RELATION_DISPUTES, why);
    return err ? err
               : add_words(saying, &request->characterises, false, VL_RELATION_CHARACTERISES, why);
}

/* --- whose words are changed ------------------------------------------------------------------ */

/* PROTOCOL 27: those of whom this office comes after, by what that one signed. */
static enum vl_err find_succession(struct saying *saying, const struct vl_object *target,
                                   struct vl_why *why)
{
    const struct vl_statement *of = &saying->any.as.statement;
    struct vl_act *act = &saying->statement->act;
    const int64_t now_s = saying->request->common.now_s;
    enum vl_err err;

    if (saying->any.form != VL_ACT_STATEMENT)
        return vl_fail(why, VL_ERR_REFUSED, "that is no statement");
    if (saying->statement->has_principal)
        return vl_fail(why, VL_ERR_USAGE, "a successor speaks for itself, and for nobody else");
    err = vl_succession_find(saying->home, &target->issuer, target->id, now_s, act->under, why);
    if (err == VL_ERR_NOT_FOUND && of->has_principal)
        err = vl_succession_find(saying->home, &of->principal, target->id, now_s, act->under, why);
    act->has_under = !err;
    return err == VL_ERR_NOT_FOUND
               ? vl_fail(why, VL_ERR_REFUSED,
                         "nothing here says that this office comes after the one that said it")
               : err;
}

/* PROTOCOL 27: one's own, or in the name of whose they are. */
static enum vl_err may_change(struct saying *saying, const struct vl_office_id *issuer,
                              struct vl_why *why)
{
    const struct vl_statement *target = &saying->any.as.statement;
    const struct vl_statement *statement = saying->statement;
    const struct vl_office_id *own = &saying->home->own;

    if (saying->any.form != VL_ACT_STATEMENT)
        return vl_fail(why, VL_ERR_REFUSED, "that is no statement: valise correct is for acts");
    if (vl_office_id_eq(issuer, own) ||
        (target->has_principal && vl_office_id_eq(&target->principal, own)))
        return VL_OK;
    if (statement->has_principal &&
        (vl_office_id_eq(issuer, &statement->principal) ||
         (target->has_principal && vl_office_id_eq(&target->principal, &statement->principal))))
        return VL_OK;
    return vl_fail(why, VL_ERR_REFUSED,
                   "somebody else said it: only they, and whoever speaks for them, change it");
}

/* The changes of one statement that are known here, but for those that others of them go on from.
 */
struct heads {
    struct saying *saying;
    const uint8_t *target;
    size_t count;
    uint8_t at[VL_ACT_MAX_CITES][VL_HASH_LEN];
    size_t cited_count;
    uint8_t cited[VL_ACT_MAX_CITES * 4][VL_HASH_LEN];
};

static bool is_cited(const struct heads *heads, const uint8_t *id)
{
    for (size_t i = 0; i < heads->cited_count; i++)
        if (memcmp(heads->cited[i], id, VL_HASH_LEN) == 0)
            return true;
    return false;
}

/* What a later change knew is no head. */
static void drop_cited(struct heads *heads)
{
    size_t kept = 0;

    for (size_t i = 0; i < heads->count; i++)
        if (!is_cited(heads, heads->at[i]))
            memmove(heads->at[kept++], heads->at[i], VL_HASH_LEN);
    if (kept < heads->count)
        heads->cited_count = 0;
    heads->count = kept;
}

/* Changes of others are no changes, and need no answer. */
static bool is_by_same(const struct saying *saying, const uint8_t *issuer)
{
    return memcmp(issuer, saying->home->own.at, VL_HASH_LEN) == 0 ||
           (saying->statement->has_principal &&
            memcmp(issuer, saying->statement->principal.at, VL_HASH_LEN) == 0);
}

static enum vl_err see_change(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct heads *heads = self;
    struct vl_act_any *any = &heads->saying->any;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_CORRECT)) != 0 &&
        strcmp(row->kind, vl_kind_word(VL_KIND_WITHDRAW)) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_act_any_read(&object, any, why);
    if (err || memcmp(any->as.statement.target, heads->target, VL_HASH_LEN) != 0 ||
        !is_by_same(heads->saying, row->issuer))
        return err;
    drop_cited(heads);
    if (heads->count ==
        VL_ACT_MAX_CITES) /* as many as one act names: a change is always possible */
        return VL_OK;
    memcpy(heads->at[heads->count++], row->id, VL_HASH_LEN);
    for (size_t i = 0; i < any->as.statement.act.cite_count &&
                       heads->cited_count < sizeof heads->cited / sizeof *heads->cited;
         i++)
        memcpy(heads->cited[heads->cited_count++], any->as.statement.act.cites_read[i],
               VL_HASH_LEN);
    return VL_OK;
}

/* Ascending, as an act cites them. */
static void add_cite(struct saying *saying, const uint8_t *id)
{
    struct vl_act *act = &saying->statement->act;
    size_t at = act->cite_count;

    while (at > 0 && memcmp(saying->cites[at - 1], id, VL_HASH_LEN) > 0)
        at--;
    memmove(saying->cites[at + 1], saying->cites[at],
            (act->cite_count - at) * sizeof *saying->cites);
    memcpy(saying->cites[at], id, VL_HASH_LEN);
    act->cite_count++;
}

/* PROTOCOL 16: a change says which changes it knew. */
static enum vl_err find_heads(struct saying *saying, struct vl_why *why)
{
    struct heads *heads = vl_new(sizeof *heads);
    enum vl_err err;

    if (!heads)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to look for corrections");
    heads->saying = saying;
    heads->target = saying->statement->target;
    heads->count = heads->cited_count = 0;
    err = vl_store_objects(saying->home->store, heads->target, see_change, heads, why);
    for (size_t i = 0;
         !err && i < heads->count && saying->statement->act.cite_count < VL_ACT_MAX_CITES - 1; i++)
        if (!is_cited(heads, heads->at[i]))
            add_cite(saying, heads->at[i]);
    vl_free(heads);
    return err;
}

static enum vl_err find_target(struct saying *saying, struct vl_why *why)
{
    const struct vl_say_request *request = saying->request;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    const char *word = request->about.count == 1 ? request->about.at[0] : NULL;
    enum vl_err err;

    if (!word)
        return vl_fail(why, VL_ERR_USAGE,
                       "one statement, by its number; words without a space go with --text");
    if (strncmp(word, "act:", 4) == 0)
        word += 4;
    err = vl_acts_find(saying->home->store, word, &object, why);
    if (!err)
        err = vl_act_any_read(&object, &saying->any, why);
    if (!err)
        err = request->as_successor ? find_succession(saying, &object, why)
                                    : may_change(saying, &object.issuer, why);
    memcpy(saying->statement->target, object.id, VL_HASH_LEN);
    return err ? err : find_heads(saying, why);
}

/* --- who said it, to whom --------------------------------------------------------------------- */

static enum vl_err add_source(struct saying *saying, const char *word, struct vl_why *why)
{
    struct vl_statement *statement = saying->statement;
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_statement_source *source = &statement->sources[statement->source_count];
    const bool is_office = strncmp(word, "office:", 7) == 0;
    enum vl_err err;

    if (statement->source_count == VL_STATEMENT_MAX_SOURCES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d sources, one behind the other",
                       VL_STATEMENT_MAX_SOURCES);
    *source = (struct vl_statement_source){.has_office = false};
    statement->source_count++;
    if (strcmp(word, "unnamed") == 0)
        return VL_OK;
    err = vl_home_find_office(saying->home, is_office ? word + 7 : word, &row, why);
    if (!err) {
        source->has_office = true;
        memcpy(source->office.at, row.office, VL_HASH_LEN);
    } else if (!is_office && (err == VL_ERR_NOT_FOUND || err == VL_ERR_USAGE)) {
        source->name = vl_bytes_str(word);
        err = VL_OK;
    }
    return err;
}

/* Those who told it, before the one who signed it. */
static enum vl_err find_sources(struct saying *saying, struct vl_why *why)
{
    const struct vl_say_request *request = saying->request;
    struct vl_statement *statement = saying->statement;
    const struct vl_statement_source signer = statement->sources[0];
    enum vl_err err = VL_OK;

    if (request->kind != VL_KIND_RELAY)
        return VL_OK;
    statement->source_count = 0;
    for (size_t i = 0; !err && i < request->sources.count; i++)
        err = add_source(saying, request->sources.at[i], why);
    if (!err && statement->has_saying && statement->source_count == VL_STATEMENT_MAX_SOURCES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d sources, one behind the other",
                       VL_STATEMENT_MAX_SOURCES);
    if (!err && statement->has_saying)
        statement->sources[statement->source_count++] = signer;
    if (!err && statement->source_count == 0)
        return vl_fail(why, VL_ERR_USAGE, "who said it: a source, or \"unnamed\"");
    if (request->relayed != VL_KIND_NONE)
        statement->relayed = request->relayed;
    else if (!statement->has_saying)
        statement->relayed = VL_KIND_ASSERT;
    statement->has_capture = request->has_capture;
    memcpy(statement->capture, request->capture, VL_HASH_LEN);
    return err;
}

static enum vl_err find_speaker(struct saying *saying, struct vl_why *why)
{
    const struct vl_say_request *request = saying->request;
    struct vl_statement *statement = saying->statement;

    return vl_saying_speaker(
        saying->home,
        &(struct vl_saying_for){.office = request->common.for_office,
                                .letters = (const uint8_t(*)[VL_HASH_LEN])saying->letters,
                                .letter_count = saying->letter_count,
                                .powers = {VL_POWER_SPEAK, VL_POWER_EXPLAIN},
                                .power_count = vl_statement_explains(statement) ? 2 : 1,
                                .now_s = request->common.now_s},
        &statement->act, &statement->has_principal, &statement->principal, why);
}

static enum vl_err find_party(struct saying *saying, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err;

    if (!saying->request->party)
        return VL_OK;
    err = vl_home_find_office(saying->home, saying->request->party, &row, why);
    saying->statement->has_party = !err;
    memcpy(saying->statement->party.at, row.office, VL_HASH_LEN);
    return err;
}

/* --- saying it -------------------------------------------------------------------------------- */

static void fill(struct saying *saying)
{
    const struct vl_say_request *request = saying->request;

    *saying->statement =
        (struct vl_statement){.kind = request->kind,
                              .act = {.capacity = request->capacity ? request->capacity
                                                                    : VL_CAPACITY_PRINCIPAL,
                                      .cites = (const uint8_t(*)[VL_HASH_LEN])saying->cites,
                                      .manual = request->common.manual,
                                      .place = text_or_none(request->common.place)},
                              .holder = text_or_none(request->common.holder),
                              .lang = text_or_none(request->lang),
                              .text = text_or_none(request->text),
                              .mode = request->mode,
                              .span = text_or_none(request->span),
                              .span_before = text_or_none(request->span_before),
                              .span_after = text_or_none(request->span_after),
                              .basis = request->basis,
                              .modality = request->modality                 ? request->modality
                                          : request->kind == VL_KIND_COMMIT ? VL_MODALITY_FUTURE
                                                                            : VL_MODALITY_ACTUAL,
                              .has_as_of = request->has_as_of,
                              .as_of_s = request->as_of_s,
                              .absence = request->absence,
                              .fact = text_or_none(request->fact)};
}

/* What its kind must say is found out before anybody is asked for a passphrase: with a key that is
 * nobody's. */
static enum vl_err rehearse(struct saying *saying, struct vl_why *why)
{
    static const struct vl_secret nobody = {32, {1}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_signer signer = {.office = saying->home->own,
                                     .seeds = &nobody,
                                     .seed_count = 1};

    return vl_statement_write(&signer, saying->statement, &wire, NULL, why);
}

static bool is_about(const struct vl_statement *statement, enum vl_subject what)
{
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].what == what)
            return true;
    return false;
}

/* A fact is said of something: of a promise that it was kept, and of an office, if only of the one
 * that speaks, that it was another's guest. */
static enum vl_err find_fact(struct saying *saying, struct vl_why *why)
{
    const struct vl_statement *statement = saying->statement;
    const enum vl_fact fact = vl_fact_of_word(statement->fact);
    const enum vl_subject what = vl_fact_subject(fact);
    const struct vl_office_id *speaker =
        statement->has_principal ? &statement->principal : &saying->home->own;

    if (what == VL_SUBJECT_ACT && !is_about(statement, VL_SUBJECT_ACT))
        return vl_fail(why, VL_ERR_USAGE, "that it %s: which promise, by its number",
                       vl_fact_words(fact));
    if (what == VL_SUBJECT_OFFICE && !statement->has_party)
        return vl_fail(why, VL_ERR_USAGE, "that it %s: with whom, by --party", vl_fact_words(fact));
    if (what == VL_SUBJECT_OFFICE && !is_about(statement, VL_SUBJECT_OFFICE))
        return add_about(saying, VL_SUBJECT_OFFICE, speaker->at, VL_RELATION_NONE, why);
    return VL_OK;
}

static enum vl_err check_fact(struct saying *saying, struct vl_why *why)
{
    const enum vl_fact fact = vl_fact_of_word(saying->statement->fact);
    struct vl_meeting meeting;
    enum vl_err err = find_fact(saying, why);

    if (!err && vl_fact_subject(fact) == VL_SUBJECT_OFFICE &&
        !vl_statement_meeting(saying->statement, &meeting))
        return vl_fail(why, VL_ERR_USAGE, "that an office %s with itself", vl_fact_words(fact));
    return err;
}

static enum vl_err find_all(struct saying *saying, struct vl_why *why)
{
    enum vl_err err = vl_saying_check(saying->home, &saying->request->common, why);

    if (!err && !vl_change_kind(saying->request->kind))
        err = find_about(saying, why);
    if (!err)
        err = find_speaker(saying, why);
    if (!err && vl_change_kind(saying->request->kind))
        err = find_target(saying, why);
    if (!err)
        err = find_sources(saying, why);
    if (!err)
        err = find_party(saying, why);
    if (!err)
        err = check_fact(saying, why);
    return err ? err : rehearse(saying, why);
}

static enum vl_err sign(struct saying *saying, struct vl_why *why)
{
    const struct vl_say_common *common = &saying->request->common;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_signer signer;
    enum vl_err err = vl_home_unlock(saying->home, &common->asker, why);

    if (!err)
        err = vl_home_signer(saying->home, common->now_s, &signer, why);
    if (!err)
        err = vl_statement_write(&signer, saying->statement, &wire, saying->said->id, why);
    return err ? err
               : vl_saying_keep(saying->home,
                                &(struct vl_saying_keep){vl_buf_bytes(&wire), saying->said->id,
                                                         common},
                                &saying->said->told, why);
}

enum vl_err vl_say(struct vl_home *home, const struct vl_say_request *request, struct vl_said *said,
                   struct vl_why *why)
{
    struct saying *saying = vl_new(sizeof *saying);
    enum vl_err err;

    *said = (struct vl_said){.told = 0};
    if (!saying)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to say something with");
    *saying = (struct saying){.home = home,
                              .request = request,
                              .said = said,
                              .statement = &said->statement};
    fill(saying);
    err = find_all(saying, why);
    if (!err && !request->common.dry_run)
        err = sign(saying, why);
    said->statement.act.cites = NULL;
    vl_free(saying);
    return err;
}
