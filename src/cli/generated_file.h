// SPDX-License-Identifier: Apache-2.0
// A file that is made from the declarations and checked in.
#pragma once

#include <string>

namespace dbxes::cli {

struct GeneratedFile {
  std::string name;
  std::string content;
};

}  // namespace dbxes::cli
