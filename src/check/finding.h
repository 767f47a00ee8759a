// SPDX-License-Identifier: Apache-2.0
// The two parts of a sentence about an index, which ends with what to do (elastic/index_setup.h).
#pragma once

#include <string>

namespace dbxes::check {

struct Finding {
  // `otherwise`: the advice for a sentence that has none.
  explicit Finding(
      const std::string& sentence,
      std::string otherwise = "set elasticsearch.index to an index that only dbx-es writes");

  std::string message;
  std::string advice;
};

}  // namespace dbxes::check
