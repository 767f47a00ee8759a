// SPDX-License-Identifier: Apache-2.0
// Why a file could not be read or written, as far as it decides what to do about it. No I/O.
#pragma once

#include <string_view>

#include "base/error.h"

namespace dbxes {

// The tag of an error of a system call, from its errno: no space or quota is left, the user may
// not, or "" for all else.
inline constexpr std::string_view kNoRoomTag = "no_room";
inline constexpr std::string_view kForbiddenTag = "forbidden";
std::string_view FileTag(int reason);

// What to do if a file cannot be written; "" if only another folder helps.
std::string_view WritingAdvice(const Error& error);

}  // namespace dbxes
