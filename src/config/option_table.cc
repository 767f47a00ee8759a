// SPDX-License-Identifier: Apache-2.0
#include "config/option_table.h"

#include <array>
#include <vector>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

// In the order in which the manual shows them.
std::vector<OptionRow> AllRows() {
  const std::array parts{DropboxOptions(),           ElasticsearchOptions(), ExtractionOptions(),
                         ExtractionServiceOptions(), SyncOptions(),          ReportOptions(),
                         ConnectorOptions()};
  std::vector<OptionRow> rows;
  for (const auto& part : parts) rows.insert(rows.end(), part.begin(), part.end());
  return rows;
}

}  // namespace

std::span<const OptionRow> OptionTable() {
  static const std::vector<OptionRow> rows = AllRows();
  return rows;
}

const OptionRow* FindOption(std::string_view section, std::string_view key) {
  for (const OptionRow& row : OptionTable()) {
    if (row.section == section && row.key == key) return &row;
  }
  return nullptr;
}

std::size_t IndexOf(const OptionRow& row) {
  return static_cast<std::size_t>(&row - OptionTable().data());
}

}  // namespace dbxes::config
