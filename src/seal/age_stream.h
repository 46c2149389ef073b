/* SPDX-License-Identifier: Apache-2.0 */
/* seal/age_stream.h: the payload of an age file (C2SP age, "Payload"): STREAM in chunks of 64 KiB,
 * worked on by all cores, leaving in order. */
#ifndef VL_SEAL_AGE_STREAM_H
#define VL_SEAL_AGE_STREAM_H

#include "base/bytes.h"
#include "crypto/aead.h"

#define VL_AGE_NONCE_LEN 16
#define VL_AGE_CHUNK     65536
#define VL_AGE_SEALED    (VL_AGE_CHUNK + VL_AEAD_TAG_LEN)
/* How many chunks a worker takes at a time: little enough to stay in its cache. */
#define VL_AGE_CHUNKS_AT_ONCE 4

struct vl_age_stream;

enum vl_age_direction { VL_AGE_SEALING, VL_AGE_OPENING };

/* A stream under the file key and the nonce that stands before the payload.  What it makes goes to
 * sink: sealed chunks, or plaintext of chunks that were authenticated and of nothing else.
 * workers 0: all in the caller's thread.  NULL when memory runs out. */
struct vl_age_stream *vl_age_stream_new(enum vl_age_direction direction,
                                        const struct vl_secret *file_key,
                                        const uint8_t nonce[VL_AGE_NONCE_LEN], unsigned workers,
                                        struct vl_sink sink) VL_MUST_USE;
/* Where the next bytes may be put: at least one byte, or none after a failure. */
vl_room vl_age_stream_room(struct vl_age_stream *stream);
/* So many bytes were put there. */
void vl_age_stream_fed(struct vl_age_stream *stream, size_t len);
/* The end: works on the last chunk and waits until everything went to the sink.  UNVERIFIED when
 * opening: cut short, gone on after its end, or altered; else what the sink said; NO_MEMORY. */
enum vl_err vl_age_stream_finish(struct vl_age_stream *stream, struct vl_why *why) VL_MUST_USE;
/* What went wrong so far, after waiting for everything under way. */
enum vl_err vl_age_stream_failure(struct vl_age_stream *stream, struct vl_why *why) VL_MUST_USE;
void vl_age_stream_free(struct vl_age_stream *stream);

#endif
