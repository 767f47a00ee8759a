// SPDX-License-Identifier: Apache-2.0
// The halves of UTF-16 pairs, in which JSON escapes what lies beyond U+FFFF.
#pragma once

namespace dbxes {

inline bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
inline bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace dbxes
