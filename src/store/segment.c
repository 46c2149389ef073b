/* SPDX-License-Identifier: Apache-2.0 */
#include "store/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "codec/cbor.h"

#define NAME_SIZE 24
#define HEAD_MAX  9
#define ZEROES    4096

struct vl_segment {
    int fd;
    uint32_t number;
    unsigned holders;
};

struct vl_segments {
    int folder;              /* -1: not there, and not to be made */
    struct vl_segment *last; /* the one read last */
    int fd;                  /* being written, or -1 */
    bool folder_changed;     /* a file was made that is not durable yet */
    struct vl_segment_end end, before;
    struct vl_buf scratch; /* an envelope behind its head */
};

static enum vl_err why_errno(struct vl_why *why, uint32_t number, const char *doing)
{
    int code = errno;
    bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;

    return vl_fail(why, full ? VL_ERR_NO_SPACE : VL_ERR_IO, "segment %06u: %s: %s", number, doing,
                   strerror(code));
}

static const char *name_of(uint32_t number, char name[NAME_SIZE])
{
    (void)snprintf(name, NAME_SIZE, "%06u.segment", number);
    return name;
}

static bool sync_folder(int folder)
{
    return fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
}

enum vl_err vl_segments_open(int folder, bool read_only, struct vl_segments **out,
                             struct vl_why *why)
{
    struct vl_segments *segments = vl_new(sizeof *segments);
    bool made = !read_only && mkdirat(folder, "segments", 0700) == 0;
    const int not_made = read_only || made || errno == EEXIST ? 0 : errno;

    if (!segments)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the segments");
    segments->fd = -1;
    segments->scratch = VL_BUF_INIT((size_t)2 << 20);
    segments->folder = openat(folder, "segments", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if ((segments->folder < 0 && !(read_only && errno == ENOENT)) ||
        (made && !sync_folder(folder))) {
        int code = not_made ? not_made : errno;

        vl_segments_close(segments);
        return vl_fail(why, code == ENOSPC || code == EDQUOT ? VL_ERR_NO_SPACE : VL_ERR_IO,
                       "the folder segments: %s", strerror(code));
    }
    *out = segments;
    return VL_OK;
}

static void stop_writing(struct vl_segments *segments)
{
    if (segments->fd >= 0)
        (void)close(segments->fd);
    segments->fd = -1;
}

void vl_segments_close(struct vl_segments *segments)
{
    if (!segments)
        return;
    stop_writing(segments);
    vl_segment_release(segments->last);
    vl_buf_release(&segments->scratch);
    if (segments->folder >= 0)
        (void)close(segments->folder);
    vl_free(segments);
}

void vl_segments_begin(struct vl_segments *segments, struct vl_segment_end end)
{
    if (end.segment != segments->end.segment || end.used != segments->end.used)
        stop_writing(segments); /* somebody else wrote meanwhile */
    segments->end = segments->before = end;
}

/* Open the segment to append to, without what is dead in it.  One that became shorter than the
 * index knows is left as it is, for whoever mends it. */
static enum vl_err open_end(struct vl_segments *segments, struct vl_why *why)
{
    struct vl_segment_end *end = &segments->end;
    char name[NAME_SIZE];
    struct stat info;

    if (end->segment == 0)
        *end = (struct vl_segment_end){1, 0};
    for (;;) {
        const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (end->used == 0 ? O_CREAT : 0);

        segments->fd = openat(segments->folder, name_of(end->segment, name), flags, 0600);
        if (segments->fd < 0 && !(errno == ENOENT && end->used > 0))
            return why_errno(why, end->segment, "opening it");
        if (segments->fd >= 0 && fstat(segments->fd, &info) != 0)
            return why_errno(why, end->segment, "looking at it");
        if (segments->fd >= 0 && (uint64_t)info.st_size >= end->used)
            break;
        stop_writing(segments);
        *end = (struct vl_segment_end){end->segment + 1, 0};
    }
    if (end->used == 0)
        segments->folder_changed = true;
    if ((uint64_t)info.st_size > end->used && ftruncate(segments->fd, (off_t)end->used) != 0)
        return why_errno(why, end->segment, "cutting off what is dead");
    return VL_OK;
}

static enum vl_err sync_end(struct vl_segments *segments, struct vl_why *why)
{
    if (segments->fd >= 0 && fdatasync(segments->fd) != 0) {
        enum vl_err err = why_errno(why, segments->end.segment, "making it durable");

        stop_writing(segments);
        return err;
    }
    return VL_OK;
}

static enum vl_err write_scratch(struct vl_segments *segments, struct vl_why *why)
{
    vl_bytes bytes = vl_buf_bytes(&segments->scratch);
    uint64_t at = segments->end.used;

    while (bytes.len > 0) {
        ssize_t count = pwrite(segments->fd, bytes.ptr, bytes.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, segments->end.segment, "writing");
        at += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    segments->end.used = at;
    return VL_OK;
}

static enum vl_err write_head(uint64_t size, struct vl_buf *head)
{
    struct vl_cbor_out w = vl_cbor_to(head);

