/* SPDX-License-Identifier: Apache-2.0 */
#include "http/serve.h"

#include "base/alloc.h"
#include "crypto/hash.h"
#include "http/site.h"

static enum vl_err serve(const struct vl_serve_request *request, struct vl_site *site,
                         struct vl_listener *listener, struct vl_why *why)
{
    const struct vl_http_options options = {request->connections, request->per_address,
                                            request->patience_s};
    const struct vl_http_site functions = vl_site_functions(site);
    const struct vl_listener place = *listener;
    struct vl_http *http = NULL;
    enum vl_err err = vl_http_open(listener, &options, &functions, &http, why);

    if (!err) {
        request->begun(request->self, &place, site->policy->origin);
        err = vl_http_run(http, why);
    }
    vl_http_close(http);
    return err;
}

enum vl_err vl_serve(const struct vl_serve_request *request, struct vl_why *why)
{
    const struct vl_site_options options = {request->posts_a_second, request->workers,
                                            request->takes_from_anybody};
    struct vl_listener listener = VL_LISTENER_INIT;
    struct vl_log_dir *log = NULL;
    struct vl_site *site = vl_new(sizeof *site);
    enum vl_err err = site ? VL_OK : VL_ERR_NO_MEMORY;

    vl_hasher_expect_many(); /* for each statement and each receipt there are dozens */
    if (!err)
        err = vl_log_dir_open(request->path, VL_LOG_DIR_WRITE, &log, why);
    if (!err)
        err = vl_site_begin(site, log, &options, why);
    if (!err) {
        site->trouble = request->trouble;
        site->trouble_self = request->self;
        err = vl_listen(request->listen, &listener, why);
    }
    if (!err)
        err = serve(request, site, &listener, why);
    vl_listener_close(&listener);
    if (site && log)
        vl_site_end(site);
    vl_log_dir_close(log);
    vl_free(site);
    return err;
}
