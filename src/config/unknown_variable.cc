// SPDX-License-Identifier: Apache-2.0
#include "config/unknown_variable.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "config/nearest.h"
#include "config/option_table.h"

namespace dbxes::config {
namespace {

constexpr std::string_view kPrefix = "DBX_ES_";
constexpr std::size_t kNear = 3;

bool NamesSection(std::string_view name) {
  return std::any_of(OptionTable().begin(), OptionTable().end(), [&](const OptionRow& row) {
    return name.starts_with(UpperAscii(fmt::format("{}{}_", kPrefix, row.section)));
  });
}

// Kubernetes sets NAME_SERVICE_HOST, NAME_SERVICE_PORT, NAME_PORT and NAME_PORT_9200_TCP... for
// each service, Docker the last two for each link.
bool DescribesService(std::string_view name, std::string_view value) {
  const bool of_service = name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT") ||
                          name.find("_SERVICE_PORT_") != std::string_view::npos;
  const bool of_port = name.ends_with("_PORT") && value.find("://") != std::string_view::npos;
  return of_service || of_port || name.find("_PORT_") != std::string_view::npos;
}

// The variable of a setting whose name in the environment is not made of section and key.
std::string NameOfSetting(std::string_view name) {
  for (const OptionRow& row : OptionTable()) {
    if (UpperAscii(fmt::format("{}{}_{}", kPrefix, row.section, row.key)) == name) {
      return EnvironmentName(row);
    }
  }
  return "";
}

}  // namespace

std::string UnknownVariable(std::string_view name, std::string_view value,
                            std::span<const std::string> known) {
  if (!name.starts_with(kPrefix)) return "";
  std::string meant = NameOfSetting(name);
  if (meant.empty()) meant = Nearest(name, known);
  const std::size_t distance = meant.empty() ? kNear : EditDistance(name, meant);
  const bool is_setting = NamesSection(name) && !DescribesService(name, value);
  if (!is_setting && distance > 1) return "";
  if (distance > kNear && NameOfSetting(name).empty()) meant.clear();
  return meant.empty()
             ? fmt::format("unknown environment variable {} is ignored", name)
             : fmt::format("unknown environment variable {}; did you mean {}?", name, meant);
}

}  // namespace dbxes::config
