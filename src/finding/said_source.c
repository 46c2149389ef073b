/* SPDX-License-Identifier: Apache-2.0 */
/* Who said it, as relays tell: from the one who told the speaker to the one who said it first. */
#include "finding/inside.h"

static enum vl_err add(struct vl_making *making, struct vl_found_said *said,
                       const struct vl_statement *relay)
{
    if (!said->sources) {
        said->sources =
            vl_arena_take(making->arena, VL_STATEMENT_MAX_SOURCES * sizeof *said->sources);
        if (!said->sources)
            return VL_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < relay->source_count && said->source_count < VL_STATEMENT_MAX_SOURCES;
         i++)
        said->sources[said->source_count++] =
            (struct vl_found_source){.has_office = relay->sources[i].has_office,
                                     .office = relay->sources[i].office,
                                     .name = relay->sources[i].name};
    return VL_OK;
}

/* The statement that the relay names, if it is in the set. */
static const struct vl_node *saying_of(const struct vl_making *making,
                                       const struct vl_statement *relay)
{
    const struct vl_node *saying =
        relay->has_saying ? vl_set_find(making->set, relay->saying) : NULL;

    return saying && saying->form == VL_ACT_STATEMENT ? saying : NULL;
}

/* Whom it is spoken for is known of those words only that are about the letter themselves. */
static bool has_said(const struct vl_making *making, const struct vl_node *saying)
{
    return saying->about == making->set->generation;
}

/* Did the last source sign it?  Whoever names an office in its own words does not speak for it. */
static bool is_theirs(const struct vl_making *making, const struct vl_node *saying,
                      const struct vl_statement_source *source)
{
    if (!saying->is_ok || !source->has_office)
        return false;
    return has_said(making, saying) ? vl_speaks_for(saying, &source->office)
                                    : vl_office_id_eq(&saying->issuer, &source->office);
}

/* Nobody can tell of a paraphrase; of whatever claims to be the words themselves everybody can. */
static bool has_other_words(const struct vl_statement *relay, const struct vl_statement *saying)
{
    const bool is_wording = relay->mode == VL_MODE_NONE || relay->mode == VL_MODE_VERBATIM;

    return is_wording && !vl_bytes_has(saying->text, relay->text);
}

enum vl_err vl_find_sources(struct vl_making *making, const struct vl_node *relay,
                            struct vl_found_said *said)
{
    const struct vl_statement *at = relay->as.statement;

    /* Ids are hashes of what names them: there is no circle, and the list is full at last. */
    for (;;) {
        const struct vl_node *saying = saying_of(making, at);
        const bool fits = said->source_count + at->source_count <= VL_STATEMENT_MAX_SOURCES;
        struct vl_found_source *last;
        enum vl_err err = add(making, said, at);

        if (err)
            return err;
        last = &said->sources[said->source_count - 1];
        last->is_signed = fits && at->has_saying;
        last->is_held = false;
        last->marks = 0;
        if (fits && saying) {
            const bool is_said = is_theirs(making, saying, &at->sources[at->source_count - 1]);

            last->marks = has_said(making, saying) ? saying->said->marks : saying->marks;
            last->has_other_words = is_said && has_other_words(at, saying->as.statement);
            last->is_held = is_said && !last->has_other_words;
        }
        if (!last->is_held) {
            said->states |= fits && at->has_capture ? VL_SAID_UNAUTHENTICATED : VL_SAID_SOURCELESS;
            return VL_OK;
        }
        if (saying->kind != VL_KIND_RELAY)
            return VL_OK;
        at = saying->as.statement;
    }
}
