/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pump.h"

/* Sealer and opener are pushed alike. */
struct engine {
    void *self;
    vl_room (*room)(void *self);
    enum vl_err (*fed)(void *self, size_t len, struct vl_why *why);
    enum vl_err (*finish)(void *self, struct vl_why *why);
};

static vl_room sealer_room(void *self)
{
    return vl_sealer_room(self);
}

static enum vl_err sealer_fed(void *self, size_t len, struct vl_why *why)
{
    return vl_sealer_fed(self, len, why);
}

static enum vl_err sealer_finish(void *self, struct vl_why *why)
{
    return vl_sealer_finish(self, why);
}

static vl_room opener_room(void *self)
{
    return vl_opener_room(self);
}

static enum vl_err opener_fed(void *self, size_t len, struct vl_why *why)
{
    return vl_opener_fed(self, len, why);
}

static enum vl_err opener_finish(void *self, struct vl_why *why)
{
    return vl_opener_finish(self, why);
}

static enum vl_err pump(struct vl_in *in, const struct engine *engine,
                        const struct vl_progress *progress, struct vl_why *why)
{
    for (;;) {
        vl_room room = engine->room(engine->self);
        size_t got = 0;
        enum vl_err err = VL_OK;

        if (room.len > 0) {
            err = vl_in_read(in, room, &got, why);
            if (err)
                return err;
            if (got == 0)
                return engine->finish(engine->self, why);
        }
        err = engine->fed(engine->self, got, why);
        if (err)
            return err;
        if (progress->moved)
            progress->moved(progress->self, in->read_bytes, in->size);
    }
}

enum vl_err vl_pump_seal(struct vl_in *in, struct vl_sealer *sealer,
                         const struct vl_progress *progress, struct vl_why *why)
{
    const struct engine engine = {sealer, sealer_room, sealer_fed, sealer_finish};

    return pump(in, &engine, progress, why);
}

enum vl_err vl_pump_open(struct vl_in *in, struct vl_opener *opener,
                         const struct vl_progress *progress, struct vl_why *why)
{
    const struct engine engine = {opener, opener_room, opener_fed, opener_finish};

    return pump(in, &engine, progress, why);
}
