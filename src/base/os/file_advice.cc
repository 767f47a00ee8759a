// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_advice.h"

#include <cerrno>

namespace dbxes {

std::string_view FileTag(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return kNoRoomTag;
    case EACCES:
    case EPERM:
    case EROFS:
      return kForbiddenTag;
    default:
      return {};
  }
}

std::string_view WritingAdvice(const Error& error) {
  if (error.tag == kNoRoomTag) return "make room there";
  if (error.tag == kForbiddenTag) return "make it writable for the user who runs dbx-es";
  return {};
}

}  // namespace dbxes
