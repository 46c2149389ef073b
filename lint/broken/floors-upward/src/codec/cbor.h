/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_CODEC_CBOR_H
#define VL_CODEC_CBOR_H

#define VL_CBOR 1

#endif
