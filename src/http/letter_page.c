/* SPDX-License-Identifier: Apache-2.0 */
/* What a record has about one letter, and what follows from it. */
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "http/grounds.h"
#include "http/text.h"

/* What it proves, as HTML and as valise.finding/1, whichever is wanted.  *read_first is left alone
 * where all was read. */
static enum vl_err find_out(struct vl_site *site, const uint8_t number[VL_HASH_LEN],
                            struct vl_buf *html, struct vl_buf *json, size_t *read_first,
                            struct vl_why *why)
{
    const struct vl_finding_names names = vl_grounds_names(site);
    struct vl_finding finding = VL_FINDING_INIT;
    struct vl_grounds *grounds = NULL;
    enum vl_err err = vl_grounds_make(site, number, &grounds, why);

    if (!err)
        err = vl_finding_make(grounds->set, number, vl_site_now(), &finding, why);
    if (!err && grounds->is_cut)
        *read_first = finding.read_first = VL_GROUNDS_MAX;
    if (!err && html)
        err = vl_finding_html(&finding, &names, html);
    if (!err && json)
        err = vl_finding_json(&finding, json);
    vl_finding_release(&finding);
    vl_grounds_free(grounds);
    return err;
}

void vl_letter_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                    bool is_json, struct vl_http_response *response)
{
    VL_AUTO(vl_buf_release) struct vl_buf told = VL_BUF_INIT((size_t)4 << 20);
    struct vl_page_list *list = vl_new(sizeof *list);
    struct vl_page_letter model = {.list = list};
    struct vl_log_dir_filter filter = {.has_letter = true};
    struct vl_number_prefix number;
    struct vl_why why = {""};
    const bool is_finding = is_json && vl_http_ends(&rest, ".finding");
    enum vl_err err = list ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err && (vl_number_prefix(VL_LETTER_HRP, rest, VL_NUMBER_SYMBOLS, &number) != VL_OK ||
                 number.bit_count != 256))
        err = VL_ERR_NOT_FOUND;
    if (!err) {
        memcpy(model.number, number.bits, VL_HASH_LEN);
        memcpy(filter.letter, number.bits, VL_HASH_LEN);
        err = vl_site_list(site, &filter, list, &why);
    }
    if (!err && list->count > 0 && (is_finding || !is_json))
        err = find_out(site, model.number, is_finding ? NULL : &told,
                       is_finding ? &response->body : NULL, &model.read_first, &why);
    else if (!err && is_finding)
        err = VL_ERR_NOT_FOUND;
    model.told = vl_buf_bytes(&told);
    if (err)
        vl_site_fail(site, request, err, "There is no page of such a letter", &why, response);
    else if (is_finding)
        vl_site_page(response, VL_OK, true);
    else
        vl_site_page(response,
                     is_json ? vl_page_letter_json(&site->page, &model, &response->body)
                             : vl_page_letter(&site->page, &model, &response->body),
                     is_json);
    vl_free(list);
}
