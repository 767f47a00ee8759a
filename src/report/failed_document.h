// SPDX-License-Identifier: Apache-2.0
// A document that could not be written, read or given its permissions, as the summary, the log and
// the failures file name it.
#pragma once

#include <string>

namespace dbxes::report {

struct FailedDocument {
  std::string id;
  std::string path;  // path_lower, or the e-mail address of an identity
  std::string
      operation;   // "index", "update", "delete", "read", "download", "extract", "permissions"
  int status = 0;  // of HTTP; 0 if there is none
  std::string reason;
};

}  // namespace dbxes::report