    vl_cbor_put_bytes_head(&w, size);
    return w.err;
}

/* See to it that so many bytes fit behind the end. */
static enum vl_err make_room(struct vl_segments *segments, size_t len, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (len > VL_SEGMENT_MAX - segments->end.used) {
        err = sync_end(segments, why);
        if (err)
            return err;
        stop_writing(segments);
        segments->end = (struct vl_segment_end){segments->end.segment + 1, 0};
    }
    if (segments->fd < 0)
        err = open_end(segments, why);
    if (err)
        stop_writing(segments);
    return err;
}

enum vl_err vl_segments_append(struct vl_segments *segments, vl_bytes envelope, uint32_t *segment,
                               uint64_t *offset, struct vl_why *why)
{
    struct vl_buf *scratch = &segments->scratch;
    enum vl_err err;

    scratch->len = 0;
    err = write_head(envelope.len, scratch);
    *offset = scratch->len;
    if (!err)
        err = vl_buf_put(scratch, envelope);
    if (err)
        return vl_fail(why, err, "no memory for an envelope");
    err = make_room(segments, scratch->len, why);
    if (err)
        return err;
    *segment = segments->end.segment;
    *offset += segments->end.used;
    return write_scratch(segments, why);
}

enum vl_err vl_segments_sync(struct vl_segments *segments, struct vl_segment_end *end,
                             struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *end = segments->end;
    if (end->segment == segments->before.segment && end->used == segments->before.used)
        return VL_OK;
    err = sync_end(segments, why);
    if (!err && segments->folder_changed) {
        if (!sync_folder(segments->folder))
            return why_errno(why, end->segment, "making its name durable");
        segments->folder_changed = false;
    }
    return err;
}

void vl_segments_undo(struct vl_segments *segments)
{
    if (segments->fd >= 0 && segments->end.segment == segments->before.segment &&
        ftruncate(segments->fd, (off_t)segments->before.used) != 0)
        stop_writing(segments); /* the next writer tries again */
    if (segments->end.segment != segments->before.segment)
        stop_writing(segments);
    segments->end = segments->before;
}

enum vl_err vl_segment_take(struct vl_segments *segments, uint32_t number, struct vl_segment **out,
                            struct vl_why *why)
{
    struct vl_segment *segment = segments->last;
    char name[NAME_SIZE];

    if (segment && segment->number == number) {
        segment->holders++;
        *out = segment;
        return VL_OK;
    }
    segment = vl_new(sizeof *segment);
    if (!segment)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for an open segment");
    segment->fd =
        openat(segments->folder, name_of(number, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (segment->fd < 0) {
        bool gone = errno == ENOENT || segments->folder < 0;
        enum vl_err err = gone ? vl_fail(why, VL_ERR_FORMAT, "segment %06u is missing", number)
                               : why_errno(why, number, "opening it");

        vl_free(segment);
        return err;
    }
    segment->number = number;
    segment->holders = 2; /* the caller, and segments->last */
    vl_segment_release(segments->last);
    segments->last = segment;
    *out = segment;
    return VL_OK;
}

void vl_segment_release(struct vl_segment *segment)
{
    if (!segment || --segment->holders > 0)
        return;
    (void)close(segment->fd);
    vl_free(segment);
}

enum vl_err vl_segment_read(const struct vl_segment *segment, uint64_t offset, vl_room room,
                            struct vl_why *why)
{
    while (room.len > 0) {
        ssize_t count = pread(segment->fd, room.ptr, room.len, (off_t)offset);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, segment->number, "reading");
        if (count == 0)
            return vl_fail(why, VL_ERR_FORMAT, "segment %06u ends in the middle of a letter",
                           segment->number);
        room = (vl_room){room.ptr + count, room.len - (size_t)count};
        offset += (uint64_t)count;
    }
    return VL_OK;
}

uint64_t vl_segment_size(const struct vl_segment *segment)
{
    struct stat info;

    return fstat(segment->fd, &info) == 0 ? (uint64_t)info.st_size : 0;
}

enum vl_err vl_segment_check(const struct vl_segment *segment, uint64_t offset, uint64_t size,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(HEAD_MAX);
    uint8_t there[HEAD_MAX];
    enum vl_err err = write_head(size, &head);

    if (err)
        return vl_fail(why, err, "no memory for the head of an envelope");
    if (offset < head.len)
        return vl_fail(why, VL_ERR_FORMAT, "the index has a place for it where none can be");
    err = vl_segment_read(segment, offset - head.len, (vl_room){there, head.len}, why);
    if (!err && memcmp(there, head.data, head.len) != 0)
        return vl_fail(why, VL_ERR_FORMAT, "segment %06u has something else at its place",
                       segment->number);
    return err;
}

enum vl_err vl_segments_wipe(struct vl_segments *segments, uint32_t segment, uint64_t offset,
                             uint64_t size, struct vl_why *why)
{
    static const uint8_t zeroes[ZEROES];
    enum vl_err err = VL_OK;
    char name[NAME_SIZE];
    struct stat info;
    int fd = openat(segments->folder, name_of(segment, name), O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0 || fstat(fd, &info) != 0) {
        err = errno == ENOENT ? VL_OK : why_errno(why, segment, "opening it");
        if (fd >= 0)
            (void)close(fd);
        return err;
    }
    /* Nothing is written where the index and the file do not agree. */
    if (offset > (uint64_t)info.st_size || size > (uint64_t)info.st_size - offset)
        size = 0;
    while (!err && size > 0) {
        size_t piece = size < sizeof zeroes ? (size_t)size : sizeof zeroes;
        ssize_t count = pwrite(fd, zeroes, piece, (off_t)offset);

        if (count < 0 && errno != EINTR)
            err = why_errno(why, segment, "overwriting a letter");
        if (count > 0) {
            offset += (uint64_t)count;
            size -= (uint64_t)count;
        }
    }
    if (!err && fdatasync(fd) != 0)
        err = why_errno(why, segment, "making it durable");
    (void)close(fd);
    return err;
}
