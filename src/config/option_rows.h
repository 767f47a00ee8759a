// SPDX-License-Identifier: Apache-2.0
// The parts of the list of settings, one for each section of the configuration file. Only
// option_table.cc uses them; all other code reads OptionTable().
#pragma once

#include <span>

#include "config/option_table.h"

namespace dbxes::config {

// The member of Config that a row sets.
template <auto Member>
auto& OptionMember(Config& config) {
  return config.*Member;
}
template <auto Section, auto Member>
auto& OptionMember(Config& config) {
  return config.*Section.*Member;
}
template <auto Section, auto Part, auto Member>
auto& OptionMember(Config& config) {
  return config.*Section.*Part.*Member;
}
template <auto Section, auto Part, auto Inner, auto Member>
auto& OptionMember(Config& config) {
  return config.*Section.*Part.*Inner.*Member;
}

inline constexpr std::int64_t kDayMs = 86'400'000;
inline constexpr std::int64_t kKiB = std::int64_t{1} << 10;
inline constexpr std::int64_t kMiB = std::int64_t{1} << 20;

std::span<const OptionRow> DropboxOptions();
std::span<const OptionRow> ElasticsearchOptions();
std::span<const OptionRow> ExtractionOptions();
std::span<const OptionRow> ExtractionServiceOptions();
std::span<const OptionRow> SyncOptions();
std::span<const OptionRow> ReportOptions();
std::span<const OptionRow> ConnectorOptions();

}  // namespace dbxes::config
