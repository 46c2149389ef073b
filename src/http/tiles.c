/* SPDX-License-Identifier: Apache-2.0 */
/* The log as files (C2SP tlog-tiles), its anchor, and cosignatures of its witnesses. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http/site.h"
#include "http/text.h"

#define BINARY  "application/octet-stream"
#define TEXT    "text/plain; charset=utf-8"
#define FOREVER "public, max-age=31536000, immutable"
#define SOON    "public, max-age=2"

static void say(struct vl_http_response *response, unsigned status, const char *format, ...)
    VL_PRINTF(3, 4);
static void say(struct vl_http_response *response, unsigned status, const char *format, ...)
{
    char text[sizeof(struct vl_why) + 64];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    response->body.len = 0;
    vl_site_data(response,
                 len < 0 ? VL_ERR_INTERNAL : vl_buf_put(&response->body, vl_bytes_str(text)), TEXT,
                 NULL);
    response->status = response->status == 200 ? status : response->status;
}

static void fail(struct vl_http_response *response, enum vl_err err, const struct vl_why *why)
{
    say(response, (unsigned)vl_err_http_status(err), "%s\n",
        why->text[0] ? why->text : vl_err_words(err));
}

static void get_tile(struct vl_site *site, vl_bytes path, struct vl_http_response *response)
{
    struct vl_why why = {""};
    struct vl_tile_at at;
    enum vl_err err = vl_tile_path_parse(path, &at);

    if (err) {
        say(response, 404, "There is no tile of this name.\n");
        return;
    }
    err = vl_log_dir_tile(site->log, &at, &response->body, &why);
    if (!err)
        vl_site_data(response, VL_OK, BINARY, FOREVER);
    else if (err == VL_ERR_FORMAT) /* what is damaged is ours, and nobody asked wrongly */
        say(response, 500, "%s\n", why.text);
    else
        fail(response, err, &why);
}

static void take_cosignatures(struct vl_site *site, const struct vl_http_request *request,
                              struct vl_http_response *response)
{
    struct vl_why why = {""};
    size_t added = 0;
    enum vl_err err = vl_log_dir_cosign(site->log, request->body, &added, &why);

    if (err)
        fail(response, err, &why);
    else
        say(response, 200, "%zu new\n", added);
}

bool vl_tiles_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response)
{
    vl_bytes rest;

    if (request->method == VL_HTTP_POST &&
        vl_bytes_eq(request->path, VL_LITERAL("/cosignatures"))) {
        take_cosignatures(site, request, response);
        return true;
    }
    if (request->method != VL_HTTP_GET)
        return false;
    if (vl_bytes_eq(request->path, VL_LITERAL("/checkpoint"))) {
        vl_site_data(response, vl_buf_put(&response->body, vl_log_dir_checkpoint(site->log)), TEXT,
                     SOON);
        return true;
    }
    /* What waits for witnesses is for witnesses alone. */
    if (vl_bytes_eq(request->path, VL_LITERAL("/checkpoint-to-cosign"))) {
        vl_site_data(response, vl_buf_put(&response->body, vl_log_dir_signed_checkpoint(site->log)),
                     TEXT, NULL);
        return true;
    }
    if (vl_bytes_eq(request->path, VL_LITERAL("/record"))) {
        vl_site_data(response, vl_buf_put(&response->body, vl_log_dir_anchor(site->log)), BINARY,
                     FOREVER);
        response->is_file = true;
        return true;
    }
    if (vl_http_under(request->path, "/tile/", &rest)) {
        get_tile(site, vl_bytes_after(request->path, 1), response);
        return true;
    }
    return false;
}
