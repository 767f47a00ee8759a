// SPDX-License-Identifier: Apache-2.0
#include "check/finding.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace dbxes::check {

Finding::Finding(const std::string& sentence, std::string otherwise)
    : message(sentence), advice(std::move(otherwise)) {
  constexpr std::string_view kBegins[] = {"PUT /", "set elasticsearch.index ", "open it with ",
                                          "make room", "name "};
  for (const std::string_view begin : kBegins) {
    const std::size_t at = sentence.find(fmt::format(": {}", begin));
    if (at == std::string::npos) continue;
    message = sentence.substr(0, at);
    advice = sentence.substr(at + 2);
    return;
  }
}

}  // namespace dbxes::check
