// SPDX-License-Identifier: Apache-2.0
// A value that cannot be printed or logged by accident: no stream operator, formats as <redacted>.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace dbxes::config {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  bool empty() const { return value_.empty(); }
  // The only access to the value.
  const std::string& Reveal() const { return value_; }

 private:
  std::string value_;
};

}  // namespace dbxes::config

template <>
struct fmt::formatter<dbxes::config::Secret> : fmt::formatter<fmt::string_view> {
  auto format(const dbxes::config::Secret& secret, fmt::format_context& context) const
      -> decltype(context.out()) {
    return fmt::format_to(context.out(), "{}", secret.empty() ? "" : "<redacted>");
  }
};
