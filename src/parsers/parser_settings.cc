// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_settings.h"

#include <algorithm>
#include <thread>

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostProcesses = 4;
constexpr std::size_t kMemoryBesidesFile = std::size_t{1} << 30;

}  // namespace

ParserSettings SystemParserSettings(std::size_t max_file_bytes, std::size_t max_text_bytes) {
  ParserSettings settings;
  settings.processes =
      std::clamp(std::size_t{std::thread::hardware_concurrency()}, std::size_t{1}, kMostProcesses);
  settings.memory_bytes = max_file_bytes + kMemoryBesidesFile;
  settings.max_text_bytes = max_text_bytes;
  return settings;
}

}  // namespace dbxes::parsers
